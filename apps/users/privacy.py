"""Privacy settings, and who sees which part of a person's data."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from apps.core import clock
from apps.core.authentication import Actor
from apps.core.preconditions import Check
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import visibility
from apps.users.errors import ProfileStaysPrivate, UserNotFound
from apps.users.models import PARTS, PUBLIC_PROFILE_AGE, PrivacyRow, User, age
from apps.users.people import Audience, is_user_id
from apps.users.repositories import stored_people
from apps.users.visibility import Viewer

log = structlog.get_logger()

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class ProfileAccess:
    """A person who looks at others. `reader` is None if their relations could not be read: then nobody is shown."""

    id: str
    reader: Viewer | None

    def is_friend(self, user_id: str) -> bool:
        return self.reader is not None and self.reader.is_friend(user_id)

    def may_see(self, privacy: PrivacyRow | None, what: str, *, owner: str) -> bool:
        """Return whether one part of somebody's data is visible. Settings that could not be read count as private."""
        if owner == self.id:
            return True
        if privacy is None or self.reader is None or not self.reader.can_see(owner):
            return False
        audience = getattr(privacy, what)
        return audience == Audience.PUBLIC or (audience == Audience.FRIENDS and self.reader.is_friend(owner))


def is_minor(user: User) -> bool:
    """Return whether somebody is too young for a public profile."""
    born = date.fromisoformat(user.date_of_birth) if user.date_of_birth else None
    return born is not None and age(born, clock.now().date()) < PUBLIC_PROFILE_AGE


def close_profile(transaction: Transaction, user_id: str) -> None:
    """Make every part of a profile private; its owner may open the other parts to friends."""
    row = stored_people.load_privacy(user_id)
    for part in PARTS:
        setattr(row, part, Audience.PRIVATE.value)
    transaction.save(row)


def require_visible(user_id: str, what: str, *, actor: Actor) -> None:
    """Raise `UserNotFound` unless the actor may see this part of somebody's data.

    `what` is profile, email, date_of_birth, history or preferences. 3 read units, none for one's own.
    """
    if user_id == actor.id:
        return
    if not is_user_id(user_id) or not load_access(actor).may_see(find_privacy(user_id), what, owner=user_id):
        raise UserNotFound


def filter_by_privacy(user_ids: Iterable[str], what: str, *, viewer: Viewer) -> list[str]:
    """Return those of these people, in this order, who show this part of their data to the viewer: 1 read unit each."""
    ids, access = list(user_ids), ProfileAccess(viewer.id, viewer)
    rows = stored_people.load_privacies(ids)
    return [id_ for id_ in ids if access.may_see(rows[id_], what, owner=id_)]


def load_access(actor: Actor) -> ProfileAccess:
    return ProfileAccess(actor.id, _read_or_none(visibility.load_viewer, actor.id))


def find_privacy(user_id: str) -> PrivacyRow | None:
    return _read_or_none(stored_people.load_privacy, user_id)


def _read_or_none(read: Callable[[str], R], user_id: str) -> R | None:
    """Return what `read` returns; None, which counts as private, if it fails."""
    try:
        return read(user_id)
    except (PynamoDBException, BotoCoreError, ClientError, ValueError) as error:
        log.warning("privacy_not_read", user_id=user_id, error=type(error).__name__)
        return None


def get_privacy(*, actor: Actor) -> PrivacyRow:
    return stored_people.load_privacy(actor.id)


@retry_conflicts
def change_privacy(*, actor: Actor, changes: dict[str, str], check: Check) -> PrivacyRow:
    row = stored_people.load_privacy(actor.id)
    differs = any(getattr(row, part) != audience for part, audience in changes.items())
    for part, audience in changes.items():
        setattr(row, part, audience)
    if changes.get("profile", Audience.PRIVATE) != Audience.PRIVATE:
        _require_grown_up(actor.id)
    if differs:
        check(int(row.version or 0))
        stored_people.save_row(row)
    return row


def _require_grown_up(user_id: str) -> None:
    user = stored_people.find_profile(user_id)
    if user is not None and is_minor(user):
        raise ProfileStaysPrivate
