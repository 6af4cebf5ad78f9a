"""Whose report counts: one voice a person, and none for those who were often wrong."""

from apps.moderation import repositories
from apps.moderation.models import ReportCase
from apps.users import voices


def admit(case: ReportCase, *, user_id: str, address: str) -> bool:
    """Say whether a report counts, and note on the case that it did: 1.5 read units."""
    if repositories.load_reporter_record(user_id).is_often_wrong:
        return False
    heard = voices.admit(case.voices, user_id=user_id, address=address, matter=case.pk)
    if heard is not None:
        case.voices = heard
    return heard is not None
