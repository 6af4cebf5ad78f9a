"""What is to be cooked and how, and what each slot of a text stands for in it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from apps.recipes.content import Language
from apps.suggestions.providers.port import GenerationRequest
from apps.suggestions.providers.rules.larder import Item
from apps.suggestions.providers.rules.staples import Stocked
from apps.suggestions.providers.rules.templates import Dish, Template

Member = Item | Stocked

_TENDER = ("soft", "leafy", "crisp")
_VEGETABLES = ("firm", "soft", "leafy")
_BLANCHED = (*_VEGETABLES, "root")
_MIXED = ("noodle", "rice", "protein", "bean", "root", "firm", "soft", "crisp", "leafy", "salad_leaf", "fruit")
_TIME = {"vi": "{minutes} phút", "en": "{minutes} minutes"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be cooked and how: everything that the texts depend on."""

    request: GenerationRequest
    template: Template
    dish: Dish
    turn: int
    items: tuple[Item, ...]
    stocked: dict[str, Stocked]
    side: Item | None = None
    with_marinade: bool = True
    is_seasoned: bool = False

    @property
    def language(self) -> Language:
        return self.request.language

    def of(self, *roles: str) -> list[Item]:
        return [item for role in roles for item in self.items if item.role == role]


def members(plan: Plan, expression: str) -> list[Member]:
    """Return what an expression such as "firm+soft" stands for, in that order."""
    found: list[Member] = []
    for name in expression.split("+"):
        special = _SPECIAL.get(name)
        found += special(plan) if special else plan.of(name)
    return found


def _staples(plan: Plan, *kinds: str) -> list[Member]:
    return [plan.stocked[kind] for kind in kinds if kind in plan.stocked]


def _oil(plan: Plan) -> list[Member]:
    return [*plan.of("fat")] or _staples(plan, "oil")


def _liquid(plan: Plan) -> list[Member]:
    return [*plan.of("stock")] or _staples(plan, "water")


def _season(plan: Plan) -> list[Member]:
    """Return what seasons the dish: sauces at hand before fish sauce, and salt where fish sauce is not for it."""
    if plan.is_seasoned:
        return []
    sauces = plan.of("sauce")
    kinds = list(plan.dish.season)
    if "fish_sauce" in kinds:
        at = kinds.index("fish_sauce")
        milky = plan.of("cream", "cheese", "yogurt")
        if sauces:
            kinds.pop(at)
        elif milky or "fish_sauce" not in plan.stocked:
            kinds[at : at + 1] = [] if "salt" in kinds else ["salt"]
    return [*sauces, *plan.of("spice"), *_staples(plan, *kinds)]


def _blanched(plan: Plan) -> list[Member]:
    return [item for item in plan.of(*_BLANCHED) if not item.kind.raw and not item.kind.ahead]


_SPECIAL: dict[str, Callable[[Plan], Sequence[Member]]] = {
    "oil": _oil,
    "water": lambda plan: _staples(plan, "water"),
    "liquid": _liquid,
    "season": _season,
    "tender": lambda plan: plan.of(*_TENDER),
    "vegetables": lambda plan: plan.of(*_VEGETABLES),
    "blanched": _blanched,
    "mix": lambda plan: plan.of(*_MIXED),
}


def label(plan: Plan, member: Member) -> str:
    if isinstance(member, Stocked):
        return member.name(plan.language)
    return member.label(plan.language, plan.request.servings)


def time_of(plan: Plan, minutes: int) -> str:
    if minutes == 1 and plan.language == Language.EN:
        return "1 minute"
    return _TIME[plan.language.value].format(minutes=minutes) if minutes else ""


def heat(plan: Plan, item: Item) -> str:
    """Return the heat that an ingredient gets: in a salad an egg is boiled, and so is what is not eaten raw."""
    heat = plan.template.heat
    if plan.template.cold and (item.kind.family == "egg" or item.role != "protein" or heat not in item.kind.minutes):
        return "wet"
    return heat


def minutes(plan: Plan, item: Item) -> int:
    return item.kind.minutes.get(heat(plan, item), 0)


def sign(plan: Plan, item: Item | None) -> str:
    if item is None:
        return ""
    return (item.kind.done_for.get(heat(plan, item)) or item.kind.done).get(plan.language.value, "")


def prep(plan: Plan, item: Item) -> dict[str, Any] | None:
    raw = plan.template.cold and item.kind.raw
    return item.preparation(plan.request.method, "raw" if raw else heat(plan, item))


def prep_minutes(plan: Plan, item: Item) -> int:
    return int((prep(plan, item) or {}).get("minutes", 0))
