"""Public recipes as HTML pages with schema.org data for search engines. From memory: 0 read units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from apps.core.food import broken_diets
from apps.core.ids import is_id
from apps.media import services as media
from apps.recipes import catalogue, rendering
from apps.recipes.content import IngredientLine, RecipeContent
from apps.recipes.recipe import Recipe
from apps.search.index import SearchQuery

# A sitemap may list 50,000 addresses (sitemaps.org).
MOST_ADDRESSES = 50_000
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class RecipePage:
    recipe: Recipe
    content: RecipeContent
    image: str | None

    @property
    def ingredients(self) -> list[str]:
        return [_line(line) for line in self.content.ingredients]

    @property
    def allergens(self) -> list[str]:
        """Allergens by their names in the language of the recipe."""
        return self._named(self.content.allergens)

    @property
    def may_contain(self) -> list[str]:
        """Allergens that some brands of its ingredients contain, by their names."""
        return self._named(self.content.may_contain)

    @property
    def diets(self) -> list[str]:
        """The diets that the recipe keeps whatever brands are bought: nobody here can be asked about a label."""
        doubtful = broken_diets(self.content.may_contain)
        return [diet for diet in self.content.diets if diet not in doubtful]

    def _named(self, allergens: Iterable[str]) -> list[str]:
        names = _ALLERGENS_VI if self.content.language.value == "vi" else {}
        return [names.get(allergen, allergen) for allergen in allergens]


def find_page(recipe_id: str) -> RecipePage | None:
    """Return a public recipe, None where there is none or it was taken back."""
    recipe = catalogue.find_recipe(recipe_id) if is_id(recipe_id) else None
    if recipe is None:
        return None
    links = rendering.picture_links(recipe_id, recipe.image, public=True)
    return RecipePage(recipe, recipe.content, links["1024"] if links else None)


def read_picture(recipe_id: str, version: str, size: int) -> bytes | None:
    """Return the picture that a public recipe has now; None for all others, and for those that it had before.

    So what is taken back, or becomes private again, can be fetched nowhere. One request to the storage.
    """
    recipe = catalogue.find_recipe(recipe_id) if is_id(recipe_id) else None
    if recipe is None or recipe.image is None or media.version_of(recipe.image) != version:
        return None
    return media.read_picture(recipe.image, size)


def list_ids() -> Iterator[str]:
    """Yield the ids of public recipes, newest first, as many as a sitemap may have."""
    index, after, listed = catalogue.current(), None, 0
    while listed < MOST_ADDRESSES:
        page = index.search(SearchQuery(), limit=_PAGE, after=after)
        yield from (hit.recipe_id for hit in page.hits)
        listed += len(page.hits)
        after = page.next
        if after is None:
            return


def structured_data(page: RecipePage, url: str) -> dict[str, Any]:
    """Return the recipe as schema.org/Recipe; times are ISO-8601 durations."""
    content, recipe = page.content, page.recipe
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Recipe",
        "name": content.title,
        "description": content.description,
        "url": url,
        "inLanguage": content.language.value,
        "recipeYield": str(content.servings),
        "recipeIngredient": page.ingredients,
        "recipeInstructions": [{"@type": "HowToStep", "text": step.text} for step in content.steps],
        "keywords": ", ".join(content.tags),
        "recipeCuisine": content.cuisine or None,
        "prepTime": _duration(content.prep_minutes),
        "cookTime": _duration(content.cook_minutes),
        "totalTime": _duration(content.total_minutes),
        "image": [page.image] if page.image else None,
        "suitableForDiet": [_DIETS[diet] for diet in page.diets if diet in _DIETS] or None,
    }
    if recipe.figures.rating_count:
        data["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": recipe.average,
            "ratingCount": recipe.figures.rating_count,
        }
    return {name: value for name, value in data.items() if value not in (None, "")}


# https://schema.org/RestrictedDiet
_DIETS = {
    "vegetarian": "https://schema.org/VegetarianDiet",
    "vegan": "https://schema.org/VeganDiet",
    "halal": "https://schema.org/HalalDiet",
    "kosher": "https://schema.org/KosherDiet",
    "gluten_free": "https://schema.org/GlutenFreeDiet",
}


_ALLERGENS_VI = {
    "gluten": "gluten", "crustaceans": "giáp xác", "eggs": "trứng", "fish": "cá", "peanuts": "đậu phộng",
    "soy": "đậu nành", "milk": "sữa", "nuts": "các loại hạt", "celery": "cần tây", "mustard": "mù tạt",
    "sesame": "mè", "sulphites": "sulfit", "lupin": "đậu lupin", "molluscs": "nhuyễn thể",
}  # fmt: skip


def _duration(minutes: int | None) -> str | None:
    return None if minutes is None else f"PT{minutes}M"


def _line(line: IngredientLine) -> str:
    amount = "" if line.quantity is None else f"{line.quantity:g}"
    words = " ".join(filter(None, (amount, line.unit, line.name)))
    return f"{words}, {line.preparation}" if line.preparation else words
