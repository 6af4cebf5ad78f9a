"""Every access of the moderation app to the table."""

from collections.abc import Sequence

from apps.core import clock, keys, queries
from apps.core.models import Item, derived_keys
from apps.core.transactions import Transaction
from apps.moderation.content import AppealStatus, Reason, Status, Target
from apps.moderation.errors import AppealExists, ReportExists
from apps.moderation.models import AbusePoints, Appeal, Report, ReportCase, ReporterRecord


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
        created_at=clock.now(), **derived_keys(gsi2=keys.traces_of(by, target_id)),
    )  # fmt: skip
    transaction.save(row, otherwise=ReportExists())
    return row


def reset_case(case: ReportCase) -> None:
    """Take a target from the moderators' queue and count reports from nothing again."""
    case.status, case.reporters = Status.OPEN.value, 0
    case.gsi4pk = case.gsi4sk = None


def confirm_case(case: ReportCase) -> None:
    """Take a target from the queue for good, and list it among what is kept hidden."""
    case.status = Status.CONFIRMED.value
    place = keys.decided_reports(clock.sortable(clock.now()), case.target_type, case.target_id)
    case.gsi4pk, case.gsi4sk = place.pk, place.sk


def list_reports(target: Target, target_id: str, *, limit: int) -> list[Report]:
    """Read who reported a target and why: 1 read unit for about 15."""
    key = keys.report(target, target_id, "-")
    rows = Report.query(key.pk, Report.sk.startswith(keys.prefix("REPORTER")), consistent_read=True, limit=limit)
    return list(rows)


def list_reports_by(user_id: str, *, limit: int) -> list[Report]:
    """Read what somebody reported, in the order of what it was about: half a read unit, and 1 for each report."""
    place = keys.traces_of(user_id, "-")
    found: queries.Slice[Item] = queries.query_page(
        Item.lists,
        place.pk,
        limit=limit,
        newest_first=True,
        keep=lambda row: row.sk == keys.report("-", "-", user_id).sk,
    )
    rows = queries.read_many(Report, [item.key for item in found.items])
    return sorted(rows.values(), key=lambda row: row.created_at, reverse=True)


def judge_reporter(transaction: Transaction, user_id: str, *, right: bool, by: int = 1) -> None:
    """Count that a moderator agreed with somebody's report, or not; -1 takes one back: 2 write units."""
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
    """Write an appeal and put it before the moderators; `AppealExists` where the decision has one."""
    queue = keys.appeals_queue(clock.sortable(appeal.created_at), appeal.decision_id)
    appeal.gsi4pk, appeal.gsi4sk = queue.pk, queue.sk
    transaction.save(appeal, otherwise=AppealExists())


def reopen_appeal(transaction: Transaction, appeal: Appeal) -> None:
    """Put an appeal that was decided before the moderators again."""
    queue = keys.appeals_queue(clock.sortable(clock.now()), appeal.decision_id)
    appeal.status, appeal.gsi4pk, appeal.gsi4sk = AppealStatus.OPEN.value, queue.pk, queue.sk
    transaction.save(appeal)


def close_appeal(transaction: Transaction, appeal: Appeal, status: AppealStatus) -> None:
    appeal.status, appeal.gsi4pk, appeal.gsi4sk = status.value, None, None
    transaction.save(appeal)


def enqueue_case(case: ReportCase) -> None:
    """Put a target before the moderators."""
    queue = keys.reports_queue(clock.sortable(clock.now()), case.target_type, case.target_id)
    case.gsi4pk, case.gsi4sk = queue.pk, queue.sk
