"""Amounts in lines: numbers, ranges and units as people write them, "2 x 400g", "1½ cups", "1kg2", "hai trăm gam"."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from apps.ingredients import grammar_table, numerals
from apps.ingredients.numerals import Number, digits_at

# A larger number is a mistake, or no quantity.
_MOST = 1_000_000
# "1.250 kg" is written with three decimals, not with a separator of thousands as in "1.250 g".
_MOST_OF_LARGE = 1000
# "5-15 ounce cans" is no range from five to fifteen.
_WIDEST_RANGE = 3


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity in canonical units (g, ml, piece…): None for "a few"; `quantity_max` is the upper end of a range."""

    quantity: float | None = None
    unit: str | None = None
    quantity_max: float | None = None


NO_AMOUNT = Amount()


_FRACTIONS = {
    "½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
    "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5", "⅙": "1/6", "⅚": "5/6",
}  # fmt: skip
_MARKS = str.maketrans(
    {mark: f" {text} " for mark, text in _FRACTIONS.items()}
    | {"–": "-", "—": "-", "−": "-", "⁄": "/", "×": "x"}
    | {"÷": "-", "〜": "~"}
)
_SPACING = (
    # "11/2 teaspoons" is one and a half: nobody writes eleven halves.
    (re.compile(r"(?<![\d/.,])([1-9])((?:1/[2348]|2/3|3/[48]))(?![\d/])"), r"\1 \2"),
    # "1 No. 2 can": the size of a can.
    (re.compile(r"(?:\bno\.?\s*|#)\d+(?:[ -]1/2)?\s+(?=(?:can|tin)s?\b)", re.IGNORECASE), ""),
    # What dark chocolate has of cocoa, "70% cocoa", names no other food.
    (re.compile(r"(\d\s?%)\s+(?:cocoa|cacao)(?:\s+solids)?\b(?=\s+\w)", re.IGNORECASE), r"\1"),
    # "i tsp", "l cup": a one that was scanned or typed as a letter.
    (re.compile(r"^[il](?=\s+(?:tsp|teaspoons?|tbsp|tablespoons?|cups?|lbs?|pounds?|cans?)\b)", re.IGNORECASE), "1"),
    # "last of the ham": what is left of it
    (
        re.compile(
            r"^(?:the\s+)?(?:last|rest|remains|remainder|ends?|heel|bits(?: and pieces)?|odds and ends|scraps)\s+of\s+"
            r"(?:(?:the|a|an|my|our|some)\s+)?(?=[^\W\d])",
            re.IGNORECASE,
        ),
        "",
    ),
    # "can of salmon": one
    (re.compile(r"^(?=(?:can|tin) of\s)", re.IGNORECASE), "1 "),
    # "còn nửa trái bí": what is left of it
    (re.compile(r"^còn\s+(?:lại\s+)?(?=\d|nửa|một|hai|ba|vài|ít)", re.IGNORECASE), ""),
    # "2 or so tablespoons", "1 or more cloves"
    (re.compile(r"(?<=\d)\s+or\s+(?:so|more|less)\b(?:\s+of\b)?(?=\s+[^\W\d])", re.IGNORECASE), ""),
    # "1/3rd", "2/3rds", "2nd"
    (re.compile(r"(\d)(?:st|nd|rds?|ths?)(?![^\W\d_])", re.IGNORECASE), r"\1"),
    (re.compile(r"(\d)\s*~\s*(?=\d)"), r"\1-"),
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
# "500g-600g", "1 lb, 4 oz": a unit between a number and the next one, which has its own.
_WORDS = r"[^\W\d_]+(?: [^\W\d_]+){0,3}"
_TWO_UNITS = re.compile(rf"(?<=\d)\s*(?P<unit>{_WORDS}?)\.?\s*(?P<sign>[-~,])\s*(?=\d[\d.,/ -]*(?P<other>{_WORDS}))")
_HYPHENATED = re.compile(r"(?<![\w-])([^\W\d_]+)\s*-\s*([^\W\d_]+)(?![\w-])")
# What stands between an amount and the same in other units.
_SAME = frozenset({"/", "or", "|", "=", "hoặc", "about"})
_BETWEEN = frozenset({"between", "từ", "from"})
# Ounces are rounded to grams.
_NEARLY = 1.15
# "bột mì số 8": what follows is part of the name.
_NUMBERED = frozenset({"số", "no", "type", "loại"})


def spaced(text: str) -> str:
    """Return `text` in NFKC, with numbers, signs and units apart: "½cup", "2x400g", "1kg2", "14-oz", "200g/7oz"."""
    line = unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS)
    for pattern, replacement in _SPACING:
        line = pattern.sub(replacement, line)
    line = _HYPHENATED.sub(lambda found: numerals.hyphenated(found[1].lower(), found[2].lower()) or found[0], line)
    return " ".join(_TWO_UNITS.sub(_joined, line).split())


