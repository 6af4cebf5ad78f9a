"""What a phrase can mean: its entries in the master list and the carrier table, and the allergens of each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from apps.core.text import fold
from apps.ingredients import spelling
from apps.ingredients.carrier_table import Carrier, Generic, Table
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.matching import Matcher
from apps.ingredients.tokens import Spoken, Word, is_english, word_of

# Letters from which on a name is recognised with a diacritic wrong.
_LONG = 6
# The tones hỏi and ngã, which half of the country does not tell apart.
_MIXED_UP = frozenset("\u0309\u0303")

_Named = tuple[str, Ingredient | Carrier]


class Meaning(NamedTuple):
    """What a phrase can mean; `term` is its canonical name. `certain` unless it is misspelt.

    `allergens` are in all that it can mean, `may_contain` in some of it or in some makers' products of it.
    """

    term: str
    ingredient_ids: frozenset[str]
    allergens: frozenset[str]
    may_contain: frozenset[str]
    breaks: frozenset[str]
    generic: Generic | None
    names: tuple[str, ...]
    certain: bool
    # It is a prepared dish of the master list, whatever it can mean.
    is_dish: bool = False
    # It is what recipes are called that make it, however they make it: "pancakes", "pâté".
    is_made: bool = False

    @property
    def says_something(self) -> bool:
        return bool(self.ingredient_ids or self.allergens or self.may_contain or self.breaks)


class Lexicon:
    """The names of the master list and of the table, looked up together; holds no copy of either.

    `own` and `listed` are the names of the table and of the list by their form without diacritics.
    """

    def __init__(self, matcher: Matcher, table: Table) -> None:
        self._matcher, self._table = matcher, table
        self.own, self.listed = table.by_folded, matcher.by_folded
        self._own_words = frozenset(
            word for pairs in table.by_folded.values() for name, _ in pairs for word in name.split(" ")
        ).union(table.words, table.not_food)
        # Recipes share most of what they name; 4,096 meanings take about 1.5 MB.
        self.meaning = lru_cache(maxsize=4096)(self._meaning)

    def names(self) -> Iterator[str]:
        """Yield every name without diacritics, some twice."""
        yield from self.listed
        yield from self.own

    def is_name(self, folded: str) -> bool:
        return folded in self.own or folded in self.listed

    def is_word(self, word: str) -> bool:
        """Say whether a word with these diacritics stands in a name, or is known to be none."""
        return word in self._own_words or self._matcher.is_word(word)

    def dangerous(self) -> Iterator[str]:
        """Yield the names that carry something, as they are spelt, without the plurals of others."""
        for folded in {*self.names()}:
            for name, meanings in _by_name(self._all(folded)).items():
                if any(meaning.allergens or meaning.breaks for meaning in meanings) and not self._is_plural(folded):
                    yield name

    def _is_plural(self, folded: str) -> bool:
        return folded.endswith("s") and (
            self.is_name(folded[:-1]) or (folded.endswith("es") and self.is_name(folded[:-2]))
        )

    def _all(self, folded: str) -> tuple[_Named, ...]:
        own, listed = self.own.get(folded, ()), self.listed.get(folded, ())
        return (*own, *((name.words, name.ingredient) for name in listed if name.words not in self._table.not_food))

    def _meaning(self, typed: str, spoken: Spoken) -> Meaning | None:
        """Return what words mean that are spelt like this in a sentence of this language."""
        known = self._all(fold(typed))
        if not known:
            return None
        words = [word_of(word) for word in typed.split(" ")]
        certain = True
        names = [pair for pair in known if pair[0] == typed]
        if len(names) < len(known) and self._may_lack_marks(words, spoken, is_name=bool(names)):
            names = [pair for pair in known if spelling.agrees(typed, pair[0]) and self._fits(words, pair[0], spoken)]
        elif not names and not typed.isascii():
            names = [pair for pair in known if spelling.canonical(pair[0]) == spelling.canonical(typed)]
        if not names and len(typed) >= _LONG:
            certain, names = False, [pair for pair in known if self._is_slip(words, pair[0])]
        found = united([pair for pair in names if self._is_of_its_language(pair[0], spoken)], certain=certain)
        return found._replace(is_made=True) if found and typed in self._table.dishes else found

    def named(self, name: str) -> Meaning | None:
        """Return what exactly this name means, for somebody who misspelt it."""
        return united([pair for pair in self._all(fold(name)) if pair[0] == name], certain=False)

    def _may_lack_marks(self, words: Sequence[Word], spoken: Spoken, *, is_name: bool) -> bool:
        """Say whether these words lack diacritics: `is_name` if they are a name as they stand.

        Words of English have no diacritics, and in a sentence with diacritics a single word without is hardly an
        oversight, unless it is none as it stands.
        """
        if spoken == Spoken.ENGLISH:
            if len(words) == 1:
                return not words[0].is_syllable or words[0].bare in self._table.unmistakable
            return not all(is_english(word.bare) for word in words)
        if spoken == Spoken.MARKED:
            if len(words) == 1:
                return words[0].is_marked or words[0].bare in self._table.unmistakable
            return not is_name
        return True

    def _fits(self, words: Sequence[Word], name: str, spoken: Spoken) -> bool:
        """Say whether diacritics may lack: in a name with some, a word that is one without them has none ("kho")."""
        if spoken != Spoken.MARKED or not any(word.is_marked for word in words):
            return True
        lacking = [word.spelt for word, meant in zip(words, name.split(" "), strict=True) if word.spelt != meant]
        return not lacking or len(words) == 1 or not all(map(self.is_word, lacking))

    def _is_slip(self, words: Sequence[Word], name: str) -> bool:
        """Say whether a name was meant that has other diacritics in one word: it lacks some, or has hỏi for ngã."""
        pairs = list(zip(words, name.split(" "), strict=True))
        wrong = [(word.spelt, meant) for word, meant in pairs if not spelling.agrees(word.spelt, meant)]
        if len(wrong) != 1 or self.is_word(wrong[0][0]):
            return False
        typed, meant = map(spelling.marks_of, wrong[0])
        return typed <= meant or typed ^ meant == _MIXED_UP

    def _is_of_its_language(self, name: str, spoken: Spoken) -> bool:
        if spoken == Spoken.MARKED:
            return name not in self._table.english_only
        return spoken != Spoken.ENGLISH or name not in self._table.vietnamese_only


def united(names: Sequence[_Named], *, certain: bool) -> Meaning | None:
    """Put together what names mean: what all of it contains is contained, what some of it contains may be."""
    if not names:
        return None
    by_name = _by_name(names)
    counted = [meaning for meanings in by_name.values() for meaning in meanings]
    # Where the master list has a name, the table of carriers only says what some products have besides.
    deciding = [meaning for meanings in by_name.values() for meaning in _deciding(meanings)]
    allergens = frozenset.intersection(*(meaning.allergens for meaning in deciding))
    possible = frozenset[str]().union(*(meaning.allergens | meaning.may_contain for meaning in counted))
    generic = _generic(counted)
    return Meaning(
        term=_term(by_name, names),
        ingredient_ids=frozenset(meaning.id for _, meaning in names if isinstance(meaning, Ingredient)),
        allergens=allergens,
        may_contain=possible - allergens,
        breaks=frozenset[str]().union(*(meaning.breaks for meaning in counted)),
        generic=generic,
        names=tuple(by_name) if generic else (),
        certain=certain,
        is_dish=all(isinstance(meaning, Ingredient) and meaning.category == Category.PREPARED for meaning in deciding),
    )


def _deciding(meanings: Sequence[Ingredient | Carrier]) -> Sequence[Ingredient | Carrier]:
    return [meaning for meaning in meanings if isinstance(meaning, Ingredient)] or meanings


def _by_name(names: Iterable[_Named]) -> dict[str, list[Ingredient | Carrier]]:
    """Return what each name means: where the table decides, not the master list."""
    meanings: dict[str, list[Ingredient | Carrier]] = defaultdict(list)
    for name, meaning in names:
        meanings[name].append(meaning)
    for name, found in meanings.items():
        if deciding := [meaning for meaning in found if isinstance(meaning, Carrier) and meaning.decides]:
            meanings[name] = list(deciding)
    return meanings


def _is_dangerous(meaning: Ingredient | Carrier) -> bool:
    return bool(meaning.allergens or meaning.may_contain or meaning.breaks)


def _generic(meanings: Iterable[Ingredient | Carrier]) -> Generic | None:
    """Return what makes a word generic, if nothing dangerous that it can mean is more than that."""
    dangerous = list(filter(_is_dangerous, meanings))
    kinds = [meaning.generic for meaning in dangerous if isinstance(meaning, Carrier)]
    return kinds[0] if kinds and len(kinds) == len(dangerous) and all(kinds) else None


def _term(by_name: dict[str, list[Ingredient | Carrier]], names: Sequence[_Named]) -> str:
    """Return the canonical name of the first meaning that carries something, else of the ingredient."""
    for name, meanings in by_name.items():
        for meaning in filter(_is_dangerous, meanings):
            return meaning.en if isinstance(meaning, Ingredient) else name
    return next((meaning.en for _, meaning in names if isinstance(meaning, Ingredient)), names[0][0])
