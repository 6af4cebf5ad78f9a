"""Choices that people make about posts: who sees one, and how they react to it."""

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
