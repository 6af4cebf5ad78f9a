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

# Other apps call these here. Suspensions are a module of their own, since they know nothing of profiles.
suspend = suspensions.suspend
lift_suspension = suspensions.lift_suspension
find_suspension = suspensions.find_suspension

# Enough to know what somebody has had lately; 30 entries take half a KB.
_RECENT_KEPT = 30
_KEPT_BIRTH = Text(
    "Người dưới 16 tuổi không xóa được ngày sinh của mình.", "People under 16 cannot remove their date of birth."
)


@dataclass(frozen=True, slots=True)
class Tastes:
    """What a suggestion needs to know of a person."""

    preferences: Preferences
    recently_cooked: dict[str, datetime]
    recently_rejected: dict[str, datetime]


@dataclass(frozen=True, slots=True)
class Demographics:
    """Whole years, gender and country of somebody, each None where it was not said."""

    age: int | None = None
    gender: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class VisibleProfile:
    """A person as somebody else may see them."""

    user: User
    is_friend: bool
    shows_email: bool
    shows_date_of_birth: bool
    shows_preferences: bool


@dataclass(frozen=True, slots=True)
class ProfileWithPreferences:
    """A person with their preferences, None where those are not shown."""

    seen: VisibleProfile
    preferences: Preferences | None


def get_own_profile(*, actor: Actor) -> User:
    """Return the caller's profile; made from what Cognito knows where registering stopped half-way."""
    return stored_people.find_profile(actor.id) or restore_profile(actor=actor)


def restore_profile(*, actor: Actor) -> User:
    """Write the profile and claim of somebody whom Cognito knows and we do not. Harmless when two requests do it.

    What Cognito holds is taken as far as registering would have taken it; `AccountNotReady` for a name that is no
    username: its owner registers again.
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
    """Make the profile of somebody whom Cognito calls `account`, where that is not their username."""
    key = keys.user(user_id)
    return User(
        pk=key.pk, sk=key.sk, user_id=user_id, username=username, email=email, full_name=full_name,
        account=account if account != username else None,
        language=language.current.get(), created_at=clock.now(),
    )  # fmt: skip


@retry_conflicts
def edit_profile(*, actor: Actor, changes: dict[str, Any], check: Check) -> User:
    """Change fields of one's profile; the username never changes, the e-mail address not here.

    `avatar` is the id of an upload, or None. `check` raises if the caller has read another version; what is so already
    passes.
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
        # Half the price where nothing else is written.
        stored_people.save_row(user)
        return user
    transaction.save(user)
    transaction.commit()
    return user


def _change_avatar(transaction: Transaction, user: User, upload_id: str | None, *, actor: Actor) -> str | None:
    """Exchange the picture, and have another one written wherever it stands beside what the person wrote."""
    picture = media.replace(
        transaction, user.avatar, upload_id, purpose=media.Purpose.AVATAR, target=f"user:{user.user_id}", actor=actor
    )
    if picture != user.avatar:
        transaction.publish(AvatarChanged(user.user_id))
    return picture


def get_profile(user_id: str, *, actor: Actor) -> VisibleProfile:
    """Return somebody as the caller may see them; `UserNotFound` if they may not."""
    user = stored_people.find_profile(user_id) if is_user_id(user_id) else None
    if user is None:
        raise UserNotFound
    viewer, privacy = load_access(actor), find_privacy(user_id)
    if not viewer.may_see(privacy, "profile", owner=user_id):
        raise UserNotFound
    return _seen(user, privacy, viewer)


def get_profile_with_preferences(user_id: str, *, actor: Actor) -> ProfileWithPreferences:
    """Return somebody as the caller may see them, with what they eat where that is shown: 4 read units, or 5."""
    seen = get_profile(user_id, actor=actor)
    said = get_preferences(actor=Actor(user_id, seen.user.username))[0] if seen.shows_preferences else None
    return ProfileWithPreferences(seen, said)


