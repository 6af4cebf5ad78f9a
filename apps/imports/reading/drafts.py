"""A recipe as read from its source, before its ingredients are matched."""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.core.text import clean

# Limits of a recipe (apps/recipes/serializers.py). Longer texts are cut; owners review their drafts.
MAX_LINES = 50
MAX_STEPS = 50
_LONGEST_LINE = 300
_LONGEST_STEP = 2000
_TAGS = re.compile(r"<(?:br|/p|/li|/div)\s*/?>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{1,500}>")
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_DURATION = re.compile(
    r"P(?:(?P<days>\d+(?:\.\d+)?)D)?(?:T(?:(?P<hours>\d+(?:\.\d+)?)H)?(?:(?P<minutes>\d+(?:\.\d+)?)M)?"
    r"(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?",
    re.IGNORECASE,
)
_HOURS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:hours?|hrs?|h|giờ|tiếng)\b", re.IGNORECASE)
_MINUTES = re.compile(r"(\d+)\s*(?:minutes?|mins?|m|phút|')(?:\b|(?=\s|$))", re.IGNORECASE)
_LONGEST_MINUTES = 24 * 60
_MOST_SERVINGS = 50


@dataclass(frozen=True, slots=True)
class Draft:
    """The texts of a recipe. `lines` are its ingredients as written."""

    title: str
    lines: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    description: str = ""
    servings: int | None = None
    prep_minutes: int | None = None
    cook_minutes: int | None = None
    tags: tuple[str, ...] = ()
    cuisine: str = ""
    category: str = ""
    author: str = ""
    site: str = ""
    url: str = ""
    # A URL, or the name of an entry in the recipe's archive.
    image: str = ""
    language: str = ""
    # The place of its picture in the file: names of entries, from the outermost archive inwards.
    picture: tuple[str, ...] = ()
    # From our own archives: the recipe in the format of the API, its id, its owner, and corrections of tags.
    given: dict[str, Any] | None = None
    identifier: str = ""
    owner: str = ""
    tags_said: dict[str, bool] | None = None

    @property
    def is_recipe(self) -> bool:
        return bool(self.title and self.lines and self.steps)

    @property
    def missing(self) -> list[str]:
        parts = {"title": self.title, "ingredients": self.lines, "steps": self.steps}
        return [name for name, value in parts.items() if not value]


def plain(value: object) -> str:
    """Return text without markup and entities, but with its line breaks."""
    if not isinstance(value, str):
        return ""
    text = _MARKUP.sub(" ", _TAGS.sub("\n", html.unescape(html.unescape(value))))
    lines = (_SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return clean("\n".join(line for line in lines if line))


def one_line(value: object, most: int = _LONGEST_LINE) -> str:
    return " ".join(plain(value).split())[:most].strip()


def lines_of(values: Iterable[object]) -> tuple[str, ...]:
    """Return ingredient lines, one per value, without empty ones."""
    return tuple(line for value in values if (line := one_line(value)))[:MAX_LINES]


def steps_of(values: Iterable[object]) -> tuple[str, ...]:
    return tuple(text[:_LONGEST_STEP] for value in values if (text := plain(value)))[:MAX_STEPS]


def minutes_of(value: object) -> int | None:
    """Parse a time: an ISO 8601 duration, "1 giờ 20 phút", "45 min", or minutes as a number."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _bounded(value)
    text = one_line(value)
    found = _DURATION.fullmatch(text)
    if found and any(found.groups()):
        parts = {name: float(number or 0) for name, number in found.groupdict().items()}
        return _bounded(parts["days"] * 1440 + parts["hours"] * 60 + parts["minutes"] + parts["seconds"] / 60)
    hours, minutes = _HOURS.search(text), _MINUTES.search(text)
    if hours or minutes:
        whole = float(hours[1].replace(",", ".")) * 60 if hours else 0.0
        return _bounded(whole + (int(minutes[1]) if minutes else 0))
    return _bounded(float(text)) if text.isdigit() else None


def _bounded(minutes: float) -> int | None:
    return min(round(minutes), _LONGEST_MINUTES) if minutes > 0 else None


def servings_of(value: object) -> int | None:
    """Parse the number of servings: the first number in "4 servings", "Serves 4-6" or 4."""
    if isinstance(value, list | tuple):
        return next((said for one in value if (said := servings_of(one))), None)
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else one_line(value)
    found = _NUMBER.search(text)
    number = round(float(found[0].replace(",", "."))) if found else 0
    return min(number, _MOST_SERVINGS) if number >= 1 else None
