"""Notification events: the public types with which other apps describe what happened."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apps.core import ids


class NotificationKind(StrEnum):
    FRIEND_REQUEST = "friend_request"
    FRIEND_ACCEPTED = "friend_accepted"
    COMMENT = "comment"
    REPLY = "reply"
    REACTION = "reaction"
    MENTION = "mention"
    RECIPE_APPROVED = "recipe_approved"
    RECIPE_REJECTED = "recipe_rejected"
    SUGGESTION_READY = "suggestion_ready"
    PANTRY_EXPIRING = "pantry_expiring"
    ACCOUNT = "account"


class NotificationTarget(StrEnum):
    """The target of a notification. Its id is, for an account, what happened to it, and for a pantry, the day."""

    POST = "post"
    COMMENT = "comment"
    RECIPE = "recipe"
    USER = "user"
    SUGGESTION = "suggestion"
    PANTRY = "pantry"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class NotificationEvent:
    """Something that a person may be notified of; ids only. `actor_id` is empty if no particular person did it.

    `post_id` is the post that is, or contains, the target; empty if there is none.
    """

    kind: NotificationKind
    to: str
    actor_id: str
    target_type: NotificationTarget
    target_id: str
    event_id: str
    post_id: str = ""

    @classmethod
    def of(
        cls, kind: str, to: str, actor_id: str, target_type: str, target_id: str, event_id: str, post_id: str = ""
    ) -> "NotificationEvent":
        return cls(NotificationKind(kind), to, actor_id, NotificationTarget(target_type), target_id, event_id, post_id)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the arguments of a message, the inverse of `of`."""
        target = (self.target_type.value, self.target_id)
        return (self.kind.value, self.to, self.actor_id, *target, self.event_id, self.post_id)

    @property
    def happened_at(self) -> datetime:
        return ids.made_at(self.event_id)

    @property
    def notification_id(self) -> str:
        """Return the id of this event's notification: the same however often the event is delivered."""
        return ids.derived_id("notification", self.to, self.kind.value, self.event_id, at=self.happened_at)
