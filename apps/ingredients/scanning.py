"""Scan free text for names of foods, longest match first, with the allergens that each carries."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from apps.ingredients import asides, input_methods, negation
from apps.ingredients.asides import Aside
from apps.ingredients.carrier_table import Generic, Table
from apps.ingredients.lexicon import Lexicon, Meaning
from apps.ingredients.lines import Language
from apps.ingredients.matching import Matcher
from apps.ingredients.misspellings import Misspellings
from apps.ingredients.tokens import Gap, Tokens, tokenize

# What follows the verb "cream" at the beginning of a sentence.
_CREAMED = frozenset({"together", "the", "shortening", "sugar", "sugars", "margarine", "butter"})
# Maximum number of pieces of a word that are joined ("pea-nut", "but.ter").
_PIECES = 3
# Names of ingredients, and sentences of composed recipes, are scanned again and again; long texts are not. What is kept
# of them takes 1 MB at most.
_KEPT = 1024
_LONGEST_KEPT = 300


class Mention(NamedTuple):
    """A mention of a food at `text[start:end]`. `term` is its canonical name.

    `allergens` are in everything that the name can mean, `may_contain` in some of it. `generic` is set for words that
    may mean something that a recipe lists or makes; `names` are then its readings.
    """

    term: str
    start: int
    end: int
    ingredient_ids: frozenset[str]
    allergens: frozenset[str]
    breaks: frozenset[str]
    generic: Generic | None = None
    names: tuple[str, ...] = ()
    may_contain: frozenset[str] = frozenset()
    is_dish: bool = False
    is_made: bool = False
    aside: Aside | None = None


class _Hit(NamedTuple):
    """The meaning of the words `first` to `last` (exclusive). If it `covers`, shorter names inside are ignored."""

    first: int
    last: int
    meaning: Meaning
    covers: bool


class Scanner:
    """Scans with one version of the master list and the table. Immutable, so that threads can share it.

    Adds the lengths, in words, of names by their first word, and hashes of names for finding typos: about 4 MB with its
    caches.
    """

    def __init__(self, matcher: Matcher, table: Table) -> None:
        self._lexicon = Lexicon(matcher, table)
        lengths: dict[str, int] = defaultdict(int)
        for folded in self._lexicon.names():
            first, _, rest = folded.partition(" ")
            lengths[first] |= 1 << (rest.count(" ") + 1 if rest else 0)
        self._lengths = dict(lengths)
        self._misspellings = Misspellings(self._lexicon)
        self._kept = lru_cache(maxsize=_KEPT)(self._scan)

    def mentions(self, text: str, language: Language | None = None, *, has_marks: bool = False) -> list[Mention]:
        """Return the mentions in `text`; see `carriers.mentions`."""
        scan = self._kept if len(text) <= _LONGEST_KEPT else self._scan
        return list(scan(text, language, has_marks))

    def _scan(self, text: str, language: Language | None, has_marks: bool) -> Sequence[Mention]:  # noqa: FBT001
        text = input_methods.in_prose(text)
        tokens = tokenize(text, language, has_marks=has_marks)
        hits = _without_overlapping_dishes(_uncovered([*self._hits(tokens)]))
        hits += self._pieces(tokens)
        hits += self._slips(tokens, hits)
        said = [hit for hit in hits if hit.meaning.says_something and not _is_verb(tokens, hit)]
        if negation.may_be_in(tokens):
            spans = [(hit.first, hit.last) for hit in said]
            stated = negation.outside(text, tokens, spans)
            said = [hit for hit, counts in zip(said, stated, strict=True) if counts]
        found = [_mention(tokens, hit, said) for hit in said]
        return sorted(found, key=_place)

    def _hits(self, tokens: Tokens) -> Iterator[_Hit]:
        words, partings, languages = tokens.words, tokens.partings, tokens.languages
        own, listed, meaning = self._lexicon.own, self._lexicon.listed, self._lexicon.meaning
        all_lengths, count = self._lengths, len(words)
        for place, word in enumerate(words):
            lengths = all_lengths.get(word.bare, 0)
            last, phrase, covers = place + 1, word.bare, True
            while lengths:
                if lengths & 1 and (phrase in listed or phrase in own):
                    typed = word.spelt if last == place + 1 else " ".join([one.spelt for one in words[place:last]])
                    found = meaning(typed, languages[place])
                    if found:
                        yield _Hit(place, last, found, covers and found.certain)
                lengths >>= 1
                if not lengths or last == count or partings[last].gap == Gap.PARTED:
                    break
                covers = covers and partings[last].gap == Gap.JOINED
                phrase = f"{phrase} {words[last].bare}"
                last += 1

    def _pieces(self, tokens: Tokens) -> Iterator[_Hit]:
        """Yield names with separators between their letters: "pea-nut", "but.ter"."""
        for place, parting in enumerate(tokens.partings):
            if not parting.tight or not place:
                continue
            for first in range(max(0, place - _PIECES + 2), place):
                if all(tokens.partings[other].tight for other in range(first + 1, place)):
                    whole = "".join(word.spelt for word in tokens.words[first : place + 1])
                    found = self._lexicon.meaning(whole, tokens.languages[first])
                    if found and found.certain:
                        yield _Hit(first, place + 1, found, covers=False)

    def _slips(self, tokens: Tokens, hits: Sequence[_Hit]) -> Iterator[_Hit]:
        """Yield names of allergen carriers with one wrong letter, if the text has no exact name there."""
        taken = {place for hit in hits if hit.covers for place in range(hit.first, hit.last)}
        for first, last, name in self._misspellings.find(tokens, taken):
            found = self._lexicon.named(name)
            if found:
                yield _Hit(first, last, found, covers=False)


def _is_verb(tokens: Tokens, hit: _Hit) -> bool:
    """Say whether a sentence begins with "cream" as what to do: "Cream together the sugar and shortening"."""
    words, partings, last = tokens.words, tokens.partings, hit.last
    if words[hit.first].bare != "cream" or last != hit.first + 1 or last == len(words):
        return False
    begins = hit.first == 0 or partings[hit.first].ends
    return begins and partings[last].gap == Gap.JOINED and words[last].bare in _CREAMED


def _mention(tokens: Tokens, hit: _Hit, said: Sequence[_Hit]) -> Mention:
    meaning = hit.meaning
    allergens, may_contain, breaks = meaning.allergens, meaning.may_contain, meaning.breaks
    if breaks or allergens or may_contain:
        allergens, may_contain, breaks = negation.without(tokens, (hit.first, hit.last), allergens, may_contain, breaks)
    start, end = tokens.starts[hit.first], tokens.ends[hit.last - 1]
    return Mention(
        meaning.term, start, end, meaning.ingredient_ids, allergens, breaks, meaning.generic, meaning.names,
        may_contain, meaning.is_dish, meaning.is_made, _aside(tokens, hit, said) if allergens or breaks else None,
    )  # fmt: skip


def _aside(tokens: Tokens, hit: _Hit, said: Sequence[_Hit]) -> Aside | None:
    carried = hit.meaning.allergens
    others = [(other.first, other.last) for other in said if other is not hit and carried & other.meaning.allergens]
    return asides.of(tokens, (hit.first, hit.last), others)


def _place(mention: Mention) -> tuple[int, int]:
    return mention.start, mention.end


def _without_overlapping_dishes(hits: list[_Hit]) -> list[_Hit]:
    """Drop dishes whose first word is the end of another name: "đậu bắp xào" is okra, not a dish of corn."""
    kept: list[_Hit] = []
    reached = 0
    for hit in hits:
        if not (hit.meaning.is_dish and hit.first < reached < hit.last):
            kept.append(hit)
        if hit.covers:
            reached = max(reached, hit.last)
    return kept


def _uncovered(hits: list[_Hit]) -> list[_Hit]:
    """Drop names inside a longer name, such as the "milk" in "coconut milk"."""
    furthest: dict[int, int] = {}
    for hit in hits:
        if hit.covers and hit.last > furthest.get(hit.first, 0):
            furthest[hit.first] = hit.last
    kept: list[_Hit] = []
    place, before, reached = -1, 0, 0
    for hit in hits:
        if hit.first != place:
            place, before = hit.first, reached
            reached = max(reached, furthest.get(place, 0))
        if before < hit.last and furthest.get(place, 0) <= hit.last:
            kept.append(hit)
    return kept
