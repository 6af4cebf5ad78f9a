"""Profiles and preferences, as their owners and others see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import structlog

from apps.core import clock, keys, language, queries
from apps.core.authentication import Actor
from apps.core.language import Text
from apps.core.preconditions import Check
from apps.core.transactions import Transaction, retry_conflicts
from apps.media import services as media
from apps.users import cognito_accounts, consents, name_claims, name_words, pool_attributes, suspensions, visibility
from apps.users.errors import AccountNotReady, ProfileStaysPrivate, UserNotFound
from apps.users.events import AvatarChanged
from apps.users.models import (
    PreferencesRow,
    PrivacyRow,
    RecentlyCooked,
    RecentlyRejected,
    User,
    age,
)
from apps.users.people import USERNAME, USERNAME_START, Person, is_user_id
from apps.users.preferences import Preferences
from apps.users.privacy import (
    ProfileAccess,
    close_profile,
    filter_by_privacy,
    find_privacy,
    is_minor,
    load_access,
)
from apps.users.repositories import stored_people
from apps.users.visibility import Viewer

log = structlog.get_logger()

# Other apps call these through `services`. Suspensions have their own module, since they do not depend on profiles.
suspend = suspensions.suspend
lift_suspension = suspensions.lift_suspension
find_suspension = suspensions.find_suspension

# Covers recent cooking; 30 entries take half a KB.
_RECENT_KEPT = 30
_KEPT_BIRTH = Text(
    "Người dưới 16 tuổi không xóa được ngày sinh của mình.", "People under 16 cannot remove their date of birth."
)


@dataclass(frozen=True, slots=True)
class Tastes:
    """What suggestions need to know about a person."""

    preferences: Preferences
    recently_cooked: dict[str, datetime]
    recently_rejected: dict[str, datetime]


@dataclass(frozen=True, slots=True)
class Demographics:
    """A person's age in whole years, gender and country; None for what they did not tell."""

    age: int | None = None
    gender: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class VisibleProfile:
    """A person as another one may see them."""

    user: User
    is_friend: bool
    shows_email: bool
    shows_date_of_birth: bool
    shows_preferences: bool


@dataclass(frozen=True, slots=True)
class ProfileWithPreferences:
    """A person with their preferences, None if those are hidden."""

    seen: VisibleProfile
    preferences: Preferences | None


def get_own_profile(*, actor: Actor) -> User:
    """Return the caller's profile; create it from Cognito's data if the registration was interrupted."""
    return stored_people.find_profile(actor.id) or restore_profile(actor=actor)


def restore_profile(*, actor: Actor) -> User:
    """Write the missing profile and claim of a person who has an account in Cognito. Safe for concurrent requests.

    Cognito's attributes are used only as far as they are valid; `AccountNotReady` if the name there is not a valid
    username: its owner must register again.
    """
    if not USERNAME.fullmatch(actor.account):
        raise AccountNotReady
    known = cognito_accounts.attributes(actor.account)
    name_claims.create_profile(
        fresh_profile(
            user_id=actor.id,
            username=actor.account,
            email=pool_attributes.email_of(known),
            full_name=pool_attributes.name_of(known) or actor.account,
        ),
        consent=consents.fresh_consent(actor.id),
    )
    user = stored_people.find_profile(actor.id)
    if user is None:
        raise UserNotFound
    log.info("profile_healed", user_id=actor.id)
    return user


def fresh_profile(*, user_id: str, username: str, email: str, full_name: str, account: str | None = None) -> User:
    """Return a new profile; `account` is the username in Cognito, if it differs."""
    key = keys.user(user_id)
    return User(
        pk=key.pk, sk=key.sk, user_id=user_id, username=username, email=email, full_name=full_name,
        account=account if account != username else None,
        language=language.current.get(), created_at=clock.now(),
    )  # fmt: skip


@retry_conflicts
def edit_profile(*, actor: Actor, changes: dict[str, Any], check: Check) -> User:
    """Change fields of the actor's profile, except the username and e-mail address.

    `avatar` is the id of an upload, or None. `check` raises if the caller has read another version; it is not called if
    nothing changes.
    """
    user = get_own_profile(actor=actor)
    before = {name: getattr(user, name) for name in changes}
    if is_minor(user) and changes.get("date_of_birth", user.date_of_birth) is None:
        raise ProfileStaysPrivate(_KEPT_BIRTH)
    transaction = Transaction()
    if changes.get("full_name", user.full_name) != user.full_name:
        name_words.save(transaction, user.user_id, changes["full_name"], before=user.full_name)
    for name, value in changes.items():
        setattr(user, name, value if name != "avatar" else _change_avatar(transaction, user, value, actor=actor))
    if all(getattr(user, name) == value for name, value in before.items()):
        return user
    check(int(user.version or 0))
    if "date_of_birth" in changes and is_minor(user):
        close_profile(transaction, user.user_id)
    if len(transaction) == 0:
        # Half the price, if nothing else is written.
        stored_people.save_row(user)
        return user
    transaction.save(user)
    transaction.commit()
    return user