def amounts_at(words: Sequence[str], start: int) -> tuple[list[tuple[Amount, int]], int]:
    """Read the amounts that `words` hold from `start` on, and return each with the place behind it, and the last place.

    "200 g / 7 oz", "2 14 oz cans". Words like "about" before them, sizes and "of" behind them belong to them. What adds
    up is one amount, "1 cup plus 2 tbsp", and so are two ends of a range, "500 g to 1 kg".
    """
    found: list[tuple[Amount, int]] = []
    place = start
    while place < len(words):
        amount = _total(words, place)
        if amount is None:
            break
        found.append(amount)
        place = amount[1]
        following = place + 1 if place < len(words) and words[place] in _SAME | grammar_table.units().sums else place
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
    rest = words[grammar_table.units().about.past(words, end) :]
    is_said = not rest or past_sizes(rest, 0) == len(rest) or whole(rest) is not None
    return found[0][0] if is_said else None


def amount_behind(words: Sequence[str]) -> tuple[int, Amount] | None:
    """Return where the amount starts that ends the line, and the amount: "thịt bò 300g", "muối một nhúm".

    Number words need their diacritics here: "nuoc sau bo" is more likely a misspelt name than six bunches of water.
    """
    table = grammar_table.units()
    for start in range(1, len(words)):
        if words[start - 1] in _NUMBERED and words[start - 2 : start - 1] != ("mỗi",):
            continue
        if table.about_in_names.end(words, start - 1) > start:
            continue
        amount = _total(words, start)
        if amount and amount[1] == len(words) and (amount[0].unit or words[-1][-1:].isdigit()):
            if amount[0].quantity == 0 and not amount[0].unit:
                # "cola 0" is a name, not none of it.
                return start, NO_AMOUNT
            found = numerals.number_at(words, start)
            first = table.about.past(words, start)
            return (start, amount[0]) if found and numerals.is_spelled(words[first : found.end]) else None
    return None


def added(one: Amount, other: Amount) -> Amount | None:
    """Return the sum of two amounts in the unit of the first, None where they measure different things."""
    ratio = _ratio(other.unit, one.unit)
    if ratio is None or one.quantity is None or other.quantity is None:
        return None
    upper = None
    if one.quantity_max is not None or other.quantity_max is not None:
        upper = round((one.quantity_max or one.quantity) + (other.quantity_max or other.quantity) * ratio, 3)
    return Amount(round(one.quantity + other.quantity * ratio, 3), one.unit, upper)


def unit_at(words: Sequence[str], start: int) -> tuple[str, float, int] | None:
    """Return a unit, how many of it the word means, and where the name begins; sizes before it say nothing."""
    table = grammar_table.units()
    found = table.units.look_up(words, past_sizes(words, start))
    if found is None:
        return None
    (unit, factor), end = found
    return unit, factor, _past_links(words, end)


def _past_links(words: Sequence[str], start: int) -> int:
    while start < len(words) and words[start] in grammar_table.units().links:
        start += 1
    return start


def _joined(found: re.Match[str]) -> str:
    """Put "to" between the ends of a range that both have a unit, and nothing between units of a sum."""
    units = grammar_table.units().units
    words, others = found["unit"].lower().split(), found["other"].lower().split()
    unit, other = units.look_up(words, 0), units.look_up(others, 0)
    if unit is None or other is None or unit[1] != len(words):
        return found[0]
    smaller = grammar_table.units().smaller
    if found["sign"] == ",":
        return f" {found['unit']} " if (unit[0], other[0]) in smaller else found[0]
    # "1 cup - 240 ml" is one amount in two units; a larger unit ends a range: "500g - 1kg".
    is_range = unit[0] == other[0] or (other[0], unit[0]) in smaller
    return f" {found['unit']} to " if is_range else found[0]


def _is_amount(words: Sequence[str], start: int) -> bool:
    amount = _amount(words, start)
    return amount is not None and amount[0].unit is not None


def _total(words: Sequence[str], start: int) -> tuple[Amount, int] | None:
    """Read an amount with all that is added to it, or with the other end of its range."""
    found, last = _amount(words, start), start
    while found:
        further = _upper_end(words, start, found) or _sum(words, last, found)
        if further is None:
            break
        found, last = further, found[1]
    return found


def _upper_end(words: Sequence[str], start: int, found: tuple[Amount, int]) -> tuple[Amount, int] | None:
    """Read the upper end of a range whose ends both have a unit: "500 g to 1 kg", "between 1 cup and 2 cups"."""
    amount, end = found
    joint = words[end] if end < len(words) else ""
    if amount.quantity_max is not None or joint not in grammar_table.units().range:
        return None
    if joint in grammar_table.units().sums and words[start] not in _BETWEEN:
        return None
    other = _amount(words, end + 1) if end + 1 < len(words) else None
    ratio = _ratio(other[0].unit, amount.unit) if other else None
    if other is None or ratio is None or amount.quantity is None or other[0].quantity is None:
        return None
    upper = (other[0].quantity_max or other[0].quantity) * ratio
    # "7 oz or 200 g" is one amount in two units.
    is_more = upper > amount.quantity * (_NEARLY if joint in _SAME else 1)
    return (replace(amount, quantity_max=round(upper, 3)), other[1]) if is_more else None


