"""Recover the intended text from leftover Telex and VNI keys, pre-Unicode fonts, and emoji of foods."""

import operator
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache

import yaml

from apps.core.text import fold
from apps.ingredients import grammar_table
from apps.ingredients.tokens import word_of

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_DIGIT_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_VOWELS = "aăâeêioôơuưy"
_WORD = re.compile(r"[^\W_]+")

# TCVN3 ("ABC" fonts): Vietnamese letters in the places of Latin-1.
_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ",
)
_ONLY_TCVN3 = frozenset("µ¸¶·¹¨»¾¼½Æ©ÇËÊ®ÐªÒÕÖ×ÝØÜÞß«¬æ÷þ\u00ad")
# VNI fonts write a diacritic as a character of its own behind the vowel; some letters are one character.
_VNI_MARKS = {
    "ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323",
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309", "ã": "\u0302\u0303",
    "ä": "\u0302\u0323", "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0306\u0323",
}  # fmt: skip
_VNI_LETTERS = {"ñ": "đ", "ö": "ư", "ô": "ơ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}
_VNI_TOUCHED = re.compile("[aeouyöô][øùûõïâàáåãäêèéúüë]|[ñöæ]|ò")
# A zero within a word is an o.
_ZERO = re.compile(r"(?<=[^\W\d_])0(?=[^\W\d_])")
# A word typed with digits for its diacritics; no "B12" and no "1kg".
_KEYED = re.compile(r"\b[A-Za-z]?[a-z]+[1-9][a-z0-9]*\b")
_NEEDLESS = re.compile(r"(?<=[^\W\d_])(?<![a-z])[1-5]\b|(?<=[^\x00-\x7f][a-z])[1-5]\b|(?<=[^\x00-\x7f][a-z]{2})[1-5]\b")
_PICTURES = re.compile("[\u2190-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")


def decoded(text: str) -> Iterator[str]:
    """Yield possible intended texts, for when `text` itself matches nothing. Never yields `text`."""
    lower = unicodedata.normalize("NFC", text.lower())
    pictured = _named_pictures(text)
    if pictured:
        yield pictured
    if _ONLY_TCVN3.intersection(text):
        yield text.translate(_TCVN3)
    if _VNI_TOUCHED.search(lower):
        yield _WORD.sub(lambda word: _vni_font(word[0]), lower)
    for keys in (_vni_keys, _telex_keys):
        typed = _WORD.sub(lambda word, keys=keys: _syllable(word[0], keys), lower)  # type: ignore[misc]
        if typed != lower:
            yield typed


def in_prose(text: str) -> str:
    """Return prose with emoji of foods replaced by their names, and syllables typed with digits as intended.

    "Cho 🦐 và to6m vào" names shrimp twice, and so does "t0m"; digits that make no syllable with diacritics stay.
    """
    if not text.isascii() and not _emoji().keys().isdisjoint(text):
        text = "".join(f" {_emoji()[char]} " if char in _emoji() else char for char in text)
    text = _ZERO.sub("o", text)
    return _KEYED.sub(lambda word: _syllable(word[0], _vni_keys), text)


def bare(text: str) -> Iterator[str]:
    """Yield what `text` may have been meant as without its diacritics, where keys of them were typed, right or wrong.

    A digit within a word is one. Letters are so in a text of at least two words that have them: "boots" is no "bột".
    """
    # A digit behind a word that has its diacritics was typed for nothing: "thịt1".
    lower = _NEEDLESS.sub("", unicodedata.normalize("NFC", text.lower()))
    for keys, least in ((_vni_keys, 1), (_telex_keys, 2)):
        words = _WORD.findall(lower)
        typed = [_syllable(word, keys) for word in words]
        if sum(map(operator.ne, words, typed)) >= least:
            yield _WORD.sub(lambda word, keys=keys: fold(_syllable(word[0], keys)), lower)  # type: ignore[misc]


def has_digits(text: str) -> bool:
    """Say whether digits stand for diacritics in every word of two or more: "thit1 bo2"."""
    words = _WORD.findall(text)
    return len(words) > 1 and all(_KEYED.fullmatch(fold(word)) for word in words)


def _named_pictures(text: str) -> str:
    """Return the names of the foods whose pictures a text consists of, with its amount: "2 🍅" is "2 tomato"."""
    if any(map(str.isalpha, _PICTURES.sub("", text))):
        return ""
    # What a joiner adds to a picture is no food: the pan of a cook.
    names = [_emoji()[char] for char in dict.fromkeys(re.sub("\u200d.", "", text)) if char in _emoji()]
    amount = " ".join(re.findall(r"[\d.,/]+", text))
    return f"{amount} {', '.join(names)}".strip() if names else ""


@cache
def _emoji() -> dict[str, str]:
    path = grammar_table.DATA / "emoji.yaml"
    named: dict[str, str] = yaml.load(path.read_text("utf-8"), Loader=grammar_table.LOADER)  # noqa: S506  the safe one
    return named


def _vni_font(word: str) -> str:
    letters: list[str] = []
    for char in word:
        diacritics = _VNI_MARKS.get(char)
        if diacritics and letters and letters[-1][0] in "aeouyươ":
            letters[-1] += diacritics
        else:
            letters.append(_VNI_LETTERS.get(char, char))
    return unicodedata.normalize("NFC", "".join(letters))


def _syllable(word: str, keys: Callable[[str], str]) -> str:
    """Return what the keys of a word make, if that is a syllable with diacritics; the word as it is otherwise."""
    if not word.isascii():
        return word
    typed = unicodedata.normalize("NFC", keys(word))
    return typed if not typed.isascii() and word_of(typed).is_marked else word


def _vni_keys(word: str) -> str:
    """Read digits as diacritics: "thit5", "nu7o7c1", "d9a65u"."""
    if word.isalpha() or not word[0].isalpha():
        return word
    letters, tone = "", ""
    for key in word:
        if key in _DIGIT_TONES:
            tone = _DIGIT_TONES[key]
        elif key in "6789":
            letters = _with_mark(letters, key)
        else:
            letters += key
    return _with_tone(letters, tone)


def _telex_keys(word: str) -> str:
    """Read doubled vowels, w and the letters of tones as diacritics: "thitj", "nuowcs", "ddaauj"."""
    letters, tone = "", ""
    for place, key in enumerate(word):
        if place and key in _TONES and any(vowel in letters for vowel in _VOWELS):
            tone = _TONES[key]
        elif key == "w":
            marked = _with_mark(letters, "8" if _HAS_BREVE.search(letters) else "7")
            letters = marked if marked != letters else f"{letters}ư"
        elif key == "d" and letters.startswith("d"):
            letters = f"đ{letters[1:]}"
        elif key in "aeo" and key in letters and (letters[-1] not in "ui" or letters[-2:] in _MARKED_BEFORE[key]):
            letters = _with_mark(letters, "6") if letters.rindex(key) >= len(letters) - _REACH else letters + key
        else:
            letters += key
    return _with_tone(letters, tone)


# Where w is the breve of an a, and not the horn of a u or o.
_HAS_BREVE = re.compile(r"^[^aou]*a|oa|qua")
# Where the first of two vowels bears the circumflex: "ddauaj" is "đậu", "toio" is "tôi".
_MARKED_BEFORE = {"a": ("au",), "e": ("eu",), "o": ("oi",)}
# A vowel may be doubled behind the consonants that end the syllable: "thanga".
_REACH = 3


def _with_mark(letters: str, key: str) -> str:
    """Put the mark of a VNI key on the letters that can bear it: 6 circumflex, 7 horn, 8 breve, 9 the bar of đ."""
    if key == "9":
        return letters.replace("d", "đ", 1)
    if key == "8":
        return letters.replace("a", "ă")
    if key == "7":
        return _with_horn(letters)
    for vowel, marked in (("e", "ê"), ("o", "ô"), ("a", "â")):
        if vowel in letters:
            return letters.replace(vowel, marked)
    return letters


def _with_horn(letters: str) -> str:
    """Put the horn on u, on o, or on both of "uo": the u of "qu" is a consonant, the second one of "uu" has none."""
    first, rest = (letters[:2], letters[2:]) if letters.startswith("qu") else ("", letters)
    for plain, horned in (("uo", "ươ"), ("ưo", "ươ"), ("uu", "ưu"), ("u", "ư"), ("o", "ơ")):
        if plain in rest:
            return first + rest.replace(plain, horned, 1)
    return letters


def _with_tone(letters: str, tone: str) -> str:
    """Put the tone on the last vowel that is marked, else on the last: comparison ignores where it stands."""
    # One key is enough for both letters: no syllable has the first horn alone.
    letters = letters.replace("ưo", "ươ")
    places = [place for place, letter in enumerate(letters) if letter in _VOWELS]
    if not tone or not places:
        return letters
    marked = [place for place in places if not letters[place].isascii()]
    place = (marked or places)[-1]
    return letters[: place + 1] + tone + letters[place + 1 :]
