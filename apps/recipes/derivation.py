"""What a recipe's ingredients and words say about it: ids, allergens, diets. Derived on every write, never typed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from apps.core.errors import FieldError, ValidationFailed
from apps.core.language import Text
from apps.ingredients import services as ingredients
from apps.ingredients.carriers import Mention
from apps.ingredients.entry import DIETS, Ingredient
from apps.recipes import wording
from apps.recipes.content import IngredientLine, RecipeContent

Resolve = Callable[[str], Ingredient | None]

_MISMATCH = Text("Tên này không phải của nguyên liệu đã chọn.", "This is not a name of the ingredient given.")


def derive(content: RecipeContent) -> RecipeContent:
    """Return the content with ingredients resolved and allergens and diets derived from them and from its words.

    Optional ingredients count like the others, and so does what a step mentions and the list leaves out: "sprinkle
    with peanuts". ValidationFailed where an id is given that the name cannot mean: a harmless id must not hide what a
    name says.
    """
    lines = _resolved(content.ingredients)
    mentions = wording.mentioned(replace(content, ingredients=tuple(lines)))
    known = [ingredients.find(line.ingredient_id) for line in lines if line.ingredient_id]
    found = [ingredient for ingredient in known if ingredient]
    is_complete = len(found) == len(lines)
    foods: list[Ingredient | Mention] = [*found, *mentions]
    allergens = set().union(*(food.allergens for food in foods))
    broken = set().union(*(food.breaks for food in foods))
    return replace(
        content,
        ingredients=tuple(lines),
        allergens=tuple(sorted(allergens)),
        diets=tuple(diet for diet in DIETS if diet not in broken) if is_complete else (),
        allergens_complete=is_complete,
    )


def _resolved(lines: Sequence[IngredientLine]) -> list[IngredientLine]:
    resolved, errors = [], []
    for position, line in enumerate(lines):
        ingredient = _ingredient(line)
        if line.ingredient_id and ingredient is None:
            errors.append(FieldError(f"ingredients.{position}.ingredient_id", "ingredient_mismatch", str(_MISMATCH)))
        resolved.append(replace(line, ingredient_id=ingredient.id if ingredient else None))
    if errors:
        raise ValidationFailed(errors=tuple(errors))
    return resolved


def _ingredient(line: IngredientLine) -> Ingredient | None:
    """Return what the line means; an id chooses between the meanings of its name."""
    if line.ingredient_id is None:
        return ingredients.resolve(line.name)
    match = ingredients.match([line.name])[0]
    meanings = [match.ingredient, ingredients.resolve(line.name), *match.suggestions]
    return next((meaning for meaning in meanings if meaning and meaning.id == line.ingredient_id), None)