def _sum(words: Sequence[str], last: int, found: tuple[Amount, int]) -> tuple[Amount, int] | None:
    """Add what follows a sign, "1 cup + 2 tbsp", or a larger unit, "1 lb 4 oz"; `last` is where that amount starts."""
    amount, end = found
    has_sign = end < len(words) and words[end] in grammar_table.units().sums
    other = _amount(words, end + has_sign) if end + has_sign < len(words) else None
    total = added(amount, other[0]) if other and (has_sign or _is_smaller(words, last, end)) else None
    return (total, other[1]) if total and other else None


def _ratio(unit: str | None, wanted: str | None) -> float | None:
    """Return how many of the wanted unit one of a unit is; None where they measure different things."""
    if unit is None or wanted is None:
        return None
    if unit == wanted:
        return 1
    for sizes in grammar_table.units().measures.values():
        if unit in sizes and wanted in sizes:
            return sizes[unit] / sizes[wanted]
    return None


def _is_smaller(words: Sequence[str], start: int, following: int) -> bool:
    """Say whether an amount is less than one of the unit before, and in a unit that follows it: "1 kg 200 g"."""
    number, more = numerals.number_at(words, start), numerals.number_at(words, following)
    large = unit_at(words, number.end) if number else None
    small = unit_at(words, more.end) if more else None
    if large is None or small is None or more is None or (large[:2], small[:2]) not in grammar_table.units().smaller:
        return False
    ratio = _ratio(small[0], large[0])
    return ratio is not None and (more.value or 0) * small[1] * ratio < large[1]


def _amount(words: Sequence[str], start: int) -> tuple[Amount, int] | None:
    """Read a number and the unit behind it, if there is one; None without a number."""
    number = numerals.number_at(words, start)
    if number is None:
        return None
    packed = _packed(words, number) or _hyphenated_pack(words, number)
    if packed:
        return packed
    unit = unit_at(words, number.end)
    if unit is None:
        if numerals.needs_unit(words, start, number):
            return None
        return _made(number, None, 1), past_sizes(words, number.end)
    name, factor, end = unit
    if words[end : end + 1] and words[end] == "/":
        # "10 packages/boxes"
        other = unit_at(words, end + 1)
        end = other[2] if other else end
    if number.value is not None and number.value >= _MOST_OF_LARGE and name in {"kg", "l"}:
        number = replace(number, value=number.value / 1000)
    half = grammar_table.units().half_more.end(words, end)
    if number.value is not None and half > end:
        number, end = number.plus(0.5, half), _past_links(words, half)
    return _made(number, name, factor), end


def _packed(words: Sequence[str], number: Number) -> tuple[Amount, int] | None:
    """Read "2 14 oz cans": so many packages of a weight each; the amount is what is in all of them."""
    table = grammar_table.units()
    inner = digits_at(words, past_sizes(words, number.end))
    if inner is None or number.value is None or inner.value is None:
        return None
    unit = unit_at(words, inner.end)
    if unit is None or unit[0] not in table.weights:
        return None
    container = unit_at(words, unit[2])
    if container is None or container[0] not in table.containers:
        return None
    total = Number(number.value * inner.value, container[2], number.upper and number.upper * inner.value)
    return _made(total, unit[0], unit[1]), container[2]


def _hyphenated_pack(words: Sequence[str], number: Number) -> tuple[Amount, int] | None:
    """Read "1-15 ounce can" and "2 - 8 oz blocks" as packages of a weight: a range so wide, of a package, is none."""
    if number.value is None or number.upper is None or number.upper < _WIDEST_RANGE * number.value:
        return None
    unit = unit_at(words, number.end)
    if unit is None or unit[0] not in grammar_table.units().weights:
        return None
    container = unit_at(words, unit[2])
    if container is None or container[0] not in grammar_table.units().containers | {"piece"}:
        return None
    return _made(Number(number.value * number.upper, container[2]), unit[0], unit[1]), container[2]


def _made(number: Number, unit: str | None, factor: float) -> Amount:
    return Amount(_usable(number.value, factor), unit, _usable(number.upper, factor))


def _usable(value: float | None, factor: float) -> float | None:
    return round(value * factor, 3) if value is not None and 0 <= value * factor <= _MOST else None


def past_sizes(words: Sequence[str], start: int) -> int:
    """Return the place behind words for sizes, and what joins them: "medium to large"."""
    return grammar_table.units().sizes.past(words, start)
