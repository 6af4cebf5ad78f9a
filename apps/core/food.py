"""The regulated allergens and the diets: the vocabulary that people, ingredients and recipes share."""

from collections.abc import Iterable

# Annex II of Regulation (EU) No 1169/2011.
ALLERGENS = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk",
    "nuts", "celery", "mustard", "sesame", "sulphites", "lupin", "molluscs",
)  # fmt: skip
DIETS = (
    "vegetarian", "vegan", "halal", "kosher", "gluten_free", "dairy_free", "low_carb", "no_pork", "no_beef",
)  # fmt: skip

# The diets that an allergen breaks, whatever food contains it.
BROKEN_BY = {
    "gluten": ("gluten_free",),
    "milk": ("dairy_free", "vegan"),
    "eggs": ("vegan",),
    "fish": ("vegetarian", "vegan"),
    "crustaceans": ("vegetarian", "vegan", "kosher"),
    "molluscs": ("vegetarian", "vegan", "kosher"),
}
# Diets that imply another diet: breaking the one breaks the other.
IMPLIED_BY = {
    "no_pork": ("halal", "kosher", "vegetarian", "vegan"),
    "no_beef": ("vegetarian", "vegan"),
    "vegetarian": ("vegan",),
}


def broken_diets(allergens: Iterable[str], breaks: Iterable[str] = ()) -> frozenset[str]:
    """Return every diet broken by a food that contains `allergens` and breaks `breaks`, implications included."""
    broken = {*breaks, *(diet for allergen in allergens for diet in BROKEN_BY.get(allergen, ()))}
    return frozenset(broken.union(*(IMPLIED_BY.get(diet, ()) for diet in broken)))
