"""Amounts in front of and behind names of ingredients: "300g thịt bò", "cà chua (2 quả)", "half a cup of milk"."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from apps.core.text import normalize
from apps.ingredients import units

# A larger number is a mistake, or no quantity.
_MOST = 1_000_000
# "1.250 kg" is written with three decimals, not with a separator of thousands as in "1.250 g".
_MOST_OF_LARGE = 1000


@dataclass(frozen=True, slots=True)
class Parsed:
    """A name with its amount taken off: `unit` is canonical (g, ml, piece…), `quantity` counts it; None if not said.

    `asides` are what was left out of the name: preparations behind a comma or in brackets.
    """

    quantity: float | None
    unit: str | None
    rest: str
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Amount:
    """A quantity (None for "a few") and its unit, and the words that they took: up to `end`."""

    quantity: float | None
    unit: str | None
    end: int


_MARKS = str.maketrans(
    {mark: f" {over}/{under} " for mark, over, under in ("½12", "¼14", "¾34", "⅓13", "⅔23", "⅛18", "⅜38", "⅝58", "⅞78")}
    | {"–": "-", "—": "-", "−": "-", "⁄": "/", "×": "x"}
)
_SPACING = (
    (re.compile(r"([~≈*])"), r" \1 "),
    (re.compile(r"(\d)\s*-\s*(?=\d)"), r"\1-"),
    (re.compile(r"(\d)\s*x\s*(?=\d)"), r"\1 x "),
    (re.compile(r"(?<!\w)x(?=\d)"), "x "),
    (re.compile(r"(?<![\w.,])(\d+)(kg|ký|kí|lít|l)(\d)(?!\w)"), r"\1.\3 \2"),
    (re.compile(r"(?<!\w)(\d+(?:[.,/]\d+)*)(?=[^\W\d])"), r"\1 "),
)
_DIGIT = re.compile(r"\d")
_DECIMAL = re.compile(r"\d{1,7}([.,]\d{1,3})?")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}([.,]\d{3})+")
_FRACTION = re.compile(r"(\d{1,3})/(\d{1,3})")
_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]?")
_PARTS = re.compile(r"(?<!\d),|,(?!\d)|[;:]|\s-(?!\S)|^-")


def parse(text: str) -> Parsed:
    """Take the amount off a name, in front or behind, and what follows a comma or stands in brackets.

    "300g thịt bò" is 300, g, "thịt bò"; lạng are 100 g, ounces and pounds become g, pints ml; of "2-3" the smaller
    counts. `rest` is in lower case, empty where there is nothing but an amount. A unit without a number stays in the
    name: "củ cải" is a radish. Never fails.
    """
    head, asides, amount = _parts(text)
    *_, last = _stripped(head, amount)
    return replace(last, asides=asides)


def readings(text: str) -> list[Parsed]:
    """Return every way to part `text` into an amount and a name, the one that takes the least off first.

    A unit may be part of the name ("2 lá dứa", "củ cải"), and so may what follows a comma ("sugar, brown"): whoever
    knows the names takes the first reading whose `rest` is one.
    """
    head, asides, amount = _parts(text)
    stripped = list(_stripped(head, amount))
    aside = " ".join(asides)
    found = [Parsed(None, None, _spaced(text))]
    if asides and not _is_by_knife(aside):
        found += [replace(one, rest=f"{one.rest} {aside}") for one in stripped]
        found += [replace(one, rest=f"{aside} {one.rest}") for one in stripped]
    last = [one for more in (_without_counter, _without_knife) for one in more(stripped[-1])]
    found += [replace(one, asides=asides) for one in (*stripped, *last)]
    return list(dict.fromkeys(found))


def _spaced(text: str) -> str:
    """Return `text` in lower case and NFC, with numbers, signs and units apart: "½cup", "2x400g", "1kg2"."""
    line = normalize(text).translate(_MARKS)
    for pattern, replacement in _SPACING:
        line = pattern.sub(replacement, line)
    return " ".join(line.split())


def _parts(text: str) -> tuple[str, tuple[str, ...], _Amount | None]:
    """Return the name with its amount, what stands behind it or in brackets, and an amount found there."""
    line = _spaced(text)
    outside = _PARTS.split(_BRACKETS.sub(" ", line))
    inside = _BRACKETS.findall(line)
    parts = [" ".join(part.split()) for part in (*outside, *inside) if part.strip()]
    amounts = {part: amount for part in parts if (amount := _whole_amount(part))}
    names = [part for part in parts if part not in amounts] or parts[:1] or [""]
    return names[0], tuple(names[1:]), next(iter(amounts.values()), None)


def _stripped(name: str, elsewhere: _Amount | None) -> Iterator[Parsed]:
    """Yield `name` without its number, then without its unit, then without a container; as it is where it has none."""
    words = name.split()
    number = _number(words, 0)
    if number and (amount := _amount(words, 0)):
        if amount.unit:
            yield _parsed(number[0], None, words[number[1] :])
        yield from _without_container(words, amount)
        yield from _without_unit_behind(words, amount)
    elif behind := _amount_behind(words):
        start, amount = behind
        yield _parsed(amount.quantity, amount.unit, words[:start])
    else:
        yield _parsed(elsewhere.quantity, elsewhere.unit, words) if elsewhere else _parsed(None, None, words)


def _parsed(quantity: float | None, unit: str | None, words: Sequence[str]) -> Parsed:
    usable = quantity is not None and 0 < quantity <= _MOST
    return Parsed(round(quantity, 3) if quantity is not None and usable else None, unit, " ".join(words))


def _without_container(words: Sequence[str], amount: _Amount) -> Iterator[Parsed]:
    """Yield what follows the amount, and, of "400 g can tomatoes", what follows the can."""
    yield _parsed(amount.quantity, amount.unit, words[amount.end :])
    container = _unit(words, amount.end)
    if amount.unit in units.WEIGHTS_AND_VOLUMES and container and container[0] in units.CONTAINERS:
        yield _parsed(amount.quantity, amount.unit, words[container[2] :])


def _without_unit_behind(words: Sequence[str], amount: _Amount) -> Iterator[Parsed]:
    """Yield "garlic" of "3 garlic cloves"."""
    unit = _unit(words, len(words) - 1)
    if amount.unit is None and len(words) > amount.end + 1 and words[-1] in units.BEHIND and unit:
        yield _parsed(amount.quantity, unit[0], words[amount.end : -1])


def _without_counter(parsed: Parsed) -> Iterator[Parsed]:
    """Yield "cam" of "quả cam" and "salt" of "pinch of salt", where no number says that the first word counts."""
    words = parsed.rest.split()
    unit = _unit(words, 0)
    if parsed.unit or unit is None or len(words) == unit[2]:
        return
    if words[0] in units.COUNTERS or "of" in words[: unit[2]]:
        yield Parsed(parsed.quantity, unit[0], " ".join(words[unit[2] :]))


def _is_by_knife(aside: str) -> bool:
    return units.KNIFE.issuperset(aside.split()) or not units.KNIFE_BEHIND.sub("", f" {aside}")


def _without_knife(parsed: Parsed) -> Iterator[Parsed]:
    """Yield the name without what a knife did to it or "to taste": "tỏi băm nhỏ", "finely chopped onion"."""
    words = units.KNIFE_BEHIND.sub("", parsed.rest).split()
    while len(words) > 1 and words[0] in units.KNIFE:
        del words[0]
    if len(words) < len(parsed.rest.split()):
        yield replace(parsed, rest=" ".join(words))


def _whole_amount(part: str) -> _Amount | None:
    words = part.split()
    amount = _amount(words, 0)
    return amount if amount and amount.end == len(words) else None


def _amount_behind(words: Sequence[str]) -> tuple[int, _Amount] | None:
    """Return where the amount starts that ends the line, and the amount: "thịt bò 300g", "muối một nhúm".

    Number words need their marks here: "nuoc sau bo" is more likely a misspelt name than six bunches of water.
    """
    for start in range(1, len(words)):
        amount = _amount(words, start)
        if amount and amount.end == len(words) and (amount.unit or words[-1].isdigit()):
            number = " ".join(words[start : _number_end(words, start)])
            return (start, amount) if _DIGIT.search(number) or number in units.NUMBERS.spellings(number) else None
    return None


def _number_end(words: Sequence[str], start: int) -> int:
    number = _number(words, start)
    return number[1] if number else start


def _amount(words: Sequence[str], start: int) -> _Amount | None:
    """Read a number and the unit behind it, if there is one; None without a number."""
    number = _number(words, start)
    if number is None:
        return None
    quantity, end = number
    unit = _unit(words, end)
    if unit is None:
        return None if _needs_unit(words, start, end) else _Amount(quantity, None, _past(words, end, units.SIZES))
    name, factor, end = unit
    if quantity is not None and quantity >= _MOST_OF_LARGE and name in {"kg", "l"}:
        quantity /= 1000
    if quantity is not None and units.HALF_MORE.intersection(words[end : end + 1]):
        quantity, end = quantity + 0.5, end + 1
    return _Amount(None if quantity is None else quantity * factor, name, end)


def _needs_unit(words: Sequence[str], start: int, end: int) -> bool:
    """Say whether a number word counts only with a unit: "ba rọi" is pork belly, and "nam rom" are mushrooms."""
    typed = " ".join(words[start:end])
    spellings = units.NUMBERS.spellings(typed)
    return typed in units.CARDINALS or (bool(spellings) and typed not in spellings)


def _unit(words: Sequence[str], start: int) -> tuple[str, float, int] | None:
    """Return a unit, how many of it the word means, and where the name begins; sizes before it say nothing."""
    found = units.UNITS.look_up(words, _past(words, start, units.SIZES))
    if found is None:
        return None
    (unit, factor), end = found
    return unit, factor, _past(words, end, units.LINKS)


def _number(words: Sequence[str], start: int) -> tuple[float | None, int] | None:
    """Return a number (None for "a few") and where it ends; of a range the smaller, of "2 x 400" the product."""
    start = _past(words, start, units.ABOUT)
    found = _digits(words, start) or units.NUMBERS.look_up(words, start)
    if found is None or found[0] is None:
        return found
    value, end = float(found[0]), found[1]
    more = _digits(words, end + 1)
    if more and words[end] == "x":
        return value * more[0], more[1]
    return (value, more[1]) if more and words[end] in units.RANGE else (value, end)


def _digits(words: Sequence[str], start: int) -> tuple[float, int] | None:
    word = words[start] if start < len(words) else ""
    low, _, high = word.partition("-")
    value, more = _value(low), _value(high)
    if value is None or (high and more is None):
        return None
    if high:
        return value + more if more and more < 1 <= value else value, start + 1
    part = _value(words[start + 1]) if words[start + 1 : start + 2] and _FRACTION.fullmatch(words[start + 1]) else None
    return (value, start + 1) if part is None else (value + part, start + 2)


def _value(text: str) -> float | None:
    """Return "1,5", "1.500", "1/2" as a number, None for anything else."""
    if fraction := _FRACTION.fullmatch(text):
        return int(fraction[1]) / int(fraction[2]) if int(fraction[2]) else None
    if _THOUSANDS.fullmatch(text):
        return float(re.sub(r"[.,]", "", text))
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def _past(words: Sequence[str], start: int, skipped: frozenset[str]) -> int:
    while start < len(words) and words[start] in skipped:
        start += 1
    return start
