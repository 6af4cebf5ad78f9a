"""Turn a draft into recipe content: match its ingredients, with a confidence for each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.core.text import fold
from apps.imports import own_archive
from apps.imports.reading.captions import language_of
from apps.imports.reading.drafts import Draft
from apps.ingredients import services as ingredients
from apps.ingredients.matching import Match
from apps.recipes import tag_rules
from apps.recipes.content import IngredientLine, Meal, Method
from apps.recipes.tag_rules import TagKind

# Lines with a lower confidence need review.
SURE = 0.9
_LONGEST_NAME, _LONGEST_UNIT, _LONGEST_PREPARATION = 100, 20, 200
_CUISINE = re.compile(r"[a-z][a-z_]{1,29}\Z")
_TO_TASTE = re.compile(
    r"to taste|as needed|as desired|vừa đủ|tùy (?:thích|khẩu vị)|tuỳ (?:thích|khẩu vị)|optional", re.IGNORECASE
)
_OPTIONAL = re.compile(
    r"\boptional\b|tùy thích|tuỳ thích|nếu (?:có|thích)|if (?:you like|desired|using)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class UnderstoodLine:
    """An ingredient line as written, with its match. `needs_review` means that the match is uncertain."""

    text: str
    name: str
    ingredient_id: str | None
    quantity: float | None
    unit: str | None
    preparation: str | None
    optional: bool
    confidence: float
    needs_review: bool

    def as_ingredient(self) -> dict[str, Any]:
        return {
            "ingredient_id": self.ingredient_id,
            "name": self.name,
            "quantity": self.quantity,
            "unit": self.unit,
            "preparation": self.preparation,
            "optional": self.optional,
        }


def understand_lines(lines: Sequence[str], language: str) -> list[UnderstoodLine]:
    matches = ingredients.match(list(lines), "vi" if language == "vi" else "en")
    return [_understood(text, match, language) for text, match in zip(lines, matches, strict=True)]


def understand_given(ingredients_given: Sequence[IngredientLine], language: str) -> list[UnderstoodLine]:
    """Return the lines of a recipe of our own archive as stored, except for foods that are unknown here."""
    names = [line.name for line in ingredients_given]
    matches = ingredients.match(names, "vi" if language == "vi" else "en")
    return [_given(line, match) for line, match in zip(ingredients_given, matches, strict=True)]


def _given(line: IngredientLine, match: Match) -> UnderstoodLine:
    meanings = [match.ingredient, ingredients.resolve(line.name), *match.foods, *match.suggestions]
    known = next((food for food in meanings if food and food.id == line.ingredient_id), None)
    known = known or (match.ingredient if match.status == "exact" else None)
    return UnderstoodLine(
        text=own_archive.line_of(line),
        name=line.name,
        ingredient_id=known.id if known else None,
        quantity=line.quantity,
        unit=line.unit,
        preparation=line.preparation,
        optional=line.optional,
        confidence=1.0 if known else 0.5,
        needs_review=known is None,
    )


def to_given_recipe(given: dict[str, Any], lines: Sequence[UnderstoodLine]) -> dict[str, Any]:
    """Return a recipe of our own archive with its foods replaced by those known here."""
    kept = [dict(line) if isinstance(line, dict) else {"name": line} for line in given["ingredients"]]
    for line, understood in zip(kept, lines, strict=True):
        line["ingredient_id"] = understood.ingredient_id
        line["substitutes"] = [one for one in line.get("substitutes", ()) if ingredients.find(one)]
    return {**given, "ingredients": kept, "image": None}


def _understood(text: str, match: Match, language: str) -> UnderstoodLine:
    known = match.ingredient if match.status in {"exact", "corrected"} else None
    to_taste = _TO_TASTE.search(text) is not None
    is_sure = known is not None and match.confidence >= SURE and match.status == "exact"
    return UnderstoodLine(
        text=text,
        name=(known.name(language) if known else _name_in(text))[:_LONGEST_NAME],
        ingredient_id=known.id if known else None,
        quantity=match.quantity,
        unit=match.unit[:_LONGEST_UNIT] if match.unit else None,
        preparation=_preparation(match),
        optional=_OPTIONAL.search(text) is not None,
        confidence=round(match.confidence if known else min(match.confidence, 0.5), 3),
        needs_review=not is_sure or (match.quantity is None and any(char.isdigit() for char in text) and not to_taste),
    )


def _name_in(text: str) -> str:
    return ingredients.name_in(text) or text


def _preparation(match: Match) -> str | None:
    said = getattr(match, "preparation", None)
    words = " ".join(said) if isinstance(said, tuple | list) else said
    return words[:_LONGEST_PREPARATION] if words else None


def to_recipe(draft: Draft, lines: Sequence[UnderstoodLine], *, language: str | None) -> dict[str, Any]:
    """Return a draft in the format of the API. Method, meal and cuisine are guessed if the source doesn't give them."""
    spoken = language or (draft.language if draft.language in {"vi", "en"} else "")
    whole = f"{draft.title} {' '.join(draft.lines)} {' '.join(draft.steps)}"
    hints = [*draft.tags, draft.category, draft.cuisine]

    def guess(kind: TagKind) -> str | None:
        return tag_rules.guess(kind, title=draft.title, tags=hints, steps=draft.steps)

    meal = guess(TagKind.MEAL)
    return {
        "title": draft.title,
        "description": draft.description,
        "cuisine": _cuisine(draft.cuisine) or guess(TagKind.CUISINE),
        "method": guess(TagKind.METHOD) or Method.OTHER.value,
        "meal": meal if meal in set(Meal) else None,
        "prep_minutes": draft.prep_minutes,
        "cook_minutes": draft.cook_minutes,
        "servings": draft.servings or 4,
        "ingredients": [line.as_ingredient() for line in lines],
        "steps": [{"text": text} for text in draft.steps],
        "tags": list(draft.tags)[:20],
        "language": spoken or language_of(whole),
    }


def _cuisine(text: str) -> str | None:
    slug = fold(text).split(",")[0].strip().replace(" ", "_").replace("-", "_")
    return slug if _CUISINE.fullmatch(slug) else None
