"""The table of hidden carriers: names beyond the master list that carry an allergen, and what only looks like one."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.core.food import ALLERGENS, DIETS
from apps.core.text import fold
from apps.ingredients import spelling

DATA = Path(__file__).parent / "data" / "carriers.yaml"

# What follows from an allergen for the diets; the same for every carrier, so that the table need not repeat it.
_BROKEN_BY = {
    "gluten": ("gluten_free",),
    "milk": ("dairy_free", "vegan"),
    "eggs": ("vegan",),
    "fish": ("vegetarian", "vegan"),
    "crustaceans": ("vegetarian", "vegan", "kosher"),
    "molluscs": ("vegetarian", "vegan", "kosher"),
}
_LANGUAGES = ("en", "vi")
_FIELDS = frozenset({"en", "vi", "allergens", "breaks"})
_SECTIONS = frozenset({"carriers", "harmless", "made", "english_only", "vietnamese_only", "unmarked", "words"})


class CarriersError(ValueError):
    """The table breaks its format: the message names the entry and what is wrong."""


@dataclass(frozen=True, slots=True)
class Carrier:
    """What one entry of the table means; `term` is its canonical name. Without allergens and diets it is harmless."""

    term: str
    allergens: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()


HARMLESS = Carrier("")


@dataclass(frozen=True, slots=True)
class Table:
    """The table as it is scanned with; names are words (`spelling.words_of`).

    `made` are names of what a recipe itself makes as often as it buys it. `english_only` and `vietnamese_only` are
    words of both languages that name food in one. `unmarked` are Vietnamese words that have no marks, so that in a
    text with marks they are not others whose marks were left out. `words` are real words one letter from a carrier.
    """

    by_folded: dict[str, tuple[tuple[str, Carrier], ...]]
    made: frozenset[str]
    english_only: frozenset[str]
    vietnamese_only: frozenset[str]
    unmarked: frozenset[str]
    words: frozenset[str]


@cache
def table() -> Table:
    """Return the authored table; the first call reads it, in about 50 ms."""
    return load(DATA)


def load(path: Path) -> Table:
    """Read a table. Raises `CarriersError`."""
    written = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    if not isinstance(written, dict) or not written.keys() <= _SECTIONS:
        raise CarriersError(f"{path.name}: sections are {', '.join(sorted(_SECTIONS))}")
    by_folded: dict[str, dict[str, Carrier]] = defaultdict(dict)
    for row in written.get("carriers", ()):
        carrier = _carrier(row)
        for words in _names(row):
            if words in by_folded[fold(words)]:
                raise CarriersError(f"{carrier.term}: {words!r} stands twice")
            by_folded[fold(words)][words] = carrier
    for words in _names(written.get("harmless", {})):
        if by_folded[fold(words)].setdefault(words, HARMLESS) is not HARMLESS:
            raise CarriersError(f"{words!r} is a carrier and harmless")
    return Table(
        {folded: tuple(named.items()) for folded, named in by_folded.items()},
        frozenset(_names(written.get("made", {}))),
        *(frozenset(map(spelling.words_of, written.get(name, ()))) for name in _LISTS),
    )


_LISTS = ("english_only", "vietnamese_only", "unmarked", "words")


def _carrier(row: Any) -> Carrier:
    for problem in _problems(row):
        raise CarriersError(f"{row}: {problem}")
    allergens = frozenset(row.get("allergens", ()))
    broken = {diet for allergen in allergens for diet in _BROKEN_BY.get(allergen, ())}
    return Carrier(row["en"][0], allergens, frozenset(row.get("breaks", ())) | broken)


def _problems(row: Any) -> Iterator[str]:
    if not isinstance(row, dict) or not row.keys() <= _FIELDS or not row.get("en"):
        yield "a mapping of en, vi, allergens and breaks is expected, en first of all"
        return
    if not row.get("allergens") and not row.get("breaks"):
        yield "carries nothing"
    yield from (f"unknown allergen {name}" for name in row.get("allergens", ()) if name not in ALLERGENS)
    yield from (f"unknown diet {name}" for name in row.get("breaks", ()) if name not in DIETS)


def _names(row: dict[str, Any]) -> Iterator[str]:
    """Yield the names of both languages once, plurals of the English ones included."""
    names = dict.fromkeys(spelling.words_of(name) for language in _LANGUAGES for name in row.get(language, ()))
    yield from names
    english = {spelling.words_of(name) for name in row.get("en", ())}
    yield from sorted({form for name in english for form in spelling.inflections(name)} - names.keys())
