"""Amounts in lines: numbers, ranges and units as people write them, "2 x 400g", "1½ cups", "1kg2", "hai trăm gam"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.ingredients import grammar_table

# A larger number is a mistake, or no quantity.
_MOST = 1_000_000
# "1.250 kg" is written with three decimals, not with a separator of thousands as in "1.250 g".
_MOST_OF_LARGE = 1000
# "4-15 ounce can" is no range from four to fifteen.
_WIDEST_RANGE = 3.5


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in canonical units (g, ml, piece…): None for "a few"; `quantity_max` is the upper end of a range."""

    quantity: float | None = None
    unit: str | None = None
    quantity_max: float | None = None


NO_AMOUNT = Amount()


@dataclass(frozen=True, slots=True)
class _Number:
    """A number, or a range of them, and where the words end that it took."""

    value: float | None
    end: int
    upper: float | None = None


_FRACTIONS = {
    "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6",
}  # fmt: skip
_MARKS = str.maketrans(
    {mark: f" {text} " for mark, text in _FRACTIONS.items()} | {"–": "-", "—": "-", "−": "-", "⁄": "/", "×": "x"}
)
_SPACING = (
    # "11/2 teaspoons" is one and a half: nobody writes eleven halves.
    (re.compile(r"(?<![\d/.,])([1-9])((?:1/[2348]|2/3|3/[48]))(?![\d/])"), r"\1 \2"),
    # "1 No. 2 can": the size of a can.
    (re.compile(r"(?:\bno\.?\s*|#)\d+(?:[ -]1/2)?\s+(?=(?:can|tin)s?\b)", re.IGNORECASE), ""),
    # What dark chocolate has of cocoa, "70% cocoa", names no other food.
    (re.compile(r"(\d\s?%)\s+(?:cocoa|cacao)(?:\s+solids)?\b(?=\s+\w)", re.IGNORECASE), r"\1"),
    # "1/3rd", "2/3rds", "2nd"
    (re.compile(r"(\d)(?:st|nd|rds?|ths?)(?![^\W\d_])", re.IGNORECASE), r"\1"),
    (re.compile(r"([~≈])"), r" \1 "),
    (re.compile(r"(\d)\s*-\s*(?=\d)"), r"\1-"),
    (re.compile(r"(\d)\s*x\s*(?=\d)"), r"\1 x "),
    (re.compile(r"(?<!\w)x(?=\d)"), "x "),
    (re.compile(r"(?<![\w.,])(\d+)(kg|ký|kí|lít|l)(\d)(?!\w)"), r"\1.\3 \2"),
    (re.compile(r"(\d)\s*-\s*(?=[^\W\d_])"), r"\1 "),
    (re.compile(r"(?<!\w)(\d+(?:[.,/]\d+)*)(?=[^\W\d])"), r"\1 "),
    # "200g/7oz", "shallots/onions", "salt+pepper"
    (re.compile(r"(?<=[^\W\d])\s*[/|]\s*|\s*[/|]\s*(?=[^\W\d])"), " / "),
    (re.compile(r"\s*\+\s*"), " + "),
)
_DECIMAL = re.compile(r"\d{1,7}([.,]\d{1,3})?")
_LONG_DECIMAL = re.compile(r"\d{1,4}\.\d{4,20}")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
_FRACTION = re.compile(r"(\d{1,3})/(\d{1,3})")
# What stands between an amount and the same in other units.
_SAME = frozenset({"/", "or", "|", "=", "hoặc", "about"})
# "a generous ½ teaspoon", "a 400 g can".
_ARTICLES = frozenset({"a", "an", "một"})
# "bột mì số 8": what follows is part of the name.
_NUMBERED = frozenset({"số", "no", "type", "loại"})
_MORE = frozenset({"plus", "+", "and", "cộng"})


def spaced(text: str) -> str:
    """Return `text` in NFKC, with numbers, signs and units apart: "½cup", "2x400g", "1kg2", "14-oz", "200g/7oz"."""
    line = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    for pattern, replacement in _SPACING:
        line = pattern.sub(replacement, line)
    return " ".join(line.split())


