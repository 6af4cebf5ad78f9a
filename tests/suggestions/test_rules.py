"""What the `rules` provider composes: edible, allowed, honest, the same every time."""

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.food import ALLERGENS, DIETS
from apps.core.text import fold
from apps.recipes.content import Language, Meal, Method, RecipeContent
from apps.suggestions.providers import rules
from apps.suggestions.providers.port import AtHand, Failure, GenerationFailed, GenerationRequest, Person
from apps.suggestions.providers.rules import larder, staples
from apps.suggestions.providers.rules.templates import templates

_MASTER = Path(__file__).parents[2] / "apps" / "ingredients" / "data"
_NEVER_RAW = {"meat", "seafood"}


@cache
def _entries() -> dict[str, dict[str, Any]]:
    """Return the master list by English name, each entry with its category."""
    return {
        entry["en"]: {**entry, "category": path.stem}
        for path in sorted(_MASTER.glob("*.yaml"))
        if path.name != "carriers.yaml"
        for entry in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    }


def _at_hand(name: str) -> AtHand:
    entry = _entries()[name]
    return AtHand(entry["key"], entry["vi"], entry["en"], entry["category"], entry.get("staple", False))


def _request(*names: str, method: Method = Method.STIR_FRY, **rest: Any) -> GenerationRequest:
    return GenerationRequest(
        tuple(map(_at_hand, names)), method, **{"language": Language.EN, **rest},
    )  # fmt: skip


def _compose(request: GenerationRequest) -> RecipeContent | None:
    try:
        return rules.generate(request, deadline=0.0).content
    except GenerationFailed as failed:
        if failed.failure != Failure.NOT_COMPOSABLE:
            raise
        return None


def _forbidden(entry: dict[str, Any], person: Person) -> bool:
    """Say what the caller says: an ingredient that carries an allergen or breaks a diet is not passed on."""
    return not (
        set(entry.get("allergens", ())).isdisjoint(person.allergens)
        and set(entry.get("breaks", ())).isdisjoint(person.diets)
    )


@st.composite
def _requests(draw: st.DrawFn) -> GenerationRequest:
    person = Person(
        diets=tuple(draw(st.sets(st.sampled_from(DIETS), max_size=2))),
        allergens=tuple(draw(st.sets(st.sampled_from(ALLERGENS), max_size=2))),
    )
    names = draw(st.lists(st.sampled_from(sorted(_entries())), min_size=2, max_size=12, unique=True))
    allowed = [name for name in names if not _forbidden(_entries()[name], person)]
    return replace(
        _request(*allowed),
        method=draw(st.sampled_from(Method)),
        language=draw(st.sampled_from(Language)),
        person=person,
        variant=draw(st.integers(0, 5)),
        servings=draw(st.integers(1, 12)),
        meal=draw(st.none() | st.sampled_from(Meal)),
        max_minutes=draw(st.none() | st.integers(5, 120)),
    )


def _mentions(text: str, name: str) -> bool:
    return name.lower() in text or name.lower()[:-1] + "ies" in text


@settings(max_examples=600)
@given(_requests())
def test_whatever_is_at_hand_a_recipe_holds_the_rules_or_there_is_none(request_: GenerationRequest) -> None:
    recipe = _compose(request_)

    if recipe is not None:
        _holds(recipe, request_)


def _holds(recipe: RecipeContent, request: GenerationRequest) -> None:
    language = request.language
    by_name = {entry[language.value]: entry for entry in _entries().values()}
    at_hand = {one.name(language) for one in request.ingredients}
    usual = {staple.en if language == Language.EN else staple.vi for staple in staples.STAPLES.values()}
    text = " ".join(step.text for step in recipe.steps).lower()
    lines = [line.name for line in recipe.ingredients]
    assert set(lines) <= at_hand | usual
    assert len(set(lines)) == len(lines)
    assert len(set(lines) & at_hand) >= 2
    assert not any(_forbidden(by_name[name], request.person) for name in lines)
    assert all(_mentions(text, name) for name in lines)
    assert all(line.quantity and line.quantity > 0 and line.unit for line in recipe.ingredients)
    assert 0 < len(recipe.title) <= 200
    assert recipe.title[0] == recipe.title[0].upper()
    assert 4 <= len(recipe.steps) <= 8
    assert all(0 < len(step.text) <= 2000 and not set("{}[]") & set(step.text) for step in recipe.steps)
    assert recipe.total_minutes == sum(step.minutes or 0 for step in recipe.steps)
    assert recipe.total_minutes <= (request.max_minutes or recipe.total_minutes)
    assert (recipe.method, recipe.language, recipe.servings) == (request.method, language, request.servings)


