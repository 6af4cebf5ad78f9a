"""People as they and others see them: profiles, privacy, preferences."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.exceptions import PynamoDBException

from apps.core import clock, keys, language, queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.users import cognito, relations, repositories, suspensions
from apps.users.errors import UserNotFound
from apps.users.models import USERNAME_START, Audience, PreferencesRow, PrivacyRow, User, is_user_id
from apps.users.preferences import Preferences
from apps.users.relations import Circle

log = structlog.get_logger()

Check = Callable[[int], None]
R = TypeVar("R")

# Part of what other apps call here; they are a module of their own since they know nothing of profiles.
suspend = suspensions.suspend
lift = suspensions.lift
suspension_of = suspensions.of

# Enough to know what somebody has had lately; 30 entries take half a KB.
_COOKED_KEPT = 30


@dataclass(frozen=True, slots=True)
class Tastes:
    """What a suggestion needs to know of a person."""

    preferences: Preferences
    recently_cooked: dict[str, datetime]


@dataclass(frozen=True, slots=True)
class Seen:
    """A person as somebody else may see them."""

    user: User
    is_friend: bool
    shows_email: bool
    shows_date_of_birth: bool
    shows_preferences: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """A person with their preferences, None where those are not shown."""

    seen: Seen
    preferences: Preferences | None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at others, and the people around them; None where those could not be read: then nobody is shown."""

    id: str
    circle: Circle | None

    def is_friend(self, user_id: str) -> bool:
        return self.circle is not None and self.circle.is_friend(user_id)

    def may_see(self, privacy: PrivacyRow | None, what: str, *, owner: str) -> bool:
        """Decide on one part of somebody's data; what could not be read counts as private."""
        if owner == self.id:
            return True
        if privacy is None or self.circle is None or self.circle.is_blocked(owner):
            return False
        audience = getattr(privacy, what)
        return audience == Audience.PUBLIC or (audience == Audience.FRIENDS and self.circle.is_friend(owner))


def own(*, actor: Actor, token: str) -> User:
    """Return the caller's profile; made from what Cognito knows where registering stopped half-way."""
    return repositories.profile(actor.id) or heal(actor=actor, token=token)


def heal(*, actor: Actor, token: str) -> User:
    """Write the profile and claim of somebody whom Cognito knows and we do not. Harmless when two requests do it."""
    known = cognito.attributes(token)
    repositories.create(
        fresh_profile(
            user_id=actor.id,
            username=actor.username,
            email=known.get("email", ""),
            full_name=known.get("name") or actor.username,
        )
    )
    user = repositories.profile(actor.id)
    if user is None:
        raise UserNotFound
    log.info("profile_healed", user_id=actor.id)
    return user


def fresh_profile(*, user_id: str, username: str, email: str, full_name: str) -> User:
    key = keys.user(user_id)
    return User(
        pk=key.pk, sk=key.sk, user_id=user_id, username=username, email=email, full_name=full_name,
        language=language.current.get(), created_at=clock.now(),
    )  # fmt: skip


@retry_conflicts
def edit(*, actor: Actor, token: str, changes: dict[str, Any], check: Check) -> User:
    """Change fields of one's profile; the username never changes, the e-mail address not here."""
    user = own(actor=actor, token=token)
    check(int(user.version or 0))
    for name, value in changes.items():
        setattr(user, name, value)
    repositories.save(user)
    return user


def read(user_id: str, *, actor: Actor) -> Seen:
    """Return somebody as the caller may see them; `UserNotFound` if they may not."""
    user = repositories.profile(user_id) if is_user_id(user_id) else None
    if user is None:
        raise UserNotFound
    viewer, privacy = _viewer(actor), _privacy_or_none(user_id)
    if not viewer.may_see(privacy, "profile", owner=user_id):
        raise UserNotFound
    return _seen(user, privacy, viewer)


def read_whole(user_id: str, *, actor: Actor) -> Whole:
    """Return somebody as the caller may see them, with what they eat where that is shown: 3 read units, or 4."""
    seen = read(user_id, actor=actor)
    said = preferences(actor=Actor(user_id, seen.user.username))[0] if seen.shows_preferences else None
    return Whole(seen, said)


def search(start: str, *, actor: Actor, limit: int, after: Any) -> tuple[list[Seen], Any]:
    """Page through people whose username begins with `start` and whose profile the caller may see.

    Costs half a read unit for the names and one a person. Pages are full although people who may not be seen are left
    out: reading goes on until there are enough.
    """
    if not USERNAME_START.fullmatch(start):
        return [], None
    viewer = _viewer(actor)

    def read_some(missing: int, position: Any) -> tuple[list[Seen], Any]:
        found = repositories.claims(start, limit=missing, after=position)
        known = repositories.profiles(claim.user_id for claim in found.items)
        shown = [
            _seen(user, privacy, viewer)
            for user, privacy in known.values()
            if viewer.may_see(privacy, "profile", owner=user.user_id)
        ]
        return shown, found.next

    return queries.fill(read_some, limit=limit, after=after)


