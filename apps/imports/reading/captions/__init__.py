"""Read recipes from free text and captions of social posts, in Vietnamese and English, in any layout.

The text is split into rows. Headings ("Nguyên liệu", "Method") say what follows them. Without headings, amounts
indicate ingredients, and numbers or verbs indicate steps. The title is the first line that can be the name of a dish.
"""

import re
import unicodedata

from apps.imports.reading.captions.headings import find_heading
from apps.imports.reading.captions.rows import HASHTAG, prepare, split_rows
from apps.imports.reading.captions.sections import sort_by_headings, sort_by_looks
from apps.imports.reading.captions.titles import find_title
from apps.imports.reading.drafts import MAX_LINES, MAX_STEPS, Draft, minutes_of

_SERVINGS = re.compile(
    r"(?:serves|servings?|yields?|makes|feeds|cho|phần ăn|"
    r"khẩu phần)\s*:?\s*(?:khoảng\s*)?(\d{1,2})(?:\s*[-–]\s*\d{1,2})?"
    r"(?:\s*(?:người(?: ăn)?|phần(?: ăn)?|servings?|people|portions?|pax))?|"
    r"(\d{1,2})(?:\s*[-–]\s*\d{1,2})?\s*(?:người ăn|phần ăn|khẩu phần|servings?|portions?|people|pax|serves)",
    re.IGNORECASE,
)
_SPAN = r"\s*:?\s*((?:\d[\d.,]*\s*(?:h|giờ|tiếng|hours?|hrs?|mins?|minutes?|phút|m)\b\s*)+)"
_TIMES = (
    re.compile(r"(?:prep(?:aration)?(?: time)?|sơ chế|chuẩn bị)" + _SPAN, re.IGNORECASE),
    re.compile(r"(?:cook(?:ing)?(?: time)?|total(?: time)?|thời gian(?: nấu)?|nấu)" + _SPAN, re.IGNORECASE),
)


def read_text(text: str) -> Draft:
    """Return the recipe in a text, possibly incomplete: see `Draft.missing`. Never raises."""
    tags = tuple(dict.fromkeys(tag.lower() for tag in HASHTAG.findall(text)))[:20]
    rows = split_rows(prepare(text))
    parts = sort_by_headings(rows) if any(find_heading(row) for row in rows) else sort_by_looks(rows)
    title, description = find_title(parts.before, tags)
    whole = "\n".join(rows)
    return Draft(
        title=title,
        lines=tuple(line[:300] for line in parts.lines)[:MAX_LINES],
        steps=tuple(step[:2000] for step in parts.steps)[:MAX_STEPS],
        description=description[:2000],
        servings=_servings(whole),
        prep_minutes=_time(whole, 0),
        cook_minutes=_time(whole, 1),
        tags=tags,
        language=language_of(text),
    )


def language_of(text: str) -> str:
    """Return whether a text is Vietnamese or English, by its diacritics."""
    marked = sum(
        char in "ăâđêôơư" or "\u1ea0" <= char <= "\u1ef9" for char in unicodedata.normalize("NFC", text.lower())
    )
    return "vi" if marked * 40 >= len(text) else "en"


def _servings(text: str) -> int | None:
    found = _SERVINGS.search(text)
    number = int(found[1] or found[2]) if found else 0
    return number if 1 <= number <= 50 else None  # noqa: PLR2004


def _time(text: str, which: int) -> int | None:
    found = _TIMES[which].search(text)
    return minutes_of(found[1]) if found else None
