"""Tokenize free text: position, spelling, separator and language of each word."""

import re
import unicodedata
from enum import IntEnum
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple

from apps.core.text import fold
from apps.ingredients import spelling

# What people do not see: control and formatting characters, soft hyphens, variation selectors. Inside a word they are
# nothing; a tab or a line break is a space.
_UNSEEN = "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_MARKS = "\u0300-\u036f"
_APOSTROPHE = r"(?<=[^\W_])['’ʼ`´](?=[^\W_])"
_WORD = re.compile(rf"([^\W_](?:[^\W_]+|[{_MARKS}{_UNSEEN}]|{_APOSTROPHE})*)")
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# "ºC" is no word: the ordinal sign, written for degrees, would be the letter o.
_DEGREES = str.maketrans({"º": "°", "ª": " "})
# Ð (eth) is what many keyboards write for Đ.
_ETH = str.maketrans({"ð": "đ", "Ð": "Đ"})

# A syllable of Vietnamese, without its diacritics.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?"
    r"(?:(?:oa|oe|uy|ua|uo|ie|ye|uye|oo|ia|[aeiouy])(?:ch|ng|nh|[cmnpt])?"
    r"|oai|oay|oao|oeo|uoi|uou|uay|uya|uyu|ieu|yeu|ai|ao|au|ay|eo|eu|iu|oi|ui|uu|ue|uau)"
)
# English words that stand in nearly every sentence, and could be syllables.
_ENGLISH_WORDS = """
    a an and any are as at be but by can cut do each for from fun hat have hot i in into is it its let me men mix
    my no not of off on one or our out over pan pat pot put quit so than that the them then thin thing this tip to
    too top until up use we with you your has he she him her was were will if all add stir serve heat cook
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
# Of those, the ones that say nothing about a text: they are Vietnamese as often, once the diacritics are gone.
_EITHER_WORDS = "a an be can cho do hat hot in it la let me men my no on pan pat so than them thin tip to too top up"
_EITHER = frozenset(_EITHER_WORDS.split())
# Units are written alike in both languages.
_UNITS = frozenset({"g", "kg", "mg", "ml", "l", "dl", "cm", "mm", "c", "f"})
# So many words make a sentence that can be judged by itself; such a share of it, or of a mere name, may be foreign.
_SENTENCE = 4
_FOREIGN = 0.2
_FOREIGN_IN_A_NAME = 0.5

_HYPHENS = frozenset("-_\u2010\u2011")
_DECORATION = frozenset({"-", "–", "—", "*", "**", '"', "“", "”", "'", "‘", "’"})
_BRACKETS = frozenset("()[]{}")
_ENDS = frozenset(".!?;:\n…•")


class Spoken(IntEnum):
    ENGLISH = 0
    MARKED = 1  # Vietnamese with its diacritics
    BARE = 2  # what may be Vietnamese without


class Gap(IntEnum):
    """How surely a word and the one before it are of one phrase."""

    JOINED = 0  # a space, or a hyphen between letters
    DOUBTFUL = 1  # other punctuation between letters, or a line break: perhaps one name, perhaps two
    PARTED = 2


class Word(NamedTuple):
    """A word `spelt` as names are (`spelling.words_of`) and `bare`, without diacritics; one object for all its places.

    `foreignness` is how much it speaks for English: loanwords 1, the words that hold English sentences together 2.
    """

    spelt: str
    bare: str
    is_syllable: bool
    foreignness: int
    is_marked: bool


# Longer ones name nothing, and must not fill the caches.
_LONGEST = 64
_NO_WORD = Word("", "", is_syllable=False, foreignness=1, is_marked=False)


class Parting(NamedTuple):
    """What is between a word and the one before; `tight` without any space, `ends` where it ends a sentence."""

    gap: Gap
    tight: bool
    ends: bool


class Tokens(NamedTuple):
    """A text as words: parallel lists, since a text has hundreds and each is looked at once. Offsets are the text's."""

    words: list[Word]
    starts: list[int]
    ends: list[int]
    partings: list[Parting]
    languages: list[Spoken]