def _change_avatar(transaction: Transaction, user: User, upload_id: str | None, *, actor: Actor) -> str | None:
    """Replace the picture, and have its copies beside the person's content updated."""
    picture = media.replace(
        transaction, user.avatar, upload_id, purpose=media.Purpose.AVATAR, target=f"user:{user.user_id}", actor=actor
    )
    if picture != user.avatar:
        transaction.publish(AvatarChanged(user.user_id))
    return picture


def get_profile(user_id: str, *, actor: Actor) -> VisibleProfile:
    """Return a person as the caller may see them; `UserNotFound` if they may not."""
    user = stored_people.find_profile(user_id) if is_user_id(user_id) else None
    if user is None:
        raise UserNotFound
    viewer, privacy = load_access(actor), find_privacy(user_id)
    if not viewer.may_see(privacy, "profile", owner=user_id):
        raise UserNotFound
    return _seen(user, privacy, viewer)


def get_profile_with_preferences(user_id: str, *, actor: Actor) -> ProfileWithPreferences:
    """Return a person as the caller may see them, with preferences unless hidden: 4 read units, or 5."""
    seen = get_profile(user_id, actor=actor)
    said = get_preferences(actor=Actor(user_id, seen.user.username))[0] if seen.shows_preferences else None
    return ProfileWithPreferences(seen, said)


def search_people(query: str, *, actor: Actor, limit: int, after: Any) -> tuple[list[VisibleProfile], Any]:
    """Page through people whose profile the caller may see: by the start of the username, then by words of the name.

    A query with a leading `@` matches usernames only. Costs half a read unit for the names, 2 for the caller and one
    and a half a person. Pages are full although invisible people are left out: reading goes on until there are enough.
    """
    start, words = query.lower().removeprefix("@"), name_words.words_of(query)
    by_username = USERNAME_START.fullmatch(start) is not None
    by_name = bool(words) and not query.startswith("@")
    viewer = load_access(actor)

    def read_some(missing: int, position: Any) -> tuple[list[VisibleProfile], Any]:
        within, at = position or (("username" if by_username else "name"), None)
        if within == "username":
            found = name_claims.query_claims(start, limit=missing, after=at)
            seen = _visible(viewer, [claim.user_id for claim in found.items])
            rest = ["name", None] if by_name else None
            return seen, ["username", found.next] if found.next else rest
        ids, following = name_words.query_people(words, limit=missing, after=at)
        seen = [one for one in _visible(viewer, ids) if not (by_username and one.user.username.startswith(start))]
        return seen, ["name", following] if following else None

    return queries.fill_page(read_some, limit=limit, after=after) if by_username or by_name else ([], None)


def _visible(viewer: ProfileAccess, user_ids: list[str]) -> list[VisibleProfile]:
    settings = stored_people.load_privacies(user_ids)
    shown = [id_ for id_ in user_ids if viewer.may_see(settings[id_], "profile", owner=id_)]
    return [_seen(user, settings[id_], viewer) for id_, user in stored_people.find_profiles(shown).items()]


def _seen(user: User, privacy: PrivacyRow | None, viewer: ProfileAccess) -> VisibleProfile:
    may_see = partial(viewer.may_see, privacy, owner=user.user_id)
    return VisibleProfile(
        user,
        is_friend=viewer.is_friend(user.user_id),
        shows_email=may_see("email"),
        shows_date_of_birth=may_see("date_of_birth"),
        shows_preferences=may_see("preferences"),
    )


def load_demographics(*, user_id: str) -> Demographics:
    """Return a person's age, gender and country, which do not identify them: half a read unit."""
    user = stored_people.find_profile(user_id, consistent=False)
    if user is None:
        return Demographics()
    born = date.fromisoformat(user.date_of_birth) if user.date_of_birth else None
    return Demographics(age(born, clock.now().date()) if born else None, user.gender, user.country)


def find_people(user_ids: Iterable[str]) -> dict[str, Person]:
    """Return the profiles of those of these people who have one, for showing their names: half a read unit each.

    Callers decide who may see whom.
    """
    return {user_id: user.person for user_id, user in stored_people.find_profiles(user_ids).items()}


def find_profile_rows(user_ids: Iterable[str]) -> dict[str, User]:
    """Return the whole profiles of those of these people who have one, for moderation: half a read unit each."""
    return stored_people.find_profiles(user_ids)


def find_ids_by_username(start: str, *, limit: int) -> list[str]:
    """Return the ids of people whose username has this prefix, regardless of visibility: half a read unit."""
    return [claim.user_id for claim in name_claims.query_claims(start, limit=limit, after=None).items]


def find_people_for(user_ids: Sequence[str], *, who: Viewer) -> dict[str, Person]:
    """Return people as a list shows them to the viewer: without the full name if their profile is hidden from them.

    One and a half read units each.
    """
    shown = set(filter_by_privacy(user_ids, "profile", viewer=who))
    return {id_: one if id_ in shown else replace(one, full_name="") for id_, one in find_people(user_ids).items()}


