"""Compare spellings: matching diacritics, plurals, words one edit apart."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from apps.core.text import fold, normalize
from apps.ingredients.entry import Ingredient

_DROPPED = re.compile("['’‘`´ʼ\u0300-\u036f]")
_NOT_A_WORD = re.compile(r"[\W_]+")
# "mỳ" and "mì", "kỹ" and "kĩ" are one word in two orthographies.
_FINAL_Y = re.compile(r"\b([hklmst])([yýỳỷỹỵ])\b")
_Y_TO_I = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")
# "hủ tíu" and "hủ tiếu" are one word in two spellings.
_TIU = re.compile(r"\b(h[uủũ]) t(iu|íu)\b")
_TIEU = {"iu": "ieu", "íu": "iếu"}
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_DOUBLED = re.compile(r"(.)\1+")

# One word of English names each, as countries and people spell it.
_SPELLINGS = (
    frozenset({"chilli", "chili", "chile", "chilly"}),
    frozenset({"chillies", "chilies", "chiles", "chillis", "chilis"}),
    frozenset({"yogurt", "yoghurt", "yogourt"}),
    frozenset({"flavored", "flavoured"}),
    frozenset({"gray", "grey"}),
    frozenset({"doughnut", "donut"}),
    frozenset({"doughnuts", "donuts"}),
    frozenset({"whisky", "whiskey"}),
    frozenset({"caramelised", "caramelized"}),
    frozenset({"colored", "coloured"}),
    frozenset({"omelet", "omelette"}),
)

_TAKING_ES = ("s", "x", "z", "ch", "sh", "o", "i")
_VOWELS = "aeiou"

# What an ear or an accent takes for the same: s/x, ch/tr, d/gi/r/v, l/n, c/k/q, f/ph at the start of a syllable,
# n/ng/nh, t/c/ch and i/y at its end.
_INITIALS = {
    "ngh": "N", "ng": "N", "ch": "C", "tr": "C", "ph": "F", "f": "F", "gi": "D", "d": "D", "r": "D", "v": "D",
    "gh": "G", "g": "G", "s": "S", "x": "S", "l": "L", "n": "L", "k": "K", "c": "K", "q": "K",
}  # fmt: skip
_FINALS = {"ng": "N", "nh": "N", "n": "N", "ch": "T", "c": "T", "t": "T", "k": "T", "y": "I", "i": "I"}


@dataclass(frozen=True, slots=True)
class Name:
    """A name of an ingredient as `words_of` gives it, and folded: one object for whoever looks names up."""

    words: str
    folded: str
    ingredient: Ingredient
    # "vi", "en", or "" where people say it in both.
    language: str = ""


def words_of(text: str) -> str:
    """Return `text` in lower case and NFC, its words parted by single spaces, without punctuation and symbols.

    A final y after a consonant becomes i. Marks that compose with no letter are dropped.
    """
    words = _NOT_A_WORD.sub(" ", _DROPPED.sub("", normalize(text))).strip()
    if "tiu" in words or "tíu" in words:
        words = _TIU.sub(lambda found: f"{found[1]} t{_TIEU[found[2]]}", words)
    return _FINAL_Y.sub(lambda found: found[1] + found[2].translate(_Y_TO_I), words)


def words_in(names: Iterable[str]) -> set[str]:
    """Return the words of names. Each is one string in all such sets: the master list's words are in four of them."""
    return {sys.intern(word) for name in names for word in name.split(" ")}


def canonical(words: str) -> str:
    """Return a form that is equal for the same words: the tone of a syllable goes to its end ("hoà" and "hòa")."""
    if words.isascii():
        return words
    return " ".join(shape + tones for shape, tones, _ in map(_parted, words.split(" ")))


@lru_cache(maxsize=16_384)
def _parted(word: str) -> tuple[str, str, int]:
    """Return the letters of `word` without tones, its tones, and the place of the letter that bears the first one."""
    decomposed = unicodedata.normalize("NFD", word)
    tones = _TONE.findall(decomposed)
    shape = unicodedata.normalize("NFC", _TONE.sub("", decomposed))
    place = next((place for place, letter in enumerate(word) if _TONE.search(unicodedata.normalize("NFD", letter))), -1)
    return shape, "".join(sorted(set(tones))), place


def marks_of(word: str) -> frozenset[str]:
    return frozenset(char for char in unicodedata.normalize("NFD", word) if unicodedata.combining(char))


