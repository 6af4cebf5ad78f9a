"""Tags: by rules, corrected by people, and used in searches."""

from typing import Any

import pytest

from apps.recipes import tags
from apps.recipes.content import IngredientLine, Language, Meal, Method, RecipeContent, Step
from apps.recipes.tag_rules import TagKind, guess, tags_by_rules
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


def content(title: str, *steps: str, **changes: Any) -> RecipeContent:
    given: dict[str, Any] = {"method": Method.OTHER, "language": Language.VI, **changes}
    return RecipeContent(
        title=title, ingredients=(IngredientLine("x"),), steps=tuple(Step(text) for text in steps or ("x",)), **given
    )


def names(title: str, *steps: str, **changes: Any) -> set[str]:
    return {tag.name for tag in tags_by_rules(content(title, *steps, **changes))}


def of(api: Any, person: Any, recipe_id: str) -> dict[str, str]:
    answer = api.get(f"/v1/recipes/{recipe_id}/tags", token=person.token)
    assert answer.status_code == 200, answer.content
    return {tag["name"]: tag["by"] for tag in answer.json()["tags"]}


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Phở gà", {"vietnamese", "soup"}),
        ("Canh chua cá lóc", {"vietnamese", "soup"}),
        ("Thịt kho tàu ngày Tết", {"vietnamese", "braise", "tet"}),
        ("Chicken tikka masala", {"indian"}),
        ("Chocolate birthday cake", {"dessert", "bake", "birthday"}),
        ("Gỏi cuốn giải nhiệt mùa hè", {"vietnamese", "salad", "summer"}),
        ("Quick kimchi fried rice", {"korean", "fry", "quick"}),
        ("Súp bí đỏ cho bé", {"soup", "kids"}),
    ],
)
def test_a_title_tells_what_a_dish_is(title: str, expected: set[str]) -> None:
    assert names(title) >= expected


def test_what_was_stated_is_certain_and_words_do_not_contradict_it() -> None:
    stated = content(
        "Phở xào", method=Method.STIR_FRY, cuisine="thai", meal=Meal.LUNCH, cook_minutes=20, diets=("vegan",)
    )

    found = {tag.name: tag.confidence for tag in tags_by_rules(stated)}

    assert {"thai", "stir_fry", "lunch", "vegan", "under_30_minutes", "under_60_minutes"} <= found.keys()
    assert not {"vietnamese", "soup", "under_15_minutes"} & found.keys()
    assert found["stir_fry"] == 1.0


def test_steps_say_less_than_titles() -> None:
    by_steps = next(tag for tag in tags_by_rules(content("Cá", "Hấp cá 20 phút")) if tag.name == "steam")
    by_title = next(tag for tag in tags_by_rules(content("Cá hấp")) if tag.name == "steam")

    assert 0.5 <= by_steps.confidence < by_title.confidence < 1


def test_a_correction_is_never_overwritten_by_rules() -> None:
    recipe = tags.corrected(content("Phở gà"), frozenset({"vietnamese", "winter"}), by="owner")

    found = {tag.name: tag.by for tag in tags.effective_tags(recipe)}
    assert found == {"winter": "owner", "vietnamese": "rules"}
    again = tags.corrected(recipe, frozenset({"vietnamese", "winter", "soup"}), by="moderator")
    assert {tag.name: tag.by for tag in tags.effective_tags(again)} == {
        "winter": "owner", "soup": "moderator", "vietnamese": "rules",
    }  # fmt: skip


def test_the_vocabulary_fits_the_index() -> None:
    assert len(tags.vocabulary()) <= tags.MOST
    assert set(tags.vocabulary().values()) == {kind.value for kind in TagKind}


def test_a_method_is_guessed_where_nobody_says_it() -> None:
    assert guess(TagKind.METHOD, title="Cà tím nướng", tags=(), steps=("Phi hành",)) == "grill"
    assert guess(TagKind.METHOD, title="Món của bà", tags=(), steps=("Kho lửa nhỏ",)) == "braise"
    assert guess(TagKind.METHOD, title="x", tags=(), steps=("y",)) is None


def test_owners_and_moderators_correct_tags(api: Any, ana: Any, cyd: Any, person: Any) -> None:
    made = recipes.create(api, ana, title="Canh bí đỏ", method="soup")
    recipes.publish(made["id"])
    path = f"/v1/recipes/{made['id']}/tags"

    assert of(api, cyd, made["id"])["soup"] == "rules"
    body = {"tags": ["soup", "winter"]}
    assert api.put(path, json=body, token=cyd.token).status_code == 404
    assert api.put(path, json=body, token=ana.token).status_code == 200
    assert of(api, cyd, made["id"]) == {"soup": "rules", "winter": "owner"}
    mod = person(group="moderators")
    assert api.put(path, json={"tags": ["soup"]}, token=mod.token).status_code == 200
    assert of(api, ana, made["id"]) == {"soup": "rules"}
    assert api.put(path, json={"tags": ["blue"]}, token=ana.token).status_code == 400


def test_the_catalogue_is_searched_by_tags(api: Any, ana: Any) -> None:
    soup = recipes.create(api, ana, title="Canh mướp hương Tết quê", method="soup")["id"]
    other = recipes.create(api, ana, title="Mướp xào quê")["id"]
    for recipe_id in (soup, other):
        recipes.publish(recipe_id)

    def found(tag: str) -> set[str]:
        answer = api.get(f"/v1/recipes?q=mướp quê&tag={tag}", token=ana.token)
        assert answer.status_code == 200, answer.content
        return {one["id"] for one in answer.json()["items"]}

    assert found("soup") == {soup}
    assert found("tet,soup") == {soup}
    assert found("stir_fry") == {other}
    assert found("christmas") == set()
    known = {one["name"]: one["kind"] for one in api.get("/v1/tags", token=ana.token).json()["items"]}
    assert known["tet"] == "occasion"


def test_tags_of_private_recipes_are_nobody_elses(api: Any, ana: Any, cyd: Any) -> None:
    made = recipes.create(api, ana)["id"]

    assert api.get(f"/v1/recipes/{made}/tags", token=cyd.token).status_code == 404
    assert "stir_fry" in of(api, ana, made)


def test_whoever_corrects_the_tags_of_anothers_recipe_is_told_that_it_is_not_theirs(
    api: Any, ana: Any, cyd: Any
) -> None:
    recipe = recipes.create(api, ana)["id"]
    recipes.publish(recipe)
    english = {"Accept-Language": "en"}

    tags = api.put(f"/v1/recipes/{recipe}/tags", json={"tags": []}, token=cyd.token, headers=english)
    text = api.patch(f"/v1/recipes/{recipe}", json={"title": "Mine"}, token=cyd.token, headers=english)

    assert tags.status_code == text.status_code == 404
    assert tags.json()["detail"] == text.json()["detail"]
