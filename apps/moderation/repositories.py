"""Every access of the moderation app to the table."""

from collections.abc import Sequence
from datetime import timedelta

from pynamodb.exceptions import UpdateError

from apps.core import clock, keys, queries, transactions
from apps.core.models import derived_keys
from apps.core.transactions import Transaction, WriteConflict
from apps.moderation.content import AppealStatus, Reason, Status, Target
from apps.moderation.errors import AppealExists, ReportExists
from apps.moderation.models import (
    AbusePoints,
    Appeal,
    OwnReport,
    RefusedSignIns,
    Report,
    ReportCase,
    ReporterRecord,
)


def load_case(target: Target, target_id: str, *, owner_id: str) -> ReportCase:
    """Read the case of a target; a new row if nobody reported it. 1 read unit."""
    key = keys.report_case(target, target_id)
    fresh = ReportCase(pk=key.pk, sk=key.sk, user_id=owner_id, target_type=target.value, target_id=target_id)
    return ReportCase.read(key) or fresh


def build_report(case: ReportCase, *, by: str, reason: Reason, note: str | None) -> Report:
    """Build the rows of a report that is not stored yet."""
    key = keys.report(case.target_type, case.target_id, by)
    return Report(
        pk=key.pk, sk=key.sk, user_id=by, target_type=case.target_type, target_id=case.target_id, reason=reason.value,
        note=note, created_at=clock.now(), round=case.round, **derived_keys(gsi2=keys.traces_of(by, case.target_id)),
    )  # fmt: skip


def create_report(transaction: Transaction, report: Report) -> None:
    """Write a report; `ReportExists` if this person has already reported the target."""
    transaction.save(report, otherwise=ReportExists())
    transaction.save(_own(report))


def remove_report(transaction: Transaction, report: Report, *, is_decided: bool) -> None:
    """Delete a report. If it was part of a decision, its row stays, so that it can't be made again."""
    transaction.discard(_own(report))
    if is_decided:
        report.withdrawn, report.counts, report.note = True, False, None
        transaction.save(report)
    else:
        transaction.delete(report)


def _own(report: Report) -> OwnReport:
    key = keys.own_report(report.user_id, report.target_type, report.target_id)
    return OwnReport(pk=key.pk, sk=key.sk, target_type=report.target_type, target_id=report.target_id)


def find_report(target: Target, target_id: str, by: str) -> Report | None:
    """Return somebody's report of a target; None if there is none, or it was withdrawn. 1 read unit."""
    found = Report.read(keys.report(target, target_id, by))
    return None if found is None or found.withdrawn else found


def page_own_reports(
    user_id: str, *, limit: int, after: dict[str, str] | None
) -> tuple[list[Report], dict[str, str] | None]:
    """Page through somebody's reports: 1 read unit for a page of ids and 1 for each report."""
    found: queries.Slice[OwnReport] = queries.query_page(
        OwnReport,
        keys.user(user_id).pk,
        within=OwnReport.sk.startswith(keys.prefix("REPORT")),
        limit=limit,
        after=after,
        consistent=True,
    )
    wanted = [keys.report(item.target_type, item.target_id, user_id) for item in found.items]
    rows = queries.read_many(Report, wanted)
    return [rows[key] for key in wanted if key in rows], found.next


def reset_case(case: ReportCase) -> None:
    """Remove a target from the queue and reset its count of reports."""
    case.status, case.reporters, case.round = Status.OPEN.value, 0, int(case.round) + 1
    case.gsi4pk = case.gsi4sk = None


def reopen_case(case: ReportCase) -> None:
    """Remove a target from the queue because too few reports are left."""
    case.status = Status.OPEN.value
    case.gsi4pk = case.gsi4sk = None


def confirm_case(case: ReportCase) -> None:
    """Remove a target from the queue and list it among those that stay hidden."""
    case.status = Status.CONFIRMED.value
    place = keys.decided_reports(clock.sortable(clock.now()), case.target_type, case.target_id)
    case.gsi4pk, case.gsi4sk = place.pk, place.sk


def list_reports(target: Target, target_id: str, *, limit: int) -> list[Report]:
    """Read the reports of a target: 1 read unit for about 15."""
    key = keys.report(target, target_id, "-")
    rows = Report.query(key.pk, Report.sk.startswith(keys.prefix("REPORTER")), consistent_read=True, limit=limit)
    return [row for row in rows if not row.withdrawn]


