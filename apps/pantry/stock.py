"""What is at home of each ingredient, and the limit on its lots."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.language import Text, current
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.pantry.errors import TooManyLots
from apps.pantry.lots import MAX_LOTS, Lot, added
from apps.pantry.models import PantryRow

_TOO_MANY = Text(
    "Bếp chỉ giữ được {most} phần của {food}. Hãy dùng bớt hoặc xóa một phần rồi thử lại.",
    "A pantry holds {most} lots of {food}. Use up or remove one, then try again.",
)


@dataclass(frozen=True, slots=True)
class Item:
    """An ingredient that is at home."""

    ingredient: Ingredient
    row: PantryRow


def items_of(rows: Sequence[PantryRow]) -> list[Item]:
    """Return rows with their ingredients, without those that left the master list."""
    return [Item(found, row) for row in rows if (found := ingredients.find(row.ingredient_id))]


def with_lot(lots: Sequence[Lot], lot: Lot, ingredient: Ingredient) -> list[Lot]:
    """Return the lots with one added; `TooManyLots` if there would be more than `MAX_LOTS`."""
    more = added(lots, lot)
    if len(more) > MAX_LOTS:
        raise too_many(ingredient)
    return more


def too_many(ingredient: Ingredient) -> TooManyLots:
    """Return the error that names the ingredient in the language of the request."""
    return TooManyLots(_TOO_MANY.format(food=ingredient.name(current.get()), most=MAX_LOTS))
