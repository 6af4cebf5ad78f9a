"""Events of friendships and blocks that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class FriendshipBegan(Event):
    user_id: str
    friend_id: str


@dataclass(frozen=True, slots=True)
class FriendshipEnded(Event):
    user_id: str
    friend_id: str


@dataclass(frozen=True, slots=True)
class BlockChanged(Event):
    """One person blocked or unblocked another: the ratings of the other stop or start counting."""

    owner_id: str
    rater_id: str

    @property
    def arguments(self) -> tuple[str, ...]:
        """Rater, owner, and an empty cursor: start at the first rating."""
        return (self.rater_id, self.owner_id, "")
