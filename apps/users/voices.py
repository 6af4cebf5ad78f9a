"""Detect accounts that may belong to one person, so that they count once in votes."""

import hashlib
import hmac
from datetime import timedelta
from typing import Any

from django.conf import settings

from apps.core import clock
from apps.users.repositories import stored_people

# No decision needs more, and it keeps the row small.
_KEPT = 50

Voice = dict[str, Any]


def add(held: list[Voice], voice: Voice) -> list[Voice] | None:
    """Return the voices with `voice` added, or None if it was counted already.

    All accounts younger than a day count as one voice, and so do accounts behind one address within an hour.
    """
    if any(_is_same(voice, other) for other in held):
        return None
    return [*held, voice][-_KEPT:]


def listen(user_id: str, address: str, matter: str) -> Voice:
    """Return a person's voice on a matter. It holds a digest of the address that is useless for other matters.

    Half a read unit.
    """
    now, found = clock.now(), stored_people.find_profile(user_id, consistent=False)
    young = timedelta(hours=settings.YOUNG_ACCOUNT_HOURS)
    secret, text = settings.SECRET_KEY.encode(), f"{matter}\n{address}".encode()
    return {
        "at": clock.sortable(now),
        "young": found is None or now - found.created_at < young,
        "address": hmac.new(secret, text, hashlib.sha256).hexdigest()[:24] if address else "",
    }


def _is_same(voice: Voice, other: Voice) -> bool:
    if voice["young"] and other["young"]:
        return True
    apart = clock.parse(voice["at"]) - clock.parse(other["at"])
    within = timedelta(seconds=settings.SAME_ADDRESS_SECONDS)
    return bool(voice["address"]) and voice["address"] == other["address"] and apart < within
