"""Whose report counts: one voice a person, and one for people who may well be one person."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.moderation import repositories
from apps.moderation.models import ReportCase
from apps.users import services as users

# More are needed by no decision, and the row of a case stays small.
_KEPT = 50


def admit(case: ReportCase, *, user_id: str, address: str) -> bool:
    """Say whether a report counts, and note on the case that it did.

    Accounts younger than a day count once together, and so do accounts behind one address within an hour. Who was
    often wrong does not count at all. 1 read unit for the record and half of one for the profile.
    """
    if repositories.load_reporter_record(user_id).is_often_wrong:
        return False
    now = clock.now()
    found = users.find_profile_rows([user_id]).get(user_id)
    voice = {
        "at": clock.sortable(now),
        "young": found is None or now - found.created_at < timedelta(hours=settings.YOUNG_ACCOUNT_HOURS),
        "address": _digest(case, address) if address else "",
    }
    held: list[dict[str, Any]] = case.voices
    if any(_is_same(voice, other) for other in held):
        return False
    case.voices = [*held, voice][-_KEPT:]
    return True


def _is_same(voice: dict[str, Any], other: dict[str, Any]) -> bool:
    if voice["young"] and other["young"]:
        return True
    apart = clock.parse(voice["at"]) - clock.parse(other["at"])
    return (
        bool(voice["address"])
        and voice["address"] == other["address"]
        and apart < timedelta(seconds=settings.SAME_ADDRESS_SECONDS)
    )


def _digest(case: ReportCase, address: str) -> str:
    """Compare addresses of one case without writing them down."""
    return hmac.new(settings.SECRET_KEY.encode(), f"{case.pk}\n{address}".encode(), hashlib.sha256).hexdigest()[:24]
