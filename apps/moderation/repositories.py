"""Every access of the moderation app to the table."""

from apps.core import clock, keys
from apps.core.transactions import Transaction
from apps.moderation.errors import ReportExists
from apps.moderation.models import Reason, Report, ReportCase, Status, Target


def load_case(target: Target, target_id: str, *, owner_id: str) -> ReportCase:
    """Read what was reported about a target, a fresh row where nothing was: 1 read unit."""
    key = keys.report_case(target, target_id)
    fresh = ReportCase(pk=key.pk, sk=key.sk, user_id=owner_id, target_type=target.value, target_id=target_id)
    return ReportCase.read(key) or fresh


def create_report(
    transaction: Transaction, target: Target, target_id: str, *, by: str, reason: Reason, note: str | None
) -> Report:
    """Write somebody's report; `ReportExists` where there is one of theirs about this target."""
    key = keys.report(target, target_id, by)
    row = Report(
        pk=key.pk, sk=key.sk, user_id=by, target_type=target.value, target_id=target_id, reason=reason.value, note=note,
        created_at=clock.now(),
    )  # fmt: skip
    transaction.save(row, otherwise=ReportExists())
    return row


def reset_case(case: ReportCase) -> None:
    """Take a target from the moderators' queue and count reports from nothing again."""
    case.status, case.reporters = Status.OPEN.value, 0
    case.gsi4pk = case.gsi4sk = None


def enqueue_case(case: ReportCase) -> None:
    """Put a target before the moderators."""
    queue = keys.reports_queue(clock.sortable(clock.now()), case.target_type, case.target_id)
    case.gsi4pk, case.gsi4sk = queue.pk, queue.sk
