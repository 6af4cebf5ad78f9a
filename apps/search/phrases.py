"""Meanings of phrases, by how they are written."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

from apps.core.text import fold
from apps.search.index.words import inflect, split_words

# Shorter words have no number: "as", "bo".
_INFLECTED = 3

Meaning = TypeVar("Meaning")


@dataclass(frozen=True, slots=True)
class Phrases(Generic[Meaning]):
    """Meanings by phrase: as typed, and for phrases without diacritics by all readings."""

    exact: dict[str, tuple[Meaning, ...]]
    folded: dict[str, tuple[Meaning, ...]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Meaning]]) -> "Phrases[Meaning]":
        exact: dict[str, list[Meaning]] = {}
        folded: dict[str, list[Meaning]] = {}
        for text, meaning in pairs:
            phrase, without = written(text)
            exact.setdefault(phrase, []).append(meaning)
            folded.setdefault(without, []).append(meaning)
        return cls(
            {key: tuple(all_) for key, all_ in exact.items()}, {key: tuple(all_) for key, all_ in folded.items()}
        )

    def find(self, phrase: str) -> tuple[Meaning, ...]:
        """Return the meaning of a phrase, or of its singular. Typed diacritics must match; missing ones may be any."""
        found = self._find(phrase)
        if found or not phrase.endswith("s"):
            return found
        return next((found for each in inflected(phrase) if (found := self._find(each))), ())

    def _find(self, phrase: str) -> tuple[Meaning, ...]:
        found = self.exact.get(phrase, ())
        return found or (self.folded.get(phrase, ()) if phrase.isascii() else ())


def inflected(phrase: str) -> Iterator[str]:
    """Yield an English phrase in the other number: "green onion" of "green onions"."""
    *before, last = phrase.split() or ("",)
    if phrase.isascii() and len(last) >= _INFLECTED and last.isalpha():
        yield from (" ".join((*before, each)) for each in inflect(last))


@cache
def written(name: str) -> tuple[str, str]:
    """Return the words of a name with and without diacritics."""
    spelled = " ".join(split_words(name))
    return spelled, fold(spelled)
