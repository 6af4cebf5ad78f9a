"""Foods mentioned in a recipe's text count for its allergens and diets, like listed ingredients."""

from typing import Any

import pytest

from apps.ingredients import services as ingredients
from tests.support import authored, recipes

pytestmark = pytest.mark.usefixtures("seeded")

PLAIN = {"title": "Cơm rau", "description": "", "tags": []}


def written(api: Any, person: Any, *names: str, step: str, **more: Any) -> Any:
    lines = [{"name": name} for name in names]
    return recipes.create(api, person, **{**PLAIN, "ingredients": lines, "steps": [{"text": step}], **more})


def test_an_allergen_that_only_a_step_names_is_derived(api: Any, ana: Any) -> None:
    recipe = written(api, ana, "gạo", "cà rốt", step="Rắc lạc rang giã dập lên trên.")

    assert recipe["allergens"] == ["peanuts"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "Rice with satay"),
        ("description", "Ngon hơn với bơ đậu phộng."),
        ("tags", ["đậu phộng"]),
        ("ingredients", [{"name": "gạo", "preparation": "xào với dầu lạc"}]),
        ("ingredients", [{"name": "gạo"}, {"name": "kẹo đậu phộng nhà làm"}]),
    ],
)
def test_every_place_of_a_recipe_is_read(api: Any, ana: Any, field: str, value: Any) -> None:
    recipe = recipes.create(
        api, ana, **{**PLAIN, "ingredients": [{"name": "gạo"}], "steps": [{"text": "Nấu chín."}], field: value}
    )

    assert "peanuts" in recipe["allergens"]


@pytest.mark.parametrize("place", [{"tags": ["cay"]}, {"ingredients": [{"name": "gạo", "preparation": "cay"}]}])
def test_whoever_writes_diacritics_means_the_words_without_as_they_stand(api: Any, ana: Any, place: Any) -> None:
    recipe = recipes.create(
        api, ana, **{**PLAIN, "ingredients": [{"name": "gạo"}], "steps": [{"text": "Nấu chín."}], **place}
    )

    assert recipe["allergens"] == recipe["may_contain"] == []


@pytest.mark.parametrize("tag", ["dau phong", "bo dau phong"])
def test_a_tag_of_several_words_is_read_without_its_diacritics(api: Any, ana: Any, tag: str) -> None:
    assert "peanuts" in written(api, ana, "gạo", step="Nấu chín.", tags=[tag])["allergens"]


def test_a_step_breaks_diets(api: Any, ana: Any) -> None:
    recipe = written(api, ana, "gạo", "cà rốt", step="Rưới nước mắm và mỡ heo lên.")

    assert not {"vegetarian", "vegan", "halal", "kosher", "no_pork"} & set(recipe["diets"])
    assert "no_beef" in recipe["diets"]


def test_an_edit_of_a_step_is_read_too(api: Any, ana: Any) -> None:
    recipe = written(api, ana, "gạo", step="Nấu chín.")

    api.patch(
        f"/v1/recipes/{recipe['id']}", json={"steps": [{"text": "Chan nước cốt dừa và mắm nêm."}]}, token=ana.token
    )

    assert api.get(f"/v1/recipes/{recipe['id']}", token=ana.token).json()["allergens"] == ["fish"]


def test_a_word_for_a_listed_ingredient_is_that_ingredient(api: Any, ana: Any) -> None:
    avocado = ingredients.resolve("quả bơ")
    assert avocado is not None

    chosen = recipes.create(
        api, ana, **PLAIN, ingredients=[{"name": "bơ", "ingredient_id": avocado.id}], steps=[{"text": "Nghiền bơ."}]
    )
    butter = written(api, ana, "gạo", step="Nghiền bơ.")

    assert chosen["allergens"] == []
    assert "milk" in butter["may_contain"]


def test_generic_words_mean_what_is_listed_or_made(api: Any, ana: Any) -> None:
    rice = written(api, ana, "rice noodle", "beef", step="Pour the broth over the noodles.", language="en")
    none = written(api, ana, "beef", step="Serve over noodles.", language="en")
    fish = written(api, ana, "cá lóc", "nước mắm", step="Kho cá đến khi nước kho sánh lại.")

    assert "gluten" not in rice["allergens"]
    assert "gluten" in none["allergens"]
    assert fish["allergens"] == ["fish"]


def test_a_generic_word_is_not_explained_by_a_name_that_merely_holds_it(api: Any, ana: Any) -> None:
    """Fish mint is not a fish, cassava not a wheat noodle, and fish sauce not mixed seafood."""
    assert "fish" in written(api, ana, "rau diếp cá", step="Cho cá vào.")["allergens"]
    assert "gluten" in written(api, ana, "khoai mì", "mì chính", step="Cho mì vào.")["allergens"]
    assert "crustaceans" in written(api, ana, "nước mắm", step="Cho hải sản vào.")["allergens"]


