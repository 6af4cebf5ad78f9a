"""The bonus for words of a query in titles: phrases before scattered words, the dish before its variants."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self

from apps.core.text import fold
from apps.search.index.arrays import Bools
from apps.search.index.queries import Term
from apps.search.index.words import split_words

# A title that contains all words adjacent and in order outweighs all weights; a title that is exactly these words ranks
# higher still. Each term that a title contains as a phrase counts likewise, up to 16 of them: more as it was typed than
# as a synonym, and less if only its parts are there.
TERM_IN_TITLE, PHRASE, WHOLE_TITLE = 1 << 17, 1 << 22, 1 << 23
AS_TYPED = PARTS_IN_TITLE = 1 << 16
# "Thịt kho măng" is a thịt kho, and "Bánh mì thịt kho" a bánh mì.
HEAD = 1 << 15
# Words of titles, folded, that make another dish of the one that is searched for, unless the query has them: who wants
# "thịt kho tàu" has not asked for the vegan one, and "summer rolls" not for the dip beside them.
_OTHERWISE = (
    ("chay", "vegan", "vegetarian", "veggie", "meatless"),
    ("thua", "leftover", "leftovers"),
    ("cho be", "babies", "baby", "toddlers", "kids", "children"),
    ("dip",),
)
_MOST_OF_OTHERS = HEAD
# Words of the longest name that may contain a term.
_LONGEST_NAME = 6


class _Title(NamedTuple):
    """The words of a title, surrounded by spaces: with diacritics and without. `is_plain` if these are the same."""

    spelled: str
    folded: str
    is_plain: bool


@dataclass(frozen=True, slots=True)
class _Name:
    """A phrase, surrounded by spaces. `is_open` means that the lack of diacritics says nothing about them."""

    spelled: str
    folded: str
    is_open: bool

    def place(self, title: _Title) -> int:
        """Return where a title has the phrase, or -1. Diacritics must match, unless one of them has none."""
        if self.is_open or title.is_plain:
            return title.folded.find(self.folded)
        return title.spelled.find(self.spelled)


@dataclass(frozen=True, slots=True)
class _Longer:
    """Longer names that mean something else, and all their words.

    Where none of these words is beside it, a name stands alone: that is quickly said of most titles.
    """

    names: frozenset[str]
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Named:
    """The names of a term, as typed first, and longer names that mean something else.

    `in_title` says of each slot whether the recipe has an ingredient of the term and names it in a title.
    """

    names: tuple[_Name, ...]
    longer: _Longer
    in_title: Bools
    parts: tuple["_Named", ...]

    @classmethod
    def of(cls, term: Term, in_title: Callable[[Term], Bools]) -> Self:
        names = (_name(term.typed, is_open=_is_open(term)), *map(_name, term.synonyms))
        parts = () if term.is_food else tuple(cls.of(part, in_title) for part in term.parts if not part.optional)
        return cls(names, _longer(term.within), in_title(term), parts)

    def is_named(self, slot: int, titles: Sequence[tuple[str, str]]) -> bool:
        """Say whether one of the titles has one of the names, or all parts."""
        return any(self.bonus(slot, title) > 0 for title in _read(titles))

    def bonus(self, slot: int, title: _Title) -> int:
        """Return the bonus for a title with one of the names, or all parts; below 0 if only longer names contain it."""
        is_there, (spelled, folded, is_plain) = False, title
        for name in self.names:
            # As in `_Name.place`, without some hundred calls per query.
            place = folded.find(name.folded) if is_plain or name.is_open else spelled.find(name.spelled)
            if place >= 0:
                is_there = True
                if _is_apart(name, title, place, self.longer) or _stands_alone(name, title, self.longer):
                    as_typed = AS_TYPED if name is self.names[0] else 0
                    return TERM_IN_TITLE + as_typed + (0 if place else HEAD)
        if self.in_title[slot]:
            return TERM_IN_TITLE
        if is_there:
            return -TERM_IN_TITLE
        return PARTS_IN_TITLE if self.parts and all(part.bonus(slot, title) > 0 for part in self.parts) else 0


@dataclass(frozen=True, slots=True)
class Phrases:
    """The phrases of a query: the whole, titles that are nothing else, spelled and folded, and each of its terms."""

    whole: tuple[_Name, ...]
    whole_titles: tuple[frozenset[str], frozenset[str]]
    with_optional: _Name | None
    terms: tuple[_Named, ...]
    unasked: re.Pattern[str]

    @classmethod
    def of(cls, terms: Sequence[Term], in_title: Callable[[Term], Bools]) -> Self:
        """Read the terms. Where one term is the whole query, its synonyms are too."""
        needed = [term for term in terms if not term.optional]
        named = tuple(_Named.of(term, in_title) for term in needed)
        query = " ".join(term.typed for term in needed)
        typed = f" {' '.join(_name(term.typed).folded.strip() for term in terms)} "
        whole = named[0].names if len(named) == 1 else (_name(query, is_open=all(map(_is_open, needed))),)
        return cls(
            whole=whole,
            whole_titles=(
                frozenset(name.spelled for name in whole),
                frozenset(name.folded for name in whole),
            ),
            with_optional=_all_typed(terms) if len(needed) < len(terms) else None,
            terms=named,
            unasked=_any_of(tuple(word for group in _OTHERWISE for word in _unasked(group, typed))),
        )

    def bonus(self, slot: int, titles: Sequence[tuple[str, str]]) -> int:
        """Return the bonus for the titles of the recipe in a slot; that of another dish is below any dish's."""
        read = _read(titles)
        found = [self._bonus(slot, title) for title in read] or [0]
        bonus = max(found)
        bonus = bonus if bonus > 0 else min(found)
        is_other = bonus > _MOST_OF_OTHERS and any(self.unasked.search(title.folded) for title in read)
        return _MOST_OF_OTHERS if is_other else bonus

    def _bonus(self, slot: int, title: _Title) -> int:
        found = [term.bonus(slot, title) for term in self.terms]
        bonus = sum(found)
        if min(found, default=0) <= 0:
            return bonus
        if self.with_optional is not None and self.with_optional.place(title) >= 0:
            return bonus + WHOLE_TITLE + PHRASE
        if self._is_whole(title):
            is_as_typed = self.whole[0].place(title) >= 0
            return bonus + (WHOLE_TITLE if is_as_typed else PHRASE)
        return bonus + (PHRASE if self.whole[0].place(title) >= 0 else 0)

    def _is_whole(self, title: _Title) -> bool:
        spelled, folded = self.whole_titles
        if title.is_plain:
            return title.folded in folded
        return title.spelled in spelled or (self.whole[0].is_open and title.folded == self.whole[0].folded)


