"""Interpret a query: fields that it names, synonyms, words to ignore, and plain words."""

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml

from apps.core.text import fold
from apps.search.corrections import Corrections
from apps.search.index import SearchQuery, Term
from apps.search.index.words import inflect, split_words

_DATA = Path(__file__).parent / "data"
# Maximum number of words in a phrase.
_LONGEST = 6
# Maximum number of words, as in the index.
_MOST_WORDS = 16
# Shorter words have no number: "as", "bo".
_INFLECTED = 3
_MINUTES = re.compile(r"\b(\d{1,3})\s*-?\s*(?:minutes?|mins?|phút|phut|')", re.IGNORECASE)
_WITHOUT = frozenset({"without", "không", "no", "not"})
_FIELDS = ("cuisine", "meal", "difficulty", "max_minutes")

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
            phrase, without = _written(text)
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
        return next((found for each in _inflected(phrase) if (found := self._find(each))), ())

    def _find(self, phrase: str) -> tuple[Meaning, ...]:
        found = self.exact.get(phrase, ())
        return found or (self.folded.get(phrase, ()) if phrase.isascii() else ())


def _inflected(phrase: str) -> Iterator[str]:
    """Yield an English phrase in the other number: "green onion" of "green onions"."""
    *before, last = phrase.split() or ("",)
    if phrase.isascii() and len(last) >= _INFLECTED and last.isalpha():
        yield from (" ".join((*before, each)) for each in inflect(last))