@pytest.mark.parametrize(
    ("field", "text", "allergen"),
    [
        ("description", "Ăn với cơm, bún hay kẹp bánh mì.", "gluten"),
        ("description", "Good with bread and a green salad.", "gluten"),
        ("description", "A thick stew for noodles, rice or mash.", "gluten"),
        ("description", "Mềm như đậu hũ, béo như kem.", "soy"),
        ("step", "Serve with bread or polenta.", "gluten"),
        ("step", "Cuộn chặt như miếng cá.", "fish"),
        ("title", "Bánh kếp chuối", "gluten"),
        ("title", "Banana ice cream", "milk"),
    ],
)
def test_what_is_named_in_passing_may_be_contained(api: Any, ana: Any, field: str, text: str, allergen: str) -> None:
    """It is served with the dish, can be replaced, is only a comparison, or is part of the dish's generic name."""
    language = "vi" if any(letter > "z" for letter in text) else "en"
    more = {"steps": [{"text": text}]} if field == "step" else {field: text}

    lines, steps = [{"name": "chuối"}], [{"text": "Nghiền chuối."}]
    recipe = recipes.create(api, ana, **{**PLAIN, "ingredients": lines, "steps": steps, "language": language, **more})

    assert allergen not in recipe["allergens"]
    assert allergen in recipe["may_contain"]


@pytest.mark.parametrize(
    ("field", "text", "allergen"),
    [
        ("step", "Serve on toasted bread.", "gluten"),
        ("step", "Sprinkle with walnuts or almonds.", "nuts"),
        ("step", "Fry the prawns for 2 or 3 minutes.", "crustaceans"),
        ("step", "Serve with or without peanuts.", "peanuts"),
        ("step", "Rắc các loại hạt như hạt điều.", "nuts"),
        ("description", "Rolled in crushed peanuts.", "peanuts"),
        ("title", "Bread with bananas", "gluten"),
    ],
)
def test_what_the_words_put_into_the_dish_is_contained(
    api: Any, ana: Any, field: str, text: str, allergen: str
) -> None:
    language = "vi" if any(letter > "z" for letter in text) else "en"
    more = {"steps": [{"text": text}]} if field == "step" else {field: text}

    lines, steps = [{"name": "chuối"}], [{"text": "Nghiền chuối."}]
    recipe = recipes.create(api, ana, **{**PLAIN, "ingredients": lines, "steps": steps, "language": language, **more})

    assert allergen in recipe["allergens"]


def test_what_is_eaten_beside_the_dish_still_breaks_diets(api: Any, ana: Any) -> None:
    recipe = recipes.create(
        api,
        ana,
        **{**PLAIN, "description": "Ăn kèm thịt kho."},
        ingredients=[{"name": "gạo"}],
        steps=[{"text": "Nấu chín."}],
    )

    assert "vegan" not in recipe["diets"]


# Foods that some authored recipes mention as side dishes or in passing, without listing them.
SERVED_WITH = {
    "Tomato and Egg Stir-Fry": {"gluten"},
    "Baked Cod with Tomatoes and Olives": {"gluten"},
    "Grilled Eggplant with Tahini and Herbs": {"gluten"},
    "Chả cá chiên thì là": {"gluten"},
    "Thịt heo nướng sả": {"gluten"},
    "Xà lách trộn dầu giấm trứng": {"gluten"},
    "Đồ chua cà rốt củ cải": {"gluten"},
    "Cá thu sốt cà chua": {"gluten"},
    "Bò kho": {"gluten"},
}


def soup(api: Any, person: Any, *names: str, step: str = "Nấu chín.", **more: Any) -> list[str]:
    recipe = written(api, person, *names, step=step, **{"title": "Canh bí đao thịt bằm", "language": "vi", **more})
    return [*recipe["allergens"], *recipe["may_contain"]]


def test_a_whole_list_says_what_a_dish_has_that_only_some_versions_contain(api: Any, ana: Any) -> None:
    assert soup(api, ana, "bí đao", "thịt heo xay") == []