def expect_present(transaction: Transaction, *, user_id: str) -> None:
    """Let `transaction` commit only if this person has a profile; `UserNotFound` otherwise. 2 write units."""
    stored_people.expect_profile(transaction, user_id)


def require_person(user_id: str) -> None:
    """Raise `UserNotFound` unless this person has a profile: 1 read unit."""
    if not is_user_id(user_id) or stored_people.find_profile(user_id) is None:
        raise UserNotFound


def set_hidden(transaction: Transaction, *, user_id: str, hidden: bool) -> None:
    """Hide a person and their content from everybody else, or show them again.

    `WriteConflict` if the profile changes at the same time. 12 write units.
    """
    user = stored_people.find_profile(user_id)
    if user is None:
        raise UserNotFound
    user.hidden = hidden
    transaction.save(user)
    visibility.set_hidden(transaction, user_id, hidden=hidden)


def find_user_id(username: str) -> str | None:
    """Return the id of the person with this username: 1 read unit."""
    return name_claims.find_claimant(username)


def find_person(user_id: str) -> Person | None:
    """Return a person as they are shown now, for a copy beside their content: 1 read unit."""
    user = stored_people.find_profile(user_id)
    return user.person if user else None


def actor_of(user_id: str) -> Actor:
    """Return the actor of a job, with their current name, not the one at the time of the request: 1 read unit."""
    person = find_person(user_id)
    return Actor(user_id, person.username if person else "")


def get_preferences(*, actor: Actor) -> tuple[Preferences, int]:
    """Return the actor's preferences and their version; 0 if they were never set."""
    return _said(stored_people.load_preferences(actor.id))


def find_preferences(user_ids: Iterable[str]) -> dict[str, Preferences]:
    """Return the preferences of several people, for somebody who cooks for all of them: 1 read unit each."""
    rows = stored_people.find_preferences(user_ids)
    return {user_id: Preferences.of(row.body or {}) for user_id, row in rows.items()}


def local_time(user_id: str) -> datetime:
    """Return the current time in a person's time zone; its date is their "today". 1 read unit."""
    said = find_preferences([user_id]).get(user_id) or Preferences()
    return clock.now().astimezone(ZoneInfo(said.timezone))


@retry_conflicts
def set_preferences(*, actor: Actor, wanted: Preferences, check: Check) -> tuple[Preferences, int]:
    """Replace all preferences."""
    row = stored_people.load_preferences(actor.id)
    if row.body != wanted.as_dict():
        check(int(row.version or 0))
        row.body = wanted.as_dict()
        stored_people.save_row(row)
    return _said(row)


def _said(row: PreferencesRow) -> tuple[Preferences, int]:
    return Preferences.of(row.body or {}), int(row.version or 0)


def load_tastes(*, user_id: str) -> Tastes:
    """Return preferences and the recently cooked and rejected recipes: one consistent query, 1 read unit."""
    said, cooked, rejected = stored_people.find_tastes(user_id)
    return Tastes(Preferences.of(said.body) if said else Preferences(), _moments(cooked), _moments(rejected))


def _moments(row: RecentlyCooked | RecentlyRejected | None) -> dict[str, datetime]:
    return {recipe_id: clock.parse(at) for recipe_id, at in row.body.items()} if row else {}


def note_cooked(transaction: Transaction, *, user_id: str, recipe_id: str, at: datetime) -> None:
    """Add to `transaction` that a recipe was cooked; the last 30 recipes are kept.

    The row is read here and saved only if nobody changed it in between: otherwise the transaction fails with
    `WriteConflict` and must be built again.
    """
    row = stored_people.load_recently_cooked(user_id)
    _add(row, [recipe_id], at)
    transaction.save(row)


def note_rejected(transaction: Transaction, *, user_id: str, recipe_ids: Sequence[str], at: datetime) -> None:
    """Add to `transaction` that suggested recipes were rejected, as `note_cooked` does."""
    row = stored_people.load_recently_rejected(user_id)
    _add(row, recipe_ids, at)
    transaction.save(row)


def note_accepted(transaction: Transaction, *, user_id: str, recipe_ids: Sequence[str]) -> None:
    """Add to `transaction` that these recipes no longer count as rejected."""
    row = stored_people.load_recently_rejected(user_id)
    if not row.body.keys().isdisjoint(recipe_ids):
        row.body = {recipe_id: at for recipe_id, at in row.body.items() if recipe_id not in recipe_ids}
        transaction.save(row)


def _add(row: RecentlyCooked | RecentlyRejected, recipe_ids: Sequence[str], at: datetime) -> None:
    moments = {**row.body, **dict.fromkeys(recipe_ids, clock.sortable(at))}
    row.body = dict(sorted(moments.items(), key=lambda entry: entry[1], reverse=True)[:_RECENT_KEPT])
