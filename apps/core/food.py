"""The regulated allergens and the diets: words that people, ingredients and recipes share."""

# Annex II of Regulation (EU) No 1169/2011.
ALLERGENS = (
    "gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk",
    "nuts", "celery", "mustard", "sesame", "sulphites", "lupin", "molluscs",
)  # fmt: skip
DIETS = (
    "vegetarian", "vegan", "halal", "kosher", "gluten_free", "dairy_free", "low_carb", "no_pork", "no_beef",
)  # fmt: skip