def search_people(query: str, *, actor: Actor, limit: int, after: Any) -> tuple[list[VisibleProfile], Any]:
    """Page through people whose profile the caller may see: by the start of the username, then by words of the name.

    With `@` in front by the username alone. Costs half a read unit for the names, 2 for the caller and one and a half a
    person. Pages are full although people who may not be seen are left out: reading goes on until there are enough.
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
    """Return what may be told of somebody without saying who it is: half a read unit."""
    user = stored_people.find_profile(user_id, consistent=False)
    if user is None:
        return Demographics()
    born = date.fromisoformat(user.date_of_birth) if user.date_of_birth else None
    return Demographics(age(born, clock.now().date()) if born else None, user.gender, user.country)


def find_people(user_ids: Iterable[str]) -> dict[str, Person]:
    """Return the profiles of those of these people who have one, for showing their names: half a read unit each.

    Whoever calls this has decided who may see whom.
    """
    return {user_id: user.person for user_id, user in stored_people.find_profiles(user_ids).items()}


def find_profile_rows(user_ids: Iterable[str]) -> dict[str, User]:
    """Return the whole profiles of those of these people who have one, for moderation: half a read unit each."""
    return stored_people.find_profiles(user_ids)


def find_ids_by_username(start: str, *, limit: int) -> list[str]:
    """Return whose usernames begin so, whoever may see them: half a read unit."""
    return [claim.user_id for claim in name_claims.query_claims(start, limit=limit, after=None).items]


def find_people_for(user_ids: Sequence[str], *, who: Viewer) -> dict[str, Person]:
    """Return people as a list shows them to somebody: without full name where their profile is not theirs to see.

    One and a half read units each.
    """
    shown = set(filter_by_privacy(user_ids, "profile", viewer=who))
    return {id_: one if id_ in shown else replace(one, full_name="") for id_, one in find_people(user_ids).items()}


def expect_present(transaction: Transaction, *, user_id: str) -> None:
    """Let `transaction` commit only while this person has a profile; `UserNotFound` otherwise. 2 write units."""
    stored_people.expect_profile(transaction, user_id)


def require_person(user_id: str) -> None:
    """Let pass the ids of people who have a profile: 1 read unit; `UserNotFound` for all others."""
    if not is_user_id(user_id) or stored_people.find_profile(user_id) is None:
        raise UserNotFound


def set_hidden(transaction: Transaction, *, user_id: str, hidden: bool) -> None:
    """Hide somebody and what they share from all others, or show them again.

    `WriteConflict` where the profile changes just now. 12 write units.
    """
    user = stored_people.find_profile(user_id)
    if user is None:
        raise UserNotFound
    user.hidden = hidden
    transaction.save(user)
    visibility.set_hidden(transaction, user_id, hidden=hidden)


def find_user_id(username: str) -> str | None:
    """Return whose username this is: 1 read unit."""
    return name_claims.find_claimant(username)


def find_person(user_id: str) -> Person | None:
    """Return somebody as they are shown now, for what keeps it beside what they wrote: 1 read unit."""
    user = stored_people.find_profile(user_id)
    return user.person if user else None


def actor_of(user_id: str) -> Actor:
    """Return who a job works for, by the name that they have now and not when they asked for it: 1 read unit."""
    person = find_person(user_id)
    return Actor(user_id, person.username if person else "")


def get_preferences(*, actor: Actor) -> tuple[Preferences, int]:
    """Return one's preferences and their version; 0 where they were never set."""
    return _said(stored_people.load_preferences(actor.id))


def find_preferences(user_ids: Iterable[str]) -> dict[str, Preferences]:
    """Return what several people eat, for whoever cooks for all of them: 1 read unit each."""
    rows = stored_people.find_preferences(user_ids)
    return {user_id: Preferences.of(row.body or {}) for user_id, row in rows.items()}


def local_time(user_id: str) -> datetime:
    """Return the time where somebody lives: every "today" of theirs is its date. 1 read unit."""
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
    """Return preferences and what was cooked and rejected lately: one consistent query, 1 read unit."""
    said, cooked, rejected = stored_people.find_tastes(user_id)
    return Tastes(Preferences.of(said.body) if said else Preferences(), _moments(cooked), _moments(rejected))


def _moments(row: RecentlyCooked | RecentlyRejected | None) -> dict[str, datetime]:
    return {recipe_id: clock.parse(at) for recipe_id, at in row.body.items()} if row else {}


def note_cooked(transaction: Transaction, *, user_id: str, recipe_id: str, at: datetime) -> None:
    """Add to `transaction` that a recipe was cooked; of the recipes cooked last 30 are kept.

    The row is read here and saved only if nobody changed it: the transaction fails as a `WriteConflict` then, and is
    to be built again.
    """
    row = stored_people.load_recently_cooked(user_id)
    _add(row, [recipe_id], at)
    transaction.save(row)


def note_rejected(transaction: Transaction, *, user_id: str, recipe_ids: Sequence[str], at: datetime) -> None:
    """Add to `transaction` that recipes were offered in vain, as `note_cooked` does."""
    row = stored_people.load_recently_rejected(user_id)
    _add(row, recipe_ids, at)
    transaction.save(row)


def note_accepted(transaction: Transaction, *, user_id: str, recipe_ids: Sequence[str]) -> None:
    """Take back that these were rejected."""
    row = stored_people.load_recently_rejected(user_id)
    if not row.body.keys().isdisjoint(recipe_ids):
        row.body = {recipe_id: at for recipe_id, at in row.body.items() if recipe_id not in recipe_ids}
        transaction.save(row)


def _add(row: RecentlyCooked | RecentlyRejected, recipe_ids: Sequence[str], at: datetime) -> None:
    moments = {**row.body, **dict.fromkeys(recipe_ids, clock.sortable(at))}
    row.body = dict(sorted(moments.items(), key=lambda entry: entry[1], reverse=True)[:_RECENT_KEPT])
