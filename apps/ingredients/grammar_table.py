"""The vocabulary of ingredient lines, read from `grammar/`: units, numbers, and words around the name of a food."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from apps.core.text import fold
from apps.ingredients.spelling import agrees

# libyaml, if available, is ten times as fast and just as safe.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

DATA = Path(__file__).parent / "grammar"
_FILES = {"en": "english.yaml", "vi": "vietnamese.yaml"}
_T = TypeVar("_T")


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    """Return a word without diacritics. Cached, since lines share most of their words."""
    return fold(word).rstrip(".")


class Table(Generic[_T]):
    """Meanings of words by folded form, then by spelling: their diacritics tell "lá" (a leaf) from "là"."""

    def __init__(self, meanings: Mapping[str, _T]) -> None:
        self._spelled: dict[str, dict[str, _T]] = defaultdict(dict)
        for spelling, meaning in meanings.items():
            self._spelled[fold(spelling)][spelling] = meaning
        self._firsts = {folded.partition(" ")[0] for folded in self._spelled}
        self._longest = max((folded.count(" ") + 1 for folded in self._spelled), default=0)

    def spellings(self, typed: str) -> frozenset[str]:
        """Return the spellings that fold to the same as `typed`."""
        return frozenset(self._spelled.get(fold(typed), ()))

    def begins(self, word: str) -> bool:
        """Say whether a word, with or without its diacritics, is the first one of any spelling."""
        return _bare(word) in self._firsts

    def look_up(self, words: Sequence[str], start: int) -> tuple[_T, int] | None:
        """Return the meaning and end of the longest phrase in `words` from `start`, preferring exact spellings."""
        if start >= len(words) or _bare(words[start]) not in self._firsts:
            return None
        for end in range(min(start + self._longest, len(words)), start, -1):
            typed = " ".join(words[start:end]).rstrip(".")
            meanings = self._spelled.get(" ".join(map(_bare, words[start:end])), {})
            agreeing = [typed] if typed in meanings else []
            if meanings and not agreeing and _is_bare(words):
                agreeing = [spelling for spelling in meanings if agrees(typed, spelling)]
            if agreeing:
                return meanings[agreeing[0]], end
        return None


def _is_bare(words: Sequence[str]) -> bool:
    """Return whether a phrase has no diacritics at all. If it has some, words without any are meant so."""
    return all(map(str.isascii, words))


class Phrases:
    """A set of phrases of one language; without any diacritics a phrase agrees with its folded form."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self._table: Table[bool] = Table(dict.fromkeys(phrases, True))

    def end(self, words: Sequence[str], start: int) -> int:
        """Return where the longest phrase ends that starts at `start`; `start` itself where none does."""
        found = self._table.look_up(words, start)
        return found[1] if found else start

    def past(self, words: Sequence[str], start: int) -> int:
        """Return the place behind all the phrases that follow each other from `start` on."""
        while start < len(words) and (end := self.end(words, start)) > start:
            start = end
        return start

    def spellings(self, typed: str) -> frozenset[str]:
        return self._table.spellings(typed)

    def __contains__(self, word: str) -> bool:
        return self._table.look_up([word], 0) is not None

    def are(self, words: Sequence[str]) -> bool:
        """Say whether `words` as a whole are one of the phrases."""
        found = self._table.look_up(words, 0)
        return found is not None and found[1] == len(words)


@dataclass(frozen=True, slots=True)
class Words:
    """Words around names in one language. `grammar/english.yaml` explains each set."""

    before: Phrases
    states: Phrases
    preparations: Phrases
    either: Phrases
    risky: Phrases
    parts: Phrases
    part_of: Mapping[str, Sequence[str]]
    part_nouns: Phrases
    compounds: Phrases
    generic_heads: Phrases
    cuts: Phrases
    changers: Phrases
    leaves: Mapping[str, Sequence[str]]
    neutral: Phrases
    colours: Phrases
    variants: Mapping[str, str]
    links: Phrases
    of_links: Phrases
    notes: Phrases
    optional: Phrases
    to_taste: Phrases
    headings: Phrases
    equipment: Phrases
    fillers: Phrases
    each: Phrases


