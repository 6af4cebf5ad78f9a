"""Free text as words: where each stands, how it is spelt, what parts it from the next, and whose language it is."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from apps.core.text import fold
from apps.ingredients import spelling

# What people do not see: control and formatting characters, soft hyphens, variation selectors. Inside a word they are
# nothing; a tab or a line break is a space.
_UNSEEN = "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_LETTER = rf"(?:[^\W_]|[\u0300-\u036f{_UNSEEN}]|(?<=[^\W_])['’ʼ`´](?=[^\W_]))"
_WORD = re.compile(rf"[^\W_]{_LETTER}*")
_INVISIBLE = re.compile(f"[{_UNSEEN}]")
# Ð (eth) is what many keyboards write for Đ.
_ETH = str.maketrans({"ð": "đ"})

# A syllable of Vietnamese, without its marks.
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdghklmnpqrstvx])?"
    r"(?:(?:oa|oe|uy|ua|uo|ie|ye|uye|oo|ia|[aeiouy])(?:ch|ng|nh|[cmnpt])?"
    r"|oai|oay|oao|oeo|uoi|uou|uay|uya|uyu|ieu|yeu|ai|ao|au|ay|eo|eu|iu|oi|ui|uu|ue|uau)"
)
# English words that stand in nearly every sentence, and could be syllables.
_ENGLISH = frozenset(
    """a an and any are as at be but by can cut do each for from fun hat have hot i in into is it its let me men mix
    my no not of off on one or our out over pan pat pot put quit so than that the them then thin thing this tip to
    too top until up use we with you your has he she him her was were will if all add stir serve heat cook""".split()
)
# Of those, the ones that say nothing about a text: they are Vietnamese as often, once the marks are gone.
_EITHER = frozenset("a an be can cho do hat hot in it la let me men my no on pan pat so than them thin tip to too top up".split())
_HYPHENS = frozenset("-_\u2010\u2011")
_DECORATION = frozenset({"-", "–", "—", "*", "**", '"', "“", "”", "'", "‘", "’"})
_BRACKETS = frozenset("()[]{}")
_ENDS = frozenset(".!?;:\n…•")
# So many words make a sentence that can be judged by itself, and such a share of it may be foreign.
_SENTENCE = 4
_FOREIGN = 0.3
_FOREIGN_IN_A_NAME = 0.5


class Gap(IntEnum):
    """What parts a word from the one before it, by how surely both are of one phrase."""

    JOINED = 0  # a space, or a hyphen between letters
    DOUBTFUL = 1  # other punctuation between letters, or a line break: perhaps one name, perhaps two
    PARTED = 2


class Tongue(IntEnum):
    ENGLISH = 0
    MARKED = 1  # Vietnamese with its diacritics
    BARE = 2  # what may be Vietnamese without


@dataclass(slots=True)
class Word:
    """A word of a text: `spelt` as names are (`spelling.words_of`), `bare` without marks.

    Offsets are those of the text as given. `tight`: no space parts it from the word before; `opens`: a sentence begins.
    """

    spelt: str
    bare: str
    start: int
    end: int
    gap: Gap
    tight: bool = False
    opens: bool = False
    tongue: Tongue = Tongue.BARE

    @property
    def has_marks(self) -> bool:
        return self.spelt != self.bare


def read(text: str) -> list[Word]:
    """Return the words of `text`, each in the language of its sentence."""
    words = list(_words(text))
    _tell_languages(words)
    return words


def _words(text: str) -> Iterator[Word]:
    end = 0
    for found in _WORD.finditer(text):
        start = found.start()
        spelt, bare = _spelling(found.group())
        if not spelt:
            continue
        between = text[end:start]
        gap, tight, opens = _parting(between)
        yield Word(spelt, bare, start, found.end(), gap, tight, opens)
        end = found.end()


# Words repeat: a recipe has a third as many as tokens, and recipes share most of them. 4,096 of them take 1 MB.
@lru_cache(maxsize=4096)
def _spelling(token: str) -> tuple[str, str]:
    seen = token if token.isascii() else unicodedata.normalize("NFKC", token).lower().translate(_ETH)
    spelt = spelling.words_of(_INVISIBLE.sub("", seen)).replace(" ", "")
    return spelt, fold(spelt)


@lru_cache(maxsize=256)
def _parting(between: str) -> tuple[Gap, bool, bool]:
    """Say what is between two words: how far it parts them, whether it is tight, and whether it ends a sentence."""
    seen = _INVISIBLE.sub("", between)
    tight = not any(map(str.isspace, seen))
    return _gap(seen, tight), tight and bool(seen), not _ENDS.isdisjoint(seen)


def _gap(seen: str, tight: bool) -> Gap:  # noqa: FBT001  a private step of `_parting`
    if seen in _HYPHENS or (seen.isspace() and "\n" not in seen) or not seen:
        return Gap.JOINED
    if seen.isspace() or seen.strip() in _DECORATION or (tight and _BRACKETS.isdisjoint(seen)):
        return Gap.DOUBTFUL
    return Gap.PARTED


def _tell_languages(words: Sequence[Word]) -> None:
    """Give each word the language of its sentence, of the whole text where that is too short to tell."""
    whole = _tongue(words, _FOREIGN if len(words) >= _SENTENCE else _FOREIGN_IN_A_NAME)
    start = 0
    for place in range(1, len(words) + 1):
        if place < len(words) and words[place].gap != Gap.PARTED:
            continue
        sentence = words[start:place]
        tongue = _tongue(sentence, _FOREIGN) if len(sentence) >= _SENTENCE else whole
        for word in sentence:
            word.tongue = tongue
        start = place


def _tongue(words: Sequence[Word], tolerated: float) -> Tongue:
    """Say which language words are in: English where many cannot be syllables of Vietnamese."""
    if any(word.has_marks and word.bare != "a" and _SYLLABLE.fullmatch(word.bare) for word in words):
        return Tongue.MARKED
    lettered = [word.bare for word in words if not word.bare.isdigit()]
    foreign = sum(map(_is_foreign, lettered))
    return Tongue.ENGLISH if foreign > tolerated * len(lettered) else Tongue.BARE


def is_syllable(bare: str) -> bool:
    """Say whether a word without marks can be a syllable of Vietnamese."""
    return _SYLLABLE.fullmatch(bare) is not None


def is_english(bare: str) -> bool:
    """Say whether a word is one of the English ones that look Vietnamese."""
    return bare in _ENGLISH


@lru_cache(maxsize=4096)
def _is_foreign(bare: str) -> bool:
    return (bare in _ENGLISH and bare not in _EITHER) or not _SYLLABLE.fullmatch(bare)
