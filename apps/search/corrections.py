"""Corrections of a query by the names that search knows: ingredients, dishes, and what names a field."""

from collections.abc import Iterator, Mapping, Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA

from apps.core.text import fold
from apps.search.index.spelling import first_sound
from apps.search.index.words import split_words

# One wrong letter in four is a slip; with more, another word is meant.
_LETTERS_PER_EDIT = 4
_MOST_EDITS = 3
# The nearest names that are looked at; the first that finds something is suggested.
_MOST_NEAR = 3


class Corrections:
    """Names to correct queries by: the spellings of each, by what it is without diacritics. Immutable."""

    def __init__(self, spellings: Mapping[str, Sequence[str]]) -> None:
        self._spelled = spellings
        self._words = {word for spelled in self._spelled.values() for name in spelled for word in name.split()}
        self._folded_words = set(map(fold, self._words))
        # Only names that begin with the same sound are compared: one in fifteen.
        self._names: dict[str, list[str]] = {}
        self._single: dict[str, list[str]] = {}
        for folded in self._spelled:
            for listed in (self._names, *((self._single,) if " " not in folded else ())):
                listed.setdefault(first_sound(folded), []).append(folded)

    def nearest(self, query: str) -> Iterator[tuple[int, str]]:
        """Yield names like the whole query, nearest first; then the query with its unknown words corrected.

        Each comes with its number of edits, diacritics not counted; the last one with that of its worst word. Words
        that some name has are right as they are, so a name without them is no correction.
        """
        words = split_words(query)
        known = self._words if not query.isascii() else self._folded_words
        kept = {fold(word) for word in words if word in known}
        if all(word in known for word in words):
            return
        whole = " ".join(words)
        yield from (found for found in self._near(whole, self._names) if kept <= set(fold(found[1]).split()))
        mended = [(0, word) if word in known else next(self._near(word, self._single), None) for word in words]
        found = [each for each in mended if each]
        if 1 < len(found) == len(words):
            yield max(edits for edits, _ in found), " ".join(word for _, word in found)

    def _near(self, typed: str, names: dict[str, list[str]]) -> Iterator[tuple[int, str]]:
        """Yield names within a slip for every four letters, nearest first, as they are spelled."""
        folded = fold(typed)
        edits = min(_MOST_EDITS, len(folded) // _LETTERS_PER_EDIT)
        alike = names.get(first_sound(folded), [])
        found = process.extract(folded, alike, scorer=OSA.distance, score_cutoff=edits, limit=_MOST_NEAR)
        near = [
            (distance, OSA.distance(typed, spelled), spelled)
            for name, distance, _ in found
            for spelled in self._spelled[name]
            if spelled != typed
        ]
        yield from ((distance, spelled) for distance, _, spelled in sorted(near))
