"""Interpret a query: fields that it names, synonyms, words to ignore, and plain words."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from functools import cached_property, lru_cache

from apps.core.text import fold
from apps.search import word_lists
from apps.search.corrections import Corrections
from apps.search.exclusions import find_exclusion
from apps.search.index import SearchQuery, Term
from apps.search.index.words import split_words
from apps.search.numbers import without_numbers
from apps.search.phrases import Phrases, inflected, written
from apps.search.reading import Reading

# Maximum number of words in a phrase.
_LONGEST = 6
# Maximum number of words, as in the index.
_MOST_WORDS = 16


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
        self._occasions = frozenset(phrase for group in word_lists.occasions() for phrase in group)
        groups = [(group, group) for group in (*word_lists.synonyms(), *word_lists.occasions())]
        groups += [_dish(group) for group in dishes]
        self._synonyms = Phrases.of((phrase, meant) for group, meant in groups for phrase in group)
        phrases = [*(name for name, _ in names), *(phrase for group, _ in groups for phrase in group)]
        self._spellings = _spellings([*phrases, *word_lists.conditions().exact])
        # Read four times above, then never again.
        written.cache_clear()

    @cached_property
    def corrections(self) -> Corrections:
        """Corrections by all names and phrases that this interpreter knows."""
        return Corrections(self._spellings)

    def interpret(self, query: SearchQuery) -> SearchQuery:
        """Return the query with its terms, and with conditions that its words name unless they are given explicitly."""
        text, minutes = without_numbers(query.q)
        words = split_words(text)[:_MOST_WORDS]
        query = query if query.max_minutes or not minutes else replace(query, max_minutes=minutes)
        reading = Reading(query, exact=any(word != fold(word) for word in words))
        while words:
            words = words[self._read(words, reading, longest=_LONGEST) :]
        reading.leave_open()
        return reading.finished(is_narrowed=bool(minutes))

    def _read(self, words: Sequence[str], reading: Reading, *, longest: int) -> int:
        """Interpret the longest phrase at the beginning of `words`; return its number of words."""
        excluded, ingredient_ids = find_exclusion(words, self._ingredients, longest=longest)
        for size in range(min(longest, len(words)), 0, -1):
            if self._read_phrase(words, size, reading):
                return size
            if size == excluded:
                reading.exclude(ingredient_ids)
                return size
        reading.add(Term(words[0], exact=reading.exact))
        return 1

    def _read_phrase(self, words: Sequence[str], size: int, reading: Reading) -> bool:
        """Interpret the first `size` words as one phrase; return whether they are one."""
        phrase = " ".join(words[:size])
        if phrase in word_lists.filler():
            reading.add(Term(phrase, optional=True, exact=reading.exact))
        elif hints := word_lists.hints().find(phrase):
            reading.add(Term(phrase, hints[0], optional=True, exact=reading.exact))
        elif conditions := word_lists.conditions().find(phrase):
            reading.narrow(conditions[0], phrase)
            if unwanted := conditions[0].get("without_phrase"):
                reading.exclude_term(self._term(unwanted.split(), exact=True))
        elif not self._cuts_a_name(words, size) and (term := self._term(words[:size], exact=reading.exact)):
            reading.add(term)
        else:
            return False
        return True

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
        groups = self._synonyms.find(phrase)
        others = dict.fromkeys(other for group in groups for other in group if other != phrase)
        methods: frozenset[str] = frozenset().union(*word_lists.methods().find(phrase))
        if not ids and not others and not methods:
            return None
        parts = self._parts(words, exact=exact)
        named = (phrase, *others, *inflected(phrase))
        longer = (name for each in named for name in (*self._within(each, ids), *self._across(each)))
        longer = (name for each in longer for name in (each, *inflected(each)))
        within = dict.fromkeys((*longer, *(name for part in parts for name in part.within)))
        readings = self._spellings.get(phrase, ()) if phrase.isascii() and not exact else ()
        others = {name: None for name in others if name not in readings}
        outside = _outside(phrase, within)
        term = Term(phrase, tuple(others), ids, parts=parts, exact=exact, within=outside, readings=readings)
        return replace(term, methods=methods, is_occasion=not ids and not self._occasions.isdisjoint((phrase, *others)))

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
        reading, left = Reading(SearchQuery(), exact=exact), words if len(words) > 1 else ()
        while left:
            left = left[self._read(left, reading, longest=len(words) - 1) :]
        return reading.terms


def _longer_names(
    names: Sequence[tuple[str, frozenset[str]]], dishes: AbstractSet[str]
) -> dict[str, list[tuple[str, frozenset[str]]]]:
    """Return names of several words by each of these, folded, with the ids that they cover.

    Of dishes a longer name is mostly one of them ("canh chua" of "canh"); those in which the last word has another
    meaning are listed in data/other_meanings.yaml.
    """
    found: dict[str, list[tuple[str, frozenset[str]]]] = {}
    none: frozenset[str] = frozenset()
    others = ((name, none) for name in word_lists.other_meanings())
    for name, ids in [*(pair for pair in names if pair[0] not in dishes), *others]:
        spelled, folded = written(name)
        for word in set(folded.split()) if " " in folded else ():
            found.setdefault(word, []).append((spelled, ids))
    return found


def _dish(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names of a dish of which the first two are the main ones, and those that mean no more than it.

    "Canh chua" is said of "canh chua cá" as well, but who searches for that one wants fish in it.
    """
    spelled = tuple(" ".join(split_words(name)) for name in names)
    main = [f" {name} " for name in spelled[:2]]
    wider = {name for name in spelled for other in main if f" {name} " in other and f" {name} " != other}
    return spelled, tuple(name for name in spelled if name not in wider)


def _spellings(names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Return the spellings of names by what they are without diacritics."""
    found: dict[str, dict[str, None]] = {}
    for name in names:
        spelled, folded = written(name)
        found.setdefault(folded, {})[spelled] = None
    return {folded: tuple(spelled) for folded, spelled in found.items()}


def _outside(phrase: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return the names that the phrase does not contain itself: who types "đậu bắp" means okra."""
    typed = f" {fold(phrase)} "
    return tuple(name for name in names if f" {_fold(name)} " not in typed)


# Names of the master list repeat between queries.
@lru_cache(maxsize=16384)
def _fold(name: str) -> str:
    return fold(name)


def plain(query: SearchQuery) -> SearchQuery:
    """Return the query with each word as a term."""
    return replace(query, terms=tuple(map(Term, split_words(query.q)[:_MOST_WORDS])))