def agrees(typed: str, name: str) -> bool:
    """Say whether what was typed can be `name` with some diacritics left out; both are given by `words_of`.

    A letter without diacritics agrees with any diacritics, a letter with diacritics with itself alone: "thit bò" agrees
    with "thịt bò", "dưa" does not agree with "dừa".
    """
    pairs = list(zip(typed.split(" "), name.split(" "), strict=False))
    return typed.count(" ") == name.count(" ") and all(_word_agrees(mine, theirs) for mine, theirs in pairs)


def _word_agrees(typed: str, name: str) -> bool:
    if typed == name or typed.isascii():
        return fold(typed) == fold(name)
    shape, tones, place = _parted(typed)
    name_shape, name_tones, name_place = _parted(name)
    if len(shape) != len(name_shape) or not all(map(_letter_agrees, shape, name_shape)):
        return False
    if tones:
        return tones == name_tones and shape[place] == name_shape[place]
    return not name_tones or shape[name_place].isascii()


def _letter_agrees(typed: str, letter: str) -> bool:
    return typed == letter or typed == fold(letter)


def inflections(name: str) -> Iterator[str]:
    """Yield the other forms of an English name: "bay leaf" → "bay leaves", "chilli oil" → "chile oil".

    Plurals, its singular where it is a plural, and all these as other countries spell them.
    """
    start, _, noun = name.rpartition(" ")
    for form in (*_plurals(noun), *_singulars(noun)):
        inflected = f"{start} {form}".strip()
        yield inflected
        yield from _respelt(inflected)
    yield from _respelt(name)


def _respelt(name: str) -> Iterator[str]:
    words = name.split(" ")
    for spellings in _SPELLINGS:
        if not spellings.isdisjoint(words):
            for one in spellings:
                yield " ".join(one if word in spellings else word for word in words)


def _plurals(noun: str) -> Iterator[str]:
    yield noun + "s"
    if noun.endswith(_TAKING_ES):
        yield noun + "es"
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        yield noun[:-1] + "ies"
    if noun.endswith(("leaf", "loaf", "half", "calf")):
        yield noun[:-1] + "ves"


def _singulars(noun: str) -> Iterator[str]:
    if noun.endswith("ies"):
        yield noun[:-3] + "y"
    elif noun.endswith("leaves"):
        yield noun[:-3] + "f"
    elif noun.endswith(("oes", "shes", "ches")):
        yield noun[:-2]
    elif noun.endswith("s") and not noun.endswith(("ss", "us", "is")):
        yield noun[:-1]


def is_slip(typed: str, word: str) -> bool:
    """Say whether a word that differs (both folded) is a slip of finger or ear, not merely one letter away.

    Swapped neighbours, a letter doubled or left single, or the same sound: what remains believable in words so
    short that most changes of one letter give another food ("nai", "nac").
    """
    if len(typed) == len(word):
        return sorted(typed) == sorted(word) or sound_alike(typed, word)
    return differ_in_doubling(typed, word) or sound_alike(typed, word)


def differ_in_doubling(typed: str, word: str) -> bool:
    """Say whether only doubled letters differ: "brocolli", "broccoli"."""
    return _undoubled(typed) == _undoubled(word)


@lru_cache(maxsize=16_384)
def _undoubled(word: str) -> str:
    return _DOUBLED.sub(r"\1", word)


def sound_alike(typed: str, word: str) -> bool:
    """Say whether two folded syllables sound the same to some ears: "xuc" and "suc", "cut" and "cuc"."""
    return _sound(typed) == _sound(word)


def has_tone_of(typed: str, word: str) -> bool:
    """Say whether a typed syllable has the tone of another, or none: of "cừa" and "chua" it has not."""
    tones = _parted(typed)[1]
    return not tones or tones == _parted(word)[1]


@lru_cache(maxsize=16_384)
def _sound(word: str) -> str:
    initial, rest = next(((sound, word[len(s) :]) for s, sound in _INITIALS.items() if word.startswith(s)), ("", word))
    final, middle = next(((sound, rest[: -len(s)]) for s, sound in _FINALS.items() if rest.endswith(s)), ("", rest))
    return initial + middle + final


def starts_alike(typed: str, word: str) -> bool:
    """Say whether two folded words start with the same letter, or with the same sound of one syllable."""
    return typed[:1] == word[:1] or sound_alike(typed, word)


def distance(typed: str, name: str) -> int:
    """Return how many letters were inserted, left out, changed or swapped with their neighbour (both as given)."""
    return int(OSA.distance(typed, name))
