"""The words for allergens, diets, methods, cuisines and faults in prompts, one for each value that we know."""

from apps.recipes.content import Method

METHODS = {
    Method.STIR_FRY: "stir_fry",
    Method.SOUP: "soup",
    Method.STEAM: "steam",
    Method.FRY: "fry (pan or deep)",
    Method.GRILL: "grill",
    Method.BOIL: "boil",
    Method.BRAISE: "braise (kho, stew)",
    Method.SALAD: "salad (gỏi, nộm)",
    Method.BAKE: "bake (oven)",
    Method.RAW: "raw (nothing that must be cooked)",
    Method.OTHER: "any other method",
}

# Cuisines of the catalogue, and others that people name often; any other slug is not sent.
CUISINES = frozenset({
    "vietnamese", "american", "argentinian", "australian", "brazilian", "british", "cajun", "caribbean", "chinese",
    "cambodian", "cuban", "ethiopian", "filipino", "french", "georgian", "german", "greek", "hungarian", "indian",
    "indonesian", "irish", "italian", "jamaican", "japanese", "korean", "lao", "lebanese", "malaysian",
    "mediterranean", "mexican", "middle_eastern", "moroccan", "persian", "peruvian", "polish", "portuguese", "russian",
    "singaporean", "spanish", "sri_lankan", "swiss", "taiwanese", "thai", "turkish", "ukrainian", "fusion",
})  # fmt: skip

# Where the 14 allergens hide, in a few words; names that a model would otherwise write without a thought.
CARRIERS = {
    "gluten": "wheat, flour, bread, noodles, soy sauce, oyster sauce, beer, seitan, batter",
    "crustaceans": "shrimp, prawn, crab, lobster, shrimp paste, dried shrimp, prawn crackers",
    "eggs": "mayonnaise, egg noodles, batter, custard, meringue",
    "fish": "fish sauce, anchovy, fish stock, dashi, bonito, oyster sauce, Worcestershire sauce, fish cake",
    "peanuts": "peanut oil, peanut butter, satay, hoisin, crushed peanuts as garnish",
    "soy": "soy sauce, tofu, miso, tempeh, hoisin, oyster sauce, bouillon, soybean oil unrefined",
    "milk": "butter, cheese, cream, yogurt, condensed milk, ghee, whey",
    "nuts": "almond, cashew, walnut, hazelnut, pistachio, macadamia, praline, nut milk, pesto",
    "celery": "celeriac, celery salt, stock cubes, bouillon powder",
    "mustard": "mustard seed, mayonnaise, curry powder, dressings",
    "sesame": "sesame oil, tahini, sesame seed as garnish, hoisin",
    "sulphites": "wine, vinegar, dried fruit, molasses, bottled lemon juice",
    "lupin": "lupin flour, lupin beans, some gluten-free flours",
    "molluscs": "squid, octopus, clam, mussel, oyster, snail, scallop, oyster sauce, XO sauce",
}
VI_CARRIERS = {
    "gluten": "bột mì, bánh mì, mì, xì dầu, nước tương, dầu hào, bia, mì căn, bột chiên",
    "crustaceans": "tôm, tép, cua, ghẹ, mắm tôm, mắm ruốc, tôm khô, bánh phồng tôm",
    "eggs": "trứng, sốt mayonnaise, mì trứng, bột chiên",
    "fish": "cá, nước mắm, mắm nêm, mắm cá, chả cá, cá cơm, nước dùng cá, hạt nêm, dầu hào",
    "peanuts": "đậu phộng, lạc, dầu lạc, bơ đậu phộng, sốt satay, lạc rang rắc mặt",
    "soy": "đậu nành, xì dầu, nước tương, đậu phụ, chao, tương, dầu hào, hạt nêm",
    "milk": "sữa, bơ lạt, phô mai, kem, sữa chua, sữa đặc",
    "nuts": "hạt điều, hạnh nhân, óc chó, hạt dẻ, mắc ca, sữa hạt",
    "celery": "cần tây, củ cần tây, viên súp, hạt nêm, muối cần tây",
    "mustard": "mù tạt, hạt cải, sốt mayonnaise, bột cà ri",
    "sesame": "mè, vừng, dầu mè, muối mè, mè rắc mặt",
    "sulphites": "rượu vang, giấm, trái cây sấy, mật mía",
    "lupin": "đậu lupin, bột lupin",
    "molluscs": "mực, bạch tuộc, nghêu, sò, hàu, ốc, dầu hào, sốt XO",
}
DIET_RULES = {
    "vegetarian": "no meat, fish, seafood, lard, fish sauce, gelatine, meat stock",
    "vegan": "nothing of animals: also no egg, milk, honey, fish sauce, meat stock",
    "halal": "no pork, lard, blood, alcohol, wine, mirin; no gelatine",
    "kosher": "no pork, shellfish, squid, eel, catfish, rabbit; meat never with milk",
    "gluten_free": "no wheat, barley, rye, oats, soy sauce, beer",
    "dairy_free": "no milk, butter, cheese, cream, yogurt",
    "low_carb": "no rice, noodles, bread, potato, sugar, starch",
    "no_pork": "no pork, ham, bacon, lard, pork stock",
    "no_beef": "no beef, veal, beef stock, beef fat",
}

# Error codes of the strict parser (providers/recipe_schema.py).
FAULTS = {
    "required": "is missing",
    "null": "must not be null",
    "blank": "is empty",
    "empty": "is empty",
    "invalid": "has the wrong type",
    "invalid_choice": "is none of the words allowed",
    "max_length": "is too long",
    "min_length": "is too short",
    "max_value": "is too large",
    "min_value": "is too small",
    "not_a_list": "must be a list",
    "not_an_object": "must be an object",
    "malformed": "was not valid JSON",
    "truncated": "was cut off: write less",
    "missing": "did not use the tool",
}
