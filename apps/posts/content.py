"""The choices for a post: its visibility, and the kinds of reaction."""

from enum import StrEnum


class Visibility(StrEnum):
    """Who sees a post besides its author."""

    PUBLIC = "public"
    FRIENDS = "friends"
    PRIVATE = "private"


class Reaction(StrEnum):
    LIKE = "like"
    LOVE = "love"
    WOW = "wow"
