"""Split a text into rows: at line breaks, and before headings within a line."""

import itertools
import re
import unicodedata
from collections.abc import Iterator

from apps.core.text import clean
from apps.imports.reading.captions.headings import INLINE_HEADING

_MAX_TEXT = 20_000
HASHTAG = re.compile(r"#([^\W_][\w]*)")
_MENTION = re.compile(r"(?<!\w)@[\w.]+")
_LINK = re.compile(r"https?://\S+|www\.\S+")
_KEYCAP = re.compile("([0-9])\ufe0f?\u20e3")
# In the first line, lower-case words after an emoji are not part of the title: "Nước ép táo 🍏 uống mỗi sáng".
_EMOJI_BEFORE_WORD = re.compile("(?<=\\w) [\U0001f300-\U0001faff]+ (?=([^\\W\\d_]))")
_KEYCAP_TEN = "\U0001f51f"
_CIRCLED = {chr(0x2460 + number): f"{number + 1}. " for number in range(20)} | {
    chr(0x2776 + number): f"{number + 1}. " for number in range(10)
}
# An arrow at the start of a line is a bullet; within a line it separates steps.
_ARROW_BULLET = re.compile("^[ \t]*[➡➜➔⇒→]\ufe0f?[ \t]*", re.MULTILINE)
_ARROW_SIGN = re.compile("[➡➜➔⇒]\ufe0f?")


def prepare(text: str) -> str:
    """Return a text with plain list markers: numbers for keycaps and circled digits, line breaks for emoji."""
    seen = unicodedata.normalize("NFC", text[:_MAX_TEXT]).replace(_KEYCAP_TEN, "10. ")
    seen = _ARROW_SIGN.sub("→", _ARROW_BULLET.sub("- ", _KEYCAP.sub(r"\1. ", seen)))
    seen = "".join(_CIRCLED.get(char, char) for char in seen)
    seen = _LINK.sub(" ", _MENTION.sub(" ", HASHTAG.sub(" ", seen)))
    has_lines = seen.strip().count("\n") >= 3  # noqa: PLR2004  a text in one block has its lists between emoji
    if has_lines:
        first, line_break, rest = seen.strip().partition("\n")
        seen = _EMOJI_BEFORE_WORD.sub(_parted, first) + line_break + rest
    return clean("".join(_plain_char(char, has_lines=has_lines) for char in seen))


def _parted(found: re.Match[str]) -> str:
    return " | " if found[1].islower() else " "


def _plain_char(char: str, *, has_lines: bool) -> str:
    if char in "\ufe0f\u200d" or 0x1F3FB <= ord(char) <= 0x1F3FF:  # noqa: PLR2004  selectors and skin tones
        return ""
    if unicodedata.category(char) == "So" and char != "°":
        return " " if has_lines else "\n"
    return char


def split_rows(text: str) -> list[str]:
    """Return the lines of a text, also split before headings within a line."""
    rows = []
    for line in text.split("\n"):
        rows += [row for part in _at_headings(line) if (row := " ".join(part.split()).strip(" |"))]
    return [row for row in rows if any(char.isalnum() for char in row)]


def _at_headings(line: str) -> Iterator[str]:
    """Split a line before each "Nguyên liệu:" or "Method:" within it."""
    starts = [found.start("word") for found in INLINE_HEADING.finditer(line)]
    bounds = [0, *(start for start in starts if start > 0), len(line)]
    for start, end in itertools.pairwise(bounds):
        yield line[start:end]
