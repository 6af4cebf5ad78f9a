"""The language of the caller, and texts that exist in both languages."""

from contextvars import ContextVar
from dataclasses import dataclass

VI = "vi"
EN = "en"

current: ContextVar[str] = ContextVar("language", default=VI)


@dataclass(frozen=True, slots=True)
class Text:
    """A message to people; `str()` gives it in the language of the request."""

    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if current.get() == EN else self.vi

    def format(self, **values: object) -> "Text":
        return Text(self.vi.format(**values), self.en.format(**values))


def negotiate(header: str) -> str:
    """Choose vi or en from an Accept-Language header by its weights (RFC 9110 §12.5.4); vi where neither is named."""
    best, best_weight = VI, 0.0
    for part in header[:200].split(","):
        tag, _, weight_text = part.partition(";q=")
        primary = tag.strip().lower().partition("-")[0]
        weight = _weight(weight_text)
        if primary in {VI, EN} and weight > best_weight:
            best, best_weight = primary, weight
    return best


def _weight(text: str) -> float:
    if not text:
        return 1.0
    try:
        return float(text)
    except ValueError:
        return 0.0
