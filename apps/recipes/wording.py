"""What a recipe's words say is in it, beside what its list of ingredients resolves to."""

from collections.abc import Iterator, Sequence

from apps.ingredients import services as ingredients
from apps.ingredients import spelling
from apps.ingredients.carriers import Mention
from apps.ingredients.entry import Ingredient
from apps.recipes.content import RecipeContent


def mentioned(content: RecipeContent) -> list[Mention]:
    """Return the foods that title, description, names, preparations, steps and tags mention beyond the list.

    What can be a listed ingredient is that ingredient, judged by its id: "bơ" is the avocado of a recipe that lists
    one. So are "the noodles" of one that lists ramen, and "the stock" is what it makes; see `Generic`.
    """
    listed = [one for line in content.ingredients if (one := ingredients.find(line.ingredient_id or ""))]
    ids = {ingredient.id for ingredient in listed}
    return [
        mention
        for place, text in _texts(content)
        for mention in ingredients.mentions(text)
        if ids.isdisjoint(mention.ingredient_ids) and not _is_explained(mention, place, listed)
    ]


def _texts(content: RecipeContent) -> Iterator[tuple[str, str]]:
    yield from (("described", text) for text in (content.title, content.description, *content.tags))
    yield from (("listed", line.name) for line in content.ingredients)
    yield from (("cooked", line.preparation) for line in content.ingredients if line.preparation)
    yield from (("cooked", step.text) for step in content.steps)


def _is_explained(mention: Mention, place: str, listed: Sequence[Ingredient]) -> bool:
    """Say whether a word for many things means what the recipe makes or lists."""
    generic = mention.generic
    if generic is None:
        return False
    if generic.made == "always":
        return place != "listed"
    possible = [one for one in listed if not generic.within or one.category in generic.within]
    if any(not generic.signs.isdisjoint(one.allergens | one.breaks) for one in possible):
        return not generic.made or place == generic.made
    return bool(generic.within) and any(_is_called(one, mention.names) for one in possible)


def _is_called(ingredient: Ingredient, words: Sequence[str]) -> bool:
    """Say whether one of `words` is the head of a name: the last word in English, the first in Vietnamese.

    "Khoai mì" is no "mì" and "fish mint" no "fish".
    """
    english = [spelling.words_of(name) for name in (ingredient.en, *ingredient.aliases.get("en", ()))]
    vietnamese = [spelling.words_of(name) for name in (ingredient.vi, *ingredient.aliases.get("vi", ()))]
    singular = [form for word in words for form in (word, word.removesuffix("s"))]
    return any(f" {name}".endswith(f" {word}") for name in english for word in singular) or any(
        f"{name} ".startswith(f"{word} ") for name in vietnamese for word in words
    )
