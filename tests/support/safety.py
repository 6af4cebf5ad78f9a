"""The safety corpora: texts that must not reach people with some allergy or diet, and recipes built from them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from apps.core.food import ALLERGENS, DIETS
from apps.core.ids import derived_id
from apps.recipes.content import IngredientLine, Language, Method, RecipeContent, Step
from apps.recipes.derivation import derive
from apps.suggestions import safety
from apps.suggestions.safety import Limits

CORPORA = Path(__file__).parents[1] / "suggestions" / "corpora"
PLACES = ("title", "description", "ingredient", "preparation", "step", "tag")

# Ingredients without allergens that break no diet.
_HARMLESS = {
    Language.VI: ("Món nhà làm", ("cà chua", "hành lá"), "Xếp ra đĩa."),
    Language.EN: ("Home cooking", ("tomato", "scallion"), "Arrange on a plate."),
}


@dataclass(frozen=True, slots=True)
class Case:
    """A text in one place of a recipe, and whether the recipe is allowed for somebody with this limit.

    `limit` is a regulated allergen, a diet, or the key of a single ingredient of the master list.
    """

    id: str
    limit: str
    place: str
    language: str
    expect: str
    text: str
    why: str

    @property
    def is_harmless(self) -> bool:
        return self.expect == "harmless"

    @property
    def is_of_a_group(self) -> bool:
        """Say whether the limit is an allergen or a diet, not a single ingredient."""
        return self.limit in ALLERGENS or self.limit in DIETS


@dataclass(frozen=True, slots=True)
class Answer:
    case: Case
    violations: tuple[str, ...]

    @property
    def is_miss(self) -> bool:
        return not self.case.is_harmless and not self.violations

    @property
    def is_false_alarm(self) -> bool:
        return self.case.is_harmless and bool(self.violations)


def read(name: str) -> list[Case]:
    """Return the cases of `allergens` or `diets`."""
    rows: list[dict[str, Any]] = yaml.load((CORPORA / f"{name}.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return [Case(**row) for row in rows]


def ask(cases: Iterable[Case]) -> list[Answer]:
    return [Answer(case, tuple(safety.violations_of(limits_of(case.limit), content_of(case)))) for case in cases]


def limits_of(limit: str) -> Limits:
    if limit in ALLERGENS:
        return Limits(allergens=frozenset({limit}))
    if limit in DIETS:
        return Limits(diets=frozenset({limit}))
    return Limits(ingredient_ids=frozenset({derived_id("ingredient", limit)}))


def content_of(case: Case) -> RecipeContent:
    """Return a harmless recipe with the text of the case in its place, derived like generated recipes."""
    plain = harmless(Language(case.language))
    return derive(_with(plain, case.place, case.text))


def harmless(language: Language) -> RecipeContent:
    title, names, step = _HARMLESS[language]
    lines = tuple(IngredientLine(name) for name in names)
    return derive(RecipeContent(title, lines, (Step(step),), language, Method.OTHER))


def _with(plain: RecipeContent, place: str, text: str) -> RecipeContent:
    first, *others = plain.ingredients
    changed: dict[str, RecipeContent] = {
        "title": replace(plain, title=text),
        "description": replace(plain, description=text),
        "ingredient": replace(plain, ingredients=(*plain.ingredients, IngredientLine(text))),
        "preparation": replace(plain, ingredients=(replace(first, preparation=text), *others)),
        "step": replace(plain, steps=(Step(text), *plain.steps)),
        "tag": replace(plain, tags=(text,)),
    }
    return changed[place]
