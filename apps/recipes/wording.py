"""What a recipe's words say is in it, beside what its list of ingredients resolves to."""

from collections.abc import Iterable, Iterator

from apps.ingredients import services as ingredients
from apps.ingredients.carriers import Mention
from apps.recipes.content import RecipeContent


def mentioned(content: RecipeContent) -> list[Mention]:
    """Return the foods that title, description, names, preparations, steps and tags mention beyond the list.

    What can be a listed ingredient is that ingredient, judged by its id: "bơ" is the avocado of a recipe that lists
    one. "The stock" and other words for what the recipe itself makes count in the list alone.
    """
    listed = frozenset(line.ingredient_id for line in content.ingredients if line.ingredient_id)
    found = [*_in_lines(content), *_in_text(content)]
    return [mention for mention in found if listed.isdisjoint(mention.ingredient_ids)]


def _in_lines(content: RecipeContent) -> Iterator[Mention]:
    for line in content.ingredients:
        yield from ingredients.mentions(line.name)
        yield from ingredients.mentions(line.preparation or "")


def _in_text(content: RecipeContent) -> Iterator[Mention]:
    for text in _texts(content):
        yield from (mention for mention in ingredients.mentions(text) if not mention.made)


def _texts(content: RecipeContent) -> Iterable[str]:
    return (content.title, content.description, *(step.text for step in content.steps), *content.tags)
