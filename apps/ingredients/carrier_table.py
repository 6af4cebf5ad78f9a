"""The table of hidden carriers: names outside the master list that carry an allergen, and lookalikes that do not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.core.food import ALLERGENS, DIETS, broken_diets
from apps.core.text import fold
from apps.ingredients import spelling
from apps.ingredients.entry import Category

# libyaml, if available, is ten times as fast and just as safe.
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DATA = Path(__file__).parent / "data" / "carriers.yaml"

_LANGUAGES = ("en", "vi")
_FIELDS = frozenset({"en", "vi", "allergens", "may_contain", "breaks"})
_GENERIC_FIELDS = _FIELDS | {"signs", "within", "made"}
_MADE = frozenset({"always", "described"})
_WORD_LISTS = ("not_food", "english_only", "vietnamese_only", "unmistakable", "words", "dishes")
_SECTIONS = frozenset({"carriers", "generic", "harmless", *_WORD_LISTS})


class CarriersError(ValueError):
    """The table violates its format. The message names the entry and the problem."""


@dataclass(frozen=True, slots=True)
class Generic:
    """A generic word. It means what the recipe itself makes (`made`), or a listed ingredient with one of the `signs`.

    With `within`, it means one of these categories, or a food whose name has the word as its head. `made` is "always",
    or "described": only in title, description and tags, and if the list has its signs.
    """

    signs: frozenset[str]
    within: frozenset[str]
    made: str


@dataclass(frozen=True, slots=True)
class Carrier:
    """The meaning of an entry. `term` is its canonical name. One that `decides` overrides the master list."""

    term: str
    allergens: frozenset[str] = frozenset()
    may_contain: frozenset[str] = frozenset()
    breaks: frozenset[str] = frozenset()
    decides: bool = False
    generic: Generic | None = None


HARMLESS = Carrier("", decides=True)


@dataclass(frozen=True, slots=True)
class Table:
    """The table as it is scanned with: names are words (`spelling.words_of`), in maps by their form without diacritics.

    `not_food` are names of the master list that free text uses otherwise. `english_only` and `vietnamese_only` are
    words of both languages that name food in one. `unmistakable` are syllables that are no words
    without their diacritics.
    `words` are real words one letter from a carrier. `dishes` are what recipes are called that make them.
    """

    by_folded: dict[str, tuple[tuple[str, Carrier], ...]]
    not_food: frozenset[str]
    english_only: frozenset[str]
    vietnamese_only: frozenset[str]
    unmistakable: frozenset[str]
    words: frozenset[str]
    dishes: frozenset[str]


@cache
def table() -> Table:
    """Return the authored table; the first call reads it, in about 0.1 s."""
    return load(DATA)


def load(path: Path) -> Table:
    """Read a table. Raises `CarriersError`."""
    written = yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506  _Loader is the safe one, in C
    if not isinstance(written, dict) or not written.keys() <= _SECTIONS:
        raise CarriersError(f"{path.name}: sections are {', '.join(sorted(_SECTIONS))}")
    named: dict[str, dict[tuple[str, Carrier], None]] = defaultdict(dict)
    for words, carrier in _entries(written):
        named[fold(words)][words, carrier] = None
    lists = {name: frozenset(map(spelling.words_of, written.get(name, ()))) for name in _WORD_LISTS}
    lists["dishes"] |= {form for name in lists["dishes"] if name.isascii() for form in spelling.inflections(name)}
    return Table({folded: tuple(pairs) for folded, pairs in named.items()}, **lists)


def _entries(written: dict[str, Any]) -> Iterator[tuple[str, Carrier]]:
    for section, fields in (("carriers", _FIELDS), ("generic", _GENERIC_FIELDS)):
        for row in written.get(section, ()):
            carrier = _carrier(row, fields)
            yield from ((words, carrier) for words in _names(row))
    yield from ((words, HARMLESS) for words in _names(written.get("harmless", {})))


def _carrier(row: Any, fields: frozenset[str]) -> Carrier:
    for problem in _problems(row, fields):
        raise CarriersError(f"{row}: {problem}")
    is_generic = fields is _GENERIC_FIELDS
    allergens = frozenset(row.get("allergens", ()))
    broken = broken_diets(allergens, row.get("breaks", ()))
    generic = Generic(frozenset(row.get("signs", ())), frozenset(row.get("within", ())), row.get("made", ""))
    may_contain = frozenset(row.get("may_contain", ())) - allergens
    return Carrier(row["en"][0], allergens, may_contain, broken, is_generic, generic if is_generic else None)


def _problems(row: Any, fields: frozenset[str]) -> Iterator[str]:
    if not isinstance(row, dict) or not row.keys() <= fields or not row.get("en"):
        yield f"a mapping of {', '.join(sorted(fields))} is expected, with a name in English"
        return
    carried = (*row.get("allergens", ()), *row.get("may_contain", ()))
    if not carried and not row.get("breaks"):
        yield "carries nothing"
    yield from (f"unknown allergen {name}" for name in carried if name not in ALLERGENS)
    yield from (f"unknown diet {name}" for name in row.get("breaks", ()) if name not in DIETS)
    yield from (f"unknown sign {name}" for name in row.get("signs", ()) if name not in {*ALLERGENS, *DIETS})
    yield from (f"unknown category {name}" for name in row.get("within", ()) if name not in set(Category))
    if fields is _GENERIC_FIELDS and "signs" not in row and row.get("made") not in _MADE:
        yield "has no signs and is not made"


def _names(row: dict[str, Any]) -> Iterator[str]:
    """Yield the names of both languages once, plurals of the English ones included."""
    yield from dict.fromkeys(spelling.words_of(name) for language in _LANGUAGES for name in row.get(language, ()))
    english = {spelling.words_of(name) for name in row.get("en", ())}
    yield from sorted({form for name in english for form in spelling.inflections(name)} - english)
