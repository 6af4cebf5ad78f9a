"""Write a dish as a recipe: title, amounts, steps and times, in the reader's language."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from apps.recipes.content import Difficulty, IngredientLine, Method, RecipeContent, Step
from apps.suggestions import amounts
from apps.suggestions.composition import preparing
from apps.suggestions.composition.archetypes import Slot, StepTemplate
from apps.suggestions.composition.dishes import Dish, unit_of
from apps.suggestions.composition.foods import Both, is_counted
from apps.suggestions.composition.kitchen import Food, Kitchen, staples
from apps.suggestions.composition.measuring import amount_for, rounded, water_for
from apps.suggestions.composition.stages import Timed, stages
from apps.suggestions.composition.texts import fill, joined, label_name, plural, said_of_several, slots, title_name

_EASY_UP_TO = 45
_QUICK_UP_TO = 20
_MOST_IN_TITLE = 2
# Pieces that are still spoken of as one.
_ABOUT_ONE = 1.3
# Where something is baked, by whether there is an air fryer to do it in.
_HEATED = {
    False: {"vi": "lò 200°C", "en": "the oven to 200°C"},
    True: {"vi": "nồi chiên không dầu 190°C", "en": "the air fryer to 190°C"},
}
_FOR_BABIES = {
    "vi": "Nghiền hoặc xay nhuyễn vừa với tuổi của bé, gỡ sạch xương; để ấm rồi cho ăn, không nêm muối hay đường.",
    "en": "Mash or blend as finely as the baby needs, checking for bones; serve warm. Add no salt or sugar.",
}
_CURED = frozenset({"bacon", "lardon"})
# Ham and salami; Vietnamese rolls are no saltier than fresh meat.
_CURED_ABROAD = frozenset({"cold_meat"})
_PREPARE = {"vi": "Sơ chế: {list}.", "en": "Prepare the ingredients: {list}."}
# Raw meat and fish where something is eaten raw.
_PREPARE_APART = {"vi": "Sau cùng, trên thớt riêng: {list}.", "en": "Last, on a board of its own: {list}."}
_DONE = {"vi": "chín đều", "en": "it is cooked through"}
_NOTE = {
    "vi": "Công thức tự ghép theo quy tắc, chưa ai nấu thử: hãy nếm và điều chỉnh khi nấu.",
    "en": "Composed by rule and not yet cooked by anybody: taste and adjust as you go.",
}
_TAG = {"vi": "tự ghép", "en": "composed"}


@dataclass(frozen=True, slots=True)
class _Member:
    """What an expression of a text stands for: a food, or a staple by its name."""

    food: Food | None = None
    staple: str = ""


class Writer:
    """One dish in one kitchen, while it is written down."""

    def __init__(self, dish: Dish, kitchen: Kitchen) -> None:
        self.dish, self.kitchen = dish, kitchen
        self.archetype, self.language = dish.archetype, kitchen.language.value
        self.used: dict[str, _Member] = {}
        self.prepared: set[str] = set()
        self.minutes_ahead = 0

    def content(self) -> RecipeContent | None:
        """Return the recipe; None where something that the dish needs is not used by any step."""
        self._find_what_is_used()
        steps = [step for template in self.archetype.steps for step in self._steps(template)]
        if self.kitchen.is_for_baby:
            steps.append(Step(_FOR_BABIES[self.language], 3))
        title = self._title()
        if title is None or not self._uses_what_it_needs():
            return None
        total = sum(step.minutes or 0 for step in steps)
        about = fill(self.archetype.descriptions[self.language], self._name) or ""
        tags = (*self.archetype.tags.get(self.language, ()), _TAG[self.language])
        return RecipeContent(
            title=title,
            description=f"{about} {_NOTE[self.language]}".strip(),
            ingredients=tuple(self._line(member) for member in self._in_order()),
            steps=tuple(steps),
            language=self.kitchen.language,
            method=self.archetype.method,
            cuisine=self.archetype.cuisine,
            meal=self.archetype.meals[0],
            difficulty=Difficulty.EASY if total <= _EASY_UP_TO else Difficulty.MEDIUM,
            prep_minutes=self.minutes_ahead,
            cook_minutes=total - self.minutes_ahead,
            servings=self.dish.servings,
            tags=tags,
        )

    def _find_what_is_used(self) -> None:
        """Note what the steps take, so that nothing is made ready that none of them takes."""
        for template in self.archetype.steps:
            text = template.text[self.language]
            if text and "{prep" not in text and not self._is_ruled_out(template) and fill(text, self._name):
                for expression in slots(text, self._name):
                    self._use(expression)

    def _steps(self, template: StepTemplate) -> Iterator[Step]:
        text = template.text[self.language]
        filled = fill(text, self._name) if text and not self._is_ruled_out(template) else None
        if filled is None:
            return
        if "{prep" not in text:
            yield Step(filled, self._minutes(template))
            return
        for expression in slots(text, self._name):
            self.prepared |= {food.id for food in self._to_prepare(expression)}
            apart = self._apart(expression)
            step = Step(filled, self._minutes(template) - (preparing.minutes_apart([]) if apart else 0))
            self.minutes_ahead += step.minutes or 0
            yield step
            if apart:
                minutes = preparing.minutes_apart(self._preparations(apart))
                self.minutes_ahead += minutes
                yield Step(self._said_to_prepare(apart, _PREPARE_APART), minutes)

    def _is_ruled_out(self, template: StepTemplate) -> bool:
        """Say whether a step falls away: "ready" where all meat is cooked already, else where the slot is filled."""
        if template.only and all(food.kind.key != template.only for food in self.dish.foods):
            return True
        unless = template.unless
        if unless == "ready":
            return all(food.kind.key in {"cooked_meat", "roast_meat"} for food in self.dish.of("meat"))
        return any(self.dish.filled.get(name) for name in unless.split("+"))

    def _use(self, expression: str) -> None:
        for member in self._members(expression.removesuffix(".stages")):
            self.used[member.food.id if member.food else member.staple] = member

    def _minutes(self, template: StepTemplate) -> int:
        wanted = template.minutes
        if isinstance(wanted, int):
            return wanted + template.more
        if wanted == "prep":
            return preparing.minutes_for(self._preparations(self._to_prepare("prep")))
        times = [self._time(name, food) for name in wanted.split("+") for food in self.dish.of(name)]
        return max(times, default=1) + template.more

    def _time(self, slot: str, food: Food) -> int:
        heat = self.dish.slot(slot).heat or self.archetype.heat
        known = food.kind.minutes
        return known.get(heat) or max(known.values(), default=2)

    # What texts say

    def _name(self, expression: str) -> str:
        if expression.startswith("prep"):
            return self._prepare_text(expression)
        if expression == "oven":
            return _HEATED[self.kitchen.ovens.has_air_fryer][self.language]
        bare, _, about = expression.partition(".")
        if about:
            return self._done(bare) if about == "done" else self._stages(bare)
        if expression.startswith("mains"):
            return self._mains(expression)
        slot, _, form = expression.rpartition("_")
        if form in {"t", "with", "1", "2"}:
            return self._in_form(slot, form)
        return self._listed(expression)

    def _listed(self, expression: str) -> str:
        return joined(list(dict.fromkeys(self._label(member) for member in self._members(expression))), self.language)

    def _stages(self, expression: str) -> str:
        timed = [
            Timed(self._label(_Member(food)), self._time(name, food))
            for name in expression.split("+")
            for food in self.dish.of(name)
        ]
        return stages(timed, self.language)

    def _members(self, expression: str) -> list[_Member]:
        for alternative in expression.split("|"):
            found = [member for name in alternative.split("+") for member in self._members_of(name)]
            if found:
                return found
        return []

    def _members_of(self, name: str) -> list[_Member]:
        if name in self.dish.filled:
            return [_Member(food) for food in self.dish.filled[name]]
        if name == "season":
            return self._season()
        if name in staples():
            return [_Member(staple=name)] if self._may_use(name) else []
        return []

    def _season(self) -> list[_Member]:
        """Return what seasons the dish; a salty sauce at hand or dairy in the dish take the place of fish sauce."""
        is_salty = any(food.kind.key in {"soy_sauce", "oyster_sauce"} for food in self.dish.of("sauce"))
        is_milky = any(food.kind.family == "dairy" for food in self.dish.foods)
        found: list[str] = []
        for alternatives in self.archetype.season[self.language]:
            names = [name for name in alternatives.split("|") if self._may_use(name)]
            if is_milky:
                names = [name for name in names if name != "fish_sauce"]
            name = next(iter(names), None)
            if name and name not in found and not (is_salty and name in {"fish_sauce", "salt"}):
                found.append(name)
        if self._is_cured():
            found = [name for name in found if name not in {"fish_sauce", "salt"}] or found
        return [_Member(staple=name) for name in found]

    def _is_cured(self) -> bool:
        """Say whether cured meat salts the dish; a soup takes salt beside it."""
        cured = _CURED if self.language == "vi" else _CURED | _CURED_ABROAD
        return self.archetype.method is not Method.SOUP and any(food.kind.key in cured for food in self.dish.foods)

    def _may_use(self, staple: str) -> bool:
        if staple == "salt" and self._is_cured():
            return False
        if staple == "water" and self.archetype.liquid and not water_for(self.dish):
            return False
        return staple in self.archetype.staples and self.kitchen.staple(staple) is not None

    def _label(self, member: _Member) -> str:
        if member.food is None:
            found = self.kitchen.staple(member.staple)
            return found.name(self.language) if found else ""
        name = label_name(member.food.name(self.language), self.language)
        if self.language == "vi" or not is_counted(member.food.kind, name) or self._is_one(member.food):
            return name
        return plural(name)

    def _is_spoken_of_as_several(self, food: Food) -> bool:
        return self.language == "en" and self._label(_Member(food)) != label_name(food.name("en"), "en")

    def _is_one(self, food: Food) -> bool:
        """Say whether the dish takes no more than one piece of it: one onion is no onions."""
        slot = self._slot_of(food)
        unit = unit_of(slot, food, "en")
        amount = rounded(amount_for(self.dish, slot, food), unit, whole=food.kind.family == "egg")
        pieces = amount if unit == "piece" else amounts.in_unit(amount, unit, "piece", ingredient_id=food.id)
        return pieces is not None and pieces < _ABOUT_ONE

    def _slot_of(self, food: Food) -> Slot:
        return self.dish.slot(next(name for name, foods in self.dish.filled.items() if food in foods))

    def _mains(self, form: str) -> str:
        names = self.archetype.mains
        by_slot = [sorted(self.dish.of(name), key=lambda food: food.kind.family != "meat") for name in names]
        foods = [food for filled in by_slot for food in filled][:_MOST_IN_TITLE]
        if form == "mains_with":
            return joined([self._label(_Member(food)) for food in foods], self.language)
        return self._titled(foods)

    def _in_form(self, slot: str, form: str) -> str:
        foods = self.dish.of(slot)
        if form == "with":
            return joined([self._label(_Member(food)) for food in foods[:_MOST_IN_TITLE]], self.language)
        return self._titled(foods[: 1 if form == "1" else _MOST_IN_TITLE])

    def _titled(self, foods: Sequence[Food]) -> str:
        names = list(dict.fromkeys(title_name(food.ingredient.name(self.language), self.language) for food in foods))
        return (" and " if self.language == "en" else " ").join(names)

    def _title(self) -> str | None:
        for condition, texts in self.archetype.titles:
            if condition and not (self._mains("mains") if condition == "mains" else self.dish.of(condition)):
                continue
            if found := fill(texts[self.language], self._name):
                return found
        return None

    def _done(self, slot: str) -> str:
        for food in self.dish.of(slot):
            heat = self.dish.slot(slot).heat or self.archetype.heat
            done = food.kind.done_for.get(heat) or food.kind.done
            if done:
                return (
                    said_of_several(done[self.language]) if self._is_spoken_of_as_several(food) else done[self.language]
                )
        return _DONE[self.language]

    def _prepare_text(self, expression: str) -> str:
        apart = self._apart(expression)
        return self._said_to_prepare([food for food in self._to_prepare(expression) if food not in apart], _PREPARE)

    def _said_to_prepare(self, foods: Sequence[Food], text: Both) -> str:
        said = [
            f"{self._label(_Member(food))} {preparation[self.language]}"
            for food in foods
            if (preparation := self._preparation(food))
        ]
        return text[self.language].format(list="; ".join(said)).rstrip(".") + "." if said else ""

    def _to_prepare(self, expression: str) -> list[Food]:
        """Return what is made ready, raw meat and fish last."""
        left_out = expression.removeprefix("prep").removeprefix("_but_")
        skipped = self.dish.of(left_out) if left_out else []
        used = [food for food in self.dish.foods if food.id in self.used]
        foods = [food for food in used if food not in skipped and self._preparation(food)]
        return sorted(foods, key=preparing.is_raw_flesh)

    def _apart(self, expression: str) -> list[Food]:
        """Return the raw meat and fish that are cut by themselves, after what is eaten raw."""
        foods = self._to_prepare(expression)
        method = self.archetype.method
        if not any(preparing.is_eaten_raw(food, self._slot_of(food), method) for food in foods):
            return []
        return [food for food in foods if preparing.is_raw_flesh(food)]

    def _preparations(self, foods: Sequence[Food]) -> list[dict[str, Any]]:
        return [preparation for food in foods if (preparation := self._preparation(food))]

    def _preparation(self, food: Food) -> dict[str, str] | None:
        slot = self._slot_of(food)
        kind, heat = food.kind, slot.heat or self.archetype.heat
        if found := kind.prep_of.get(food.ingredient.en):
            return found
        if slot.is_plain:
            return kind.prep
        return kind.prep_for.get(self.archetype.method.value) or kind.prep_for.get(heat) or kind.prep

    # What the list of ingredients says

    def _in_order(self) -> list[_Member]:
        """Return what is used: foods in the order of the roles, then staples."""
        order = {food.id: number for number, food in enumerate(self.dish.foods)}
        return sorted(self.used.values(), key=lambda one: order[one.food.id] if one.food else len(order))

    def _uses_what_it_needs(self) -> bool:
        needed = [slot.name for slot in self.archetype.slots if slot.is_needed]
        shown = self.dish.of(*needed, *self.archetype.mains)
        used = [member.food for member in self.used.values() if member.food]
        return all(food.id in self.used for food in shown) and len(used) >= self.archetype.least

    def _line(self, member: _Member) -> IngredientLine:
        if member.food is None:
            return self._staple_line(member.staple)
        food = member.food
        slot = self._slot_of(food)
        unit = unit_of(slot, food, "en")
        quantity = rounded(amount_for(self.dish, slot, food), unit, whole=food.kind.family == "egg")
        preparation = self._preparation(food) if food.id in self.prepared else None
        return IngredientLine(
            name=food.name(self.language),
            ingredient_id=food.id,
            quantity=quantity,
            unit=unit_of(slot, food, self.language),
            preparation=preparation[self.language] if preparation else None,
            optional=slot.name in {"herb", "hot"},
            essential=slot.is_needed,
        )

    def _staple_line(self, name: str) -> IngredientLine:
        found = self.kitchen.staple(name)
        unit = staples()[name].unit
        amount = self.archetype.staples[name] * self.dish.servings
        if name == "water" and self.archetype.liquid:
            amount = water_for(self.dish)
        quantity = rounded(amount, unit[1])
        return IngredientLine(
            name=found.name(self.language) if found else name,
            ingredient_id=found.id if found else None,
            quantity=quantity,
            unit=unit[1] if self.language == "en" else unit[0],
        )


def write(dish: Dish, kitchen: Kitchen) -> RecipeContent | None:
    return Writer(dish, kitchen).content()
