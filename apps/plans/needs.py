"""What dishes need, added up for all meals, and what of it is left to buy: computed, without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from apps.core.language import Text, current
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.pantry import measuring
from apps.pantry.measuring import Amount
from apps.pantry.stock import Item
from apps.plans.aisles import AISLES, aisle_of
from apps.plans.dishes import Dish

# Not bought: water and ice.
_FREE = frozenset({"nuoc", "nuoc-da"})
_UNKNOWN_AMOUNT = Text("ở nhà có, chưa rõ còn bao nhiêu", "there is some at home, amount unknown")


@dataclass(slots=True)
class Need:
    """What is needed of one food: the amounts of all meals, and which meals need it."""

    name: str
    food: Ingredient | None
    amounts: list[Amount] = field(default_factory=list)
    slots: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A line to buy; `have` is the amount at home."""

    need: Need
    amount: Amount | None
    have: Amount | None
    note: str | None


@dataclass(frozen=True, slots=True)
class Portion:
    """A dish to be cooked for so many people; `slot` is the reference that the list shows."""

    dish: Dish
    servings: int
    slot: str


def add_up(cooked: Sequence[Portion]) -> list[Need]:
    """Add up the ingredients of dishes, each for the number of people it is cooked for; one entry per food, in order.

    Unknown foods are distinguished by name. Optional ingredients are marked as such.
    """
    needs = dict[str, Need]()
    for portion in cooked:
        factor = portion.servings / portion.dish.servings
        for line in portion.dish.lines:
            food = ingredients.find(line.ingredient_id) if line.ingredient_id else None
            if food and food.key in _FREE:
                continue
            key = food.id if food else line.name.casefold()
            need = needs.setdefault(key, Need(food.name(current.get()) if food else line.name, food))
            amount = measuring.measured(line.quantity, line.unit)
            if amount:
                need.amounts.append(Amount(amount.quantity * factor, amount.unit))
            if portion.slot not in need.slots:
                need.slots.append(portion.slot)
            if line.optional:
                need.notes.append(str(Text("tùy thích", "optional")))
    return list(needs.values())


def to_lines(needs: Sequence[Need], stock: Sequence[Item], *, today: date) -> tuple[list[Line], list[str]]:
    """Subtract what is at home; return the lines in the order of aisles, and the names of covered ingredients."""
    at_home = {item.ingredient.id: _lots(item, today) for item in stock}
    lines, covered = list[Line](), list[str]()
    for need in needs:
        known, has_unknown = at_home.get(need.food.id, ([], False)) if need.food else ([], False)
        found = _lines_of(need, known, has_unknown=has_unknown)
        if not found:
            covered.append(need.name)
        lines += found
    lines.sort(key=lambda line: (AISLES.index(aisle_of(line.need.food)), line.need.name.casefold()))
    return lines, covered


def _lots(item: Item, today: date) -> tuple[list[Amount], bool]:
    """Return the unexpired amounts at home, and whether there is more in an unknown amount."""
    good = [lot for lot in item.row.stock if lot.is_at_hand and not lot.has_expired(today)]
    return [amount for lot in good if (amount := lot.amount)], any(lot.quantity is None for lot in good)


def _lines_of(need: Need, at_home: Sequence[Amount], *, has_unknown: bool) -> list[Line]:
    """Return a line for each amount that is left to buy: amounts that cannot be added stay separate.

    Staples that are at home in any amount, and ingredients "to taste" that are at home, need not be bought.
    """
    whole = measuring.total(need.amounts, need.food)
    note = "; ".join(dict.fromkeys(need.notes)) or None
    is_there = has_unknown or bool(at_home)
    if is_there and (not whole or (has_unknown and need.food and need.food.staple)):
        return []
    if not whole:
        return [Line(need, None, None, note)]
    left, _ = measuring.subtract(whole, at_home, need.food)
    have = measuring.total(at_home, need.food)
    told = "; ".join(filter(None, (note, str(_UNKNOWN_AMOUNT) if has_unknown else None))) or None
    return [Line(need, measuring.to_buy(one), next(iter(have), None), told) for one in left]
