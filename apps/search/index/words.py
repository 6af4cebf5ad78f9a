"""Split recipes and queries into words, and weigh how much a word says about its recipe."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from apps.core.text import fold, normalize
from apps.search.index.entries import Entry

# Letters and digits, with marks that have no composed letter.
_WORD = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")
_LONGEST = 40
# Words of three letters are one typo from too many others.
_FORGIVEN = 4
_INFLECTED = 3
_OPEN_SYLLABLE = 2
# Every word must match: whoever types more has said what they look for, and each word costs up to 0.2 ms.
_MOST_WORDS = 16

# What a word adds to a recipe's weight by where it stands. Any title outweighs all other places together, ingredients
# outweigh tags and description together, and all of it fits a byte. A word of a short title says more: 140 to 101.
TITLE = 100
TITLE_BONUS = 40
TRANSLATED_TITLE = 80
# What stands in a title by another name: a synonym, or an ingredient that it names.
TITLE_SYNONYM = 92
INGREDIENT = 48
TAG = 30
DESCRIPTION = 15


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed (NFC, lower case) and its `stem`, the same without diacritics.

    `exact` says that a word without diacritics is meant so: "kho" beside words with some is not "khổ".
    """

    typed: str
    stem: str
    exact: bool = False

    @property
    def inflections(self) -> list[str]:
        """Return singular and plural of an English noun: "eggs" and "egg" are one word to whoever searches."""
        if self.typed != self.stem or len(self.stem) < _INFLECTED or not self.stem.isalpha():
            return []
        stem = self.stem
        forms = {f"{stem}s", f"{stem}es", f"{stem[:-1]}ies" if stem.endswith("y") else stem}
        forms |= {stem.removesuffix("s"), stem.removesuffix("es"), f"{stem[:-3]}y" if stem.endswith("ies") else stem}
        return sorted(forms - {stem})

    @property
    def is_marked(self) -> bool:
        """Say whether the person cared to type diacritics, in this word or in those beside it."""
        return self.exact or self.typed != self.stem

    @property
    def forgives_a_typo(self) -> bool:
        """Not in short words, nor in numbers: with another digit it is another number."""
        return len(self.stem) >= _FORGIVEN and self.stem.isalpha()


# Both spellings are in use: "mỳ" and "mì", "kỷ" and "kỉ"; the tone on the first or on the second vowel: "hoà", "hòa".
_Y_FOR_I = re.compile(r"^([hklmst])([yỳýỷỹỵ])$")
_I = str.maketrans("yỳýỷỹỵ", "iìíỉĩị")
_TONES = {f"{glide}{toned}": f"{other}{vowel}" for glide, vowel, marks in (
    ("o", "a", "òàóáỏảõãọạ"), ("o", "e", "òèóéỏẻõẽọẹ"), ("u", "y", "ùỳúýủỷũỹụỵ"),
) for other, toned in zip(marks[::2], marks[1::2], strict=True)}  # fmt: skip
_LATE_TONE = re.compile(r"(?<!q)(" + "|".join(_TONES) + r")$")


def spell(word: str) -> str:
    """Return the one spelling by which a Vietnamese syllable is kept; other words come back as they are."""
    if len(word) == _OPEN_SYLLABLE and (match := _Y_FOR_I.match(word)) and not word.isascii():
        return match[1] + match[2].translate(_I)
    return word if word.isascii() else _LATE_TONE.sub(lambda match: _TONES[match[1]], word)


def split_words(text: str) -> list[str]:
    """Return the words of `text` with their diacritics, NFC and lower case, in order and with repetitions."""
    return [spell(word[:_LONGEST]) for word in _WORD.findall(normalize(text))]


def fold_phrase(text: str) -> str:
    """Return the words of `text` without diacritics, with a space between them."""
    return fold(" ".join(split_words(text)))


def parse_query(text: str, *, exact: bool = False) -> list[Word]:
    """Return the distinct words of a query in order, at most 16; any text at all is a query."""
    typed = dict.fromkeys(split_words(text))
    return [Word(word, fold(word), exact) for word in typed][:_MOST_WORDS]


def weigh_words(entry: Entry) -> dict[str, int]:
    """Return each written word of `entry` with its weight, 1 to 255; repeating a word adds nothing."""
    title = split_words(entry.title)
    found: dict[str, int] = {}
    _add(found, split_words(entry.description), DESCRIPTION)
    _add(found, (word for tag in entry.tags for word in _name_words(tag)), TAG)
    _add(found, (word for line in entry.ingredients for word in _name_words(line.name)), INGREDIENT)
    for word in split_words(entry.translated_title):
        found[word] = max(found.get(word, 0), TRANSLATED_TITLE)
    _add(found, title, TITLE + TITLE_BONUS // max(1, len(title)))
    return found


def _add(found: dict[str, int], words: Iterable[str], weight: int) -> None:
    for word in set(words):
        found[word] = found.get(word, 0) + weight


# Names of ingredients and tags repeat from recipe to recipe: 8,192 hold all of the common ones.
@lru_cache(maxsize=8192)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(split_words(name))
