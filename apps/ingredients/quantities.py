"""Amounts in front of and behind names of ingredients: "300g thịt bò", "cà chua (2 quả)", "half a cup of milk"."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from apps.core.text import fold, normalize
from apps.ingredients.spelling import agrees

# A larger number is a mistake, or no quantity.
_MOST = 1_000_000
# "1.250 kg" is written with three decimals, not with a separator of thousands as in "1.250 g".
_MOST_OF_LARGE = 1000

_T = TypeVar("_T")


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


class _Table(Generic[_T]):
    """Meanings of words: `spelled` by folded form, then by spelling, for marks tell "lá" (leaf) from "la"."""

    def __init__(self, meanings: Mapping[str, _T]) -> None:
        self.spelled: dict[str, dict[str, _T]] = defaultdict(dict)
        for spelling, meaning in meanings.items():
            self.spelled[fold(spelling)][spelling] = meaning
        self.firsts = {folded.partition(" ")[0] for folded in self.spelled}
        self.longest = max(folded.count(" ") + 1 for folded in self.spelled)


def _spelled(**units: str) -> dict[str, tuple[str, float]]:
    return {name.strip(): (unit, 1.0) for unit, names in units.items() for name in names.split(",")}


_UNITS = _Table(
    {
        "mg": ("g", 0.001),
        "lạng": ("g", 100.0),
        "oz": ("g", 28.35),
        "ounce": ("g", 28.35),
        "ounces": ("g", 28.35),
        "lb": ("g", 453.6),
        "lbs": ("g", 453.6),
        "pound": ("g", 453.6),
        "pounds": ("g", 453.6),
        "cl": ("ml", 10.0),
        "dl": ("ml", 100.0),
        "fl oz": ("ml", 29.57),
        "fluid ounce": ("ml", 29.57),
        "fluid ounces": ("ml", 29.57),
        "pint": ("ml", 473.2),
        "pints": ("ml", 473.2),
        "quart": ("ml", 946.4),
        "quarts": ("ml", 946.4),
        "cặp": ("piece", 2.0),
        "đôi": ("piece", 2.0),
        "dozen": ("piece", 12.0),
        "tá": ("piece", 12.0),
        "chục": ("piece", 10.0),
        **_spelled(
            g="g, gr, gam, gram, grams, gramme, grammes",
            kg="kg, kgs, ký, kí, kilo, kilos, ki lô, kí lô, ký lô, ki lô gam, kilogam, kilogram, kilograms, cân",
            ml="ml, cc, mililit, mi li lít, milliliter, milliliters, millilitre, millilitres",
            l="l, lít, lit, liter, liters, litre, litres",
            tsp="tsp, tsps, teaspoon, teaspoons, muỗng cà phê, thìa cà phê, muỗng cafe, thìa cafe, muỗng nhỏ, thìa nhỏ,"
            "muỗng cf, thìa cf, mcf, tcf",
            tbsp="tbsp, tbsps, tbs, tablespoon, tablespoons, muỗng canh, thìa canh, muỗng súp, thìa súp, muỗng lớn,"
            "thìa lớn, muỗng to, thìa to, muỗng ăn, thìa ăn, muỗng, thìa, muỗng ăn cơm, thìa ăn cơm, spoon, spoons,"
            "spoonful, spoonfuls",
            cup="cup, cups, c, cốc, ly, tách, glass, glasses, mug, mugs",
            bowl="bowl, bowls, bát, chén, tô",
            piece="piece, pieces, pc, pcs, quả, trái, củ, con, cái, chiếc, miếng, mẩu, viên, khúc, cục, ổ, bìa, vắt, bắp,"
            "cuộn, thanh, thỏi, khối, tảng, đòn, xâu, xiên, tai, bông, head, heads, ear, ears, fillet, fillets, filet,"
            "filets, knob, knobs, chunk, chunks, cube, cubes, block, blocks, stick, sticks, loaf, loaves, sheet, sheets",
            clove="clove, cloves, tép, múi",
            slice="slice, slices, lát, khoanh, rasher, rashers, strip, strips, wedge, wedges",
            bunch="bunch, bunches, bó, mớ, chùm, nải",
            can="can, cans, tin, tins, lon, hộp",
            pack="pack, packs, packet, packets, package, packages, pkg, pkgs, bag, bags, box, boxes, carton, cartons, jar,"
            "jars, bottle, bottles, sachet, sachets, gói, bịch, túi, bao, vỉ, khay, hũ, lọ, chai, bình",
            pinch="pinch, pinches, dash, dashes, nhúm, dúm",
            stalk="stalk, stalks, sprig, sprigs, stem, stems, rib, ribs, nhánh, cọng, cây, sợi",
            leaf="leaf, leaves, lá",
            handful="handful, handfuls, nắm, vốc",
        ),
    }
)

# Where these stand alone before a name, without a number, they only count it: "quả cam", "con gà".
_CLASSIFIERS = frozenset("quả trái củ con cái bó mớ nhánh cọng".split(" "))
# Only these stand behind the name and still count it: "3 garlic cloves".
_BEHIND = frozenset("clove cloves stalk stalks sprig sprigs stem stems slice slices piece pieces fillet fillets".split(" "))

_NUMBERS: _Table[float | None] = _Table(
    {
        "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10,
        "một trăm": 100, "hai trăm": 200, "ba trăm": 300, "bốn trăm": 400, "năm trăm": 500, "sáu trăm": 600,
        "bảy trăm": 700, "tám trăm": 800, "chín trăm": 900, "nửa": 0.5, "một nửa": 0.5, "một phần tư": 0.25,
        "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
        "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half": 0.5, "half a": 0.5, "half an": 0.5, "a half": 0.5,
        "one half": 0.5, "a quarter": 0.25, "quarter": 0.25, "one quarter": 0.25, "a third": 0.333, "one third": 0.333,
        "two thirds": 0.667, "three quarters": 0.75, "one and a half": 1.5, "a couple": 2, "a couple of": 2,
        "vài": None, "một vài": None, "mấy": None, "ít": None, "một ít": None, "chút": None, "một chút": None,
        "chút ít": None, "một chút ít": None, "tí": None, "một tí": None, "some": None, "several": None, "few": None,
        "a few": None, "a little": None, "a bit of": None, "a splash of": None, "a drizzle of": None,
    }
)  # fmt: skip

_CARDINALS = frozenset("hai ba bốn năm sáu bảy bẩy tám chín mười".split())
_ABOUT = frozenset({"khoảng", "khoang", "tầm", "chừng", "about", "approx", "approximately", "around", "~", "≈", "x", "*"})
_SIZES = frozenset("large small medium big heaped heaping level rounded generous".split())
_LINKS = frozenset({"of", "the"})
_RANGE = frozenset({"đến", "tới", "to", "or", "hoặc"})
_CONTAINERS = frozenset({"can", "pack"})

_BY_KNIFE = frozenset("chopped diced minced sliced peeled crushed finely thinly roughly coarsely freshly fresh ripe".split())
_BY_KNIFE_BEHIND = re.compile(
    r" (đã )?((băm|thái|cắt|xắt|bào|giã)( (nhỏ|nhuyễn|lát|sợi|mỏng|khúc|miếng|hạt lựu|vuông|dài|vừa ăn|đôi|tư))*"
    r"|đập dập|bóc vỏ|gọt vỏ|rửa sạch)$"
    r"| (vừa đủ|tùy thích|tuỳ thích|tùy khẩu vị|tuỳ khẩu vị|to taste|as needed)$"
)

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
    if asides:
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
    names = [part for part in parts if part not in amounts]
    return names[0] if names else "", tuple(names[1:]), next(iter(amounts.values()), None)


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
        yield _parsed(elsewhere and elsewhere.quantity, elsewhere and elsewhere.unit, words)


def _parsed(quantity: float | None, unit: str | None, words: Sequence[str]) -> Parsed:
    usable = quantity is not None and 0 < quantity <= _MOST
    return Parsed(round(quantity, 3) if quantity is not None and usable else None, unit, " ".join(words))


def _without_container(words: Sequence[str], amount: _Amount) -> Iterator[Parsed]:
    """Yield what follows the amount, and, of "400 g can tomatoes", what follows the can."""
    yield _parsed(amount.quantity, amount.unit, words[amount.end :])
    container = _unit(words, amount.end)
    if amount.unit in {"g", "kg", "ml", "l"} and container and container[0] in _CONTAINERS:
        yield _parsed(amount.quantity, amount.unit, words[container[2] :])


def _without_unit_behind(words: Sequence[str], amount: _Amount) -> Iterator[Parsed]:
    """Yield "garlic" of "3 garlic cloves"."""
    unit = _unit(words, len(words) - 1)
    if amount.unit is None and len(words) > amount.end + 1 and words[-1] in _BEHIND and unit:
        yield _parsed(amount.quantity, unit[0], words[amount.end : -1])


def _without_counter(parsed: Parsed) -> Iterator[Parsed]:
    """Yield "cam" of "quả cam" and "salt" of "pinch of salt", where no number says that the first word counts."""
    words = parsed.rest.split()
    unit = _unit(words, 0)
    if unit and parsed.unit is None and len(words) > unit[2] and (words[0] in _CLASSIFIERS or "of" in words[: unit[2]]):
        yield Parsed(parsed.quantity, unit[0], " ".join(words[unit[2] :]))


def _without_knife(parsed: Parsed) -> Iterator[Parsed]:
    """Yield the name without what a knife did to it or "to taste": "tỏi băm nhỏ", "finely chopped onion"."""
    words = _BY_KNIFE_BEHIND.sub("", parsed.rest).split()
    while len(words) > 1 and words[0] in _BY_KNIFE:
        del words[0]
    if len(words) < len(parsed.rest.split()):
        yield replace(parsed, rest=" ".join(words))


def _whole_amount(part: str) -> _Amount | None:
    words = part.split()
    amount = _amount(words, 0)
    return amount if amount and amount.end == len(words) else None


def _amount_behind(words: Sequence[str]) -> tuple[int, _Amount] | None:
    """Return where the amount starts that ends the line, and the amount: "thịt bò 300g"."""
    for start in range(1, len(words)):
        amount = _amount(words, start)
        if amount and amount.end == len(words) and (amount.unit or words[-1].isdigit()):
            return start, amount
    return None


def _amount(words: Sequence[str], start: int) -> _Amount | None:
    """Read a number and the unit behind it, if there is one; None without a number."""
    number = _number(words, start)
    if number is None:
        return None
    quantity, end = number
    unit = _unit(words, end)
    if unit is None:
        return None if _needs_unit(words, start, end) else _Amount(quantity, None, _past(words, end, _SIZES))
    name, factor, end = unit
    if quantity is not None and quantity >= _MOST_OF_LARGE and name in {"kg", "l"}:
        quantity /= 1000
    if quantity is not None and words[end : end + 1] in (["rưỡi"], ["ruoi"]):
        quantity, end = quantity + 0.5, end + 1
    return _Amount(None if quantity is None else quantity * factor, name, end)


def _needs_unit(words: Sequence[str], start: int, end: int) -> bool:
    """Say whether a number word counts only with a unit: "ba rọi" is pork belly, and "nam rom" are mushrooms."""
    typed = " ".join(words[start:end])
    spelled = _NUMBERS.spelled.get(fold(typed), {})
    return typed in _CARDINALS or (bool(spelled) and typed not in spelled)


def _unit(words: Sequence[str], start: int) -> tuple[str, float, int] | None:
    """Return a unit, how many of it the word means, and where the name begins; sizes before it say nothing."""
    found = _look_up(_UNITS, words, _past(words, start, _SIZES))
    if found is None:
        return None
    (unit, factor), end = found
    return unit, factor, _past(words, end, _LINKS)


def _number(words: Sequence[str], start: int) -> tuple[float | None, int] | None:
    """Return a number (None for "a few") and where it ends; of a range the smaller, of "2 x 400" the product."""
    start = _past(words, start, _ABOUT)
    found = _digits(words, start) or _look_up(_NUMBERS, words, start)
    if found is None or found[0] is None:
        return found
    value, end = float(found[0]), found[1]
    more = _digits(words, end + 1)
    if more and words[end] == "x":
        return value * more[0], more[1]
    return (value, more[1]) if more and words[end] in _RANGE else (value, end)


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


def _look_up(table: _Table[_T], words: Sequence[str], start: int) -> tuple[_T, int] | None:
    """Return what the longest run of words from `start` means, and where it ends; exact spellings first."""
    if start >= len(words) or fold(words[start]).rstrip(".") not in table.firsts:
        return None
    for end in range(min(start + table.longest, len(words)), start, -1):
        typed = " ".join(words[start:end]).rstrip(".")
        meanings = table.spelled.get(fold(typed), {})
        if typed in meanings:
            return meanings[typed], end
        for spelling, value in meanings.items():
            if agrees(typed, spelling):
                return value, end
    return None
