"""Events of accounts and people that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class AccountChanged(Event):
    """Cognito changed a password or second factor; `what` is one of the words of `account_events`."""

    user_id: str
    what: str
    event_id: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """The fields of a notification about the account, which nobody in particular caused."""
        return ("account", self.user_id, "", "account", self.what, self.event_id)


@dataclass(frozen=True, slots=True)
class AvatarChanged(Event):
    user_id: str


@dataclass(frozen=True, slots=True)
class UsernameChanged(Event):
    user_id: str


@dataclass(frozen=True, slots=True)
class EmailChangeRequested(Event):
    """Somebody wants another e-mail address; `change_id` is the nonce of the request."""

    user_id: str
    change_id: str


@dataclass(frozen=True, slots=True)
class EmailChanged(Event):
    user_id: str
    change_id: str


@dataclass(frozen=True, slots=True)
class ErasureDue(Event):
    """Somebody wants their account erased at once."""

    user_id: str


@dataclass(frozen=True, slots=True)
class SuspensionChanged(Event):
    """Somebody was suspended, or is not any more: their ratings stop or start counting."""

    user_id: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """All ratings of this person, of whosever recipes, from the first on."""
        return (self.user_id, "", "")
