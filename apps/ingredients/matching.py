"""Which ingredient somebody means: exact names, names without diacritics, typos, and what is too close to call."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from apps.core.text import clean, fold
from apps.ingredients import quantities, spelling
from apps.ingredients.completion import Completer
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.quantities import Parsed
from apps.ingredients.spelling import Name
from apps.ingredients.typos import Near, NearNames

Status = Literal["exact", "corrected", "ambiguous", "unknown", "invalid"]

# Characters of the longest name that is looked at.
MAX_LENGTH = 100
MAX_SUGGESTIONS = 3

_EXACT = 1.0
_FOLDED = 0.95
# So far below the best score can another name be that is as near: as many letters of a shorter name.
_RIVALRY = 0.05
# Readings in which typos are looked for; each costs up to half a millisecond.
_MISSPELT = 4
# Line breaks and tabs are spaces; other control characters and halves of surrogate pairs are nobody's spelling.
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Match:
    """What a name means: `ingredient` where it is exact or corrected, else up to three `suggestions`, best first.

    `confidence` is 1.0 for an exact name, 0.95 where diacritics were left out, else the score of the best candidate.
    """

    status: Status
    ingredient: Ingredient | None
    confidence: float
    quantity: float | None = None
    unit: str | None = None
    suggestions: tuple[Ingredient, ...] = ()


@dataclass(frozen=True, slots=True)
class _Hit:
    """A reading of what was typed whose name is known: the ingredients that have it, and how surely."""

    parsed: Parsed
    ingredients: tuple[Ingredient, ...]
    confidence: float


class Matcher:
    """The names of a master list; never changed, so that threads share it and its owner replaces it whole.

    `accept` is the lowest score at which a misspelt name is taken for an ingredient, `suggest` the lowest at which
    one is offered.
    """

    def __init__(self, ingredients: Iterable[Ingredient], *, accept: float = 0.8, suggest: float = 0.6) -> None:
        entries = tuple(ingredients)
        own = [_name(spelling.words_of(name), entry) for entry in entries for name in _names(entry)]
        names = [*own, *_inflected(entries, {name.words for name in own})]
        self._accept, self._suggest = accept, suggest
        self._exact = _by(names, lambda name: spelling.canonical(name.words))
        self._folded = _by(names, lambda name: name.folded)
        self._near = NearNames(self._folded)
        self._completer = Completer(own, near=self._near, suggest=suggest)

    def match(self, text: str) -> Match:
        """Say what `text` means, at most 100 characters of any kind; never fails.

        A name is exact with its diacritics, or without any of them, or with some; then misspelt. Diacritics that
        were typed count: "dứa" is never "dừa". The beginning of a name is not the name. Takes 0.05 ms for a name
        that is known, 0.2 to 1 ms for one that is not (1,600 ingredients with 15,000 names, plurals included).
        """
        if not _is_readable(text):
            return Match("invalid", None, 0.0)
        readings = quantities.readings(clean(text))
        hit = self._hit(readings)
        if hit:
            return _answer(hit)
        return self._nearest(readings) if all(map(_is_name, readings)) else Match("invalid", None, 0.0)

    def resolve(self, name: str) -> Ingredient | None:
        """Return the ingredient that `name` is, for recipes: never by correcting it, None where it is ambiguous.

        Of several that share the name, the one whose Vietnamese or English name it is, not an alias.
        """
        hit = self._hit(quantities.readings(clean(name))) if _is_readable(name) else None
        if hit is None or len(hit.ingredients) == 1:
            return hit.ingredients[0] if hit else None
        typed = _canonical(" ".join((hit.parsed.rest, *hit.parsed.asides)))
        named = [entry for entry in hit.ingredients if typed in map(_canonical, (entry.vi, entry.en))]
        return named[0] if len(named) == 1 else None

    @property
    def by_folded(self) -> Mapping[str, Sequence[Name]]:
        """Every name without its marks, plurals included → the names that are it then."""
        return self._folded

    def is_word(self, word: str) -> bool:
        """Say whether a word, with its marks, stands in any name."""
        return self._near.is_word(word)

    def complete(self, prefix: str, *, category: Category | None = None, limit: int) -> list[Ingredient]:
        """Return at most `limit` ingredients for what was typed so far; see `Completer.complete` for their order."""
        return self._completer.complete(prefix, category=category, limit=limit)

    def _hit(self, readings: list[Parsed]) -> _Hit | None:
        """Return the first reading that is a name; of an amount alone ("1 lon") only one spelt as typed."""
        first = self._look_up(readings[0])
        if first:
            return first
        hits = [hit for reading in readings if (hit := self._look_up(reading))]
        if not all(map(_is_name, readings)):
            return next((hit for hit in hits if hit.confidence == _EXACT), None)
        return self._with_asides(_with_unit(hits)) if hits else None

    def _look_up(self, parsed: Parsed) -> _Hit | None:
        """Find a name as typed or with marks left out; without any, it may mean every name that folds to it."""
        words = spelling.words_of(parsed.rest)
        exact = [name.ingredient for name in self._exact.get(spelling.canonical(words), ())]
        if exact and not words.isascii():
            return _Hit(parsed, _in_order(exact), _EXACT)
        alike = self._folded.get(fold(words), ())
        agreeing = [name.ingredient for name in alike if spelling.agrees(words, name.words)]
        if not agreeing:
            return None
        return _Hit(parsed, _in_order([*exact, *agreeing]), _EXACT if exact else _FOLDED)

    def _with_asides(self, hit: _Hit) -> _Hit:
        """Add the foods behind a comma: "trứng, sữa" names two, and choosing one of them would hide the other."""
        asides = filter(None, (self._look_up(Parsed(None, None, aside)) for aside in hit.parsed.asides))
        others = [entry for aside in asides for entry in aside.ingredients]
        return replace(hit, ingredients=_in_order([*hit.ingredients, *others])) if others else hit

    def _nearest(self, readings: list[Parsed]) -> Match:
        """Look for what may be meant, and, where there is nothing, for what to suggest."""
        misspelt = _misspelt(readings)
        for reach in (self._accept - _RIVALRY, self._suggest):
            found = [(reading, self._near.find(words, reach=reach)) for words, reading in misspelt]
            best, near = max(found, key=lambda pair: pair[1][0].score if pair[1] else 0.0, default=(readings[-1], []))
            match = self._judge(near)
            if match.status != "unknown":
                break
        parsed = readings[-1] if match.status == "unknown" else _counted(found, match) or best
        return replace(match, quantity=parsed.quantity, unit=parsed.unit)

    def _judge(self, near: list[Near]) -> Match:
        """Take the best name that may be meant, unless another ingredient is as near."""
        best = next((one for one in near if one.takeable and one.score >= self._accept), None)
        if best is None:
            suggestions = tuple(one.ingredient for one in near[:MAX_SUGGESTIONS])
            return Match("unknown", None, near[0].score if near else 0.0, suggestions=suggestions)
        rivals = [one for one in near if one is not best and one.cost <= best.cost]
        if rivals:
            suggestions = tuple(one.ingredient for one in [best, *rivals][:MAX_SUGGESTIONS])
            return Match("ambiguous", None, best.score, suggestions=suggestions)
        return Match("corrected", best.ingredient, best.score)


def _answer(hit: _Hit) -> Match:
    quantity, unit = hit.parsed.quantity, hit.parsed.unit
    if len(hit.ingredients) == 1:
        return Match("exact", hit.ingredients[0], hit.confidence, quantity, unit)
    return Match("ambiguous", None, hit.confidence, quantity, unit, hit.ingredients[:MAX_SUGGESTIONS])


def _with_unit(hits: list[_Hit]) -> _Hit:
    """Return the first, or one with a unit that means the same: a "quả cà chua" is counted, a "lá dứa" is no "dứa"."""
    first = hits[0]
    return next((hit for hit in hits if hit.parsed.unit and hit.ingredients == first.ingredients), first)


def _counted(found: list[tuple[Parsed, list[Near]]], match: Match) -> Parsed | None:
    """Return the reading of "2 quả cà chau" that has a unit, and the same ingredient near."""
    for parsed, near in found:
        if parsed.unit and any(one.ingredient is match.ingredient for one in near):
            return parsed
    return None


def _misspelt(readings: list[Parsed]) -> list[tuple[str, Parsed]]:
    """Return the readings that can hold a misspelt name, each name once: the few that take the most off.

    Digits are no part of one, and a counting word without a number ("củ cả khô") is taken for what it is.
    """
    possible = [one for one in readings if one.quantity is not None or not one.unit]
    unique = {spelling.words_of(one.rest): one for one in reversed(possible)}
    return [(words, one) for words, one in reversed(unique.items()) if words and not _DIGIT.search(words)][-_MISSPELT:]


def _is_readable(text: str) -> bool:
    return len(text) <= MAX_LENGTH and not _NOT_TEXT.search(text) and any(map(str.isalpha, text))


def _is_name(reading: Parsed) -> bool:
    return any(map(str.isalpha, reading.rest))


def _names(entry: Ingredient) -> Iterator[str]:
    yield from dict.fromkeys((entry.vi, entry.en, *(name for names in entry.aliases.values() for name in names)))


def _name(words: str, ingredient: Ingredient) -> Name:
    """Make a name that holds one string where folding changes nothing: half of the names are English."""
    folded = fold(words)
    return Name(words, words if folded == words else folded, ingredient)


def _by(names: Iterable[Name], key: Callable[[Name], str]) -> dict[str, tuple[Name, ...]]:
    """Group names; tuples, since a list of one takes twice their memory."""
    groups: dict[str, tuple[Name, ...]] = {}
    for name in names:
        place = key(name)
        groups[place] = (*groups.get(place, ()), name)
    return groups


def _inflected(entries: Iterable[Ingredient], taken: set[str]) -> Iterator[Name]:
    """Yield the plurals of English names that are not themselves names ("cloves" are a spice)."""
    for entry in entries:
        english = (entry.en, *entry.aliases.get("en", ()))
        forms = {form for name in english for form in spelling.inflections(spelling.words_of(name))}
        yield from (_name(form, entry) for form in sorted(forms - taken))


def _canonical(name: str) -> str:
    return spelling.canonical(spelling.words_of(name))


def _in_order(entries: Iterable[Ingredient]) -> tuple[Ingredient, ...]:
    """Return each entry once, the most common one first: everyday foods have the shorter names."""
    unique = {entry.id: entry for entry in entries}
    return tuple(sorted(unique.values(), key=lambda entry: (len(entry.vi), entry.vi, entry.key)))