class Interpreter:
    """Interprets queries with the names of one master list. Immutable; created again when the list changes."""

    def __init__(self, names: Iterable[tuple[str, frozenset[str]]], dishes: Iterable[Sequence[str]] = ()) -> None:
        """Take names of ingredients with the ids that they cover, including kinds, and groups of names of dishes."""
        # Terms of phrases that are names or synonyms, so that there are only so many.
        self._terms: dict[tuple[str, bool], Term] = {}
        names, dishes = list(names), [tuple(group) for group in dishes]
        self._ingredients = Phrases.of(names)
        named_dishes = {name for group in dishes for name in group}
        self._longer = _longer_names(names, named_dishes)
        self._foods = Phrases.of(pair for pair in names if pair[0] not in named_dishes)
        groups = [tuple(" ".join(split_words(phrase)) for phrase in group) for group in (*_synonyms(), *dishes)]
        self._synonyms = Phrases.of((phrase, group) for group in groups for phrase in group)
        phrases = [*(name for name, _ in names), *(phrase for group in groups for phrase in group)]
        self._spellings = _spellings([*phrases, *_conditions().exact])
        # Read four times above, then never again.
        _written.cache_clear()

    @cached_property
    def corrections(self) -> Corrections:
        """Corrections by all names and phrases that this interpreter knows."""
        return Corrections(self._spellings)

    def interpret(self, query: SearchQuery) -> SearchQuery:
        """Return the query with its terms, and with conditions that its words name unless they are given explicitly."""
        text, minutes = _without_minutes(query.q)
        words = split_words(text)[:_MOST_WORDS]
        query = query if query.max_minutes or not minutes else replace(query, max_minutes=minutes)
        if minutes and not words:
            return replace(query, q="")
        reading = _Reading(query, exact=any(word != fold(word) for word in words))
        while words:
            words = words[self._read(words, reading, longest=_LONGEST) :]
        return reading.finished()

    def _read(self, words: Sequence[str], reading: "_Reading", *, longest: int) -> int:
        """Interpret the longest phrase at the beginning of `words`; return its number of words."""
        if words[0] in _WITHOUT and (size := self._read_exclusion(words[1:], reading)):
            return 1 + size
        for size in range(min(longest, len(words)), 0, -1):
            phrase = " ".join(words[:size])
            if phrase in _filler():
                reading.add(Term(phrase, optional=True, exact=reading.exact))
                return size
            if conditions := _conditions().find(phrase):
                reading.narrow(conditions[0], phrase)
                return size
            if self._cuts_a_name(words, size):
                continue
            if term := self._term(words[:size], exact=reading.exact):
                reading.add(term)
                return size
        reading.add(Term(words[0], exact=reading.exact))
        return 1

    def _cuts_a_name(self, words: Sequence[str], size: int) -> bool:
        """Say whether a phrase ends within the name of an ingredient: "canh bí" of "canh bí xanh" does.

        What is left before that name must mean something as well, and a dish cuts nothing: "hột gà" of "hột gà chiên"
        stays an egg, "đậu bắp" of "đậu bắp luộc" okra.
        """
        return any(
            self._foods.find(" ".join(words[start:end]))
            for start in range(1, size)
            if self._is_known(" ".join(words[:start]))
            for end in range(size + 1, min(len(words), start + _LONGEST) + 1)
        )

    def _is_known(self, phrase: str) -> bool:
        return bool(self._ingredients.find(phrase) or self._synonyms.find(phrase))

    def _read_exclusion(self, words: Sequence[str], reading: "_Reading") -> int:
        for size in range(min(_LONGEST, len(words)), 0, -1):
            if found := self._ingredients.find(" ".join(words[:size])):
                reading.exclude(frozenset().union(*found))
                return size
        return 0

    def _term(self, words: Sequence[str], *, exact: bool) -> Term | None:
        """Return a phrase with synonyms as a term; None if it has none. Computed once."""
        key = " ".join(words), exact
        found = self._terms.get(key) or self._read_term(words, exact=exact)
        if found is not None:
            self._terms[key] = found
        return found

    def _read_term(self, words: Sequence[str], *, exact: bool) -> Term | None:
        phrase = " ".join(words)
        if len(words) == 1 and self._is_plural_cut_short(phrase):
            phrase = phrase[:-1]
        ids: frozenset[str] = frozenset().union(*self._ingredients.find(phrase))
        others = dict.fromkeys(other for group in self._synonyms.find(phrase) for other in group if other != phrase)
        if not ids and not others:
            return None
        parts = self._parts(words, exact=exact)
        named = (phrase, *others, *_inflected(phrase))
        longer = (name for each in named for name in (*self._within(each, ids), *self._across(each)))
        longer = (name for each in longer for name in (each, *_inflected(each)))
        within = dict.fromkeys((*longer, *(name for part in parts for name in part.within)))
        readings = self._spellings.get(phrase, ()) if phrase.isascii() and not exact else ()
        others = {name: None for name in others if name not in readings}
        outside = _outside(phrase, within)
        return Term(phrase, tuple(others), ids, parts=parts, exact=exact, within=outside, readings=readings)

    def _within(self, name: str, ids: frozenset[str]) -> Iterator[str]:
        """Yield longer names that contain `name` and mean something that `ids` don't cover: no kind of it."""
        is_marked = not name.isascii()
        for longer, covered in self._longer.get(fold(name.rsplit(maxsplit=1)[-1]), ()):
            found = longer if is_marked else _fold(longer)
            if found != name and f" {name} " in f" {found} " and not (covered and covered <= ids):
                yield longer

    def _across(self, name: str) -> Iterator[str]:
        """Yield names of other things that end with the first word: "bánh mì" across the beginning of "mì xào"."""
        first, *others = name.split()
        ids = frozenset().union(*self._ingredients.find(first))
        for longer, covered in self._longer.get(fold(first), ()) if others else ():
            found = longer if not name.isascii() else _fold(longer)
            if found.endswith(f" {first}") and not (covered and covered <= ids):
                yield longer

    def _is_plural_cut_short(self, word: str) -> bool:
        """Say whether a word is a plural without its s, "tomatoe": recipes that have the plural have it as a prefix."""
        return word.endswith("oe") and not self._ingredients.find(word) and bool(self._ingredients.find(word[:-1]))

    def _parts(self, words: Sequence[str], *, exact: bool) -> tuple[Term, ...]:
        """Return the parts of a phrase: "beef pho" also matches a pho with beef."""
        reading, left = _Reading(SearchQuery(), exact=exact), words if len(words) > 1 else ()
        while left:
            left = left[self._read(left, reading, longest=len(words) - 1) :]
        return reading.finished().terms