def _seen(user: User, privacy: PrivacyRow | None, viewer: Viewer) -> Seen:
    may_see = partial(viewer.may_see, privacy, owner=user.user_id)
    return Seen(
        user,
        is_friend=viewer.is_friend(user.user_id),
        shows_email=may_see("email"),
        shows_date_of_birth=may_see("date_of_birth"),
        shows_preferences=may_see("preferences"),
    )


def profiles(user_ids: Iterable[str]) -> dict[str, User]:
    """Return the profiles of those of these people who have one, for showing their names: half a read unit each.

    Whoever calls this has decided who may see whom.
    """
    return repositories.people(user_ids)


def expect_present(transaction: Transaction, *, user_id: str) -> None:
    """Let `transaction` commit only while this person has a profile; `UserNotFound` otherwise. 2 write units."""
    repositories.expect_profile(transaction, user_id)


def require_person(user_id: str) -> None:
    """Let pass the ids of people who have a profile: 1 read unit; `UserNotFound` for all others."""
    if not is_user_id(user_id) or repositories.profile(user_id) is None:
        raise UserNotFound


def require_visible(user_id: str, what: str, *, actor: Actor) -> None:
    """Let pass whoever may see this part of somebody's data; `UserNotFound` for everybody else.

    `what` is profile, email, date_of_birth, history or preferences. 2 read units, none for one's own.
    """
    if user_id == actor.id:
        return
    if not is_user_id(user_id) or not _viewer(actor).may_see(_privacy_or_none(user_id), what, owner=user_id):
        raise UserNotFound


def showing(user_ids: Iterable[str], what: str, *, viewer_id: str, circle: Circle) -> list[str]:
    """Return those of these people, in this order, who show this part of their data to the viewer: 1 read unit each."""
    ids, viewer = list(user_ids), Viewer(viewer_id, circle)
    settings = repositories.privacies(ids)
    return [id_ for id_ in ids if viewer.may_see(settings[id_], what, owner=id_)]


def _viewer(actor: Actor) -> Viewer:
    return Viewer(actor.id, _read_or_none(relations.of, actor.id))


def _privacy_or_none(user_id: str) -> PrivacyRow | None:
    return _read_or_none(repositories.privacy, user_id)


def _read_or_none(read: Callable[[str], R], user_id: str) -> R | None:
    """Read what decides who sees what; None, which counts as private, if that fails."""
    try:
        return read(user_id)
    except (PynamoDBException, BotoCoreError, ClientError, ValueError) as error:
        log.warning("privacy_not_read", user_id=user_id, error=type(error).__name__)
        return None


def privacy(*, actor: Actor) -> PrivacyRow:
    return repositories.privacy(actor.id)


@retry_conflicts
def change_privacy(*, actor: Actor, changes: dict[str, str], check: Check) -> PrivacyRow:
    row = repositories.privacy(actor.id)
    check(int(row.version or 0))
    for part, audience in changes.items():
        setattr(row, part, audience)
    repositories.save(row)
    return row


def preferences(*, actor: Actor) -> tuple[Preferences, int]:
    """Return one's preferences and their version; 0 where they were never set."""
    return _said(repositories.preferences(actor.id))


@retry_conflicts
def set_preferences(*, actor: Actor, wanted: Preferences, check: Check) -> tuple[Preferences, int]:
    """Replace all preferences."""
    row = repositories.preferences(actor.id)
    check(int(row.version or 0))
    row.body = wanted.as_dict()
    repositories.save(row)
    return _said(row)


def _said(row: PreferencesRow) -> tuple[Preferences, int]:
    return Preferences.of(row.body or {}), int(row.version or 0)


def read_tastes(*, user_id: str) -> Tastes:
    """Return preferences and what was cooked lately: one consistent query, 1 read unit."""
    said, cooked = repositories.tastes(user_id)
    recent = {recipe_id: clock.parse(at) for recipe_id, at in cooked.body.items()} if cooked else {}
    return Tastes(Preferences.of(said.body) if said else Preferences(), recent)


def note_cooked(transaction: Transaction, *, user_id: str, recipe_id: str, at: datetime) -> None:
    """Add to `transaction` that a recipe was cooked; of the recipes cooked last 30 are kept.

    The row is read here and saved only if nobody changed it: the transaction fails as a `WriteConflict` then, and is
    to be built again.
    """
    row = repositories.recently_cooked(user_id)
    moments = {**row.body, recipe_id: clock.sortable(at)}
    latest = sorted(moments.items(), key=lambda entry: entry[1], reverse=True)[:_COOKED_KEPT]
    row.body = dict(latest)
    transaction.save(row)
