"""Numbers in lines: "1½", "1 1/2-2", "2 to 3", "3-4 x 15", "two and a half", "hai trăm rưỡi", "hai ba"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import gcd

from apps.ingredients import grammar_table

_DECIMAL = re.compile(r"\d{1,7}([.,]\d{1,3})?")
_LONG_DECIMAL = re.compile(r"\d{1,4}\.\d{4,20}")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
_FRACTION = re.compile(r"(\d{1,3})/(\d{1,3})")
# "a generous ½ teaspoon", "a 400 g can".
_ARTICLES = frozenset({"a", "an", "một"})
# "2 and a half", "2 & 1/2".
_AND = frozenset({"and", "&", "và"})
_TEN, _HUNDRED, _THOUSAND = 10, 100, 1000
# "hai ba" are two or three, "năm bảy" five to seven.
_WIDEST_STEP = 2
# "2/4" may still be half of a cup.
_LEAST_OF_RANGE = 4
_ENDS = 2


@dataclass(frozen=True, slots=True)
class Number:
    """A number, or a range of them, and where the words end that it took; None for "a few"."""

    value: float | None
    end: int
    upper: float | None = None

    def plus(self, more: float, end: int) -> "Number":
        """Return the number with `more` on its last end: half of "two to three and a half" belongs to the three."""
        if self.upper is not None:
            return replace(self, upper=self.upper + more, end=end)
        return replace(self, value=(self.value or 0) + more, end=end)


def number_at(words: Sequence[str], start: int) -> Number | None:
    """Read a number (None for "a few"), a range, or the product of "2 x 400"; words like "about" before it are none."""
    about = grammar_table.units().about
    start = about.past(words, start)
    found = _single(words, start)
    if found is None or found.value is None:
        return found
    if words[start] in _ARTICLES and (exact := digits_at(words, about.past(words, found.end))):
        found = exact
    return _product(words, _range(words, found))


def value_of(text: str) -> float | None:
    """Return "1,5", "1.500", "1/2" as a number, None for anything else: "00" is a type of flour."""
    if text.startswith("00"):
        return None
    if _slashed(text):
        return None
    if fraction := _FRACTION.fullmatch(text):
        return int(fraction[1]) / int(fraction[2]) if int(fraction[2]) else None
    if _LONG_DECIMAL.fullmatch(text):
        return float(text)
    if _THOUSANDS.fullmatch(text):
        return float(re.sub(r"[.,]", "", text))
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def digits_at(words: Sequence[str], start: int) -> Number | None:
    """Read a number in digits, with the fraction behind it, or a range of two: "1", "1 1/2", "1-1/2", "1 1/2-2 1/4"."""
    if start < len(words) and (ends := _slashed(words[start])):
        return Number(ends[0], start + 1, ends[1])
    pieces, end = _pieces(words, start)
    values = list(_values(pieces))
    if not values or None in values or len(values) > _ENDS:
        return None
    low, high = values[0], values[-1]
    return Number(low, end, high if low is not None and high is not None and high > low else None)


def needs_unit(words: Sequence[str], start: int, number: Number) -> bool:
    """Say whether number words count only with a unit: "ba rọi" is pork belly, and "nam rom" are mushrooms."""
    table = grammar_table.units()
    typed = words[table.about.past(words, start) : number.end]
    is_short = len(typed) == 1 or number.upper is not None
    return (is_short and all(word in table.cardinals for word in typed)) or not is_spelled(typed)


def is_spelled(words: Sequence[str]) -> bool:
    """Say whether a number is in digits, or in words with their diacritics: "nuoc sau bo" is no "sáu bó"."""
    if any(char.isdigit() for word in words for char in word):
        return True
    table, typed = grammar_table.units(), " ".join(words)
    spellings = table.numbers.spellings(typed)
    return typed in spellings or (not spellings and all(word in table.number_words for word in words))


def hyphenated(one: str, other: str) -> str | None:
    """Return what two number words with a hyphen mean: "twenty five" of "twenty-five", "hai to ba" of "hai-ba"."""
    if _ARTICLES.intersection((one, other)):
        return None
    first, second = _below_hundred([one], 0), _below_hundred([other], 0)
    if not (first and second and first.value and second.value and min(first.value, second.value) >= 1):
        return None
    pair = _below_hundred([one, other], 0)
    return f"{one} {other}" if pair and pair.end == _ENDS else f"{one} to {other}"


def _slashed(text: str) -> tuple[int, int] | None:
    """Return the ends of a range with a slash, "8/10 biscuits": no fraction is written with a factor to cancel."""
    fraction = _FRACTION.fullmatch(text)
    if fraction is None:
        return None
    low, high = int(fraction[1]), int(fraction[2])
    return (low, high) if _LEAST_OF_RANGE <= low < high and gcd(low, high) > 1 else None


def _single(words: Sequence[str], start: int) -> Number | None:
    found = _vague(words, start) or digits_at(words, start) or _named(words, start)
    return found if found is None or found.value is None else _with_half(words, found)


def _vague(words: Sequence[str], start: int) -> Number | None:
    """Read "1 ít" and "1 chút", which are no number though they begin with one."""
    if start + 1 >= len(words) or not words[start].isdigit():
        return None
    found = grammar_table.units().numbers.look_up(words, start)
    return Number(None, found[1]) if found and found[0] is None and found[1] > start + 1 else None


def _with_half(words: Sequence[str], number: Number) -> Number:
    """Add the half of "2 and a half", "2 and 1/2", "hai rưỡi", "một trăm rưỡi"."""
    end, last = number.end, number.upper or number.value or 0
    if (half := grammar_table.units().half_more.end(words, end)) > end:
        return number.plus(_scale_of(last) / 2, half)
    if last >= 1 and end + 1 < len(words) and words[end] in _AND:
        part = digits_at(words, end + 1) or _named(words, end + 1)
        if part and part.value and part.value < 1 and part.upper is None:
            return number.plus(part.value, part.end)
    return number


def _scale_of(value: float) -> float:
    """Return of what a half is meant: of "trăm rưỡi" half a hundred, of "hai rưỡi" half of one."""
    return next((scale for scale in (_THOUSAND, _HUNDRED) if value >= scale and value % scale == 0), 1)


def _range(words: Sequence[str], low: Number) -> Number:
    table, end = grammar_table.units(), low.end
    if low.upper is not None or low.value is None or end >= len(words):
        return low
    if words[end] not in table.range and words[end] != "-":
        return low
    high = _single(words, table.about.past(words, end + 1))
    if high and high.value and high.upper is None and high.value > low.value:
        return Number(low.value, high.end, high.value)
    return low


def _product(words: Sequence[str], count: Number) -> Number:
    """Read "3-4 x 15" as 45 to 60."""
    each = digits_at(words, count.end + 1) if count.end < len(words) and words[count.end] == "x" else None
    if each is None or each.value is None or count.value is None:
        return count
    upper = (count.upper or count.value) * (each.upper or each.value)
    return Number(count.value * each.value, each.end, upper if count.upper or each.upper else None)


def _pieces(words: Sequence[str], start: int) -> tuple[list[str], int]:
    """Return what is between the hyphens of a word, with the fractions that follow in the next ones, and their end."""
    pieces = words[start].split("-") if start < len(words) else []
    end = start + 1
    while pieces and pieces[-1].isdigit() and end < len(words) and _is_fraction(words[end].partition("-")[0]):
        pieces += words[end].split("-")
        end += 1
    return pieces, end


def _values(pieces: Sequence[str]) -> Iterator[float | None]:
    """Yield the numbers of pieces, None for what is none; a whole number and a fraction are one: "1-1/2"."""
    place = 0
    while place < len(pieces):
        value = value_of(pieces[place])
        place += 1
        if value is not None and pieces[place - 1].isdigit() and place < len(pieces) and _is_fraction(pieces[place]):
            value += value_of(pieces[place]) or 0
            place += 1
        yield value


def _is_fraction(piece: str) -> bool:
    value = value_of(piece) if "/" in piece else None
    return value is not None and value < 1


def _named(words: Sequence[str], start: int) -> Number | None:
    """Read number words: "two", "hai mươi lăm", "one hundred and fifty", "hai ba" (two or three), "vài" (None)."""
    first = _below_hundred(words, start)
    if first is None or first.value is None or first.value < 1:
        return first
    return _scaled(words, _stepped(words, start, first))


def _below_hundred(words: Sequence[str], start: int) -> Number | None:
    table = grammar_table.units()
    found = table.numbers.look_up(words, start)
    if found is None:
        return None
    value, end = found
    if value is None or value % 1:
        return Number(value, end)
    tens = table.scales.look_up(words, end) if value < _TEN else None
    if tens and tens[0] == _TEN:
        value, end = value * _TEN, tens[1]
    if value % _TEN or not _TEN <= value < _HUNDRED:
        return Number(value, end)
    ones = table.tails.look_up(words, end) or _ones(words, start, end)
    return Number(value + ones[0], ones[1]) if ones else Number(value, end)


def _ones(words: Sequence[str], start: int, place: int) -> tuple[float, int] | None:
    """Read the ones behind tens, in their language: "mười hai", "twenty five"."""
    found = grammar_table.units().numbers.look_up(words, place)
    if found is None or found[0] is None or not 1 <= found[0] < _TEN or found[1] > place + 1 or found[0] % 1:
        return None
    is_one_language = _is_vietnamese(words[place]) == _is_vietnamese(words[start])
    return (found[0], found[1]) if is_one_language and words[place] not in _ARTICLES else None


def _stepped(words: Sequence[str], start: int, low: Number) -> Number:
    """Read "hai ba" as two to three: words of two numbers, one or two apart."""
    high = _ones(words, start, low.end) if low.end == start + 1 else None
    if high is None or low.value is None or not _is_vietnamese(words[start]):
        return low
    return Number(low.value, high[1], high[0]) if 0 < high[0] - low.value <= _WIDEST_STEP else low


def _scaled(words: Sequence[str], number: Number) -> Number:
    """Read the hundreds and thousands of a number, and what follows them: "hai trăm năm mươi"."""
    table = grammar_table.units()
    found = table.scales.look_up(words, number.end)
    if found is None or number.value is None or number.value >= found[0]:
        return number
    scale, end = found
    upper = number.upper and number.upper * scale
    scaled = Number(number.value * scale, end, upper)
    linked = table.number_links.end(words, end)
    rest = _below_hundred(words, linked) if upper is None and scale > _TEN else None
    if rest is None or rest.value is None or rest.value < 1:
        return scaled
    rest = _scaled(words, rest)
    if rest.value is None or rest.value >= scale:
        return scaled
    if linked == end and rest.value < _TEN:
        # "hai trăm năm gam" are 250: a figure without "linh" counts tens of hundreds, hundreds of thousands.
        if table.units.look_up(words, rest.end) is None or rest.end != end + 1:
            return scaled
        more = rest.value * scale / _TEN if _is_vietnamese(words[end]) else rest.value
        return Number((scaled.value or 0) + more, rest.end)
    return Number((scaled.value or 0) + rest.value, rest.end)


def _is_vietnamese(word: str) -> bool:
    return bool(grammar_table.units().vietnamese_numbers.spellings(word))