def _longer_names(
    names: Sequence[tuple[str, frozenset[str]]], dishes: AbstractSet[str]
) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return names of several words by each of these, folded, with the ids that they cover.

    Of dishes a longer name is mostly one of them ("canh chua" of "canh"); those in which the last word has another
    meaning are listed in data/other_meanings.yaml.
    """
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    none: frozenset[str] = frozenset()
    for name, ids in [*(pair for pair in names if pair[0] not in dishes), *((one, none) for one in _other_meanings())]:
        spelled, folded = _written(name)
        for word in set(folded.split()) if " " in folded else ():
            found.setdefault(word, []).append((spelled, ids))
    return found


def _spellings(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the spellings of names by what they are without diacritics."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        spelled, folded = _written(name)
        found.setdefault(folded, {})[spelled] = None
    return {folded: tuple(spelled) for folded, spelled in found.items()}


def _outside(phrase: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that the phrase does not contain itself: who types "đậu bắp" means okra."""
    typed = f" {fold(phrase)} "
    return tuple(name for name in names if f" {_fold(name)} " not in typed)


@cache
def _written(name: str) -> tuple[str, str]:
    """Return the words of a name with and without diacritics."""
    spelled = " ".join(split_words(name))
    return spelled, fold(spelled)


# Names of the master list repeat between queries.
@lru_cache(maxsize=16384)
def _fold(name: str) -> str:
    return fold(name)


class _Reading:
    """A query during its interpretation."""

    def __init__(self, query: SearchQuery, *, exact: bool) -> None:
        self._query, self.exact = query, exact
        self._terms: list[Term] = []

    def add(self, term: Term) -> None:
        self._terms.append(term)

    def narrow(self, condition: dict[str, Any], phrase: str) -> None:
        """Apply a condition, unless it was given explicitly. Its words still improve the rank of recipes with them."""
        self._terms.append(Term(phrase, optional=True, exact=self.exact))
        if "diet" in condition:
            self._query = replace(self._query, diets=self._query.diets | {condition["diet"]})
        given = {name: condition[name] for name in _FIELDS if name in condition and not getattr(self._query, name)}
        self._query = replace(self._query, **given)

    def exclude(self, ingredient_ids: frozenset[str]) -> None:
        self._query = replace(self._query, without_ingredients=self._query.without_ingredients | ingredient_ids)

    def finished(self) -> SearchQuery:
        return replace(self._query, terms=tuple(self._terms))


def plain(query: SearchQuery) -> SearchQuery:
    """Return the query with each word as a term."""
    return replace(query, terms=tuple(map(Term, split_words(query.q)[:_MOST_WORDS])))


def _without_minutes(text: str) -> tuple[str, int | None]:
    found = _MINUTES.search(text)
    return (_MINUTES.sub(" ", text), int(found[1]) or None) if found else (text, None)


def _load(name: str) -> Any:
    return yaml.safe_load((_DATA / f"{name}.yaml").read_text("utf-8"))


@cache
def _synonyms() -> tuple[tuple[str, ...], ...]:
    return tuple(map(tuple, _load("synonyms")))


@cache
def _other_meanings() -> tuple[str, ...]:
    return tuple(_load("other_meanings"))


@cache
def _conditions() -> Phrases[dict[str, Any]]:
    return Phrases.of((phrase, each) for each in _load("conditions") for phrase in each["phrases"])


@cache
def _filler() -> frozenset[str]:
    return frozenset(" ".join(split_words(phrase)) for phrase in _load("filler"))
