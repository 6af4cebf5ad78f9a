"""Sanitize a model's text: nothing invisible, no markup, no links, no addresses."""

import html
import re
import unicodedata
from typing import Any

# Controls, invisible formatting (zero width, direction, tags), halves of surrogate pairs, private and unassigned ones.
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
# Marks that change how the letter before them looks and are invisible by themselves.
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0]")
_LINE = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]")
_TAG = re.compile(r"<[/!?]?[a-zA-Z][^<>]*(?:>|$)|<!--.*?(?:-->|$)")
_MARKDOWN_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()]*\)")
_SCHEME = re.compile(
    r"\b(?:[a-z][a-z0-9+.-]{1,20}://|(?:javascript|vbscript|data|mailto|tel|file|blob):)\S*", re.IGNORECASE
)
_EMAIL = re.compile(r"[^\s@＠<>()]+[@＠]\s?[\w-]+(?:\.[\w-]+)+")
_HANDLE = re.compile(r"[@＠]\s?[\w.]+")
# Names of hosts without a scheme: what is made a link wherever it is shown. After a full stop without its space "me"
# (tamarind), "to" or "co" are words, and hosts only with a path.
_HOST = re.compile(
    r"\b(?:www\.[\w.-]+|(?:[a-z0-9-]+\.)+(?:(?:com|net|org|info|biz|io|vn|app|dev|shop|xyz|top|site|online|link)(?!\w)"
    r"|(?:co|me|ly|gl|gg|tv|us|uk|eu|de|fr|cn|ru|jp|ai|to|cc)/))(?::\d+)?\S*",
    re.IGNORECASE,
)
_SPACES = re.compile(r"\s+")
# Taking something away may make the same of what is left ("<<b>b>"); more rounds than this are nobody's recipe.
_ROUNDS = 5


def plain(text: str) -> str:
    """Return `text` as one line in NFC without markup, links, addresses, handles and characters nobody sees.

    "<b>Phở</b>\u200b  bò — https://example.com" → "Phở bò —". What is more than five layers deep is nothing at all.
    """
    text = _visible(unicodedata.normalize("NFC", text))
    for _ in range(_ROUNDS):
        stripped = _stripped(text)
        if stripped == text:
            return text
        text = stripped
    return ""


def _visible(text: str) -> str:
    text = _SELECTORS.sub("", _LINE.sub(" ", text))
    return "".join(char for char in text if unicodedata.category(char) not in _INVISIBLE)


def _stripped(text: str) -> str:
    text = _visible(html.unescape(text))
    text = _MARKDOWN_LINK.sub(r"\1", text)
    for pattern in (_TAG, _SCHEME, _EMAIL, _HOST, _HANDLE):
        text = pattern.sub(" ", text)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def plain_all(value: Any) -> Any:
    """Do the same to every string in a JSON value."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, list):
        return [plain_all(one) for one in value]
    if isinstance(value, dict):
        return {name: plain_all(one) for name, one in value.items()}
    return value
