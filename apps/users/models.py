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
# Who is younger has a private profile.
PUBLIC_PROFILE_AGE = 16
EARLIEST_BIRTH = date(1900, 1, 1)


# A query names all kinds that its model can be, 95 of an `Item`: rows that are read together have a model of their own.
class AccountRow(Item):
    """What every request that writes reads of whoever makes it."""


class TasteRow(Item):
    """What suggestions know of a person."""


class User(Item, discriminator="user"):
    """The profile of a person; the password and the proof of the e-mail address are with Cognito."""

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    email = UnicodeAttribute()
    full_name = UnicodeAttribute()
    bio = UnicodeAttribute(null=True)
    date_of_birth = UnicodeAttribute(null=True)
    gender = UnicodeAttribute(null=True)
    country = UnicodeAttribute(null=True)
    # A picture, as `media.links` reads it.
    avatar = UnicodeAttribute(null=True)
    # Until a moderator has decided on reports; readers take it from core/hidden_content.py.
    hidden = BooleanAttribute(default=False)
    # In which somebody registered: what they are written to in, unless they say otherwise.
    language = UnicodeAttribute(null=True)
    # What Cognito calls the person, where that is not the username.
    account = UnicodeAttribute(null=True)
    created_at = MomentAttribute()

    @property
    def account_name(self) -> str:
        """What Cognito calls the person: it cannot be changed there."""
        return str(self.account or self.username)

    @property
    def person(self) -> Person:
        return Person(self.user_id, self.username, self.full_name, self.email, self.avatar, self.language)


class UsernameClaim(Item, discriminator="username_claim"):
    """Who has a username, or had it until they chose another one: then the row expires when it may be given again."""

    user_id = UnicodeAttribute()
    account = UnicodeAttribute(null=True)

    @property
    def is_former(self) -> bool:
        return self.ttl is not None


class NameWord(Item, discriminator="name_word"):
    """A word of somebody's full name, by which a search finds them."""

    user_id = UnicodeAttribute()


class CurrentName(AccountRow, discriminator="current_name"):
    """The username of somebody whom Cognito calls otherwise; requests that write read it with the suspension.

    `former` holds the names that are reserved for them: name → until when.
    """

    username = UnicodeAttribute()
    changed_at = MomentAttribute(null=True)
    former = BodyAttribute(default=dict)


class EmailChange(Item, discriminator="email_change"):
    """The e-mail address that somebody wants, until they prove it with a code; then the one that it replaced, too.

    The code follows from `nonce` and the service's key: it is stored nowhere.
    """

    email = UnicodeAttribute()
    nonce = UnicodeAttribute()
    replaced = UnicodeAttribute(null=True)
    done_at: datetime | None = MomentAttribute(null=True)  # type: ignore[assignment]  # PynamoDB has no type for null


class ReservedUsername(Item, discriminator="reserved_username"):
    """That a username was somebody's whose account is erased: a digest, from which nobody reads the name."""


class Erasure(Item, discriminator="erasure"):
    """An account that is to be erased at `due`; until then signing in again calls it off, unless it has `begun`."""

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()
    account = UnicodeAttribute(null=True)
    asked_at = MomentAttribute()
    due = MomentAttribute()
    begun = BooleanAttribute(default=False)
    # The username may be given again: its account was never confirmed.
    frees_username = BooleanAttribute(default=False)

    @property
    def account_name(self) -> str:
        return str(self.account or self.username)


class Registration(Item, discriminator="registration"):
    """An account that nobody has confirmed; it expires at `due` with all its data."""

    account = UnicodeAttribute()
    due = MomentAttribute()
    # Hash of the e-mail address that it was registered with.
    address = UnicodeAttribute(null=True)


class RegistrationByEmail(Item, discriminator="registration_by_email"):
    """An unconfirmed account by its e-mail address; `verifier` tells its password from others."""

    account = UnicodeAttribute()
    verifier = UnicodeAttribute()


class Consent(Item, discriminator="consent"):
    """Which version of the terms and the privacy notice somebody accepted, and when."""

    terms_version = UnicodeAttribute()
    accepted_at = MomentAttribute()


class PreferencesRow(TasteRow, discriminator="preferences"):
    """What somebody eats and likes, as the fields of `Preferences`."""

    body = BodyAttribute()


class RecentlyCooked(TasteRow, discriminator="recently_cooked"):
    """The last recipes that somebody cooked: id → moment."""

    body = BodyAttribute(default=dict)


class RecentlyRejected(TasteRow, discriminator="recently_rejected"):
    """The last recipes that somebody was offered and did not want: id → moment."""

    body = BodyAttribute(default=dict)


class PrivacyRow(Item, discriminator="privacy"):
    """Who sees what of a person; a row that is not there means the defaults."""

    profile = UnicodeAttribute(default=Audience.PUBLIC.value)
    email = UnicodeAttribute(default=Audience.PRIVATE.value)
    date_of_birth = UnicodeAttribute(default=Audience.PRIVATE.value)
    history = UnicodeAttribute(default=Audience.PRIVATE.value)
    preferences = UnicodeAttribute(default=Audience.PRIVATE.value)


PARTS = ("profile", "email", "date_of_birth", "history", "preferences")


class RelationsRow(Item, discriminator="circle"):
    """Who is somebody's friend, and with whom they must not meet; 16 bytes a person, so that 1,000 friends are 17 KB.

    `blocked` holds both those whom the person blocked and those who blocked the person: either way nobody sees anybody.
    """

    friends = BinarySetAttribute(null=True, legacy_encoding=False)
    blocked = BinarySetAttribute(null=True, legacy_encoding=False)


class Suspension(AccountRow, discriminator="suspension"):
    """Until when somebody may only read, and why; it is over at that moment, with nobody having to do anything.

    The row stays when it is over: it has no TTL, since a moderator may want to see it.
    """

    user_id = UnicodeAttribute()
    since = MomentAttribute()
    until = MomentAttribute()
    reason = UnicodeAttribute()

    @property
    def is_active(self) -> bool:
        return clock.now() < self.until


class SignedOut(AccountRow, discriminator="signed_out"):
    """When somebody ended their sessions: seconds since 1970; `kept` is the id of the login that stays good.

    `logins` are the ids of logins since then whose tokens seem to be older, since they tell whole seconds.
    """

    at = NumberAttribute()
    kept = UnicodeAttribute(null=True)
    event_id = UnicodeAttribute(null=True)
    logins = UnicodeSetAttribute(null=True)


class KnownAddress(Item, discriminator="known_address"):
    """Somebody signed in from an address."""


class ActiveDay(Item, discriminator="active_day"):
    """On which day (UTC) somebody signed in, or renewed their sign-in, last."""

    day = UnicodeAttribute(null=True)


class EmailClaim(Item, discriminator="email_claim"):
    """Whose a confirmed e-mail address is; `username` is what Cognito calls them."""

    user_id = UnicodeAttribute()
    username = UnicodeAttribute()


class Throttle(Item, discriminator="throttle"):
    """Attempts of one person or from one address in one window of time."""

    attempts = NumberAttribute()


def age(born: date, today: date) -> int:
    """Return whole years; who is born on 29 February has their birthday on 1 March in other years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
