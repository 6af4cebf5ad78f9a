"""What a shopping list says, in the language of the request: names, and the whole list as text."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from apps.core.language import Text, current
from apps.ingredients import services as ingredients
from apps.ingredients import units
from apps.ingredients.entry import Ingredient
from apps.plans.aisles import AISLE_NAMES, AISLES
from apps.plans.models import ListItemRow, ShoppingListRow

_NAME = Text("Đi chợ {0.day}/{0.month}/{0.year}", "Shopping {0.day} {0:%b} {0.year}")


def named_after(day: date) -> str:
    """Return the name of a list that its owner did not name."""
    return str(_NAME).format(day)


def name_of(row: ShoppingListRow) -> str:
    """Return the list's own name, or else one of its day in the language of the request."""
    return named_after(date.fromisoformat(row.day)) if row.day else row.name


def item_name(row: ListItemRow) -> str:
    """Return the name of a dish's ingredient in the language of the request; names that people typed stay."""
    food = ingredients.find(row.ingredient_id) if row.ingredient_id and row.slots else None
    return _translated(row.name, food)


def covered_of(row: ShoppingListRow) -> list[str]:
    """Return the names of what is already at home, in the language of the request."""
    return [_translated(name, ingredients.resolve(name)) for name in row.covered]


def _translated(name: str, food: Ingredient | None) -> str:
    return food.name(current.get()) if food and name in {food.vi, food.en} else name


def as_text(row: ShoppingListRow, items: Sequence[ListItemRow]) -> str:
    """Render a list as text: by aisle, with checked items marked."""
    by_aisle = defaultdict[str, list[ListItemRow]](list)
    for item in items:
        by_aisle[item.aisle].append(item)
    parts = [name_of(row)]
    for aisle in AISLES:
        if by_aisle[aisle]:
            parts.append(f"\n{AISLE_NAMES[aisle]}")
            parts += [_text_line(item) for item in by_aisle[aisle]]
    return "\n".join(parts) + "\n"


def _text_line(item: ListItemRow) -> str:
    amount = _text_amount(item.quantity, item.unit) if item.quantity is not None else ""
    note = f" ({item.note})" if item.note else ""
    return f"[{'x' if item.checked else ' '}] {amount}{item_name(item)}{note}"


def _text_amount(quantity: float, unit: str | None) -> str:
    number, name = units.canonical(float(quantity), unit)
    return f"{number:g} {units.word(name, number)} " if name != units.PIECE else f"{number:g} × "