def _random_requests(count: int) -> Iterator[GenerationRequest]:
    """Draw what somebody might name: something that dishes are made of, and up to eleven other things at random."""
    draw = random.Random(20)
    names = sorted(_entries())
    mains = [name for name in names if _entries()[name]["category"] in {"meat", "seafood", "vegetable"}]
    for _ in range(count):
        chosen = {draw.choice(mains): None, **dict.fromkeys(draw.sample(names, draw.randint(2, 11)))}
        yield _request(*chosen, method=draw.choice(list(Method)), language=draw.choice(list(Language)))


def test_fewer_than_one_in_ten_random_requests_are_not_composable() -> None:
    recipes = [_compose(request) for request in _random_requests(1500)]

    assert recipes.count(None) < 150


def test_a_recipe_takes_less_than_five_milliseconds() -> None:
    requests = list(_random_requests(300))
    for request in requests[:20]:
        _compose(request)

    started = time.process_time()
    for request in requests:
        _compose(request)

    assert (time.process_time() - started) / len(requests) < 0.005


def test_the_same_request_gives_the_same_recipe_and_hash() -> None:
    request = _request("beef", "tomato", "onion", "garlic")

    first, second = (rules.generate(request, deadline=0.0) for _ in range(2))

    assert first.content == second.content
    assert first.usage.prompt_hash == second.usage.prompt_hash
    assert (first.usage.provider, first.usage.model) == ("rules", "rules-1")
    assert (first.usage.input_tokens, first.usage.cost_usd) == (0, 0.0)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("method", Method)
def test_variants_differ_in_title_and_steps(method: Method, language: Language) -> None:
    names = ("egg", "tomato", "carrot", "lettuce", "cucumber", "garlic")
    if method in {Method.GRILL, Method.BRAISE}:
        names = ("pork", "tomato", "carrot", "potato", "garlic")
    request = _request(*names, method=method, language=language)

    recipes = [_compose(replace(request, variant=variant)) for variant in range(3)]

    assert len({recipe.title for recipe in recipes if recipe}) == 3
    assert len({recipe.steps for recipe in recipes if recipe}) == 3


@pytest.mark.parametrize("method", Method)
def test_every_method_has_two_templates(method: Method) -> None:
    assert len(templates(method)) >= 2


def test_a_title_that_is_taken_is_not_given_again() -> None:
    request = _request("beef", "tomato", "onion", "garlic", language=Language.VI)
    first = _compose(request)
    assert first is not None

    second = _compose(replace(request, avoid_titles=(first.title.upper(),)))

    assert second is not None
    assert fold(second.title) != fold(first.title)


@pytest.mark.parametrize(
    "person",
    [Person(allergens=("fish",)), Person(diets=("vegetarian",)), Person(diets=("vegan",)), Person(diets=("kosher",))],
)
def test_fish_sauce_gives_way_to_salt(person: Person) -> None:
    request = _request("tofu", "water spinach", "garlic", person=person)

    recipes = [_compose(replace(request, variant=variant)) for variant in range(4)]

    names = [{line.name for line in recipe.ingredients} for recipe in recipes if recipe]
    assert len(names) == 4
    assert all("salt" in lines and "fish sauce" not in lines for lines in names)


def test_what_was_wrong_at_first_or_is_avoided_is_left_out() -> None:
    request = _request("beef", "tomato", "onion", "garlic", person=Person(avoid=(_at_hand("garlic"),)))

    recipe = _compose(replace(request, violations=("tomato", "sugar")))

    assert recipe is not None
    assert {"tomato", "garlic", "sugar"}.isdisjoint(line.name for line in recipe.ingredients)


