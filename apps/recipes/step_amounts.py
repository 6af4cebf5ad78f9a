"""Find amounts in the text of steps, such as "mix two eggs with 466 g beef", so that clients can scale them."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from apps.core import text as texts
from apps.ingredients import grammar_table, numerals, quantities

# More than any cook writes: what is behind them stays as it is written, so that a recipe's answer stays small.
MOST_IN_STEP = 20
MOST_IN_RECIPE = 100

_DIGITS = r"(?:\d{1,3} )?\d{1,2}/\d{1,2}|(?:\d{1,3} ?)?[½¼¾⅓⅔⅛]|\d{1,4}(?:[.,]\d{1,3})?"
_NUMBER = re.compile(
    rf"(?<![\w.,/°])(?P<low>{_DIGITS})"
    rf"(?:(?:\s?[-–~]\s?|\s(?:to|or|đến|tới|hoặc)\s)(?P<high>{_DIGITS}))?(?![\d/%°.,]\d|[%°])"
)
# The unit or ingredient must be among the six words after the number.
_BEHIND = re.compile(r"[\s-]*((?:[^\W\d_]+\s*){1,6})")
_WORD = re.compile(r"[^\W\d_]+")
_GAPS = frozenset({" ", "-"})
# Enough for the longest number in words, "two and a half to three and a half", and the words after it.
_WORDS_LOOKED_AT = 15
# At most so many words of a step are tried as the beginning of a number; each costs 50 µs.
_MOST_NUMBER_WORDS = 50
_FRACTIONS = {"½": 1 / 2, "¼": 1 / 4, "¾": 3 / 4, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 1 / 8}
# Other units count pieces, which may also be cut ("into 4 pieces"), so they need an ingredient's name after them.
_MEASURES = frozenset({"g", "kg", "ml", "l", "tbsp", "tsp", "cup", "oz", "lb", "pinch"})
_ARTICLES = frozenset({"a", "an"})
# "thứ hai" and "step two" count in order; "half of the beef" and "một phần thịt" are shares of what is there.
_ORDERED = frozenset({"thứ", "bước", "step", "lần", "số", "number", "part", "phần"})
_SHARES = frozenset(
    {"phần", "mặt", "bên", "nửa", "side", "sides", "half", "halves", "third", "thirds", "part", "parts"}
)
_RELATIVE = re.compile(r"^(?:\w+ )?of (?:the|them|it|these|those)\b|\bat a time\b|\bmỗi lần\b|\bmột lúc\b")
_LENGTHS = frozenset({"cm", "mm", "inch", "inches", "centimetre", "centimeter"})
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


def find_in_steps(steps: Sequence[str], names: Sequence[str]) -> list[list[StepAmount]]:
    """Return the amounts of each step, in all at most `MOST_IN_RECIPE`."""
    found: list[list[StepAmount]] = []
    left = MOST_IN_RECIPE
    for step in steps:
        found.append(list(islice(find_amounts(step, names), left)))
        left -= len(found[-1])
    return found


def find_amounts(text: str, names: Sequence[str]) -> Iterator[StepAmount]:
    """Yield the numbers in a step that are amounts: with a unit of measure, or of a listed ingredient.

    Times, temperatures, lengths, percentages, shares ("half of the beef") and numbers of pieces to cut are not amounts.
    Yields at most `MOST_IN_STEP`. O(length of the text).
    """
    named = frozenset(word for name in names for word in _words(name))
    found = sorted([*_in_digits(text, named), *_in_words(text, named)], key=lambda amount: amount.start)
    yield from found[:MOST_IN_STEP]


def _in_digits(text: str, named: Collection[str]) -> Iterator[StepAmount]:
    matches = (found for found in _NUMBER.finditer(text) if _is_amount_behind(text, found.end(), named))
    for found in islice(matches, MOST_IN_STEP):
        low, high = _value(found["low"]), _value(found["high"])
        if low is not None:
            upper = high if high is not None and high > low else None
            yield StepAmount(found.start(), found.end("high" if upper is not None else "low"), low, upper)


def _is_amount_behind(text: str, end: int, named: Collection[str]) -> bool:
    behind = _BEHIND.match(text, end)
    return behind is not None and _is_amount(behind[1].lower().split(), named)


def _in_words(text: str, named: Collection[str]) -> Iterator[StepAmount]:
    """Yield the amounts whose number is in words: "two eggs", "ba quả trứng"."""
    begins = grammar_table.units().numbers.begins
    words = [(found.start(), found.end(), found[0].lower()) for found in _WORD.finditer(text)]
    places = (
        place for place, (_, _, word) in enumerate(words)
        if begins(word) and not (place and words[place - 1][2] in _ORDERED)
    )  # fmt: skip
    behind = 0
    for place in islice(places, _MOST_NUMBER_WORDS):
        found = None
        if words[place][0] >= behind:
            found = _number_in_words(text, words[place : place + _WORDS_LOOKED_AT], named)
        if found:
            behind = found.end
            yield found


def _number_in_words(text: str, spans: Sequence[tuple[int, int, str]], named: Collection[str]) -> StepAmount | None:
    run = [spans[0]]
    for span in spans[1:]:
        if text[run[-1][1] : span[0]] not in _GAPS:
            break
        run.append(span)
    words = [word for _, _, word in run]
    number = numerals.number_at(words, 0) if grammar_table.units().numbers.look_up(words, 0) else None
    if number is None or number.value is None or number.end >= len(words):
        return None
    behind = words[number.end :]
    if behind[0] in _SHARES or _RELATIVE.search(" ".join(behind)):
        return None
    # "half the beef" and "an egg noodle" say no amount: only "half a cup" and "a cup" do.
    is_bare = number.value < 1 or words[0] in _ARTICLES
    if is_bare or numerals.needs_unit(words, 0, number):
        unit = quantities.unit_at(behind, 0)
        if unit is None or (is_bare and unit[0] not in _MEASURES):
            return None
    if not _is_amount(behind, named):
        return None
    return StepAmount(run[0][0], run[number.end - 1][1], float(number.value), number.upper and float(number.upper))


def _is_amount(words: Sequence[str], named: Collection[str]) -> bool:
    unit = quantities.unit_at(words, 0)
    if words and words[0] in _LENGTHS:
        return False
    if unit is None:
        return _begins_name(words[grammar_table.units().sizes.end(words, 0) :], named)
    name, _, end = unit
    return name in _MEASURES or _begins_name(words[end:], named)


def _begins_name(words: Sequence[str], named: Collection[str]) -> bool:
    return bool(words) and any(word in named for word in _words(words[0]))


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
    values = [_FRACTIONS.get(part) or numerals.value_of(part) for part in parts]
    return sum(value for value in values if value is not None) or None