def tokenize(text: str, language: str | None = None, *, has_marks: bool = False) -> Tokens:
    """Return the words of `text`, each in the language of its sentence. About 0.2 ms for 2 KB.

    In a text that is known to be English no sentence without diacritics is Vietnamese. `has_marks` says that the author
    writes diacritics elsewhere, so that a text without any needs none.
    """
    # What is between the words and the words themselves, in turn.
    pieces = _WORD.split(text.translate(_DEGREES))
    offsets = list(accumulate(map(len, pieces)))
    words = [word_of(piece) if len(piece) <= _LONGEST else _NO_WORD for piece in pieces[1::2]]
    partings = list(map(_parting, pieces[:-1:2]))
    return Tokens(
        words, offsets[:-1:2], offsets[1::2], partings, _languages_of(words, partings, language, has_marks=has_marks)
    )


# Words repeat: a recipe has a third as many as tokens, and recipes share most of them. 4,096 of them take 1.5 MB.
@lru_cache(maxsize=4096)
def word_of(token: str) -> Word:
    seen = token if token.isascii() else unicodedata.normalize("NFKC", token).translate(_ETH)
    spelt = spelling.words_of(_INVISIBLE.sub("", seen)).replace(" ", "")
    bare = fold(spelt)
    is_syllable = _SYLLABLE.fullmatch(bare) is not None
    # "à la carte" is no Vietnamese.
    return Word(
        spelt, bare, is_syllable, _foreignness(bare, is_syllable), spelt != bare and is_syllable and bare != "a"
    )


def _foreignness(bare: str, is_syllable: bool) -> int:  # noqa: FBT001  a private step of `word_of`
    if bare in _ENGLISH and bare not in _EITHER:
        return 2
    return int(not is_syllable and not bare[:1].isdigit() and bare not in _UNITS)


@lru_cache(maxsize=256)
def _parting(between: str) -> Parting:
    seen = _INVISIBLE.sub("", between)
    tight = not any(map(str.isspace, seen))
    return Parting(_gap(seen, is_tight=tight), tight and bool(seen), not _ENDS.isdisjoint(seen))


def _gap(seen: str, *, is_tight: bool) -> Gap:
    if not seen or seen in _HYPHENS or (seen.isspace() and "\n" not in seen):
        return Gap.JOINED
    if seen.isspace() or seen.strip() in _DECORATION or (is_tight and _BRACKETS.isdisjoint(seen)):
        return Gap.DOUBTFUL
    return Gap.PARTED


def _languages_of(words: list[Word], partings: list[Parting], language: str | None, *, has_marks: bool) -> list[Spoken]:
    """Give each word the language of its sentence, of the whole text where that is too short to tell."""
    marked = [word.is_marked for word in words]
    if language == "en" and not any(marked):
        return [Spoken.ENGLISH] * len(words)
    foreign = [word.foreignness for word in words]
    if has_marks and not any(marked) and _language_of(marked, foreign, _FOREIGN_IN_A_NAME) == Spoken.BARE:
        return [Spoken.MARKED] * len(words)
    whole = _language_of(marked, foreign, _FOREIGN if len(words) >= _SENTENCE else _FOREIGN_IN_A_NAME)
    languages: list[Spoken] = []
    bounds = [place for place, parting in enumerate(partings) if place and parting.gap == Gap.PARTED]
    start = 0
    for end in [*bounds, len(words)]:
        size = end - start
        own = _language_of(marked[start:end], foreign[start:end], _FOREIGN) if size >= _SENTENCE else whole
        languages += [own] * size
        start = end
    return languages


def _language_of(marked: list[bool], foreign: list[int], tolerated: float) -> Spoken:
    """Say which language words are in: English where many cannot be syllables of Vietnamese."""
    if any(marked):
        return Spoken.MARKED
    return Spoken.ENGLISH if sum(foreign) > tolerated * len(foreign) else Spoken.BARE


def is_english(bare: str) -> bool:
    """Say whether a word is one of the English ones that look Vietnamese."""
    return bare in _ENGLISH