def _read(titles: Sequence[tuple[str, str]]) -> list[_Title]:
    return [_Title(f" {spelled} ", f" {folded} ", spelled == folded) for spelled, folded in titles if spelled]


def _all_typed(terms: Sequence[Term]) -> _Name:
    return _name(" ".join(term.typed for term in terms), is_open=all(map(_is_open, terms)))


def _is_open(term: Term) -> bool:
    return term.typed.isascii() and not term.exact


def _is_apart(name: _Name, title: _Title, place: int, longer: _Longer) -> bool:
    """Say whether no word beside the phrase at `place` belongs to a longer name."""
    if not longer.words:
        return True
    text = title.folded if name.is_open or title.is_plain else title.spelled
    before = text[:place].rpartition(" ")[2]
    after = text[place + len(name.folded) :].partition(" ")[0]
    return before not in longer.words and after not in longer.words


def _stands_alone(name: _Name, title: _Title, longer: _Longer) -> bool:
    """Say whether the phrase is somewhere in the title without a longer name around it or across its beginning."""
    is_folded = name.is_open or title.is_plain
    words, wanted = (title.folded, name.folded) if is_folded else (title.spelled, name.spelled)
    listed, sought = words.split(), wanted.split()
    size = len(sought)
    return any(
        not _is_within(at, at + size, listed, longer)
        for at in range(len(listed) - size + 1)
        if listed[at] == sought[0] and listed[at : at + size] == sought
    )


def _is_within(first: int, end: int, title: Sequence[str], longer: _Longer) -> bool:
    return any(
        " ".join(title[start:stop]) in longer.names
        for start in range(max(0, end - _LONGEST_NAME), first + 1)
        for stop in range((first if start < first else end) + 1, min(len(title), start + _LONGEST_NAME) + 1)
    )


def _unasked(words: tuple[str, ...], typed: str) -> tuple[str, ...]:
    """Return the words unless the query has one of them."""
    return () if any(f" {word} " in typed for word in words) else words


@lru_cache(maxsize=64)
def _any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(f" (?:{'|'.join(words) or '(?!)'}) ")


# Names repeat between queries; reading one takes some microseconds.
@lru_cache(maxsize=8192)
def _name(phrase: str, *, is_open: bool = False) -> _Name:
    spelled = " ".join(split_words(phrase))
    return _Name(f" {spelled} ", f" {fold(spelled)} ", is_open)


@lru_cache(maxsize=4096)
def _longer(names: tuple[str, ...]) -> _Longer:
    """Return names as titles spell them, and without diacritics."""
    spelled = [" ".join(split_words(name)) for name in names]
    both = frozenset((*spelled, *map(fold, spelled)))
    return _Longer(both, frozenset(word for name in both for word in name.split()))
