"""Composing one recipe from a template and the ingredients chosen for it."""

from collections.abc import Sequence
from dataclasses import replace

from apps.recipes.content import Difficulty, IngredientLine, Language, Meal, RecipeContent, Step
from apps.suggestions.providers.rules import choosing, measures, plans, writing
from apps.suggestions.providers.rules.larder import Item
from apps.suggestions.providers.rules.plans import Member, Plan
from apps.suggestions.providers.rules.staples import Stocked
from apps.suggestions.providers.rules.templates import fill, joined
from apps.suggestions.providers.rules.writing import Written

FEWEST_STEPS = 4
_EASY_UP_TO = 45
_QUICK_UP_TO = 30


_DESCRIPTION = {
    "vi": "Công thức tự ghép theo quy tắc từ những thứ đang có: {names}. Chưa có ai nấu thử: hãy nếm và điều chỉnh "
    "trong lúc nấu.",
    "en": "Put together by rules from what was at hand: {names}. No cook has tested it, so taste and adjust as you go.",
}
_TAG = {"vi": "tự ghép", "en": "composed"}
_QUICK = {"vi": "nhanh", "en": "quick"}


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
        slowest = max(plan.items, key=lambda item: _whole_time(plan, item))
        plan = replace(plan, items=tuple(item for item in plan.items if item is not slowest))
    return None


def _compose(plan: Plan) -> RecipeContent | None:
    steps = writing.write(plan)
    used = writing.used_by(plan, steps)
    items = [member for member in used if isinstance(member, Item)]
    if not _is_dish(plan, used, items):
        return None
    steps = writing.merged([writing.preparation(plan, items), *steps])
    return None if len(steps) < FEWEST_STEPS else _recipe(plan, steps, used, items)


def _is_dish(plan: Plan, used: Sequence[Member], items: Sequence[Item]) -> bool:
    """Say whether what the steps use is the dish that the template is for, of two things at hand at least."""
    template, dish = plan.template, plan.dish
    roles = {item.role for item in items if item is not plan.side}
    staples = {one.staple.kind for one in used if isinstance(one, Stocked)}
    at_hand = [one for one in used if isinstance(one, Item) or one.at_hand is not None]
    return (
        len(at_hand) >= choosing.FEWEST_IN_A_DISH
        and choosing.makes(template, roles)
        and staples.issuperset(dish.needs)
        and (not dish.of or dish.of in roles)
    )


def _whole_time(plan: Plan, item: Item) -> int:
    return plans.minutes(plan, item) + item.kind.ahead_minutes + plans.prep_minutes(plan, item)


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
        "a": _title_name(plan, main, plans.label(plan, main)),
        "b": _title_name(plan, other, plans.label(plan, other)) if other else "",
        "a_name": _title_name(plan, main, main.at_hand.name(plan.language)),
        "b_name": _title_name(plan, other, other.at_hand.name(plan.language)) if other else "",
    }
    return fill(plan.dish.title(plan.language.value), lambda slot: texts[slot]) or texts["a"]


def _title_name(plan: Plan, item: Item, name: str) -> str:
    """Return what a dish is called after: rice is gạo in the sack and cơm on the plate."""
    if plan.language == Language.VI and name.split(maxsplit=1)[0] == "gạo":
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
    prep = plans.prep(plan, member)
    return IngredientLine(
        member.at_hand.name(plan.language),
        quantity=quantity,
        unit=unit,
        preparation=prep[plan.language.value] if prep else None,
    )
