"""Match names against the authored master list."""

from apps.ingredients.matching import Match
from tests.support.ingredients import matcher


def match(text: str) -> Match:
    return matcher().match(text)


def meant(text: str) -> str | None:
    ingredient = match(text).ingredient
    return ingredient.en if ingredient else None


def offered(text: str) -> set[str]:
    return {ingredient.en for ingredient in match(text).suggestions}
