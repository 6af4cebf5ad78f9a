"""Find amounts in the text of steps, such as "mix 2 eggs with 466 g beef", so that clients can scale them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from apps.core import text as texts
from apps.ingredients import grammar_table, quantities

_NUMBER = re.compile(
    r"(?<![\w.,/°])(?P<low>(?:\d{1,3} )?\d{1,2}/\d{1,2}|(?:\d{1,3} ?)?[½¼¾⅓⅔⅛]|\d{1,4}(?:[.,]\d{1,3})?)"
    r"(?:\s?[-–]\s?(?P<high>\d{1,4}(?:[.,]\d{1,3})?))?(?![\d/%°.,]\d|[%°])"
)
# The unit or ingredient must be among the five words after the number.
_BEHIND = re.compile(r"\s*((?:[^\W\d_]+\s*){1,5})")
_FRACTIONS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8}
# Other units count pieces, which may also be cut ("into 4 pieces"), so they need an ingredient's name after them.
_MEASURES = frozenset({"g", "kg", "ml", "l", "tbsp", "tsp", "cup", "oz", "lb", "pinch"})
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class StepAmount:
    """A number in a text that scales with the servings: its position and value, and the upper end of a range."""

    start: int
    end: int
    quantity: float
    quantity_max: float | None

    def scaled(self, factor: float) -> "StepAmount":
        upper = None if self.quantity_max is None else round(self.quantity_max * factor, 3)
        return replace(self, quantity=round(self.quantity * factor, 3), quantity_max=upper)


def find_amounts(text: str, names: Sequence[str]) -> Iterator[StepAmount]:
    """Yield the numbers in a step that are amounts: with a unit of measure, or of a listed ingredient.

    Times, temperatures, lengths, percentages and numbers of pieces to cut are not amounts. O(length of the text).
    """
    for found in _NUMBER.finditer(text):
        low, high = _value(found["low"]), _value(found["high"])
        behind = _BEHIND.match(text, found.end())
        if low is None or behind is None or not _is_amount(behind[1].lower().split(), names):
            continue
        upper = high if high is not None and high > low else None
        yield StepAmount(found.start(), found.end("high" if upper is not None else "low"), low, upper)


def _is_amount(words: Sequence[str], names: Sequence[str]) -> bool:
    unit = quantities.unit_at(words, 0)
    if unit is None:
        return _begins_name(words[grammar_table.units().sizes.end(words, 0) :], names)
    name, _, end = unit
    return name in _MEASURES or _begins_name(words[end:], names)


def _begins_name(words: Sequence[str], names: Sequence[str]) -> bool:
    return bool(words) and any(word in _words(name) for word in _words(words[0]) for name in names)


@lru_cache(maxsize=20_000)
def _words(name: str) -> list[str]:
    """Return the folded words of a name, with English plurals in the singular."""
    folded = texts.fold(name).split()
    return [word.removesuffix("s") if len(word) >= _SHORTEST_PLURAL else word for word in folded]


def _value(number: str | None) -> float | None:
    """Parse numbers such as "2", "1,5", "1 1/2" and "1½"."""
    if number is None:
        return None
    parts = [*number[:-1].split(), number[-1]] if number[-1] in _FRACTIONS else number.split()
    values = [_FRACTIONS.get(part) or quantities.value_of(part) for part in parts]
    return sum(value for value in values if value is not None) or None
