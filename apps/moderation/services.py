"""Reports: one a person and target, counted exactly; enough of them hide the target until a moderator decides."""

import structlog
from django.conf import settings

from apps.core import tallies
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import repositories, targets, voices
from apps.moderation.content import Reason, Status, Target
from apps.moderation.errors import OwnContent
from apps.moderation.models import Report

log = structlog.get_logger()


@retry_conflicts
def report_target(
    *, target: Target, target_id: str, reason: Reason, note: str | None, actor: Actor, address: str = ""
) -> Report:
    """Report what one can see and does not own; `ReportExists` the second time.

    Not every report counts (see `voices`): people who are often wrong are heard no more, and several new accounts, or
    several behind one `address`, are one voice.

    The report, the count of those who reported it, and what follows from the count are one transaction: the target is
    hidden and enters the moderators' queue with the report that makes them enough, once.
    """
    found = targets.get_visible_target(target, target_id, actor=actor)
    if found.owner_id == actor.id:
        raise OwnContent
    transaction = Transaction()
    row = repositories.create_report(transaction, target, target_id, by=actor.id, reason=reason, note=note)
    case = repositories.load_case(target, target_id, owner_id=found.owner_id)
    if voices.admit(case, user_id=actor.id, address=address):
        case.reporters = int(case.reporters) + 1
    hides = case.status == Status.OPEN and case.reporters >= settings.REPORTS_TO_HIDE
    if hides:
        case.status = Status.HIDDEN.value
        repositories.enqueue_case(case)
        found.set_hidden(transaction, hidden=True)
    transaction.save(case)
    tallies.add(transaction, tallies.REPORTS)
    transaction.commit()
    if hides:
        found.after_commit()
        log.info("hidden_by_reports", target_type=target.value, target_id=target_id)
    return row
