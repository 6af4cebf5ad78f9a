"""Decisions on reported content, and hiding or restoring content that nobody reported."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apps.core import audit
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import MAX_ACTIONS, Transaction, retry_conflicts
from apps.moderation import abuse, acts, authority, repositories, targets
from apps.moderation.acts import Act
from apps.moderation.content import Status, Target
from apps.moderation.errors import DecidedAlready
from apps.moderation.models import ReportCase
from apps.moderation.targets import Reportable

_DECISIONS = (Act.HIDE, Act.CONFIRM, Act.DISMISS, Act.RESTORE, Act.SEND_BACK, Act.OVERTURN)
# States in which each decision is possible.
_SHOWN = frozenset({Status.OPEN})
_WAITING = frozenset({Status.HIDDEN})
_HIDDEN = frozenset({Status.HIDDEN, Status.CONFIRMED})
_NOT_CONFIRMED = frozenset({Status.OPEN, Status.HIDDEN})
# A transaction holds 100 actions, so a decision affects the records of the first fifty reporters only.
_REPORTERS_JUDGED = MAX_ACTIONS // 2


def hide(
    target: Target,
    target_id: str,
    *,
    actor: Actor,
    reason: str,
    check: Check = any_version,
    check_target: Check = any_version,
) -> str:
    """Hide something that breaks the rules, whether or not anybody reported it. Its author gets no points."""
    reason = acts.require_reason(reason)

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        _keep_hidden(transaction, case, found)

    checks = _checks(check, check_target)
    return _decide(target, target_id, Act.HIDE, change, within=_NOT_CONFIRMED, actor=actor, reason=reason, check=checks)


def confirm(target: Target, target_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Agree with the reports: the target stays hidden, its author gets points, and the reporters were right."""
    reason = acts.require_reason(reason)

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        _keep_hidden(transaction, case, found)
        _judge_reporters(transaction, case, right=True)
        if found.owner_id:
            cause = _cause(target, target_id)
            abuse.add_points(transaction, user_id=found.owner_id, points=abuse.CONFIRMED, cause=cause)

    checks = _checks(check)
    return _decide(target, target_id, Act.CONFIRM, change, within=_WAITING, actor=actor, reason=reason, check=checks)


def restore(
    target: Target,
    target_id: str,
    *,
    actor: Actor,
    reason: str = "",
    check: Check = any_version,
    check_target: Check = any_version,
) -> str:
    """Show something again, without a judgement on its reporters.

    Those who reported it can't do so again, so it is hidden again only if as many other people report it.
    """
    checks = _checks(check, check_target)
    return _decide(
        target, target_id, Act.RESTORE, _show, within=_HIDDEN, actor=actor, reason=reason.strip(), check=checks
    )


def dismiss(target: Target, target_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Disagree with the reports: the target is shown again. People who are often wrong stop counting as reporters."""

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        _judge_reporters(transaction, case, right=False)
        _show(transaction, case, found)

    return _decide(
        target, target_id, Act.DISMISS, change, within=_HIDDEN, actor=actor, reason=reason.strip(), check=_checks(check)
    )


def take_back(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Undo a decision: what it hid is shown; what it showed is hidden, and queued again if it was queued before.

    Also takes back its effects: the author's points, a suspension that only these caused, and the judgement on the
    reporters of that time.
    """
    target, before = Target(entry.target_type), Status(entry.before["status"])
    judged = {Act.CONFIRM: True, Act.DISMISS: False}.get(Act(entry.act))

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        if entry.after["status"] == Status.OPEN:
            # The decision had reset the count of reports, so earlier ones count again.
            case.round = int(case.round) - 1
        if judged is not None:
            _judge_reporters(transaction, case, right=judged, until=entry.at, by=-1)
        if entry.act == Act.CONFIRM and found.owner_id:
            abuse.take_back_points(transaction, user_id=found.owner_id, cause=_cause(target, entry.target_id))
        if entry.after["status"] == Status.CONFIRMED:
            _show(transaction, case, found)
        elif before is Status.CONFIRMED:
            _keep_hidden(transaction, case, found)
        else:
            _put_back(transaction, case, found, reporters=entry.before["reporters"])

    if entry.after["status"] == Status.CONFIRMED:
        act, within = Act.RESTORE, _HIDDEN
    else:
        act, within = Act.HIDE if before is Status.CONFIRMED else Act.SEND_BACK, _SHOWN
    return _decide(
        target, entry.target_id, act, change, within=within, actor=actor, reason=reason.strip(),
        check=_checks(any_version),
    )  # fmt: skip


list_reports = repositories.list_reports
list_reports_by = repositories.list_reports_by
load_reporter_record = repositories.load_reporter_record
Change = Callable[[Transaction, ReportCase, Reportable], None]
CaseCheck = Callable[[ReportCase, Reportable], None]


def _checks(check: Check, check_target: Check = any_version) -> CaseCheck:
    """Check the versions that the moderator saw: of the case, and of the reported content."""

    def run(case: ReportCase, found: Reportable) -> None:
        check(int(case.version or 0))
        check_target(found.version)

    return run


@retry_conflicts
def _decide(
    target: Target,
    target_id: str,
    act: Act,
    change: Change,
    *,
    within: frozenset[Status],
    actor: Actor,
    reason: str,
    check: CaseCheck,
) -> str:
    """Change case and target, with the audit entry and the author's notification, in one transaction.

    `within` are the states in which the decision is possible. The case is saved with a check of its version: of two
    concurrent moderators, the second gets the first one's decision.
    """
    who = authority.require_moderator(actor)
    found, case = targets.get_target(target, target_id), repositories.load_case(target, target_id, owner_id="")
    if case.status not in within:
        raise DecidedAlready(audit.last(target, target_id, _DECISIONS))
    check(case, found)
    before: dict[str, Any] = {"status": case.status, "reporters": int(case.reporters)}
    transaction = Transaction()
    case.user_id = case.user_id or found.owner_id
    change(transaction, case, found)
    transaction.save(case)
    entry_id = acts.record(
        transaction, act, who, target.value, target_id, reason=reason, before=before, after={"status": case.status}
    )
    if act in {Act.HIDE, Act.CONFIRM} or before["status"] == Status.CONFIRMED:
        acts.notify(transaction, to=found.owner_id, target_type=target.value, target_id=target_id, entry_id=entry_id)
    transaction.commit()
    found.after_commit()
    return entry_id


def _keep_hidden(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
    if case.status == Status.OPEN:
        found.set_hidden(transaction, hidden=True)
    repositories.confirm_case(case)


def _show(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
    found.set_hidden(transaction, hidden=False)
    repositories.reset_case(case)


def _put_back(transaction: Transaction, case: ReportCase, found: Reportable, *, reporters: int) -> None:
    found.set_hidden(transaction, hidden=True)
    case.status, case.reporters = Status.HIDDEN.value, reporters
    repositories.enqueue_case(case)


def _judge_reporters(
    transaction: Transaction, case: ReportCase, *, right: bool, until: datetime | None = None, by: int = 1
) -> None:
    """Record for each reporter whether they were right. `by=-1` takes back what was recorded `until` then."""
    reports = repositories.list_reports(Target(case.target_type), case.target_id, limit=_REPORTERS_JUDGED)
    for report in (one for one in reports if one.round == case.round):
        if until is None or report.created_at <= until:
            repositories.judge_reporter(transaction, report.user_id, right=right, by=by)


def _cause(target: Target, target_id: str) -> str:
    """Return the cause stored with points."""
    return f"{target}:{target_id}"
