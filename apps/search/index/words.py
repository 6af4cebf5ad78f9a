"""Split recipes and queries into words, and weigh words by where they occur."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from apps.core.text import fold, normalize
from apps.search.index.entries import Entry

# Letters and digits, with marks that have no composed letter.
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_LONGEST = 40
# Shorter words are within one typo of too many others.
_FORGIVEN = 4
_INFLECTED = 3
_OPEN_SYLLABLE = 2
# Maximum number of words. All must match, so more words add little, and each costs up to 0.2 ms.
_MOST_WORDS = 16

# Weights of a word by its place. A title outweighs all other places together, a tag outweighs names of ingredients and
# description together, and the sum fits into a byte. Words of short titles weigh more: 140 to 101. So what weighs as
# much as a tag names the dish; less is a word in the name of an ingredient ("gà" in "trứng gà") or in the description.
TITLE = 100
TITLE_BONUS = 40
TRANSLATED_TITLE = 80
# Weight of words that name the same thing as a title: a synonym, or an ingredient.
TITLE_SYNONYM = 92
TAG = 48
# An ingredient of the master list that the recipe has, by whatever name.
INGREDIENT = 48
IN_INGREDIENT = 30
DESCRIPTION = 15


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed (NFC, lower case) and its `stem`, which has no diacritics.

    `exact` means that the absence of diacritics is intended: "kho" next to words with diacritics is not "khổ".
    """

    typed: str
    stem: str
    exact: bool = False

    @property
    def inflections(self) -> Sequence[str]:
        """Return singular and plural of an English noun, since a search for "eggs" should find "egg"."""
        if self.typed != self.stem or len(self.stem) < _INFLECTED or not self.stem.isalpha():
            return ()
        return inflect(self.stem)

    @property
    def is_marked(self) -> bool:
        """Return whether the query has diacritics, in this word or in those beside it."""
        return self.exact or self.typed != self.stem

    @property
    def forgives_a_typo(self) -> bool:
        """Return whether a typo in the word is forgiven: not in short words, nor in numbers."""
        return len(self.stem) >= _FORGIVEN and self.stem.isalpha()


# British and American: "caramelised" and "caramelized", "flavour" and "flavor".
_SPELLED = re.compile(r"(?<=[a-z]{3})i([sz])(?=e[ds]?$|ing$)|(?<=[a-z]{3}[lv])(ou?r)(?=$|s$|ed$)")


# Words of queries, and of their many synonyms, repeat.
@lru_cache(maxsize=8192)
def inflect(stem: str) -> tuple[str, ...]:
    """Return singular and plural of an English noun, and its British or American spelling, without the word itself."""
    forms = {f"{stem}s", f"{stem}es", f"{stem[:-1]}ies" if stem.endswith("y") else stem}
    forms |= {stem.removesuffix("s"), stem.removesuffix("es"), f"{stem[:-3]}y" if stem.endswith("ies") else stem}
    forms |= {_SPELLED.sub(_other_spelling, stem)}
    return tuple(sorted(forms - {stem}))


def _other_spelling(found: re.Match[str]) -> str:
    if found[1]:
        return "iz" if found[1] == "s" else "is"
    return "or" if found[2] == "our" else "our"


# Alternative spellings: "mỳ" and "mì", "kỷ" and "kỉ"; the tone on the first or on the second vowel: "hoà", "hòa".
_Y_FOR_I = re.compile(r"^([hklmst])([yỳýỷỹỵ])$")
_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_TONES = {f"{glide}{toned}": f"{other}{vowel}" for glide, vowel, marks in (
    ("o", "a", "òàóáỏảõãọạ"), ("o", "e", "òèóéỏẻõẽọẹ"), ("u", "y", "ùỳúýủỷũỹụỵ"),
) for other, toned in zip(marks[::2], marks[1::2], strict=True)}  # fmt: skip
_LATE_TONE = re.compile(r"(?<!q)(" + "|".join(_TONES) + r")$")


def spell(word: str) -> str:
    """Return the canonical spelling of a Vietnamese syllable; other words are returned unchanged."""
    if len(word) == _OPEN_SYLLABLE and (match := _Y_FOR_I.match(word)) and not word.isascii():
        return match[1] + match[2].translate(_I)
    return word if word.isascii() else _LATE_TONE.sub(lambda match: _TONES[match[1]], word)


def split_words(text: str) -> list[str]:
    """Return the words of `text` with diacritics, in NFC and lower case, in order and with repetitions."""
    return [spell(word[:_LONGEST]) for word in _WORD.findall(normalize(text))]


def fold_phrase(text: str) -> str:
    """Return the words of `text` without diacritics, separated by spaces."""
    return fold(" ".join(split_words(text)))


@lru_cache(maxsize=8192)
def parse_query(text: str, *, exact: bool = False) -> Sequence[Word]:
    """Return the distinct words of a query in order, at most 16. Accepts any text."""
    typed = dict.fromkeys(split_words(text))
    return tuple(Word(word, fold(word), exact) for word in typed)[:_MOST_WORDS]


def weigh_words(entry: Entry) -> dict[str, int]:
    """Return each word of `entry` with its weight, 1 to 255. Repetitions add nothing."""
    title = split_words(entry.title)
    found: dict[str, int] = {}
    _add(found, split_words(entry.description), DESCRIPTION)
    _add(found, (word for tag in entry.tags for word in _name_words(tag)), TAG)
    _add(found, (word for line in entry.ingredients for word in _name_words(line.name)), IN_INGREDIENT)
    for word in split_words(entry.translated_title):
        found[word] = max(found.get(word, 0), TRANSLATED_TITLE)
    _add(found, title, TITLE + TITLE_BONUS // max(1, len(title)))
    return found


def _add(found: dict[str, int], words: Iterable[str], weight: int) -> None:
    for word in set(words):
        found[word] = found.get(word, 0) + weight


# Names of ingredients and tags repeat between recipes; 8,192 entries hold all common ones.
@lru_cache(maxsize=8192)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(split_words(name))
