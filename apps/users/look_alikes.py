"""Letters that look like Latin ones: what a reader takes a name for, in whatever letters it is written."""

import re
import unicodedata
from functools import cache

# Of other scripts, in the fonts that people have (a part of Unicode's confusables.txt). Latin letters of other styles
# tell by their names in Unicode.
_OTHER_SCRIPTS = str.maketrans(
    "АВЕКМНОРСТУХЅІЈԌԚԜавекмнорстухѕіјһԁԛԝӏьѵΑΒΕΖΗΙΚΜΝΟΡΤΥΧαβεηικνορτυχωγϲμօսհցզոյ",
    "abekmhopctyxsijgqwabekmhopctyxsijhdqwlbvabezhikmnoptyxabenikvoptuxwycuouhgqnj",
)
_LATIN = re.compile(r"(?:.*\bLATIN|REGIONAL INDICATOR SYMBOL)\b.*\bLETTER\b.*?\b([A-Z])(?: WITH .*)?")
_SIGNS = str.maketrans({"@": "a", "$": "s", "€": "e", "!": "i", "|": "l"})
# Signs stand for letters within words only: "Adm!n" has one, "Hello!" has none.
_SIGN_IN_WORD = re.compile(r"[@$€!|](?=\w)")


def as_latin(text: str) -> str:
    """Return `text` in lower case without diacritics, with look-alikes as the Latin letters that they look like."""
    stripped = (char for char in unicodedata.normalize("NFKD", text) if not _is_unseen(char))
    letters = "".join(map(_letter, "".join(stripped).translate(_OTHER_SCRIPTS).casefold()))
    return _SIGN_IN_WORD.sub(lambda sign: sign[0].translate(_SIGNS), letters)


def _is_unseen(char: str) -> bool:
    """Return whether a character is a mark on another one, or formats the text around it."""
    return unicodedata.combining(char) > 0 or unicodedata.category(char) == "Cf"


@cache
def _letter(char: str) -> str:
    found = None if char.isascii() else _LATIN.fullmatch(unicodedata.name(char, ""))
    return found[1].lower() if found else char
