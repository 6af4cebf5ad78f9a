"""Rows of people: profile, claim of the username, preferences, privacy, and attempt counters."""

from datetime import date, datetime

from pynamodb.attributes import (
    BinarySetAttribute,
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)

from apps.core import clock
from apps.core.models import BodyAttribute, Item, MomentAttribute
from apps.users.people import Audience, Person

MIN_AGE = 13
# Younger people have a private profile.
PUBLIC_PROFILE_AGE = 16
EARLIEST_BIRTH = date(1900, 1, 1)


# A query names all kinds that its model can be, 95 of an `Item`: rows that are read together have a model of their own.
class AccountRow(Item):
    """What every request that writes reads of whoever makes it."""


class TasteRow(Item):
    """What suggestions know of a person."""


class User(Item, discriminator="user"):
    """A person's profile. Cognito holds the password and the proof of the e-mail address."""

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    email = UnicodeAttribute()
    full_name = UnicodeAttribute()
    bio = UnicodeAttribute(null=True)
    date_of_birth = UnicodeAttribute(null=True)
    gender = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    # A picture in the format of `media.links`.
    avatar = UnicodeAttribute(null=True)
    # Hidden until a moderator has decided on reports; readers use core/hidden_content.py instead.
    hidden = BooleanAttribute(default=False)
    # The language of the registration, used for mail unless the person chooses another one.
    language = UnicodeAttribute(null=True)
    # The person's username in Cognito, if it differs.
    account = UnicodeAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def account_name(self) -> str:
        """The person's username in Cognito, which cannot be changed there."""
        return str(self.account or self.username)

    @property
    def person(self) -> Person:
        return Person(self.user_id, self.username, self.full_name, self.email, self.avatar, self.language)


class UsernameClaim(Item, discriminator="username_claim"):
    """Who has a username, or had it until they chose another one: then the row expires when the name becomes free."""

    user_id = UnicodeAttribute()
    account = UnicodeAttribute(null=True)

    @property
    def is_former(self) -> bool:
        return self.ttl is not None


class NameWord(Item, discriminator="name_word"):
    """A word of a person's full name, for searches."""

    user_id = UnicodeAttribute()


class CurrentName(AccountRow, discriminator="current_name"):
    """The username of a person whose username in Cognito differs; write requests read it with the suspension.

    `former` holds the names that are reserved for them: name → until when.
    """

    username = UnicodeAttribute()
    changed_at = MomentAttribute(null=True)
    former = BodyAttribute(default=dict)


class EmailChange(Item, discriminator="email_change"):
    """The e-mail address that a person requested, until a code proves it; afterwards also the address that it replaced.

    The code is derived from `nonce` and the service's key, and is not stored.
    """

    email = UnicodeAttribute()
    nonce = UnicodeAttribute()
    replaced = UnicodeAttribute(null=True)
    done_at: datetime | None = MomentAttribute(null=True)  # type: ignore[assignment]  # PynamoDB has no type for null


class ReservedUsername(Item, discriminator="reserved_username"):
    """Reserves the username of an erased account: a digest, from which nobody can read the name."""


class Erasure(Item, discriminator="erasure"):
    """An account to be erased at `due`; until then signing in again cancels the erasure, unless it has `begun`."""

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    account = UnicodeAttribute(null=True)
    asked_at = MomentAttribute()
    due = MomentAttribute()
    begun = BooleanAttribute(default=False)
    # The username becomes free: the account was never confirmed.
    frees_username = BooleanAttribute(default=False)

    @property
    def account_name(self) -> str:
        return str(self.account or self.username)


class Registration(Item, discriminator="registration"):
    """An unconfirmed account; it expires at `due` with all its data."""

    account = UnicodeAttribute()
    due = MomentAttribute()
    # Hash of the e-mail address of the registration.
    address = UnicodeAttribute(null=True)


class RegistrationByEmail(Item, discriminator="registration_by_email"):
    """An unconfirmed account by its e-mail address; `verifier` checks its password."""

    account = UnicodeAttribute()
    verifier = UnicodeAttribute()


class Consent(Item, discriminator="consent"):
    """Which version of the terms and the privacy notice somebody accepted, and when."""

    terms_version = UnicodeAttribute()
    accepted_at = MomentAttribute()


class PreferencesRow(TasteRow, discriminator="preferences"):
    """A person's diets and tastes, as the fields of `Preferences`."""

    body = BodyAttribute()


class RecentlyCooked(TasteRow, discriminator="recently_cooked"):
    """The last recipes that a person cooked: id → time."""

    body = BodyAttribute(default=dict)


class RecentlyRejected(TasteRow, discriminator="recently_rejected"):
    """The last recipes that were suggested to a person and rejected: id → time."""

    body = BodyAttribute(default=dict)


class PrivacyRow(Item, discriminator="privacy"):
    """Who sees which part of a person's data; without a row the defaults apply."""

    profile = UnicodeAttribute(default=Audience.PUBLIC.value)
    email = UnicodeAttribute(default=Audience.PRIVATE.value)
    date_of_birth = UnicodeAttribute(default=Audience.PRIVATE.value)
    history = UnicodeAttribute(default=Audience.PRIVATE.value)
    preferences = UnicodeAttribute(default=Audience.PRIVATE.value)


PARTS = ("profile", "email", "date_of_birth", "history", "preferences")


class RelationsRow(Item, discriminator="circle"):
    """A person's friends and blocks; 16 bytes a person, so that 1,000 friends are 17 KB.

    `blocked` holds both those whom the person blocked and those who blocked the person: neither sees the other.
    """

    friends = BinarySetAttribute(null=True, legacy_encoding=False)
    blocked = BinarySetAttribute(null=True, legacy_encoding=False)


class Suspension(AccountRow, discriminator="suspension"):
    """Until when somebody may only read, and why. It ends at that time by itself.

    The row has no TTL: a moderator may want to see an ended suspension.
    """

    user_id = UnicodeAttribute()
    since = MomentAttribute()
    until = MomentAttribute()
    reason = UnicodeAttribute()

    @property
    def is_active(self) -> bool:
        return clock.now() < self.until


class SignedOut(AccountRow, discriminator="signed_out"):
    """When a person ended their sessions, in seconds since 1970; `kept` is the id of the login that stays valid.

    `logins` are the ids of later logins whose tokens seem older, since tokens carry whole seconds.
    """

    at = NumberAttribute()
    kept = UnicodeAttribute(null=True)
    event_id = UnicodeAttribute(null=True)
    logins = UnicodeSetAttribute(null=True)


class KnownAddress(Item, discriminator="known_address"):
    """A person has signed in from this address."""


class ActiveDay(Item, discriminator="active_day"):
    """The last day (UTC) on which somebody signed in or renewed their sign-in."""

    day = UnicodeAttribute(null=True)


class EmailClaim(Item, discriminator="email_claim"):
    """Whose a confirmed e-mail address is; `username` is their username in Cognito."""

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()


class Throttle(Item, discriminator="throttle"):
    """Attempts by one person or from one address in one time window."""

    attempts = NumberAttribute()


def age(born: date, today: date) -> int:
    """Return the age in whole years; people born on 29 February turn a year older on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
