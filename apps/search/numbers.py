"""Numbers in queries: how long it may take, and for how many."""

import re

_MINUTES = re.compile(r"\b(\d{1,3})\s*-?\s*(?:minutes?\b|mins?\b|phút|phut|ph\b|p\b|')", re.IGNORECASE)
_HOURS = re.compile(r"\b(\d|an|one|một)\s*-?\s*(?:hours?\b|hrs?\b|tiếng|giờ)", re.IGNORECASE)
# Recipes are for any number of people; one person is an occasion.
_SERVINGS = re.compile(
    r"\b(?:for\s+|cho\s+|serves\s+)?(?:[2-9]|1\d|two|three|four|six|hai|ba|bốn|sáu)\s*"
    r"(?:people\b|persons?\b|servings?\b|người|nguoi|khẩu phần|suất)"
    r"|\b(?:for|serves)\s+(?:[2-9]|1\d|two|three|four|six)\b",
    re.IGNORECASE,
)


def without_numbers(text: str) -> tuple[str, int | None]:
    """Return the text without the time and the number of people in it, and the time in minutes, if there is one."""
    text = _SERVINGS.sub(" ", text)
    if found := _MINUTES.search(text):
        return _MINUTES.sub(" ", text), int(found[1]) or None
    if found := _HOURS.search(text):
        return _HOURS.sub(" ", text), 60 * (int(found[1]) if found[1].isdigit() else 1) or None
    return text, None
