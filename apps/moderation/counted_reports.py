"""Which reports count: one per person, and none by people who were often wrong."""

from collections.abc import Iterable

from apps.moderation import repositories
from apps.moderation.models import Report, ReportCase
from apps.users import voices


def admit(case: ReportCase, report: Report, *, address: str) -> None:
    """Count a report if it may count, and record its voice with it and the case: 1.5 read units."""
    report.counts = False
    if not repositories.load_reporter_record(report.user_id).is_often_wrong:
        report.voice = voices.listen(report.user_id, address, case.pk)
        _count(case, report)


def take_back(case: ReportCase, report: Report, others: Iterable[Report]) -> list[Report]:
    """Stop counting a report. Return reports of the same voice that now count in its place."""
    if not report.counts:
        return []
    case.reporters = max(int(case.reporters) - 1, 0)
    case.voices = [voice for voice in case.voices if voice != report.voice]
    return [one for one in others if not one.counts and one.voice and _count(case, one)]


def _count(case: ReportCase, report: Report) -> bool:
    heard = voices.add(case.voices, report.voice)
    if heard is None:
        return False
    case.voices, case.reporters, report.counts = heard, int(case.reporters) + 1, True
    return True