@dataclass(frozen=True, slots=True)
class Units:
    """Units and numbers of both languages. A unit is its canonical name and how many of it the word means."""

    units: Table[tuple[str, float]]
    weights: frozenset[str]
    containers: frozenset[str]
    counters: Phrases
    behind: Phrases
    # None is a number that nobody gave.
    numbers: Table[float | None]
    # What number words are multiplied by, and what else stands behind tens.
    scales: Table[float]
    tails: Table[float]
    number_links: Phrases
    # Every word of a number, with its diacritics.
    number_words: frozenset[str]
    cardinals: frozenset[str]
    vietnamese_numbers: Phrases
    half_more: Phrases
    range: frozenset[str]
    sums: frozenset[str]
    # What one of a unit holds, by what is measured: grams, or millilitres.
    measures: Mapping[str, Mapping[str, float]]
    # Units that follow a larger one without a sign: "1 lb 4 oz".
    smaller: frozenset[tuple[tuple[str, float], tuple[str, float]]]
    about: Phrases
    about_in_names: Phrases
    sizes: Phrases
    links: frozenset[str]


@cache
def words(language: str) -> Words:
    """Return the words of a language; the first call reads them, in about 20 ms."""
    written = _load(_FILES[language])
    mappings: dict[str, Any] = {field: written.pop(field) for field in ("part_of", "leaves", "variants")}
    sets: dict[str, Any] = {field: Phrases(map(str, phrases)) for field, phrases in written.items()}
    sets.setdefault("either", Phrases(()))
    return Words(**mappings, **sets)


@cache
def units() -> Units:
    written = _load("units.yaml")
    spelled = {word: (row["unit"], row["of"]) for row in written["units"] for word in row["words"]}
    numbers: dict[str, float | None] = {word: value for value, names in written["numbers"].items() for word in names}
    numbers |= dict.fromkeys(map(str, written["vague"]))
    scales = _by_word(written["scales"])
    tails = _by_word(written["tails"])
    parts = (*numbers, *scales, *tails, *written["number_links"], *written["range"], *written["half_more"], "-")
    return Units(
        units=Table(spelled),
        weights=frozenset(written["weights"]),
        containers=frozenset(written["containers"]),
        counters=Phrases(written["counters"]),
        behind=Phrases(written["behind"]),
        numbers=Table(numbers),
        scales=Table(scales),
        tails=Table(tails),
        number_links=Phrases(written["number_links"]),
        number_words=frozenset(word for part in parts for word in part.split()),
        cardinals=frozenset(written["cardinals"]),
        vietnamese_numbers=Phrases(["một", *written["cardinals"]]),
        half_more=Phrases(written["half_more"]),
        range=frozenset(written["range"]),
        sums=frozenset(written["sums"]),
        measures=written["measures"],
        smaller=frozenset(
            (spelled[large], spelled[small]) for large, smalls in written["smaller"].items() for small in smalls
        ),
        about=Phrases(written["about"]),
        about_in_names=Phrases(written["about_in_names"]),
        sizes=Phrases(written["sizes"]),
        links=frozenset(written["links"]),
    )


def _by_word(words: Mapping[float, Sequence[str]]) -> dict[str, float]:
    return {word: value for value, names in words.items() for word in names}


@cache
def ordinary_words() -> frozenset[str]:
    """Return English words that are one slip away from a word of a name, and none themselves."""
    lines = (DATA / "ordinary-words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def _load(name: str) -> dict[str, Any]:
    written: dict[str, Any] = yaml.load((DATA / name).read_text("utf-8"), Loader=LOADER)  # noqa: S506  the safe one
    return written
