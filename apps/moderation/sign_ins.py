"""Sign-ins to the admin in the audit log: one entry for each that succeeds; refusals are counted by name and address.

The key of an entry contains a digest of the name: strangers may type anybody's name or address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.crypto import salted_hmac

from apps.core import audit, keys
from apps.core.audit import AuditEntry, Who
from apps.core.keys import Key
from apps.core.language import Text
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import repositories
from apps.moderation.acts import Act
from apps.moderation.errors import NotModerator
from apps.users import throttling
from apps.users.errors import (
    AccountNotReady,
    ErasureBegun,
    InvalidCode,
    InvalidCredentials,
    NotConfirmed,
    PasswordResetRequired,
    SessionExpired,
    TooManyAttempts,
)

TARGET = "signin"
ANONYMOUS = "anonymous"
# Stands for all further names from an address that has tried too many for each to get an entry.
OTHER_NAMES = "*"
# As long as request logs.
_KEPT = timedelta(days=30)
_MOST_NAMES = 50
_DIGITS = 32


# Why a sign-in was refused, by the codes that entries keep.
REASONS: Mapping[str, Text] = {
    error.code: error.title
    for error in (
        AccountNotReady, ErasureBegun, InvalidCode, InvalidCredentials, NotConfirmed, NotModerator,
        PasswordResetRequired, SessionExpired, TooManyAttempts,
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Refusals:
    """The attempts that one entry stands for: those that were checked, and those refused without a check."""

    judged: int
    throttled: int
    last_at: datetime

    @property
    def attempts(self) -> int:
        return self.judged + self.throttled


def subject(name: str) -> str:
    """Return the audit log's target for sign-ins with a name."""
    return salted_hmac("moderation.sign_ins", name.strip().lower(), algorithm="sha256").hexdigest()[:_DIGITS]


def record(act: Act, who: Who, *, address: str | None = None) -> None:
    """Record an action of a person who has proven their identity."""
    audit.write(
        act=act.value, who=who, target_type=TARGET, target_id=subject(who.name), title=who.name,
        after={"address": address} if address else None,
    )  # fmt: skip


def record_refusal(name: str, *, address: str, code: str) -> None:
    """Count a refused sign-in; the first of a name from an address in a window gets an entry.

    An address gets at most 51 entries per window: one for each of its first names, and one for all others. 1 write unit
    if there is an entry.
    """
    window = throttling.current_window(settings.THROTTLE_SECONDS).number
    for one in (name, OTHER_NAMES):
        if _count(one, address=address, window=window, code=code):
            return


@retry_conflicts
def _count(name: str, *, address: str, window: int, code: str) -> bool:
    """Increment a name's counter, or create it with its entry; False if the address may create no more."""
    name_hash, address_hash = subject(name), throttling.hash_address(address)
    place = (name_hash, address_hash, window)
    is_throttled = code == TooManyAttempts.code
    if repositories.count_refused_sign_in(*place, is_throttled=is_throttled):
        return True
    if name != OTHER_NAMES:
        try:
            throttling.count_attempt(throttling.REFUSED_NAMES, person=address, most=_MOST_NAMES)
        except TooManyAttempts:
            return False
    transaction = Transaction()
    repositories.begin_refused_sign_ins(transaction, *place, is_throttled=is_throttled, kept=_KEPT)
    audit.record(
        transaction, act=Act.SIGN_IN_REFUSED.value, who=Who(ANONYMOUS, name), target_type=TARGET, target_id=name_hash,
        title=name, reason=code, after={"address": address, "window": window}, kept=_KEPT,
    )  # fmt: skip
    transaction.commit()
    return True


def count_refusals(entries: Sequence[AuditEntry]) -> Mapping[str, Refusals]:
    """Return how many refusals each entry stands for, by its id: half a read unit each."""
    places = {entry.id: _place(entry) for entry in entries if _is_counted(entry)}
    rows: Any = repositories.find_refused_sign_ins(list(places.values()))
    return {
        id_: Refusals(int(row.judged), int(row.throttled), row.last_at)
        for id_, place in places.items()
        if (row := rows.get(place))
    }


def _is_counted(entry: AuditEntry) -> bool:
    return entry.act == Act.SIGN_IN_REFUSED and "window" in (entry.after or {})


def _place(entry: AuditEntry) -> Key:
    said = entry.after
    return keys.refused_sign_ins(entry.target_id, throttling.hash_address(said["address"]), said["window"])
