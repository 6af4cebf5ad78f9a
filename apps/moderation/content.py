"""Enumerations of moderation: what can be reported and why, and the states of cases and appeals."""

from enum import StrEnum


class Target(StrEnum):
    POST = "post"
    COMMENT = "comment"
    RECIPE = "recipe"
    USER = "user"


class Reason(StrEnum):
    SPAM = "spam"
    HARASSMENT = "harassment"
    HATE = "hate"
    VIOLENCE = "violence"
    NUDITY = "nudity"
    FALSE_INFORMATION = "false_information"
    UNSAFE = "unsafe"
    COPYRIGHT = "copyright"
    OTHER = "other"


class Status(StrEnum):
    """State of a case. Open: too few reports; hidden: waits for a moderator; confirmed: a moderator keeps it hidden."""

    OPEN = "open"
    HIDDEN = "hidden"
    CONFIRMED = "confirmed"


class AppealStatus(StrEnum):
    OPEN = "open"
    UPHELD = "upheld"
    OVERTURNED = "overturned"
