"""People as other apps know them: this app's public types, and the format of ids and usernames."""

import re
from dataclasses import dataclass
from enum import StrEnum

USERNAME = re.compile(r"[a-z0-9_.]{3,30}")
USERNAME_START = re.compile(r"[a-z0-9_.]{2,30}")
_USER_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Gender(StrEnum):
    MALE = "male"
    FEMALE = "female"
    OTHER = "other"


class Audience(StrEnum):
    """Who may see a part of a person's data."""

    PUBLIC = "public"
    FRIENDS = "friends"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Person:
    """What other apps show of a person, and the language to write to them. Callers decide who may see whom.

    `avatar` is a picture in the format of `media.links`; `language` is that of the registration, None if unknown.
    """

    user_id: str
    username: str
    full_name: str
    email: str
    avatar: str | None = None
    language: str | None = None


def is_user_id(text: str) -> bool:
    """Return whether `text` has the form of a Cognito `sub`; nothing else can be anybody's id."""
    return _USER_ID.fullmatch(text) is not None
