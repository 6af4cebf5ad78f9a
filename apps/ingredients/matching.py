"""Which ingredient somebody means: exact names, names without diacritics, typos, and what is too close to call."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from apps.core.text import clean, fold
from apps.ingredients import quantities, spelling
from apps.ingredients.completion import Completer
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.quantities import Parsed
from apps.ingredients.typos import Near, NearNames

Status = Literal["exact", "corrected", "ambiguous", "unknown", "invalid"]

# Longest name that is looked at, in characters.
MAX_LENGTH = 100
MAX_SUGGESTIONS = 3

_EXACT = 1.0
_FOLDED = 0.95
# Scores that differ by less do not say which of two foods was meant: less than one letter of a long name.
_MARGIN = 0.03


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means: `ingredient` where it is exact or corrected, else up to three `suggestions`, best first.

    `confidence` is 1.0 for an exact name, 0.95 where diacritics were left out, else the score of the best candidate.
    """

    status: Status
    ingredient: Ingredient | None
    confidence: float
    quantity: float | None = None
    unit: str | None = None
    suggestions: tuple[Ingredient, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """The ingredients that have a name, and how surely it is theirs."""

    ingredients: tuple[Ingredient, ...]
    confidence: float


class Matcher:
    """The names of a master list, indexed; never changed, so that threads share it and an owner replaces it whole.

    `accept` is the lowest score at which a misspelt name is taken for an ingredient, `suggest` the lowest at which
    one is offered. Building takes about half a second for 1,600 ingredients with 10,000 names.
    """

    def __init__(self, ingredients: Iterable[Ingredient], *, accept: float = 0.8, suggest: float = 0.6) -> None:
        names = [(spelling.words_of(name), entry) for entry in ingredients for name in _names_of(entry)]
        self._accept = accept
        self._exact: dict[str, list[Ingredient]] = defaultdict(list)
        self._folded: dict[str, list[tuple[str, Ingredient]]] = defaultdict(list)
        ...