def list_reports_by(user_id: str, *, limit: int) -> list[Report]:
    """Read somebody's reports that are not withdrawn, newest first: 1 read unit, and 1 for each."""
    found, _ = page_own_reports(user_id, limit=limit, after=None)
    return sorted(found, key=lambda row: row.created_at, reverse=True)


def judge_reporter(transaction: Transaction, user_id: str, *, right: bool, by: int = 1) -> None:
    """Record whether a moderator agreed with somebody's report; `by=-1` takes that back. 2 write units."""
    key = keys.reporter_record(user_id)
    counted = ReporterRecord.right if right else ReporterRecord.wrong
    transaction.update(ReporterRecord(pk=key.pk, sk=key.sk), [counted.add(by)])


def load_reporter_record(user_id: str) -> ReporterRecord:
    key = keys.reporter_record(user_id)
    return ReporterRecord.read(key) or ReporterRecord(pk=key.pk, sk=key.sk)


def load_points(user_id: str) -> AbusePoints:
    key = keys.abuse_points(user_id)
    return AbusePoints.read(key) or AbusePoints(pk=key.pk, sk=key.sk)


def find_points(user_ids: Sequence[str]) -> dict[str, AbusePoints]:
    found = queries.read_many(AbusePoints, [keys.abuse_points(id_) for id_ in user_ids])
    return {keys.last_part(key.pk): row for key, row in found.items()}


def find_appeal(decision_id: str) -> Appeal | None:
    return Appeal.read(keys.appeal(decision_id))


def create_appeal(transaction: Transaction, appeal: Appeal) -> None:
    """Write an appeal and put it into the queue; `AppealExists` if the decision already has one."""
    queue = keys.appeals_queue(clock.sortable(appeal.created_at), appeal.decision_id)
    appeal.gsi4pk, appeal.gsi4sk = queue.pk, queue.sk
    transaction.save(appeal, otherwise=AppealExists())


def reopen_appeal(transaction: Transaction, appeal: Appeal) -> None:
    """Put a decided appeal back into the queue."""
    queue = keys.appeals_queue(clock.sortable(clock.now()), appeal.decision_id)
    appeal.status, appeal.gsi4pk, appeal.gsi4sk = AppealStatus.OPEN.value, queue.pk, queue.sk
    transaction.save(appeal)


def close_appeal(transaction: Transaction, appeal: Appeal, status: AppealStatus) -> None:
    appeal.status, appeal.gsi4pk, appeal.gsi4sk = status.value, None, None
    transaction.save(appeal)


def enqueue_case(case: ReportCase) -> None:
    """Put a target into the moderators' queue."""
    queue = keys.reports_queue(clock.sortable(clock.now()), case.target_type, case.target_id)
    case.gsi4pk, case.gsi4sk = queue.pk, queue.sk


def count_refused_sign_in(name_hash: str, address_hash: str, window: int, *, is_throttled: bool) -> bool:
    """Increment a counter if it exists, and return whether it does: 1 write unit."""
    key = keys.refused_sign_ins(name_hash, address_hash, window)
    row = RefusedSignIns(pk=key.pk, sk=key.sk, version=0)
    counted = RefusedSignIns.throttled if is_throttled else RefusedSignIns.judged
    actions = [counted.add(1), RefusedSignIns.last_at.set(clock.now())]
    try:
        row.update(actions, condition=RefusedSignIns.pk.exists(), add_version_condition=False)
    except UpdateError as error:
        problem = transactions.explain_single(error, None)
        if not isinstance(problem, WriteConflict):
            raise problem from error
        return False
    return True


def begin_refused_sign_ins(
    transaction: Transaction, name_hash: str, address_hash: str, window: int, *, is_throttled: bool, kept: timedelta
) -> None:
    """Create a counter; a conflict if somebody else did so at the same moment."""
    key, now = keys.refused_sign_ins(name_hash, address_hash, window), clock.now()
    row = RefusedSignIns(
        pk=key.pk, sk=key.sk, judged=int(not is_throttled), throttled=int(is_throttled), last_at=now,
        ttl=clock.epoch(now + kept),
    )  # fmt: skip
    transaction.save(row)


def find_refused_sign_ins(places: Sequence[keys.Key]) -> dict[keys.Key, RefusedSignIns]:
    return queries.read_many(RefusedSignIns, list(places), consistent=False)