def amounts_at(words: Sequence[str], start: int) -> tuple[list[tuple[Amount, int]], int]:
    """Read the amounts that `words` hold from `start` on, and return each with the place behind it, and the last place.

    "200 g / 7 oz", "1 cup plus 2 tbsp", "2 14 oz cans". Words like "about" before them, sizes and "of" behind them
    belong to them. Of "1/4 cup + 2 tbsp" each part stands for itself.
    """
    found: list[tuple[Amount, int]] = []
    place = start
    while place < len(words):
        amount = _amount(words, place)
        if amount is None:
            break
        found.append(amount)
        place = amount[1]
        following = place + 1 if place < len(words) and words[place] in _SAME | _MORE else place
        if following == len(words) or (following > place and not _is_amount(words, following)):
            break
        place = following
    return found, found[-1][1] if found else start


def whole(words: Sequence[str]) -> Amount | None:
    """Return the first amount of words that are nothing but amounts, None of others."""
    found, end = amounts_at(words, 0)
    return found[0][0] if found and end == len(words) else None


def first_of(words: Sequence[str]) -> Amount | None:
    """Return the first amount of words that begin with one and name nothing: "2 quả to", "1 con khoảng 800 g"."""
    found, end = amounts_at(words, 0)
    if not found:
        return None
    rest = words[_past(words, end, grammar_table.units().about) :]
    is_said = not rest or past_sizes(rest, 0) == len(rest) or whole(rest) is not None
    return found[0][0] if is_said else None


def amount_behind(words: Sequence[str]) -> tuple[int, Amount] | None:
    """Return where the amount starts that ends the line, and the amount: "thịt bò 300g", "muối một nhúm".

    Number words need their diacritics here: "nuoc sau bo" is more likely a misspelt name than six bunches of water.
    """
    for start in range(1, len(words)):
        if words[start - 1] in _NUMBERED and words[start - 2 : start - 1] != ("mỗi",):
            continue
        amount = _amount(words, start)
        if amount and amount[1] == len(words) and (amount[0].unit or words[-1][-1:].isdigit()):
            found = number_at(words, start)
            typed = " ".join(words[start : found.end]) if found else ""
            is_sure = any(map(str.isdigit, typed)) or typed in grammar_table.units().numbers.spellings(typed)
            return (start, amount[0]) if is_sure else None
    return None


def unit_at(words: Sequence[str], start: int) -> tuple[str, float, int] | None:
    """Return a unit, how many of it the word means, and where the name begins; sizes before it say nothing."""
    table = grammar_table.units()
    found = table.units.look_up(words, past_sizes(words, start))
    if found is None:
        return None
    (unit, factor), end = found
    while end < len(words) and words[end] in table.links:
        end += 1
    return unit, factor, end


def number_at(words: Sequence[str], start: int) -> _Number | None:
    """Read a number (None for "a few"), a range, or the product of "2 x 400"."""
    table = grammar_table.units()
    start = _past(words, start, table.about)
    found = _digits(words, start) or _named(words, start)
    if found is None or found.value is None:
        return found
    if words[start] in _ARTICLES and (exact := _digits(words, _past(words, found.end, table.about))):
        return exact
    value, end = found.value, found.end
    more = _digits(words, end + 1)
    if more and more.value is not None and words[end] == "x":
        return _Number(value * more.value, more.end, more.upper and value * more.upper)
    if found.upper is None and end < len(words) and words[end] in table.range:
        upper = more or _named(words, end + 1)
        if upper and upper.value and upper.value > value:
            return _Number(value, upper.end, upper.value)
    if end < len(words) and words[end] == "-":
        upper = _digits(words, end + 1)
        if upper and upper.value and upper.value > value:
            return _Number(value, upper.end, upper.value)
    return found


def _is_amount(words: Sequence[str], start: int) -> bool:
    amount = _amount(words, start)
    return amount is not None and amount[0].unit is not None


def _amount(words: Sequence[str], start: int) -> tuple[Amount, int] | None:
    """Read a number and the unit behind it, if there is one; None without a number."""
    number = number_at(words, start)
    if number is None:
        return None
    packed = _packed(words, number) or _hyphenated_pack(words, number)
    if packed:
        return packed
    unit = unit_at(words, number.end)
    if unit is None:
        if _needs_unit(words, start, number.end):
            return None
        return _made(number, None, 1), past_sizes(words, number.end)
    name, factor, end = unit
    if words[end : end + 1] and words[end] == "/":
        # "10 packages/boxes"
        other = unit_at(words, end + 1)
        end = other[2] if other else end
    if number.value is not None and number.value >= _MOST_OF_LARGE and name in {"kg", "l"}:
        number = replace(number, value=number.value / 1000)
    if number.value is not None and grammar_table.units().half_more.intersection(words[end : end + 1]):
        number, end = replace(number, value=number.value + 0.5), end + 1
    return _made(number, name, factor), end


