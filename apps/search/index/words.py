"""Words of recipes and of queries, and how much a word says about the recipe it is in."""

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
# Every word must match: whoever types more has said what they look for, and each word costs up to 0.2 ms.
_MOST_WORDS = 16

# What a word adds to a recipe's weight by where it stands. Any title outweighs all other places together, ingredients
# outweigh tags and description together, and all of it fits a byte. A word of a short title says more: 140 to 101.
TITLE = 100
TITLE_BONUS = 40
INGREDIENT = 48
TAG = 30
DESCRIPTION = 15


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed (NFC, lower case) and its `stem`, the same without diacritics."""

    typed: str
    stem: str

    @property
    def is_marked(self) -> bool:
        """Say whether the person cared to type diacritics."""
        return self.typed != self.stem

    @property
    def forgives_a_typo(self) -> bool:
        """Not in short words, nor in numbers: with another digit it is another number."""
        return len(self.stem) >= _FORGIVEN and self.stem.isalpha()


def split_words(text: str) -> list[str]:
    """Return the words of `text` with their diacritics, NFC and lower case, in order and with repetitions."""
    return [word[:_LONGEST] for word in _WORD.findall(normalize(text))]


def parse_query(text: str) -> list[Word]:
    """Return the distinct words of a query in order, at most 16; any text at all is a query."""
    typed = dict.fromkeys(split_words(text))
    return [Word(word, fold(word)) for word in typed][:_MOST_WORDS]


def weigh_words(entry: Entry) -> dict[str, int]:
    """Return each written word of `entry` with its weight, 1 to 255; repeating a word adds nothing."""
    title = split_words(entry.title)
    found: dict[str, int] = {}
    _add(found, split_words(entry.description), DESCRIPTION)
    _add(found, (word for tag in entry.tags for word in _name_words(tag)), TAG)
    _add(found, (word for line in entry.ingredients for word in _name_words(line.name)), INGREDIENT)
    _add(found, title, TITLE + TITLE_BONUS // max(1, len(title)))
    return found


def _add(found: dict[str, int], words: Iterable[str], weight: int) -> None:
    for word in set(words):
        found[word] = found.get(word, 0) + weight


# Names of ingredients and tags repeat from recipe to recipe: 8,192 hold all of the common ones.
@lru_cache(maxsize=8192)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(split_words(name))
