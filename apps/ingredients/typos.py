"""Names that are close to what was typed, scored, and whether the best is close enough to be taken."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, takewhile

import numpy as np
import numpy.typing as npt
from rapidfuzz import process
from rapidfuzz.distance import OSA

from apps.core.text import fold
from apps.ingredients import grammar_table, spelling
from apps.ingredients.entry import Ingredient
from apps.ingredients.spelling import Name

# Below this many letters one change gives another food ("mè", "mẻ", "mì"); from here on one, then two are forgiven.
_ONE_EDIT_FROM = 4
_TWO_EDITS_FROM = 8
# In a word of up to three letters only slips are forgiven ("xúc xích bà": gà or bò?).
_SHORT_WORD = 3
# The same of names of one word, which no other word supports; shorter ones are not guessed ("garri" is no "gari").
_SHORT_NAME = 5
# "nghiêng": no syllable of Vietnamese is longer.
_LONGEST_SYLLABLE = 7
# What a wrong diacritic, and a letter doubled or left single, cost in letters: people get these wrong most.
_MARK = 0.5
_DOUBLING = 0.5
# What lacks only its last letter is a typo in a long name, the beginning of a name in a short one ("thịt b").
_PREFIX_FROM = 7
# So long must a name be whose letters are right and whose spaces are not: "sa ke" is a fruit, "sake" a wine.
_UNSPACED_FROM = 6
# Names whose diacritics are compared as well; by folded distance, the right one is always among the first few.
_RESCORED = 24


@dataclass(frozen=True, slots=True)
class Near:
    """A name near to what was typed: `score` in 0..1, from `cost` in letters; `takeable` if it may be meant."""

    ingredient: Ingredient
    score: float
    cost: float
    takeable: bool


@dataclass(frozen=True, slots=True)
class _Typed:
    words: str
    folded: str

    @property
    def has_marks(self) -> bool:
        return self.words != self.folded


class NearNames:
    """All names by their letters without diacritics; immutable."""

    def __init__(self, by_folded: Mapping[str, tuple[Name, ...]], words: set[str]) -> None:
        self._by_folded = by_folded
        self._sorted = sorted(self._by_folded)
        self._folded = np.array(self._sorted, dtype=object)
        self._lengths = np.array([len(name) for name in self._sorted], dtype=np.int16)
        self._letters = np.array([_letters(name) for name in self._sorted], dtype=np.uint64)
        names = [name for held in by_folded.values() for name in held]
        self._foods = {name.words for name in names if " " not in name.words}
        self._words = words
        self._folded_words = spelling.words_in(self._sorted)

    def find(self, words: str, *, reach: float) -> list[Near]:
        """Return the names that score `reach` or more, best first, one for each entry.

        `words` are given by `spelling.words_of`. About 0.2 ms at 0.8 and 0.5 ms at 0.6 for 15,000 names.
        """
        typed = _Typed(words, fold(words))
        found = [
            self._near(typed, name.words, folded, name.ingredient, edits)
            for folded, edits in self._within(reach, typed.folded)
            for name in self._by_folded[folded]
        ]
        return list(_best_of_each(near for near in found if near.score >= reach))

    def is_word(self, word: str) -> bool:
        return word in self._words

    def _within(self, reach: float, typed: str) -> list[tuple[str, int]]:
        """Return folded names and their distances in edits, nearest first."""
        limits = (np.maximum(self._lengths, len(typed)) * (1 - reach) + 1e-6).astype(np.int16)
        places = self._sharing_letters(typed, limits)
        if not places.size:
            return []
        names = self._folded[places].tolist()
        limits = limits[places]
        edits = process.cdist([typed], names, scorer=OSA.distance, score_cutoff=int(limits.max()), dtype=np.int16)[0]
        near = np.flatnonzero(edits <= limits)
        ranked = near[np.argsort(edits[near] / np.maximum(self._lengths[places[near]], len(typed)), kind="stable")]
        return [(names[place], int(edits[place])) for place in ranked[:_RESCORED]]

    def _sharing_letters(self, typed: str, limits: npt.NDArray[np.int16]) -> npt.NDArray[np.intp]:
        """Return the places of the names that can be within `limits` edits, by the letters that both do not have.

        An edit changes one or two of those, and one of length at most; so some hundreds of names remain of ten
        thousand, and measuring them is what takes the time.
        """
        unshared = np.bitwise_count(self._letters ^ np.uint64(_letters(typed)))
        return np.flatnonzero(unshared + np.abs(self._lengths - len(typed)) <= 2 * limits)

    def _near(self, typed: _Typed, name: str, folded: str, ingredient: Ingredient, edits: int) -> Near:
        letters = edits + _wrong_starts(typed.folded, folded)
        diacritics = spelling.distance(typed.words, name) - edits if typed.has_marks else 0
        single = spelling.differ_in_doubling(typed.folded, folded)
        cost = letters * (_DOUBLING if single else 1) + diacritics * _MARK
        score = 1 - cost / max(len(typed.folded), len(folded))
        return Near(ingredient, score, cost, self._is_takeable(typed, name, folded, letters))

    def _is_takeable(self, typed: _Typed, name: str, folded: str, cost: int) -> bool:
        if cost > _forgiven(min(len(typed.folded), len(folded))) or len(folded) < _ONE_EDIT_FROM:
            return False
        if typed.folded.count(" ") != folded.count(" "):
            bare = _unspaced(name if typed.has_marks else folded)
            return len(bare) >= _UNSPACED_FROM and _unspaced(typed.words) == bare
        if _changes_the_start(typed.folded, folded):
            return False
        if folded.startswith(typed.folded) and not self._is_nearly_whole(typed.folded, folded):
            return False
        return all(self._may_be(typed, place, name) for place in range(name.count(" ") + 1))

    def _is_nearly_whole(self, typed: str, folded: str) -> bool:
        """Say whether `typed` lacks one letter of a long name, in a word that nothing else completes."""
        if folded == typed:
            return True
        if len(folded) > len(typed) + 1 or len(typed) < _PREFIX_FROM or len(typed.rpartition(" ")[2]) < _SHORT_WORD:
            return False
        return all(name.startswith(folded) for name in self._starting_with(typed))

    def _starting_with(self, typed: str) -> Iterator[str]:
        following = islice(self._sorted, bisect_left(self._sorted, typed), None)
        return takewhile(lambda name: name.startswith(typed), following)

    def _may_be(self, typed: _Typed, place: int, name: str) -> bool:
        """Say whether a word of `name` may have been meant by the one typed in its place.

        A word that stands in some name was hardly mistyped: "chanh giấy" is not "chanh dây", "soft drink" not "soy
        drink". One slip is believed of such a word: wrong diacritics where it only qualifies another word ("hủ tiêu"),
        unless both are foods ("kẹo dứa").
        """
        mine, theirs = typed.words.split(" ")[place], name.split(" ")[place]
        if spelling.agrees(mine, theirs):
            return mine == theirs or not (typed.has_marks and mine.isascii() and mine in self._words)
        folded, bare = fold(mine), fold(theirs)
        if mine in grammar_table.ordinary_words() or not _is_one_slip(folded, bare):
            return False
        if folded == bare:
            return mine not in (self._foods if place else self._words) or (place > 0 and theirs not in self._foods)
        if mine in (self._words if typed.has_marks else self._folded_words):
            return False
        return self._is_believable(folded, bare, name) and spelling.has_tone_of(mine, theirs)

    @staticmethod
    def _is_believable(folded: str, bare: str, name: str) -> bool:
        """Say whether letters differ as in a slip: in a short word, and in a name of one word, few slips are."""
        is_alone = " " not in name
        if min(len(folded), len(bare)) <= (_SHORT_NAME if is_alone else _SHORT_WORD):
            return (len(bare) >= _SHORT_NAME or not is_alone) and spelling.is_slip(folded, bare)
        # "amaretti" and "amaretto": another end is another word.
        has_other_end = len(folded) == len(bare) and folded[-1] != bare[-1] and sorted(folded) != sorted(bare)
        return not (is_alone and has_other_end)


def _best_of_each(found: Iterable[Near]) -> Iterator[Near]:
    """Yield one for each entry, best first: what may be meant before what may not, then the shorter name."""
    seen: set[str] = set()
    for near in sorted(found, key=_rank):
        if near.ingredient.id not in seen:
            seen.add(near.ingredient.id)
            yield near


def _rank(near: Near) -> tuple[float, bool, int, str]:
    return -near.score, not near.takeable, len(near.ingredient.vi), near.ingredient.key


def _is_one_slip(typed: str, word: str) -> bool:
    """Say whether a word differs in a letter, in two where it is long, or in doubled letters only."""
    return spelling.distance(typed, word) <= _forgiven(max(len(typed), len(word))) or spelling.is_slip(typed, word)


def _changes_the_start(typed: str, folded: str) -> bool:
    """Say whether the first syllable has other letters: of a word of English its first two, of Vietnamese all.

    A letter doubled, left single or swapped with its neighbour is still the same syllable.
    """
    mine, theirs = typed.partition(" ")[0], folded.partition(" ")[0]
    if " " not in folded or len(theirs) > _LONGEST_SYLLABLE:
        return sorted(mine[:2]) != sorted(theirs[:2])
    return sorted(mine) != sorted(theirs) and not spelling.differ_in_doubling(mine, theirs)


def _forgiven(letters: int) -> int:
    return (letters >= _ONE_EDIT_FROM) + (letters >= _TWO_EDITS_FROM)


def _wrong_starts(typed: str, folded: str) -> int:
    """Count the words that do not even start right: people rarely mistype the first letter."""
    mine, theirs = typed.split(" "), folded.split(" ")
    if len(mine) != len(theirs):
        return 0
    return sum(not spelling.starts_alike(*pair) for pair in zip(mine, theirs, strict=True))


def _unspaced(words: str) -> str:
    return words.replace(" ", "")


def _letters(folded: str) -> int:
    """Return the letters of a name as bits: 26 for those that it has, 26 for those that it has twice."""
    once = twice = 0
    for letter in folded:
        bit = 1 << ((ord(letter) - 97) % 26)
        twice |= once & bit
        once |= bit
    return once | twice << 26
