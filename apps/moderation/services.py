"""Reports: one per person and target. Enough of them hide the target until a moderator decides."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.conf import settings

from apps.core import own_deletions, queries, tallies
from apps.core.authentication import Actor
from apps.core.errors import NotFound
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import counted_reports, repositories, targets
from apps.moderation.content import Reason, Status, Target
from apps.moderation.errors import OwnContent, ReportExists, ReportNotFound
from apps.moderation.models import Report, ReportCase

log = structlog.get_logger()

# When a counted report is withdrawn, at most this many other reports are searched for one that replaces it.
_LOOKED_AT = 40


def report_target(
    *, target: Target, target_id: str, reason: Reason, note: str | None, actor: Actor, address: str = ""
) -> Report:
    """Report something that the actor can see and doesn't own.

    Repeating the same report returns it, even if it has hidden its target; `ReportExists` for a different one and after
    moderators have decided about the first.
    """
    try:
        return _report(target, target_id, reason=reason, note=note, actor=actor, address=address)
    except (NotFound, ReportExists):
        row = repositories.find_report(target, target_id, actor.id)
        if row is None or (row.reason, row.note) != (reason.value, note):
            raise
        if int(row.round) != int(repositories.load_case(target, target_id, owner_id="").round):
            raise
        return row


@retry_conflicts
def _report(target: Target, target_id: str, *, reason: Reason, note: str | None, actor: Actor, address: str) -> Report:
    """Store a report.

    Not every report counts (see `counted_reports`): people who are often wrong no longer count, and several new
    accounts, or several behind one `address`, count as one.

    The report, the count of reporters and their effect are one transaction: the report that reaches the threshold hides
    the target and puts it into the moderators' queue, exactly once.
    """
    found = targets.get_visible_target(target, target_id, actor=actor)
    if found.owner_id == actor.id:
        raise OwnContent
    case = repositories.load_case(target, target_id, owner_id=found.owner_id)
    row = repositories.build_report(case, by=actor.id, reason=reason, note=note)
    counted_reports.admit(case, row, address=address)
    transaction = Transaction()
    repositories.create_report(transaction, row)
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


@retry_conflicts
def withdraw_report(*, target: Target, target_id: str, actor: Actor) -> None:
    """Withdraw the actor's report, even if they no longer see its target, so that it no longer counts.

    A target that was hidden by reports only is shown again if too few are left. Idempotent; raises `ReportNotFound` if
    there never was a report.
    """
    row, deleted = repositories.find_report(target, target_id, actor.id), f"report.{target}.{target_id}"
    if row is None:
        if own_deletions.was_deleted_by(actor.id, deleted):
            return
        raise ReportNotFound
    case = repositories.load_case(target, target_id, owner_id="")
    transaction = Transaction()
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=deleted)
    is_decided = int(row.round) != int(case.round)
    after_commit = None if is_decided else _take_back(transaction, case, row)
    repositories.remove_report(transaction, row, is_decided=is_decided)
    transaction.commit()
    if after_commit:
        after_commit()
        log.info("shown_after_withdrawal", target_type=target.value, target_id=target_id)


def _take_back(transaction: Transaction, case: ReportCase, row: Report) -> Callable[[], None] | None:
    """Stop counting a report. If that shows its target again, return a function to call after the commit."""
    target = Target(case.target_type)
    others = repositories.list_reports(target, case.target_id, limit=_LOOKED_AT)
    for other in counted_reports.take_back(
        case, row, [one for one in others if one.key != row.key and one.round == case.round]
    ):
        transaction.save(other)
    shown = None
    if case.status == Status.HIDDEN and case.reporters < settings.REPORTS_TO_HIDE:
        repositories.reopen_case(case)
        with suppress(NotFound):
            found = targets.get_target(target, case.target_id)
            found.set_hidden(transaction, hidden=False)
            shown = found.after_commit
    transaction.save(case)
    return shown


def list_own_reports(*, actor: Actor, limit: int, after: Any) -> tuple[list[Report], Any]:
    """Page through the actor's reports, whether or not they still see the targets."""
    return queries.fill_page(
        lambda missing, position: repositories.page_own_reports(actor.id, limit=missing, after=position),
        limit=limit,
        after=after,
    )
