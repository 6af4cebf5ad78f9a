"""Reports: one per person and target, counted exactly. Enough of them hide the target until a moderator decides."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import structlog
from django.conf import settings

from apps.core import own_deletions, queries, tallies
from apps.core.authentication import Actor
from apps.core.errors import NotFound
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import repositories, targets, voices
from apps.moderation.content import Reason, Status, Target
from apps.moderation.errors import OwnContent, ReportNotFound
from apps.moderation.models import Report, ReportCase

log = structlog.get_logger()

# Of the other reports of a target, as many are looked at for one that counts in place of one that is withdrawn.
_LOOKED_AT = 40


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
    case = repositories.load_case(target, target_id, owner_id=found.owner_id)
    row = repositories.build_report(case, by=actor.id, reason=reason, note=note)
    voices.admit(case, row, address=address)
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
    """Take one's report back, also where one does not see its target any more: it no longer counts.

    What only reports have hidden is shown again where too few are left. Again changes nothing; `ReportNotFound` where
    there was none.
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
    """Count a report no longer; return what follows after the commit where that shows its target again."""
    target = Target(case.target_type)
    others = repositories.list_reports(target, case.target_id, limit=_LOOKED_AT)
    for other in voices.take_back(case, row, [one for one in others if one.key != row.key and one.round == case.round]):
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
    """Page through what one has reported, whether or not one still sees it."""
    return queries.fill_page(
        lambda missing, position: repositories.page_own_reports(actor.id, limit=missing, after=position),
        limit=limit,
        after=after,
    )