def test_kosher_keeps_meat_from_milk() -> None:
    person = Person(diets=("kosher",))

    recipes = [
        _compose(_request("beef", "cheese", "milk", "potato", "tomato", method=method, person=person))
        for method in Method
    ]

    names = [{line.name for line in recipe.ingredients} for recipe in recipes if recipe]
    assert not any("beef" in lines and lines & {"cheese", "milk"} for lines in names)


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", ["chicken", "salmon", "shrimp", "egg", "ground pork", "kidney bean", "cassava"])
def test_what_is_not_eaten_raw_is_not_in_a_raw_dish_uncooked(name: str, language: Language) -> None:
    others = ("cucumber", "lettuce", "tomato")
    for method in (Method.RAW, Method.SALAD):
        recipe = _compose(_request(name, *others, method=method, language=language))
        assert recipe is not None
        text = " ".join(step.text for step in recipe.steps).lower()
        named = _at_hand(name).name(language) in {line.name for line in recipe.ingredients}
        cooked = ("boil", "sear", "cook") if language == Language.EN else ("luộc", "áp chảo", "chần")
        assert not named or any(word in text for word in cooked)


def test_no_class_lets_raw_meat_be_eaten_raw() -> None:
    cured_or_cooked = {"cold_meat", "roast_meat", "fish_ready", "meat_topping", "savoury_topping"}
    kinds = [larder.class_of(_at_hand(name)) for name, one in _entries().items() if one["category"] in _NEVER_RAW]

    assert {kind.key for kind in kinds if kind and kind.raw} <= cured_or_cooked


def test_chicken_is_cooked_until_its_juices_run_clear() -> None:
    for method in (Method.STIR_FRY, Method.SOUP, Method.STEAM, Method.GRILL, Method.BAKE, Method.BRAISE):
        recipe = _compose(_request("chicken", "potato", "carrot", "garlic", method=method))
        assert recipe is not None
        assert "juices run clear" in " ".join(step.text for step in recipe.steps)


def test_two_fruits_become_something_sweet_by_any_method() -> None:
    for method in Method:
        recipe = _compose(_request("apple", "banana", method=method))
        assert recipe is not None
        assert recipe.meal == Meal.DESSERT
        assert {"apple", "banana"} <= {line.name for line in recipe.ingredients}


def test_quantities_grow_with_the_servings() -> None:
    two, six = (_compose(_request("beef", "tomato", servings=servings)) for servings in (2, 6))

    assert two is not None
    assert six is not None
    grams = [next(line.quantity for line in recipe.ingredients if line.name == "beef") for recipe in (two, six)]
    assert grams == [250, 700]


def test_it_says_that_no_cook_has_tried_it() -> None:
    request = _request("beef", "tomato")

    vietnamese, english = (_compose(replace(request, language=language)) for language in Language)

    assert vietnamese is not None
    assert english is not None
    assert "theo quy tắc" in vietnamese.description
    assert "tự ghép" in vietnamese.tags
    assert "by rules" in english.description
    assert "composed" in english.tags


def test_staples_are_those_of_the_master_list() -> None:
    for staple in staples.STAPLES.values():
        entry = _entries()[staple.en]
        assert entry["vi"] == staple.vi
        assert entry["staple"] is True
        assert set(entry.get("allergens", ())) == staple.allergens
        assert set(entry.get("breaks", ())) == staple.breaks
        assert all(_entries()[name]["staple"] for name in staple.equals)


def test_classes_name_ingredients_of_the_master_list_once() -> None:
    written = yaml.safe_load((larder.DATA / "classes.yaml").read_text("utf-8"))["classes"]
    names = [name for fields in written.values() for name in fields["names"]]

    assert len(names) == len(set(names))
    assert set(names) <= _entries().keys()


def test_texts_name_the_same_things_in_both_languages() -> None:
    for method in Method:
        for template in templates(method):
            for step in template.steps:
                for text in filter(None, (step.text, step.plain, step.again, step.ready)):
                    slots = [sorted(set(_slots(text[language]))) for language in ("vi", "en")]
                    assert slots[0] == slots[1], (template.key, text)


def _slots(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]
