"""Ingredients as somebody types: names that start so, then names that hold it, then near ones."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from rapidfuzz import process
from rapidfuzz.distance import OSA

from apps.core.text import clean, fold
from apps.ingredients import spelling
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.typos import NearNames

# Letters from which on one typo, then two, are forgiven in what was typed so far.
_TYPOS_FROM = 3
_TWO_TYPOS_FROM = 8
_MAX_LENGTH = 100
_LAST_LETTER = chr(0x10FFFF)


@dataclass(frozen=True, slots=True)
class _Name:
    words: str
    folded: str
    ingredient: Ingredient


class Completer:
    """The names of a master list by the beginnings of their words; immutable. `near` finds misspelt ones."""

    def __init__(self, names: Iterable[tuple[str, Ingredient]], *, near: NearNames, suggest: float) -> None:
        self._names = [_Name(words, fold(words), ingredient) for words, ingredient in names]
        self._near, self._suggest = near, suggest
        everyone = {name.ingredient.id: name.ingredient for name in self._names}.values()
        self._everyone = sorted(everyone, key=lambda ingredient: (fold(ingredient.vi), ingredient.vi, ingredient.key))
        starts = ((start, place) for place, name in enumerate(self._names) for start in _starts(name.folded))
        self._starts = sorted(starts)

    def complete(self, prefix: str, *, category: Category | None, limit: int) -> list[Ingredient]:
        """Return at most `limit` ingredients; a larger limit gives the same ones first, so that pages can follow.

        Order: names that start so, names with a later word that starts so, names that hold it, misspelt names, names
        that start nearly so; in each, where diacritics were typed, names with the same ones first, then the shorter
        name. Nothing typed gives all, by name. Takes up to 2 ms, 5 ms where typos are looked for (10,000 names).
        """
        words = spelling.words_of(clean(prefix[:_MAX_LENGTH]))
        ordered = self._ordered(words, fold(words)) if words else iter(self._everyone)
        wanted = (ingredient for ingredient in ordered if category in (None, ingredient.category))
        return list(islice(_unique(wanted), limit))

    def _ordered(self, words: str, folded: str) -> Iterator[Ingredient]:
        """Yield tier by tier, each looked for only when the one before was not enough; the same one more than once."""
        starting = self._starting_with(folded)
        yield from _sorted_by(words, [name for name in starting if name.folded.startswith(folded)])
        yield from _sorted_by(words, starting)
        yield from _sorted_by(words, [name for name in self._names if folded in name.folded])
        if len(folded) >= _TYPOS_FROM:
            yield from (near.ingredient for near in self._near.find(words, reach=self._suggest))
            yield from _sorted_by(words, self._starting_nearly_with(folded))

    def _starting_with(self, folded: str) -> list[_Name]:
        first = bisect_left(self._starts, (folded, -1))
        last = bisect_left(self._starts, (folded + _LAST_LETTER, -1))
        return [self._names[place] for _, place in self._starts[first:last]]

    def _starting_nearly_with(self, folded: str) -> list[_Name]:
        forgiven = 1 + (len(folded) >= _TWO_TYPOS_FROM)
        beginnings = sorted({name.folded[: len(folded)] for name in self._names})
        distances = process.cdist([folded], beginnings, scorer=OSA.distance, score_cutoff=forgiven)[0]
        near = {beginning for beginning, edits in zip(beginnings, distances, strict=True) if edits <= forgiven}
        return [name for name in self._names if name.folded[: len(folded)] in near]


def _starts(folded: str) -> Iterator[str]:
    """Yield a name from each of its words on: "ca chua bi", "chua bi", "bi"."""
    words = folded.split(" ")
    yield from (" ".join(words[place:]) for place in range(len(words)))


def _sorted_by(words: str, names: Iterable[_Name]) -> Iterator[Ingredient]:
    def rank(name: _Name) -> tuple[bool, int, str, str]:
        other_marks = not words.isascii() and words not in name.words
        return other_marks, len(name.folded), name.words, name.ingredient.key

    return (name.ingredient for name in sorted(names, key=rank))


def _unique(ingredients: Iterable[Ingredient]) -> Iterator[Ingredient]:
    seen: set[str] = set()
    for ingredient in ingredients:
        if ingredient.id not in seen:
            seen.add(ingredient.id)
            yield ingredient
