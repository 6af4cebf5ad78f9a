"""Reports: one a person and target, counted exactly; enough of them hide the target until a moderator decides."""

import structlog
from django.conf import settings

from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import repositories, targets
from apps.moderation.errors import OwnContent
from apps.moderation.models import Reason, Report, Status, Target

log = structlog.get_logger()


@retry_conflicts
def report_target(*, target: Target, target_id: str, reason: Reason, note: str | None, actor: Actor) -> Report:
    """Report what one can see and does not own; `ReportExists` the second time.

    The report, the count of those who reported it, and what follows from the count are one transaction: the target is
    hidden and enters the moderators' queue with the report that makes them enough, once.
    """
    found = targets.get_visible_target(target, target_id, actor=actor)
    if found.owner_id == actor.id:
        raise OwnContent
    transaction = Transaction()
    row = repositories.create_report(transaction, target, target_id, by=actor.id, reason=reason, note=note)
    case = repositories.load_case(target, target_id, owner_id=found.owner_id)
    case.reporters = int(case.reporters) + 1
    hides = case.status == Status.OPEN and case.reporters >= settings.REPORTS_TO_HIDE
    if hides:
        case.status = Status.HIDDEN.value
        repositories.enqueue_case(case)
        found.set_hidden(transaction, hidden=True)
    transaction.save(case)
    transaction.commit()
    if hides:
        found.after_commit()
        log.info("hidden_by_reports", target_type=target.value, target_id=target_id)
    return row


@retry_conflicts
def restore_target(*, target: Target, target_id: str) -> None:
    """Show again what reports have hidden, and take it from the moderators' queue; of what is not hidden nothing.

    Who has reported it cannot do so again: it is hidden once more when as many others find it wanting.
    """
    found, case = targets.get_target(target, target_id), repositories.load_case(target, target_id, owner_id="")
    if case.status != Status.HIDDEN:
        return
    transaction = Transaction()
    found.set_hidden(transaction, hidden=False)
    repositories.reset_case(case)
    transaction.save(case)
    transaction.commit()
    found.after_commit()
    log.info("restored", target_type=target.value, target_id=target_id)
