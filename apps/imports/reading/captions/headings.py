"""Recognize the headings of ingredients, steps and notes."""

import re

from apps.imports.reading.captions.bullets import BULLET

_INGREDIENT_WORDS = (
    r"(?:(?:các|phần|danh sách)\s+)?nguyên liệu(?:\s+(?:chính|phụ|gồm(?: có)?|cần(?: có| chuẩn bị)?|chuẩn bị|"
    r"làm[^:\n]{0,40}))?"
    r"|(?:cần\s+)?chuẩn bị|thành phần|cần có|bạn cần|mình (?:có|dùng)|gồm có|"
    r"nguyen lieu|chuan bi|nlieu|nl|"
    r"(?:the\s+)?ingredients?(?:\s+list)?|ingreds?|what you(?:['’]ll)?(?: will)? need|"
    r"you(?:['’]ll)?(?: will)? need|shopping list|"
    r"what(?: i|['’]s)? (?:used?|in it|goes in(?: it)?)|here['’]s what you need|grab|stuff"
)
_STEP_WORDS = (
    r"(?:các\s+)?(?:cách|bước)\s+(?:làm|nấu|thực hiện|chế biến|chiên|xào|kho|nướng|hấp|pha)(?:\s+(?:như sau|"
    r"món[^:\n]{0,30}|nè|nha|nhé))?"
    r"|(?:các bước(?:\s+(?:làm|thực hiện|nấu))?)|thực hiện|hướng dẫn(?:\s+(?:làm|nấu|thực hiện))?|quy trình|"
    r"sơ chế\s*(?:&|và)\s*(?:chế biến|nấu|nướng)|chế biến|tiến hành|làm như sau|"
    r"cach lam|cach nau|thuc hien|cac buoc|cl|(?:làm|nấu|làm nè)(?=\s*[:：])|"
    r"(?:the\s+)?(?:method|directions?|instructions?|steps?|procedure|process|preparation)|"
    r"how to(?: make(?: it)?| cook(?: it)?| do it)?|"
    r"here['’]s how|to make(?: it)?|what to do|how i make it|let['’]s cook"
)
_NOTE_WORDS = (
    r"ghi chú|lưu ý|mẹo(?:\s+(?:nhỏ|hay))?|chú ý|p/?s|note[s]?|tips?|pro[- ]?tips?|nutrition|macros?|"
    r"dinh dưỡng|bảo quản|storage"
)
_HEAD = r"^\W*(?:{words})\s*(?:\([^)\n]{{0,60}}\))?\s*(?:(?P<colon>[:：\-–—→])|(?=\W*$))\W{{0,3}}"
_LETTERED = re.compile(r"^(?:[A-D]|I{1,3}|IV)[.)/]\s+")
_HEADINGS = {
    kind: re.compile(_HEAD.format(words=words), re.IGNORECASE)
    for kind, words in (("ingredients", _INGREDIENT_WORDS), ("steps", _STEP_WORDS), ("notes", _NOTE_WORDS))
}
INLINE_HEADING = re.compile(
    r"(?:(?<=[\s.!?;,)…])|^)(?P<word>"
    f"{_INGREDIENT_WORDS}|{_STEP_WORDS}|{_NOTE_WORDS}"
    r")\s*(?:\([^)\n]{0,60}\))?\s*[:：]",
    re.IGNORECASE,
)


def find_heading(row: str) -> tuple[str, str] | None:
    """Return which part a row's heading begins, and the text after the heading."""
    bare = _LETTERED.sub("", BULLET.sub("", row))
    for kind, pattern in _HEADINGS.items():
        if found := pattern.match(bare):
            rest = bare[found.end() :].strip()
            if kind == "ingredients" and found["colon"] is None and rest:
                continue
            return kind, rest
    return None
