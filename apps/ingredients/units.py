"""Words for units and numbers in Vietnamese and English, and words that change neither."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from apps.core.text import fold
from apps.ingredients.spelling import agrees

_T = TypeVar("_T")


class Table(Generic[_T]):
    """Meanings of words by folded form, then by spelling: their marks tell "lá" (a leaf) from "là"."""

    def __init__(self, meanings: Mapping[str, _T]) -> None:
        self._spelled: dict[str, dict[str, _T]] = defaultdict(dict)
        for spelling, meaning in meanings.items():
            self._spelled[fold(spelling)][spelling] = meaning
        self._firsts = {folded.partition(" ")[0] for folded in self._spelled}
        self._longest = max(folded.count(" ") + 1 for folded in self._spelled)

    def spellings(self, typed: str) -> frozenset[str]:
        """Return the spellings that fold to the same as `typed`."""
        return frozenset(self._spelled.get(fold(typed), ()))

    def look_up(self, words: Sequence[str], start: int) -> tuple[_T, int] | None:
        """Return what the longest run of `words` from `start` means, and where it ends; exact spellings first."""
        if start >= len(words) or fold(words[start]).rstrip(".") not in self._firsts:
            return None
        for end in range(min(start + self._longest, len(words)), start, -1):
            typed = " ".join(words[start:end]).rstrip(".")
            meanings = self._spelled.get(fold(typed), {})
            agreeing = [typed] if typed in meanings else [spelling for spelling in meanings if agrees(typed, spelling)]
            if agreeing:
                return meanings[agreeing[0]], end
        return None


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _spelled(unit: str, amount: float, *names: str) -> dict[str, tuple[str, float]]:
    return {name.strip(): (unit, amount) for line in names for name in line.split(",")}


# Each word for a unit: the canonical unit, and how many of it the word means. Ounces, pounds and pints are those of
# the United States (NIST Handbook 44, appendix C), as exact as a kitchen scale.
UNITS = Table(
    _spelled("g", 1, "g, gr, gam, gram, grams, gramme, grammes")
    | _spelled("g", 0.001, "mg")
    | _spelled("g", 100, "lạng")
    | _spelled("g", 28.35, "oz, ounce, ounces")
    | _spelled("g", 453.6, "lb, lbs, pound, pounds")
    | _spelled("kg", 1, "kg, kgs, kilo, kilos, kilogam, kilogram, kilograms, ký, kí, cân, ki lô, kí lô, ký lô")
    | _spelled("kg", 1, "ki lô gam")
    | _spelled("ml", 1, "ml, cc, mililit, mi li lít, milliliter, milliliters, millilitre, millilitres")
    | _spelled("ml", 10, "cl")
    | _spelled("ml", 100, "dl")
    | _spelled("ml", 29.57, "fl oz, fluid ounce, fluid ounces")
    | _spelled("ml", 473.2, "pint, pints")
    | _spelled("ml", 946.4, "quart, quarts")
    | _spelled("l", 1, "l, lít, lit, liter, liters, litre, litres")
    | _spelled("tsp", 1, "tsp, tsps, teaspoon, teaspoons, muỗng cà phê, thìa cà phê, muỗng cafe, thìa cafe")
    | _spelled("tsp", 1, "muỗng cf, thìa cf, muỗng nhỏ, thìa nhỏ, mcf, tcf")
    | _spelled("tbsp", 1, "tbsp, tbsps, tbs, tablespoon, tablespoons, spoon, spoons, spoonful, spoonfuls, muỗng, thìa")
    | _spelled("tbsp", 1, "muỗng canh, thìa canh, muỗng súp, thìa súp, muỗng lớn, thìa lớn, muỗng to, thìa to")
    | _spelled("tbsp", 1, "muỗng ăn, thìa ăn, muỗng ăn cơm, thìa ăn cơm")
    | _spelled("cup", 1, "cup, cups, c, glass, glasses, mug, mugs, cốc, ly, tách")
    | _spelled("bowl", 1, "bowl, bowls, bát, chén, tô")
    | _spelled("piece", 1, "piece, pieces, pc, pcs, head, heads, ear, ears, fillet, fillets, filet, filets, knob")
    | _spelled("piece", 1, "knobs, chunk, chunks, cube, cubes, block, blocks, stick, sticks, loaf, loaves, sheet")
    | _spelled("piece", 1, "quả, trái, củ, con, cái, chiếc, miếng, mẩu, viên, khúc, cục, ổ, bìa, vắt, bắp, cuộn, thanh")
    | _spelled("piece", 1, "sheets, thỏi, khối, tảng, đòn, xâu, xiên, tai, bông")
    | _spelled("piece", 2, "cặp, đôi")
    | _spelled("piece", 10, "chục")
    | _spelled("piece", 12, "dozen, tá")
    | _spelled("clove", 1, "clove, cloves, tép, múi")
    | _spelled("slice", 1, "slice, slices, rasher, rashers, strip, strips, wedge, wedges, lát, khoanh")
    | _spelled("bunch", 1, "bunch, bunches, bó, mớ, chùm, nải")
    | _spelled("can", 1, "can, cans, tin, tins, lon, hộp")
    | _spelled("pack", 1, "pack, packs, packet, packets, package, packages, pkg, pkgs, bag, bags, box, boxes, carton")
    | _spelled("pack", 1, "cartons, jar, jars, bottle, bottles, sachet, sachets, gói, bịch, túi, bao, vỉ, khay, hũ, lọ")
    | _spelled("pack", 1, "chai, bình")
    | _spelled("pinch", 1, "pinch, pinches, dash, dashes, nhúm, dúm")
    | _spelled("stalk", 1, "stalk, stalks, sprig, sprigs, stem, stems, rib, ribs, nhánh, cọng, cây, sợi")
    | _spelled("leaf", 1, "leaf, leaves, lá")
    | _spelled("handful", 1, "handful, handfuls, nắm, vốc")
)
WEIGHTS_AND_VOLUMES = _words("g kg ml l")
CONTAINERS = _words("can pack")

# Where these stand alone before a name, without a number, they only count it: "quả cam", "con gà".
COUNTERS = _words("quả trái củ con cái bó mớ nhánh cọng")
# Only these stand behind the name and still count it: "3 garlic cloves".
BEHIND = _words("clove cloves stalk stalks sprig sprigs stem stems slice slices piece pieces fillet fillets")

# None is a number that nobody gave.
NUMBERS: Table[float | None] = Table(
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
# These begin names ("ba rọi", "năm rơm"), so that they count only where a unit follows.
CARDINALS = _words("hai ba bốn năm sáu bảy bẩy tám chín mười")
HALF_MORE = _words("rưỡi ruoi")
RANGE = _words("đến tới to or hoặc")

# Before a number, between a number and its unit, between a unit and the name: they change nothing.
ABOUT = _words("khoảng khoang tầm chừng about approx approximately around ~ ≈ x *")
SIZES = _words("large small medium big heaped heaping level rounded generous")
LINKS = _words("of the")

# What a knife does to an ingredient leaves it the same ingredient; drying, grinding or smoking would not.
KNIFE = _words("chopped diced minced sliced peeled crushed finely thinly roughly coarsely freshly fresh ripe")
KNIFE_BEHIND = re.compile(
    r" (đã )?((băm|thái|cắt|xắt|bào|giã)( (nhỏ|nhuyễn|lát|sợi|mỏng|khúc|miếng|hạt lựu|vuông|dài|vừa ăn|đôi|tư))*"
    r"|đập dập|bóc vỏ|gọt vỏ|rửa sạch)$"
    r"| (vừa đủ|tùy thích|tuỳ thích|tùy khẩu vị|tuỳ khẩu vị|to taste|as needed)$"
)
