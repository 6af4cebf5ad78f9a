"""Decisions on reported content, and hiding or restoring content that nobody reported."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apps.core import audit
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.transactions import MAX_ACTIONS, Transaction, retry_conflicts
from apps.moderation import abuse, acts, authority, repositories, targets
from apps.moderation.acts import Act, Check, any_version
from apps.moderation.content import Status, Target
from apps.moderation.errors import DecidedAlready
from apps.moderation.models import ReportCase
from apps.moderation.targets import Reportable

_DECISIONS = (Act.HIDE, Act.CONFIRM, Act.DISMISS, Act.RESTORE, Act.SEND_BACK, Act.OVERTURN)
# In which states there is something to decide.
_SHOWN = frozenset({Status.OPEN})
_WAITING = frozenset({Status.HIDDEN})
_HIDDEN = frozenset({Status.HIDDEN, Status.CONFIRMED})
_NOT_CONFIRMED = frozenset({Status.OPEN, Status.HIDDEN})
# A transaction holds 100 actions; reporters beyond the first fifty neither gain nor lose by a decision.
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
    """Hide something that breaks the rules, whether or not anybody reported it; its author gets no points."""
    reason = acts.require_reason(reason)

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        _keep_hidden(transaction, case, found)

    checks = _checks(check, check_target)
    return _decide(target, target_id, Act.HIDE, change, within=_NOT_CONFIRMED, actor=actor, reason=reason, check=checks)


def confirm(target: Target, target_id: str, *, actor: Actor, reason: str, check: Check = any_version) -> str:
    """Agree with the reports: it stays hidden, its author gets points, its reporters were right."""
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
    """Show something again, without a judgement on those who reported it.

    Who has reported it cannot do so again: it is hidden once more when as many others find it wanting.
    """
    checks = _checks(check, check_target)
    return _decide(
        target, target_id, Act.RESTORE, _show, within=_HIDDEN, actor=actor, reason=reason.strip(), check=checks
    )


def dismiss(target: Target, target_id: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Disagree with the reports: it is shown again, and reports of these people count less when it happens often."""

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        _judge_reporters(transaction, case, right=False)
        _show(transaction, case, found)

    return _decide(
        target, target_id, Act.DISMISS, change, within=_HIDDEN, actor=actor, reason=reason.strip(), check=_checks(check)
    )


def take_back(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Undo a decision: what it hid is shown again; what it showed is hidden as before, and waits if it had waited.

    What followed from it goes as well: the author's points, a suspension that only these have caused, and the judgement
    on those who had reported it by then.
    """
    target, before = Target(entry.target_type), Status(entry.before["status"])
    judged = {Act.CONFIRM: True, Act.DISMISS: False}.get(Act(entry.act))

    def change(transaction: Transaction, case: ReportCase, found: Reportable) -> None:
        if entry.after["status"] == Status.OPEN:
            # That decision began a new round: the reports before it count again.
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
    """Hold a decision to the version of the case that was seen, and to that of what was reported."""

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
    """Change case and target with the audit entry and the author's notification, in one transaction.

    `within` are the states in which there is something to decide. The case is saved on its version: of two moderators
    at once the second meets the first one's decision.
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
    """Count for each reporter that they were right, or not; `by` -1 takes back what was counted `until` then."""
    reports = repositories.list_reports(Target(case.target_type), case.target_id, limit=_REPORTERS_JUDGED)
    for report in (one for one in reports if one.round == case.round):
        if until is None or report.created_at <= until:
            repositories.judge_reporter(transaction, report.user_id, right=right, by=by)


def _cause(target: Target, target_id: str) -> str:
    """Return what points say of where they come from."""
    return f"{target}:{target_id}"