def _packed(words: Sequence[str], number: _Number) -> tuple[Amount, int] | None:
    """Read "2 14 oz cans": so many packages of a weight each; the amount is what is in all of them."""
    table = grammar_table.units()
    inner = _digits(words, past_sizes(words, number.end))
    if inner is None or number.value is None or inner.value is None:
        return None
    unit = unit_at(words, inner.end)
    if unit is None or unit[0] not in table.weights:
        return None
    container = unit_at(words, unit[2])
    if container is None or container[0] not in table.containers:
        return None
    total = _Number(number.value * inner.value, container[2], number.upper and number.upper * inner.value)
    return _made(total, unit[0], unit[1]), container[2]


def _hyphenated_pack(words: Sequence[str], number: _Number) -> tuple[Amount, int] | None:
    """Read "1-15 ounce can" and "2 - 8 oz blocks" as packages of a weight: a range so wide, of a package, is none."""
    if number.value is None or number.upper is None or number.upper < _WIDEST_RANGE * number.value:
        return None
    unit = unit_at(words, number.end)
    if unit is None or unit[0] not in grammar_table.units().weights:
        return None
    container = unit_at(words, unit[2])
    if container is None or container[0] not in grammar_table.units().containers | {"piece"}:
        return None
    return _made(_Number(number.value * number.upper, container[2]), unit[0], unit[1]), container[2]


def _made(number: _Number, unit: str | None, factor: float) -> Amount:
    return Amount(_usable(number.value, factor), unit, _usable(number.upper, factor))


def _usable(value: float | None, factor: float) -> float | None:
    return round(value * factor, 3) if value is not None and 0 < value * factor <= _MOST else None


def _needs_unit(words: Sequence[str], start: int, end: int) -> bool:
    """Say whether a number word counts only with a unit: "ba rọi" is pork belly, and "nam rom" are mushrooms."""
    table = grammar_table.units()
    typed = " ".join(words[start:end])
    spellings = table.numbers.spellings(typed)
    return typed in table.cardinals or (bool(spellings) and typed not in spellings)


def _named(words: Sequence[str], start: int) -> _Number | None:
    found = grammar_table.units().numbers.look_up(words, start)
    return _Number(found[0], found[1]) if found else None


def _digits(words: Sequence[str], start: int) -> _Number | None:
    word = words[start] if start < len(words) else ""
    low, _, high = word.partition("-")
    value, more = value_of(low), value_of(high)
    if value is None or (high and more is None):
        return None
    if more is not None:
        # "1-1/2" is one and a half.
        if more < 1 <= value and "/" in high:
            return _Number(value + more, start + 1)
        following = _following_fraction(words, start + 1)
        upper = more + following if following else more
        return _Number(value, start + 1 + bool(following), upper if upper > value else None)
    part = _following_fraction(words, start + 1)
    if part is None:
        return _Number(value, start + 1)
    return _Number(value + part, start + 2)


def _following_fraction(words: Sequence[str], start: int) -> float | None:
    if start < len(words) and _FRACTION.fullmatch(words[start]):
        return value_of(words[start])
    return None


def value_of(text: str) -> float | None:
    """Return "1,5", "1.500", "1/2" as a number, None for anything else."""
    if fraction := _FRACTION.fullmatch(text):
        return int(fraction[1]) / int(fraction[2]) if int(fraction[2]) else None
    if _LONG_DECIMAL.fullmatch(text):
        return float(text)
    if _THOUSANDS.fullmatch(text):
        return float(re.sub(r"[.,]", "", text))
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def _past(words: Sequence[str], start: int, skipped: grammar_table.Phrases) -> int:
    while start < len(words) and (end := skipped.end(words, start)) > start:
        start = end
    return start


def past_sizes(words: Sequence[str], start: int) -> int:
    """Return the place behind words for sizes, and what joins them: "medium to large"."""
    return _past(words, start, grammar_table.units().sizes)
