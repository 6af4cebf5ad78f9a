"""Recipes as the planner sees them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from apps.core.authentication import Actor
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category, Ingredient
from apps.recipes import services as recipes
from apps.recipes.content import IngredientLine, RecipeContent
from apps.recipes.recipe import Recipe
from apps.search.index import SearchQuery, Sort
from apps.suggestions import safety
from apps.suggestions.safety import Limits

# The number of best rated recipes to choose from: enough for fourteen days of four meals, and fast to search.
POOL = 400
# Recipes for each ingredient that must be used soon.
POOL_OF_AN_INGREDIENT = 20
_PAGE = 100
# Categories of main ingredients, before vegetables.
_MAINS = (Category.MEAT, Category.SEAFOOD, Category.LEGUME, Category.DAIRY, Category.PREPARED)


@dataclass(frozen=True, slots=True)
class Dish:
    """A recipe with the facts that decide whether it fits a meal. `main` is the id of its main ingredient."""

    recipe: Recipe
    content: RecipeContent
    main: str | None

    @property
    def id(self) -> str:
        return self.recipe.id

    @property
    def title(self) -> str:
        return self.content.title

    @property
    def method(self) -> str:
        return self.content.method.value

    @property
    def meal(self) -> str | None:
        return self.content.meal.value if self.content.meal else None

    @property
    def cuisine(self) -> str:
        return self.content.cuisine

    @property
    def minutes(self) -> int | None:
        return self.content.total_minutes

    @property
    def servings(self) -> int:
        return self.content.servings

    @property
    def lines(self) -> tuple[IngredientLine, ...]:
        return self.content.ingredients

    @property
    def rating(self) -> float:
        return self.recipe.average or 0.0

    @property
    def ingredient_ids(self) -> frozenset[str]:
        return frozenset(line.ingredient_id for line in self.lines if line.ingredient_id and not line.optional)

    @property
    def counted_ids(self) -> frozenset[str]:
        """The ingredients without staples."""
        return frozenset(one for one in self.ingredient_ids if not _is_staple(one))


def of_recipe(recipe: Recipe) -> Dish:
    content = recipe.content
    return Dish(recipe, content, main_of(content.ingredients))


def pool(limits: Limits, urgent: Sequence[str]) -> list[Dish]:
    """Return safe recipes of the catalogue: the best rated, and some for each `urgent` ingredient.

    From memory: 0 read units.
    """
    found = dict[str, Dish]()
    for ingredient_id in urgent:
        _add(found, _search(limits, POOL_OF_AN_INGREDIENT, frozenset({ingredient_id})))
    _add(found, _search(limits, POOL, frozenset()))
    return [dish for dish in found.values() if is_safe(dish, limits)]


def _add(found: dict[str, Dish], more: Iterable[Recipe]) -> None:
    for recipe in more:
        if recipe.id not in found:
            found[recipe.id] = of_recipe(recipe)


def _search(limits: Limits, most: int, ingredient_ids: frozenset[str]) -> Iterable[Recipe]:
    query = SearchQuery(
        ingredient_ids=ingredient_ids,
        diets=limits.diets,
        without_allergens=limits.allergens,
        sort=Sort.RATING,
    )
    after, seen = None, 0
    while seen < most:
        page = recipes.search_catalogue(query, limit=min(_PAGE, most - seen), after=after)
        yield from page.recipes
        seen, after = seen + len(page.recipes), page.next
        if after is None:
            return


def is_safe(dish: Dish, limits: Limits) -> bool:
    """Return whether a dish is safe for everybody who eats, according to the current master list."""
    return safety.is_safe(limits, dish.content)


def load(recipe_ids: Iterable[str], *, actor: Actor) -> dict[str, Dish]:
    """Return those of these recipes that the actor may see: 0 read units in the catalogue, 1 for each other."""
    found = recipes.list_visible_recipes(list(dict.fromkeys(recipe_ids)), actor=actor)
    return {recipe.id: of_recipe(recipe) for recipe in found}


def main_of(lines: Sequence[IngredientLine]) -> str | None:
    """Return a dish's main ingredient: the first meat, fish, legume or egg, else the first one listed.

    A kind counts as the food that it is a kind of: chicken thigh and chicken breast are both chicken.
    """
    known = [food for line in lines if line.ingredient_id and (food := ingredients.find(line.ingredient_id))]
    counted = [food for food in known if not food.staple]
    ranked = sorted(counted, key=lambda food: food.category not in _MAINS)
    return _general(ranked[0]).id if ranked else None


def _general(food: Ingredient) -> Ingredient:
    """Return the most general food that a food is a kind of, within its category."""
    for _ in range(5):
        above = ingredients.find(food.kind_of) if food.kind_of else None
        if above is None or above.category is not food.category or above.key in _TOO_GENERAL:
            return food
        food = above
    return food


# "Meat" and "fish" are not main ingredients: two different fish count as variety.
_TOO_GENERAL = frozenset({"thit", "ca", "rau", "rau-cu", "trai-cay", "hai-san", "dau", "nam", "pho-mai", "trung"})


def _is_staple(ingredient_id: str) -> bool:
    food = ingredients.find(ingredient_id)
    return food is not None and food.staple
