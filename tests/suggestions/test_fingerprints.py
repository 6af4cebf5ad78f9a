"""Whose answer may be given to whom: a question's fingerprint covers all that decides its answer."""

from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.suggestions.at_hand import AtHand
from apps.suggestions.notes import Appliance
from apps.suggestions.question import UNHASHED, Question, Stock
from apps.users.preferences import Preferences
from tests.suggestions import kitchens
from tests.support import suggestions

pytestmark = pytest.mark.usefixtures("seeded")

# Another value for each field that decides an answer. A field that is missing here fails the tests.
OF_QUESTIONS: dict[str, Any] = {
    "at_hand": (),
    "language": "en",
    "is_monolingual": True,
    "preferences": Preferences(household_size=7),
    "cuisine": "thai",
    "method": "soup",
    "meal": "lunch",
    "max_minutes": 17,
    "max_missing": 0,
    "child_months": 10,
    "is_gentle": True,
    "has_oven": False,
    "appliance": Appliance.AIR_FRYER,
}
OF_THINGS: dict[str, Any] = {
    "ingredient": "thịt bò",
    "quantity": 90.0,
    "unit": "can",
    "is_named": False,
    "is_urgent": True,
    "is_cooked": True,
}
OF_PREFERENCES: dict[str, Any] = {
    "dietary_restrictions": ("vegan",),
    "allergies": ("fish",),
    "favorite_cuisines": ("thai",),
    "cooking_methods": ("soup",),
    "spice_level": "hot",
    "skill_level": "beginner",
    "max_minutes": 20,
    "household_size": 9,
    "budget_level": "low",
    "health_goals": ("less_salt",),
    "accepts_traces": True,
}
# How many recipes are asked for is said by the methods; the day, by what is urgent.
NOT_OF_PREFERENCES = {"recipe_count", "timezone"}


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def asked(*names: str, **more: Any) -> Question:
    return kitchens.ask(*(names or ("2 kg thịt nai", "500 g khoai tây")), **more)


def hashed(question: Question) -> str:
    return question.fingerprint(["braise"])


def test_every_field_of_a_question_is_covered_or_left_out_with_a_reason() -> None:
    assert {one.name for one in fields(Question)} == OF_QUESTIONS.keys() | UNHASHED
    assert not OF_QUESTIONS.keys() & UNHASHED
    assert {one.name for one in fields(AtHand)} == OF_THINGS.keys()
    assert {one.name for one in fields(Preferences)} == OF_PREFERENCES.keys() | NOT_OF_PREFERENCES


@pytest.mark.parametrize("name", OF_QUESTIONS)
def test_questions_that_differ_in_one_field_have_answers_of_their_own(name: str) -> None:
    question = asked()

    assert hashed(replace(question, **{name: OF_QUESTIONS[name]})) != hashed(question)


@pytest.mark.parametrize("name", OF_THINGS)
def test_what_is_at_hand_counts_with_its_amount_and_whether_it_was_named(name: str) -> None:
    question = asked()
    values = OF_THINGS | {"ingredient": ingredients.resolve(OF_THINGS["ingredient"])}
    first, *rest = question.at_hand

    changed = replace(question, at_hand=(replace(first, **{name: values[name]}), *rest))

    assert hashed(changed) != hashed(question)


@pytest.mark.parametrize("name", OF_PREFERENCES)
def test_preferences_count(name: str) -> None:
    question = asked()
    changed = replace(question, preferences=replace(question.preferences, **{name: OF_PREFERENCES[name]}))

    assert hashed(changed) != hashed(question)


def test_what_expires_soon_counts_and_what_expires_later_is_as_good_as_any() -> None:
    def with_milk_until(day: int) -> str:
        stock = Stock(id_of("sữa tươi"), 1.0, "l", date(2026, 1, day))
        return hashed(asked(pantry=(stock,)))

    assert with_milk_until(3) != with_milk_until(20)
    assert with_milk_until(20) == with_milk_until(25)


@pytest.mark.parametrize(
    "names",
    [("500 g khoai tây", "2 kg thịt nai"), ("2000g thịt nai", "0.5 kg khoai tây"), ("2 kg venison", "500 g potato")],
)
def test_the_same_at_hand_in_other_words_is_the_same_question(names: tuple[str, ...]) -> None:
    assert hashed(asked(*names)) == hashed(asked())


@pytest.mark.parametrize("first_amounts", [("2 kg", "2 kg"), ("90 g", "40 g")])
def test_nobody_is_answered_for_the_amounts_of_another(
    api: Any, ben: Any, cyd: Any, first_amounts: tuple[str, str]
) -> None:
    def needs(person: Any, amounts: tuple[str, str]) -> set[str]:
        answer = suggestions.asked(api, person, *map(" ".join, zip(amounts, names, strict=True)), recipe_count=2)
        assert answer["recipes"]
        return {one["recipe"]["id"] for one in answer["recipes"] if one["source"] == "rules"}

    names = ("thịt nai", "rau muống")
    first, second = first_amounts, ("700 g", "600 g")

    made, others = needs(ben, first), needs(cyd, second)

    assert made
    assert not made & others


def test_nobody_is_shown_what_another_has_at_home(api: Any, ben: Any, cyd: Any) -> None:
    def food(name: str) -> Ingredient:
        found = ingredients.resolve(name)
        assert found is not None
        return found

    def answered(person: Any, *at_home: str) -> list[dict[str, Any]]:
        for name in at_home:
            answer = api.put(f"/v1/pantry/{food(name).id}", json={}, token=person.token)
            assert answer.status_code == 200
        found: list[dict[str, Any]] = suggestions.asked(
            api, person, "thịt dê", "củ sen", recipe_count=5, use_pantry=True
        )["recipes"]
        assert found
        return found

    stored = {ben: ("cà rốt", "đậu que"), cyd: ("cà rốt", "bông cải xanh")}
    answers = {person.id: answered(person, *names) for person, names in stored.items()}

    for person, names in stored.items():
        theirs = {food(name).en for other in stored.values() for name in other} - {food(name).en for name in names}
        assert not [one for one in answers[person.id] if theirs & set(one["match"]["have"])]
