"""Events of accounts and people that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """A password or second factor changed in Cognito; `what` is a constant of `account_events`."""

    user_id: str
    what: str
    event_id: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the fields of a notification about the account. It has no actor."""
        return ("account", self.user_id, "", "account", self.what, self.event_id)


@dataclass(frozen=True, slots=True)
class AvatarChanged(Event):
    user_id: str


@dataclass(frozen=True, slots=True)
class UsernameChanged(Event):
    user_id: str


@dataclass(frozen=True, slots=True)
class EmailChangeRequested(Event):
    """A person requested another e-mail address; `change_id` is the nonce of the request."""

    user_id: str
    change_id: str


@dataclass(frozen=True, slots=True)
class EmailChanged(Event):
    user_id: str
    change_id: str


@dataclass(frozen=True, slots=True)
class ErasureDue(Event):
    """A person requested the immediate erasure of their account."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SuspensionChanged(Event):
    """A suspension started or ended: the person's ratings stop or start counting."""

    user_id: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the fields that select all ratings by this person, of anybody's recipes, from the first."""
        return (self.user_id, "", "")