@pytest.mark.parametrize(
    ("names", "more"),
    [
        (("bí đao", "topping nhà làm"), {}),
        (("thịt heo xay",), {}),
        (("bí đao",), {"step": "Ăn kèm canh bí."}),
        (("bí đao",), {"title": "Thịt heo xay ăn với canh bí"}),
        (("bí đao", "tôm khô"), {}),
        (("bí đao",), {"step": "Rắc tôm khô lên."}),
    ],
)
def test_a_dish_that_is_not_the_whole_recipe_may_contain_what_some_versions_do(
    api: Any, ana: Any, names: tuple[str, ...], more: Any
) -> None:
    assert "crustaceans" in soup(api, ana, *names, **more)


@pytest.mark.parametrize("vague", ["gia vị nêm", "nước chấm", "gói gia vị", "seasoning", "dipping sauce", "nước sốt"])
def test_a_list_with_words_that_may_stand_for_anything_is_not_whole(api: Any, ana: Any, vague: str) -> None:
    assert "crustaceans" in soup(api, ana, "bí đao", "thịt heo xay", vague)


@pytest.mark.parametrize("line", [{"name": "tôm", "optional": True}, {"name": "thịt heo xay hoặc tôm"}])
def test_what_may_be_left_out_or_replaced_counts_in_a_whole_list_too(api: Any, ana: Any, line: Any) -> None:
    recipe = recipes.create(
        api,
        ana,
        **{**PLAIN, "title": "Canh bí đao", "language": "vi", "steps": [{"text": "Nấu chín."}]},
        ingredients=[{"name": "bí đao"}, line],
    )

    assert "crustaceans" in [*recipe["allergens"], *recipe["may_contain"]]


def test_a_preparation_of_a_whole_list_is_read(api: Any, ana: Any) -> None:
    recipe = recipes.create(
        api,
        ana,
        **{**PLAIN, "title": "Canh bí đao", "language": "vi", "steps": [{"text": "Nấu chín."}]},
        ingredients=[{"name": "bí đao", "preparation": "nấu cùng tôm khô"}],
    )

    assert "crustaceans" in recipe["allergens"]


def test_what_every_version_of_a_dish_contains_stays_possible(api: Any, ana: Any) -> None:
    found = soup(api, ana, "cơm", "cà rốt", title="Cơm chiên cà rốt")

    assert "eggs" in found
    assert "crustaceans" not in found


# The share of authored recipes with an allergen that only their text mentions.
_ADDED_AT_MOST = 0.005


def test_words_of_the_authored_recipes_add_to_what_their_ingredients_carry_and_seldom() -> None:
    """Side dishes count as possibly contained. A misread word would hide a recipe from people without need."""
    added, beside = {}, {}
    all_recipes = authored.recipes().values()
    for derived in all_recipes:
        listed = {
            allergen
            for line in derived.ingredients
            if line.ingredient_id
            for allergen in ingredients.get(line.ingredient_id).allergens
        }
        assert listed <= set(derived.allergens), derived.title
        if set(derived.allergens) != listed:
            added[derived.title] = set(derived.allergens) - listed
        beside[derived.title] = set(derived.may_contain)

    assert all(allergens <= beside[title] for title, allergens in SERVED_WITH.items())
    assert len(added) <= _ADDED_AT_MOST * len(all_recipes), added


@pytest.mark.parametrize("title", ["Rice Stir-Fry", "Stir Fry of Rice", "Friday Fry-Up"])
def test_a_way_of_cooking_in_a_title_is_no_food(api: Any, ana: Any, title: str) -> None:
    recipe = written(api, ana, "rice", "onion", step="Fry the rice.", title=title, language="en")

    assert (recipe["allergens"], recipe["may_contain"]) == ([], [])


@pytest.mark.parametrize("line", ["1 stock cube", "2 cups stock"])
def test_a_general_stock_keeps_the_diet_that_the_title_claims(api: Any, ana: Any, line: str) -> None:
    recipe = written(api, ana, "carrot", line, step="Cook.", title="Vegetarian carrot soup", language="en")

    assert "vegetarian" in recipe["diets"]


@pytest.mark.parametrize("line", ["1 chicken stock cube", "2 cups beef stock", "1 tbsp fish sauce", "200 g sausages"])
def test_what_is_of_animals_breaks_the_diet_whatever_the_title_claims(api: Any, ana: Any, line: str) -> None:
    recipe = written(api, ana, "carrot", line, step="Cook.", title="Vegetarian carrot soup", language="en")

    assert "vegetarian" not in recipe["diets"]


@pytest.mark.parametrize("title", ["Carrot soup", "Carrot soup (non-vegetarian)", "Carrot soup, vegetarian option"])
def test_a_general_stock_breaks_diets_where_nothing_claims_them(api: Any, ana: Any, title: str) -> None:
    recipe = written(api, ana, "carrot", "1 stock cube", step="Cook.", title=title, language="en")

    assert "vegetarian" not in recipe["diets"]
