"""Composing one recipe from a template and the ingredients chosen for it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from apps.recipes.content import Difficulty, IngredientLine, Language, Meal, RecipeContent, Step
from apps.suggestions.providers.port import GenerationRequest
from apps.suggestions.providers.rules import choosing, measures
from apps.suggestions.providers.rules.larder import Both, Item
from apps.suggestions.providers.rules.staples import Stocked
from apps.suggestions.providers.rules.templates import (
    Dish,
    StepTemplate,
    Template,
    fill,
    joined,
    slots,
)

Member = Item | Stocked

MOST_STEPS = 8
FEWEST_STEPS = 4
_EASY_UP_TO = 45
_QUICK_UP_TO = 30
_WATER_TO_BOIL = 400
_WATER_TO_ADD = 100

_TENDER = ("soft", "leafy", "crisp")
_VEGETABLES = ("firm", "soft", "leafy")
_BLANCHED = (*_VEGETABLES, "root")
_MIXED = ("noodle", "rice", "protein", "bean", "root", "firm", "soft", "crisp", "leafy", "salad_leaf", "fruit")
_MOST_BATCHES = 3
_SAME_TIME = 2

_DESCRIPTION = {
    "vi": "Công thức tự ghép theo quy tắc từ những thứ đang có: {names}. Chưa có ai nấu thử: hãy nếm và điều chỉnh "
    "trong lúc nấu.",
    "en": "Put together by rules from what was at hand: {names}. No cook has tested it, so taste and adjust as you go.",
}
_BESIDE = {"vi": "Dọn {side} bên cạnh để ăn kèm.", "en": "Have the {side} ready to serve on the side."}
_BOILED_APART = {
    "vi": "Luộc riêng {side} trong {water} sôi {time}[, đến khi {done}], để ráo và ăn kèm.",
    "en": "In a pan of its own, boil the {side} in the {water} for {time}[, until {done}]; drain and serve alongside.",
}
_TO_DRINK = {"vi": "Chuẩn bị {side} để uống kèm.", "en": "Have the {side} ready to drink with it."}
_TIME = {"vi": "{minutes} phút", "en": "{minutes} minutes"}
_TAG = {"vi": "tự ghép", "en": "composed"}
_QUICK = {"vi": "nhanh", "en": "quick"}


@dataclass(frozen=True, slots=True)
class Written:
    """A step as rendered, with what it uses."""

    text: str
    minutes: int
    members: tuple[Member, ...] = ()
    is_preparation: bool = False
    is_late: bool = False
    seasons: bool = False
    water: float = 0


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


def compose(plan: Plan) -> RecipeContent | None:
    """Return the recipe, without what would take longer than there is time; None where no dish is left."""
    limit = plan.request.max_minutes
    while plan.items:
        recipe = _compose(plan)
        if recipe is None or limit is None or (recipe.total_minutes or 0) <= limit:
            return recipe
        if plan.with_marinade:
            plan = replace(plan, with_marinade=False)
            continue
        slowest = max(plan.items, key=lambda item: _minutes(plan, item) + item.kind.ahead_minutes + _prep_minutes(plan, item))
        plan = replace(plan, items=tuple(item for item in plan.items if item is not slowest))
    return None


def _compose(plan: Plan) -> RecipeContent | None:
    steps = _steps(plan)
    used = _used(plan, steps)
    items = [member for member in used if isinstance(member, Item)]
    named = [one for one in used if isinstance(one, Item) or one.at_hand is not None]
    if len(named) < choosing.FEWEST_IN_A_DISH or not len(steps) >= FEWEST_STEPS - 1:
        return None
    roles = {item.role for item in items}
    if roles.isdisjoint(plan.template.solid) or (plan.template.requires and roles.isdisjoint(plan.template.requires)):
        return None
    kinds = {one.staple.kind for one in used if isinstance(one, Stocked)}
    if not kinds.issuperset(plan.dish.needs) or (plan.dish.of and plan.dish.of not in roles):
        return None
    steps = _merged([_preparation(plan, items), *steps])
    return None if len(steps) < FEWEST_STEPS else _recipe(plan, steps, used, items)


def _recipe(plan: Plan, steps: Sequence[Written], used: Sequence[Member], items: Sequence[Item]) -> RecipeContent:
    request, language = plan.request, plan.language.value
    ahead = sum(step.minutes for step in steps if step.is_preparation)
    total = sum(step.minutes for step in steps)
    names = joined([item.at_hand.name(plan.language) for item in items], language)
    water = sum(step.water for step in steps)
    return RecipeContent(
        title=_title(plan, items),
        description=_DESCRIPTION[language].format(names=names),
        ingredients=tuple(_line(plan, member, water) for member in used),
        steps=tuple(Step(step.text, step.minutes) for step in steps),
        language=plan.language,
        method=request.method,
        cuisine=request.cuisine or "",
        meal=_meal(plan),
        difficulty=Difficulty.EASY if total <= _EASY_UP_TO else Difficulty.MEDIUM,
        prep_minutes=ahead,
        cook_minutes=total - ahead,
        servings=request.servings,
        tags=(_TAG[language], *([_QUICK[language]] if total <= _QUICK_UP_TO else [])),
    )


def _meal(plan: Plan) -> Meal | None:
    if plan.template.sweet:
        return plan.request.meal or Meal.DESSERT
    return None if plan.request.meal == Meal.DESSERT else plan.request.meal


# Steps


def _steps(plan: Plan) -> list[Written]:
    """Return the steps after the first, which prepares what the others use and is written last."""
    written: list[Written] = []
    for template in plan.template.steps:
        if not template.prep and _applies(plan, template):
            made = list(_rendered(plan, template))
            written += made
            if template.marinade and any(step.seasons for step in made):
                plan = replace(plan, is_seasoned=True)
    if plan.side is not None:
        written.insert(-1, _beside(plan, plan.side))
    return [*_done_ahead(plan, _used(plan, written)), *_late_last(written)]


def _beside(plan: Plan, side: Item) -> Written:
    own = side.kind.how.get("wet")
    if not choosing.is_boiled_apart(side) or "water" not in plan.stocked:
        text = (_TO_DRINK if side.role == "drink" else _BESIDE)[plan.language.value]
        return Written(text.format(side=_label(plan, side)), 1, (side,))
    minutes, water = side.kind.minutes["wet"], plan.stocked["water"]
    texts = {
        "side": _label(plan, side),
        "item": _label(plan, side),
        "water": water.name(plan.language),
        "time": _time(plan, minutes),
        "done": side.kind.done.get(plan.language.value, ""),
    }
    text = fill((own or _BOILED_APART)[plan.language.value], lambda slot: texts[slot]) or ""
    members = (side,) if own else (side, water)
    return Written(text, minutes, members, water=0 if own else _WATER_TO_BOIL * plan.request.servings)


def _applies(plan: Plan, step: StepTemplate) -> bool:
    if step.marinade and not plan.with_marinade and plan.template.heat != "none":
        return False
    if step.unless_egg and any(item.kind.family == "egg" for item in plan.of("protein")):
        return False
    if step.when and not _members(plan, step.when):
        return False
    return not (step.unless and _members(plan, step.unless))


def _rendered(plan: Plan, step: StepTemplate) -> Iterator[Written]:
    if step.each:
        for position, item in enumerate(plan.of(step.each)):
            yield _each(plan, step, item, first=position == 0)
        return
    if step.gather:
        yield from _gathered(plan, step)
        return
    minutes = step.minutes
    if isinstance(minutes, str):
        minutes = max((_minutes(plan, one) for one in _members(plan, minutes) if isinstance(one, Item)), default=0)
    for text in (step.text, step.plain):
        if text and (made := _write(plan, text[plan.language.value], minutes, step)):
            yield made
            return


def _gathered(plan: Plan, step: StepTemplate) -> Iterator[Written]:
    """Yield a step for each batch: it cooks until the next one joins, and the last until all is done.

    What has a step of its own, such as a beaten egg, goes first.
    """
    items = plan.of(*step.gather)
    own = [item for item in items if _own(plan, item)]
    for item in own:
        yield _each(plan, step, item, first=True)
    batches = _batches(plan, [item for item in items if item not in own])
    for position, batch in enumerate(batches):
        following = _minutes(plan, batches[position + 1][0]) if position + 1 < len(batches) else 0
        minutes = _minutes(plan, batch[0]) - following
        text = step.text if position == 0 or step.again is None else step.again
        made = _write(plan, text[plan.language.value], minutes, step, batch=batch)
        if made is None:
            continue
        yield made if following else replace(made, text=f"{made.text} {_signs(plan, batches)}".strip())


def _batches(plan: Plan, items: Sequence[Item]) -> list[list[Item]]:
    """Return the items by time, longest first, those within two minutes together, in three batches at most."""
    ordered = sorted(items, key=lambda item: -_minutes(plan, item))
    batches: list[list[Item]] = []
    for item in ordered:
        if batches and _minutes(plan, batches[-1][0]) - _minutes(plan, item) <= _SAME_TIME:
            batches[-1].append(item)
        else:
            batches.append([item])
    while len(batches) > _MOST_BATCHES:
        gaps = [_minutes(plan, a[0]) - _minutes(plan, b[0]) for a, b in pairwise(batches)]
        at = gaps.index(min(gaps))
        batches[at : at + 2] = [batches[at] + batches[at + 1]]
    return batches


def _signs(plan: Plan, batches: Sequence[Sequence[Item]]) -> str:
    """Return by what to know that each thing is done."""
    signs = [(item, _label(plan, item), done) for batch in batches for item in batch if (done := _done(plan, item))]
    if plan.language == Language.EN:
        are = (" is" if label == item.at_hand.name_en else " are" for item, label, _ in signs)
        return " ".join(f"The {label}{verb} ready when {done}." for (_, label, done), verb in zip(signs, are, strict=True))
    if len(signs) == 1:
        return f"Dấu hiệu chín của {signs[0][1]}: {signs[0][2]}."
    listing = "; ".join(f"{label}: {done}" for _, label, done in signs)
    return f"Dấu hiệu chín – {listing}." if signs else ""


def _own(plan: Plan, item: Item) -> Both | None:
    return item.kind.how.get(plan.request.method.value) or item.kind.how.get(_heat(plan, item))


def _each(plan: Plan, step: StepTemplate, item: Item, *, first: bool) -> Written:
    own = _own(plan, item)
    text = step.text if first or step.again is None else step.again
    minutes = item.kind.how_minutes.get(plan.request.method.value, _minutes(plan, item))
    if step.ready is not None and item.kind.raw:
        text, minutes = step.ready, 2
    elif own is not None:
        text = own
    made = _write(plan, text[plan.language.value], minutes, step, item=item)
    if made is None:
        made = Written("", 0)
    return replace(made, is_late=plan.request.method.value in item.kind.late)


def _write(
    plan: Plan, text: str, minutes: int, step: StepTemplate, *, item: Item | None = None, batch: Sequence[Item] = ()
) -> Written | None:
    members: dict[str, tuple[Member, ...]] = {"batch": tuple(batch), "item": (item,) if item else ()}

    def names(slot: str) -> str:
        if slot == "time":
            return _time(plan, minutes)
        if slot == "done":
            return _done(plan, item)
        if slot not in members:
            members[slot] = tuple(_members(plan, slot))
        return joined([_label(plan, member) for member in members[slot]], plan.language.value)

    filled = fill(text, names)
    if filled is None:
        return None
    spoken = slots(text, names)
    used = tuple(dict.fromkeys(member for slot in spoken for member in members.get(slot, ())))
    return Written(
        filled,
        minutes,
        used,
        is_preparation=step.marinade or plan.template.heat == "none",
        seasons="season" in text,
        water=_water(plan, step, used),
    )


def _water(plan: Plan, step: StepTemplate, used: Sequence[Member]) -> float:
    """Return the millilitres of water that a step takes."""
    if not any(isinstance(one, Stocked) and one.staple.kind == "water" for one in used):
        return 0
    per_serving = step.uses.get("water") or plan.dish.uses.get("water") or _WATER_TO_ADD
    return per_serving * plan.request.servings


def _late_last(written: Sequence[Written]) -> list[Written]:
    """Move what joins at the end before the step that seasons, or before the last one."""
    late = [step for step in written if step.is_late]
    others = [step for step in written if not step.is_late and step.text]
    seasoned = [position for position, step in enumerate(others) if step.seasons]
    position = seasoned[-1] if seasoned else len(others) - 1
    return [*others[:position], *late, *others[position:]]


def _done_ahead(plan: Plan, used: Sequence[Member]) -> Iterator[Written]:
    for item in used:
        if isinstance(item, Item) and item.kind.ahead:
            water = plan.stocked["water"]
            texts = {"item": _label(plan, item), "water": water.name(plan.language)}
            text = item.kind.ahead[plan.language.value].format(**texts)
            amount = _WATER_TO_BOIL * plan.request.servings
            yield Written(text, item.kind.ahead_minutes, (item, water), water=amount)


def _preparation(plan: Plan, items: Sequence[Item]) -> Written:
    template = next(step for step in plan.template.steps if step.prep)
    language = plan.language.value
    prepared = [(item, prep) for item in items if (prep := _prep(plan, item))]
    minutes = 3 + sum(2 for item, _ in prepared) + max((prep.get("minutes", 0) for _, prep in prepared), default=0)
    if not prepared:
        return Written(_NOTHING_TO_PREPARE[language], minutes, is_preparation=True)
    listing = "; ".join(f"{_label(plan, item)} {prep[language]}" for item, prep in prepared)
    text = fill(template.text[language], lambda _: listing) or listing
    return Written(text, minutes, tuple(item for item, _ in prepared), is_preparation=True)


_NOTHING_TO_PREPARE = {"vi": "Bày sẵn mọi nguyên liệu ra bàn.", "en": "Set out all of the ingredients."}


def _merged(steps: list[Written]) -> list[Written]:
    """Join the shortest neighbours until there are few enough steps; what comes ahead stays apart from cooking."""
    while len(steps) > MOST_STEPS:
        pairs = [
            position
            for position in range(1, len(steps) - 1)
            if steps[position].is_preparation == steps[position + 1].is_preparation
        ]
        position = min(pairs, key=lambda place: len(steps[place].text) + len(steps[place + 1].text))
        first, second = steps[position : position + 2]
        both = replace(
            first,
            text=f"{first.text} {second.text}",
            minutes=first.minutes + second.minutes,
            members=(*first.members, *second.members),
            water=first.water + second.water,
        )
        steps = [*steps[:position], both, *steps[position + 2 :]]
    return steps


def _used(plan: Plan, steps: Sequence[Written]) -> list[Member]:
    """Return what the steps use: ingredients in the order in which they were chosen, then staples."""
    members = dict.fromkeys(member for step in steps for member in step.members)
    order = {item: place for place, item in enumerate(plan.items)}
    last = len(order)
    return sorted(members, key=lambda one: order.get(one, last) if isinstance(one, Item) else last + 1)


# What a slot stands for


def _members(plan: Plan, expression: str) -> list[Member]:
    members: list[Member] = []
    for name in expression.split("+"):
        special = _SPECIAL.get(name)
        members += special(plan) if special else plan.of(name)
    return members


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


def _label(plan: Plan, member: Member) -> str:
    if isinstance(member, Stocked):
        return member.name(plan.language)
    return member.label(plan.language, plan.request.servings)


def _time(plan: Plan, minutes: int) -> str:
    if minutes == 1 and plan.language == Language.EN:
        return "1 minute"
    return _TIME[plan.language.value].format(minutes=minutes) if minutes else ""


def _heat(plan: Plan, item: Item) -> str:
    """Return the heat that an ingredient gets: in a salad an egg is boiled, and so is what is not eaten raw."""
    heat = plan.template.heat
    if plan.template.cold and (item.kind.family == "egg" or item.role != "protein" or heat not in item.kind.minutes):
        return "wet"
    return heat


def _minutes(plan: Plan, item: Item) -> int:
    return item.kind.minutes.get(_heat(plan, item), 0)


def _done(plan: Plan, item: Item | None) -> str:
    if item is None:
        return ""
    return (item.kind.done_for.get(_heat(plan, item)) or item.kind.done).get(plan.language.value, "")


def _prep(plan: Plan, item: Item) -> dict[str, Any] | None:
    raw = plan.template.cold and item.kind.raw
    return item.preparation(plan.request.method, "raw" if raw else _heat(plan, item))


def _prep_minutes(plan: Plan, item: Item) -> int:
    return int((_prep(plan, item) or {}).get("minutes", 0))


# Title and lines


def _title(plan: Plan, items: Sequence[Item]) -> str:
    """Name the dish after its main ingredients; another turn names another one beside the main one."""
    leads: list[list[Item]] = []
    for expression in plan.template.leads:
        group = [item for item in items if item.role in expression.split("+")]
        if group:
            leads.append(group)
    flat = [item for group in leads for item in group]
    main = flat[0]
    others = [item for item in flat[1:] if item.role != main.role] or flat[1:]
    # Whoever eats no meat should see it in the name.
    others.sort(key=lambda item: item.role != "protein")
    other = others[plan.turn % len(others)] if others else None
    texts = {
        "a": _title_name(plan, main, _label(plan, main)),
        "b": _title_name(plan, other, _label(plan, other)) if other else "",
        "a_name": _title_name(plan, main, main.at_hand.name(plan.language)),
        "b_name": _title_name(plan, other, other.at_hand.name(plan.language)) if other else "",
    }
    return fill(plan.dish.title(plan.language.value), lambda slot: texts[slot]) or texts["a"]


def _title_name(plan: Plan, item: Item, name: str) -> str:
    """Return what a dish is called after: rice is gạo in the sack and cơm on the plate."""
    if plan.language == Language.VI and name.split()[0] == "gạo":
        return "cơm" if name == "gạo" else f"cơm {name}"
    return name


def _line(plan: Plan, member: Member, water: float) -> IngredientLine:
    place = 1 if plan.language == Language.EN else 0
    if isinstance(member, Stocked):
        staple = member.staple
        per_serving = plan.dish.uses.get(staple.kind, staple.amount)
        amount = water if staple.kind == "water" else per_serving * plan.request.servings
        quantity, unit = measures.measure(amount, staple.unit, place)
        return IngredientLine(member.name(plan.language), quantity=quantity, unit=unit)
    quantity, unit = measures.measure(member.kind.amount * plan.request.servings, member.kind.unit, place)
    prep = _prep(plan, member)
    return IngredientLine(
        member.at_hand.name(plan.language),
        quantity=quantity,
        unit=unit,
        preparation=prep[plan.language.value] if prep else None,
    )
