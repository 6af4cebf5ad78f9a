"""The secret URLs of plans' calendars: who has one can read the plan, until it is replaced."""

from django.conf import settings
from django.utils.crypto import constant_time_compare

from apps.core import ids, transactions
from apps.core.authentication import Actor
from apps.core.transactions import retry_conflicts
from apps.households import services as households
from apps.households.services import Holder
from apps.plans import repositories
from apps.plans.errors import PlanNotFound
from apps.plans.reading import PlanView, get_row, view_of


def calendar_address(view: PlanView) -> str:
    """Return the URL of a plan's calendar: anybody who has it can read the plan, until the URL is replaced.

    It is replaced when a member leaves the household.
    """
    key = f"{view.holder.scope.lower()}.{view.holder.id}.{view.row.secret}"
    return f"{settings.FRONTEND_URL}/v1/plans/{view.row.id}.ics?key={key}"


@retry_conflicts
def change_calendar_address(plan_id: str, *, actor: Actor) -> PlanView:
    """Replace the calendar's secret URL; the old one stops working at once."""
    holder = households.holder_of(actor.id)
    row = get_row(holder, plan_id)
    row.secret = repositories.new_secret()
    transactions.save(row)
    return view_of(row, holder, actor)


def open_calendar(plan_id: str, key: str) -> PlanView:
    """Return the plan that a secret URL opens; `PlanNotFound` for a wrong one."""
    scope, _, rest = key.partition(".")
    holder_id, _, secret = rest.rpartition(".")
    holder = Holder(scope.upper(), holder_id)
    if scope not in {"user", "household"} or not holder_id or "#" in holder_id or not ids.is_id(plan_id):
        raise PlanNotFound
    row = repositories.read_plan(holder, plan_id)
    if row is None or not constant_time_compare(row.secret, secret):
        raise PlanNotFound
    members = households.members_of(holder)
    if not members:
        raise PlanNotFound
    reader = row.by_id if row.by_id in members else members[0]
    return view_of(row, holder, Actor(reader, ""))
