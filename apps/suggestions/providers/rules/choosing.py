"""Which of the ingredients at hand go into a dish."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from apps.recipes.content import Method
from apps.suggestions.providers.port import AtHand, GenerationRequest
from apps.suggestions.providers.rules.larder import Item, class_of
from apps.suggestions.providers.rules.templates import Template

MOST_IN_A_DISH = 8
FEWEST_IN_A_DISH = 2

# Roles that are cooked: they need a time for the heat. All others are added as they are, or only warmed.
_COOKED = frozenset(
    {"protein", "bean", "root", "firm", "soft", "crisp", "leafy", "salad_leaf", "fruit", "noodle", "rice", "aromatic"}
)
# What boiling water makes fit for a salad when it is not eaten raw.
_BLANCHED = frozenset({"firm", "soft", "leafy", "root"})
_BESIDE = (
    "rice", "noodle", "bread", "salad_leaf", "leafy", "crisp", "soft", "firm", "root", "protein", "bean", "fruit",
    "nut", "herb", "yogurt", "cheese", "sour", "dressing", "drink",
)  # fmt: skip
_BOILED_APART = frozenset({"leafy", "soft", "firm", "root", "protein"})
_BESIDE_SWEET = ("fruit", "yogurt", "nut", "cereal", "topping", "cheese", "bread", "drink")
_NO_HEAT_WANTED = frozenset({"none", "mild"})


def usable(request: GenerationRequest) -> tuple[AtHand, ...]:
    """Return what may be used: nothing that is avoided, nor what was wrong with the first attempt."""
    avoided = {one.id for one in request.person.avoid}
    wrong = set(request.violations)
    return tuple(
        one
        for one in request.ingredients
        if one.id not in avoided and one.name_en not in wrong and one.name_vi not in wrong
    )


def classified(request: GenerationRequest, at_hand: Sequence[AtHand], *, has_water: bool) -> tuple[Item, ...]:
    """Return what is cooked with: nothing hot for whom wants none, nothing that takes water where there is none."""
    mild = request.person.spice_level in _NO_HEAT_WANTED
    items = (Item(one, kind) for one in at_hand if not one.staple and (kind := class_of(one)))
    return tuple(item for item in items if not (mild and item.kind.hot) and (has_water or not item.kind.ahead))


def choose(items: Sequence[Item], template: Template, method: Method, *, turn: int, kosher: bool) -> list[Item]:
    """Take of each role what the template has room for; another `turn` begins each role with another ingredient.

    Empty where no ingredient is one that makes a dish.
    """
    chosen: list[Item] = []
    for role, most in template.takes.items():
        fitting = [item for item in items if item.role == role and fits(item, template, method)]
        start = turn % len(fitting) if fitting else 0
        for item in [*fitting[start:], *fitting[:start]][:most]:
            if len(chosen) < MOST_IN_A_DISH and _goes_with(item, chosen, template, kosher=kosher):
                chosen.append(item)
    return chosen if makes(template, {item.role for item in chosen}) else []


def makes(template: Template, roles: AbstractSet[str]) -> bool:
    """Say whether ingredients of these roles make the dish."""
    return not roles.isdisjoint(template.solid) and not (template.requires and roles.isdisjoint(template.requires))


def fits(item: Item, template: Template, method: Method) -> bool:
    """Say whether the template can make this ingredient fit to eat."""
    kind = item.kind
    if method.value in kind.never or (template.sweet and kind.savoury):
        return False
    if item.role not in _COOKED:
        return kind.raw or not kind.minutes or template.heat in kind.minutes
    if item.role in template.fresh:
        return kind.raw or bool(kind.ahead)
    return _fits_cold(item, template) if template.cold else template.heat in kind.minutes


def _fits_cold(item: Item, template: Template) -> bool:
    """Say whether it is eaten raw, or is cooked before it joins what is raw."""
    kind = item.kind
    if kind.raw or template.heat == "none" or item.role == "aromatic":
        return kind.raw
    seared = item.role == "protein" and template.heat in kind.minutes
    boiled = item.role in _BLANCHED or kind.family == "egg"
    return kind.cooked_cold or seared or (boiled and "wet" in kind.minutes)


def beside(items: Sequence[Item], chosen: Sequence[Item], template: Template, *, kosher: bool) -> Item | None:
    """Return something to serve alongside, where the dish itself takes too little of what is at hand.

    It is ready to eat, cooked ahead as rice and noodles are, or else boiled in a pan of its own.
    """
    roles = _BESIDE_SWEET if template.sweet else _BESIDE
    rest = [item for item in items if item not in chosen and item.role in roles and is_served(item, template)]
    allowed = [item for item in rest if not (kosher and _breaks_kosher(item, chosen))]
    return min(allowed, key=lambda item: roles.index(item.role), default=None)


def is_served(item: Item, template: Template) -> bool:
    if template.sweet and item.kind.savoury:
        return False
    return item.kind.raw or bool(item.kind.ahead) or is_boiled_apart(item)


def is_boiled_apart(item: Item) -> bool:
    return item.role in _BOILED_APART and not item.kind.raw and not item.kind.ahead and "wet" in item.kind.minutes


def _goes_with(item: Item, chosen: Sequence[Item], template: Template, *, kosher: bool) -> bool:
    if item.role in template.apart and any(other.role in template.apart for other in chosen):
        return False
    return not (kosher and _breaks_kosher(item, chosen))


def _breaks_kosher(item: Item, chosen: Sequence[Item]) -> bool:
    """Say whether meat would meet milk: no single ingredient breaks this rule, so no check of ingredients sees it."""
    return {item.kind.family} | {other.kind.family for other in chosen} >= {"meat", "dairy"}
