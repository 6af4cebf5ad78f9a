"""Events of posts that the apps above subscribe to."""

from dataclasses import dataclass

from apps.core.events import Event


@dataclass(frozen=True, slots=True)
class PostPublished(Event):
    post_id: str
    author_id: str


@dataclass(frozen=True, slots=True)
class PostWithdrawn(Event):
    post_id: str
    author_id: str
