"""Text folding and cleaning, used wherever names or words are compared."""

import re
import unicodedata

# Letters that have no canonical decomposition into a base letter and a mark.
_UNDECOMPOSED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "œ": "oe"})
_SPACES = re.compile(r"\s+")
# A joiner between pictures makes one emoji of them, and a non-joiner between letters of Arabic and Indic scripts is
# spelling; anywhere else neither can be seen.
_PICTURE = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_LETTER = "\u0600-\u0dff"
_JOINERS = rf"(?<![{_PICTURE}])\u200d|\u200d(?![{_PICTURE}])|(?<![{_LETTER}])\u200c|\u200c(?![{_LETTER}])"
# Invisible: joiners of marks and words, fillers of Hangul, and what turns the direction of text. Soft hyphens are, too,
# but stay within a text: they are a letter of old Vietnamese fonts (apps/ingredients/input_methods.py).
_INVISIBLE = r"\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u3164\ufeff\uffa0\ufff9-\ufffb"
# Line breaks and tabs are text; every other control character is not.
_CONTROL = re.compile(
    rf"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f{_INVISIBLE}]|{_JOINERS}"
)


# A regular expression (ECMA 262, for OpenAPI) of texts of which `clean` leaves something. Marks, variants and the blank
# of Braille belong to other characters, and are nothing alone.
VISIBLE = rf"[^\s\u0000-\u0020\u007f-\u00a0\u00ad\u0300-\u036f\u1680\u2000-\u206f\u2800\u3000\ufe00-\ufe0f{_INVISIBLE}]"
_VISIBLE = re.compile(VISIBLE)


def normalize(text: str) -> str:
    """Return `text` in NFC, lower case, with single spaces: what "exact with diacritics" compares."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).lower()).strip()


def fold(text: str) -> str:
    """Return `text` lower-cased, without diacritics (đ→d), with single spaces: "Cà  Chua" → "ca chua"."""
    if text.isascii():
        return _SPACES.sub(" ", text.lower()).strip()
    decomposed = unicodedata.normalize("NFD", text.lower())
    stripped = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _SPACES.sub(" ", stripped.translate(_UNDECOMPOSED)).strip()


def clean(text: str) -> str:
    """Return `text` in NFC without control and invisible formatting characters; empty if nothing of it can be seen."""
    cleaned = _CONTROL.sub("", unicodedata.normalize("NFC", text)).strip()
    return cleaned if _VISIBLE.search(cleaned) else ""
