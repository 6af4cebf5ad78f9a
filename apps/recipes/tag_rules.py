"""Infer tags from a recipe's words: cuisine, method, meal, diet, season, occasion, time.

Rules are a pure function of a recipe, so they can be improved and applied again at any time. Corrections by people are
stored separately and take precedence (`tags.effective_tags`).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.core.text import fold
from apps.recipes.content import RecipeContent

# Tags with a lower confidence are dropped.
LEAST_CONFIDENCE = 0.5
_DATA = Path(__file__).with_name("tag_words.yaml")
_IN_TITLE, _IN_TAGS, _IN_STEPS = 0.9, 0.85, 0.6
# Diets that people search for. The other ones only exclude ingredients.
SAID_DIETS = frozenset({"vegetarian", "vegan", "gluten_free"})
TIMES = ((15, "under_15_minutes"), (30, "under_30_minutes"), (60, "under_60_minutes"))


class TagKind(StrEnum):
    CUISINE = "cuisine"
    METHOD = "method"
    MEAL = "meal"
    DIET = "diet"
    SEASON = "season"
    OCCASION = "occasion"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of a recipe. `confidence` is from 0 to 1; `by` is rules, ai, owner or moderator."""

    name: str
    kind: str
    confidence: float = 1.0
    by: str = "rules"


def tags_by_rules(content: RecipeContent) -> list[Tag]:
    """Return the tags by rules, most confident first. Fields that the recipe states are certain."""
    found = [*_stated(content), *_by_words(content)]
    best: dict[str, Tag] = {}
    for tag in found:
        if tag.confidence > best.get(tag.name, _NOTHING).confidence:
            best[tag.name] = tag
    return sorted((tag for tag in best.values() if tag.confidence >= LEAST_CONFIDENCE), key=_order)


_NOTHING = Tag("", "", 0.0)


def _order(tag: Tag) -> tuple[float, str, str]:
    return (-tag.confidence, tag.kind, tag.name)


def _stated(content: RecipeContent) -> Iterable[Tag]:
    if content.cuisine:
        yield Tag(content.cuisine, TagKind.CUISINE.value)
    if content.method.value != "other":
        yield Tag(content.method.value, TagKind.METHOD.value)
    if content.meal:
        yield Tag(content.meal.value, TagKind.MEAL.value)
    yield from (
        Tag(diet, TagKind.DIET.value) for diet in content.diets if diet in {"vegetarian", "vegan", "gluten_free"}
    )
    minutes = content.total_minutes
    yield from (Tag(name, TagKind.TIME.value) for most, name in TIMES if minutes is not None and 0 < minutes <= most)


def _by_words(content: RecipeContent) -> Iterable[Tag]:
    """Return the tags by words of the title, tags and steps. Words in a title give the highest confidence."""
    texts = (
        (_padded(f"{content.title} {content.translated_title}"), _IN_TITLE),
        (_padded(" ".join(content.tags)), _IN_TAGS),
        (_padded(" ".join(step.text for step in content.steps)), _IN_STEPS),
    )
    stated = {
        TagKind.CUISINE: bool(content.cuisine),
        TagKind.METHOD: content.method.value != "other",
        TagKind.MEAL: bool(content.meal),
    }
    for name, kind, pattern, only_title in words_of_tags():
        if stated.get(TagKind(kind)):
            continue
        for text, confidence in texts[: 2 if only_title else 3]:
            if pattern.search(text):
                yield Tag(name, kind, confidence)
                break


def guess(kind: TagKind, *, title: str, tags: Sequence[str], steps: Sequence[str]) -> str | None:
    """Return the most confident tag of a kind, such as method, meal or cuisine, for a recipe that isn't stored yet."""
    texts = ((_padded(title), 3), (_padded(" ".join(tags)), 2), (_padded(" ".join(steps)), 1))
    best: tuple[int, int, str] | None = None
    for name, found_kind, pattern, only_title in words_of_tags():
        if found_kind != kind:
            continue
        for text, weight in texts[: 2 if only_title else 3]:
            if found := pattern.search(text):
                best = max(best or (0, 0, ""), (weight, -found.start(), name))
                break
    return best[2] if best else None


def _padded(text: str) -> str:
    return f" {re.sub(r'[^0-9a-z]+', ' ', fold(text))} "


@cache
def words_of_tags() -> list[tuple[str, str, re.Pattern[str], bool]]:
    """Read the words of each tag. `title` means that they count only in a title or a tag."""
    rows: dict[str, dict[str, Any]] = yaml.safe_load(_DATA.read_text("utf-8"))
    found = []
    for kind, tags in rows.items():
        for name, row in tags.items():
            words = "|".join(re.escape(_padded(word).strip()) for word in row["words"])
            found.append((name, kind, re.compile(rf" (?:{words}) "), bool(row.get("title", False))))
    return found
