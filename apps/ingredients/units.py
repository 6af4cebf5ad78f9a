"""Units of amounts: the canonical name of what people and recipes write, and the words for it in both languages."""

from dataclasses import dataclass

from apps.core.language import Text
from apps.ingredients import grammar_table

PIECE = "piece"


@dataclass(frozen=True, slots=True)
class _Words:
    vi: str
    one: str
    many: str


# Units that are not here (g, ml, kg, l, tsp, tbsp in English) are written as they are.
_WORDS = {
    "tsp": _Words("muỗng cà phê", "tsp", "tsp"),
    "tbsp": _Words("muỗng canh", "tbsp", "tbsp"),
    "cup": _Words("cốc", "cup", "cups"),
    "bowl": _Words("bát", "bowl", "bowls"),
    "clove": _Words("tép", "clove", "cloves"),
    "slice": _Words("lát", "slice", "slices"),
    "bunch": _Words("bó", "bunch", "bunches"),
    "can": _Words("hộp", "can", "cans"),
    "pack": _Words("gói", "pack", "packs"),
    "pinch": _Words("nhúm", "pinch", "pinches"),
    "stalk": _Words("nhánh", "stalk", "stalks"),
    "leaf": _Words("lá", "leaf", "leaves"),
    "handful": _Words("nắm", "handful", "handfuls"),
}


def canonical(quantity: float, unit: str | None) -> tuple[float, str]:
    """Return an amount in its canonical unit: 2 "muỗng canh" are 2 tbsp, half a "dozen" 6 pieces.

    A number without a unit counts pieces; a unit that is not in the grammar stays as it is.
    """
    if not unit:
        return quantity, PIECE
    words = unit.lower().split()
    found = grammar_table.units().units.look_up(words, 0)
    if found is None or found[1] != len(words):
        return quantity, unit
    (name, factor), _ = found
    return quantity * factor, name


def word(unit: str, quantity: float) -> str:
    """Return the word for a unit in the language of the request; nothing for pieces, which their food names."""
    if unit == PIECE:
        return ""
    words = _WORDS.get(unit)
    return str(Text(words.vi, words.one if quantity <= 1 else words.many)) if words else unit
