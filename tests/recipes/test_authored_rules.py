"""Authored recipes comply with the rules, and the rules detect violations."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.recipes import authored_rules
from apps.recipes.content import IngredientLine, RecipeContent, Step
from tests.support import authored as authored_recipes

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture(scope="module")
def authored(seeded: None) -> list[RecipeContent]:
    return list(authored_recipes.recipes().values())


def test_every_authored_recipe_is_sound(authored: list[RecipeContent]) -> None:
    found = [f"{content.title} {problem}" for content in authored for problem in authored_rules.problems(content)]

    assert found == []


def test_every_authored_ingredient_is_in_the_master_list(authored: list[RecipeContent]) -> None:
    assert [content.title for content in authored if not content.allergens_complete] == []


def test_half_of_at_least_1200_recipes_are_vietnamese(authored: list[RecipeContent]) -> None:
    vietnamese = sum(content.language.value == "vi" for content in authored)

    assert len(authored) >= 1200
    assert 0.45 <= vietnamese / len(authored) <= 0.65


def test_onion_stands_for_no_scallion_that_is_scattered_raw(authored: list[RecipeContent]) -> None:
    onions = {found.id for name in ("onion", "red onion") if (found := ingredients.resolve(name))}
    scallion = ingredients.resolve("scallion")
    assert scallion is not None

    assert [
        content.title
        for content in authored
        for line in content.ingredients
        if line.optional and line.ingredient_id == scallion.id and onions.intersection(line.substitutes)
    ] == []


def _with_line(content: RecipeContent, **changes: Any) -> RecipeContent:
    first, *rest = content.ingredients
    return replace(content, ingredients=(replace(first, **changes), *rest))


CHANGES: dict[str, Callable[[RecipeContent], RecipeContent]] = {
    "gives no amount of": lambda one: _with_line(one, quantity=None, optional=False),
    "essential ingredients instead of": lambda one: replace(
        one, ingredients=tuple(replace(line, essential=False) for line in one.ingredients)
    ),
    "tsp of salt a serving": lambda one: replace(
        one, ingredients=(*one.ingredients, IngredientLine("muối", quantity=100, unit="muỗng canh"))
    ),
    "no step uses": lambda one: replace(one, steps=(Step("Nấu.", 5), Step("Đảo.", 5), Step("Ăn.", 5))),
    "its steps take": lambda one: replace(one, steps=tuple(replace(step, minutes=500) for step in one.steps)),
    "in its title and makes it optional": lambda one: replace(
        _with_line(one, optional=True), title=one.ingredients[0].name
    ),
    "a title in one language only": lambda one: replace(one, translated_title=""),
    "steps instead of": lambda one: replace(one, steps=one.steps[:1]),
    "g a serving": lambda one: replace(one, servings=50),
}


@pytest.mark.parametrize("problem", CHANGES)
def test_a_broken_recipe_is_noticed(authored: list[RecipeContent], problem: str) -> None:
    sound = next(one for one in authored if one.meal == "dinner" and one.language.value == "vi")

    assert any(problem in found for found in authored_rules.problems(CHANGES[problem](sound)))
