"""Preferences: limits, defaults, and their use by suggestions and cooking."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, ids
from apps.core.food import ALLERGENS, DIETS
from apps.core.transactions import Transaction, WriteConflict
from apps.users import preferences, services
from apps.users.preferences import Preferences
from apps.users.repositories import stored_people

PATH = "/v1/users/me/preferences"
DEFAULTS = {
    "dietary_restrictions": [],
    "allergies": [],
    "favorite_cuisines": [],
    "cooking_methods": [],
    "recipe_count": 3,
    "spice_level": None,
    "skill_level": None,
    "max_minutes": None,
    "household_size": None,
    "budget_level": None,
    "health_goals": [],
    "timezone": "Asia/Ho_Chi_Minh",
    "accepts_traces": False,
}


def put(api: Any, person: Any, **fields: Any) -> Any:
    return api.put(PATH, json=fields, token=person.token)


def test_preferences_have_defaults_until_they_are_set(api: Any, ana: Any) -> None:
    answer = api.get(PATH, token=ana.token)

    assert answer.json() == DEFAULTS
    assert answer.headers["ETag"] == '"0"'


def test_all_preferences_are_stored(api: Any, ana: Any) -> None:
    wanted = {
        "dietary_restrictions": list(DIETS),
        "allergies": [*ALLERGENS, ids.new_id(), ids.new_id()],
        "favorite_cuisines": ["vietnamese", "thai"],
        "cooking_methods": list(preferences.COOKING_METHODS),
        "recipe_count": 5,
        "spice_level": "hot",
        "skill_level": "beginner",
        "max_minutes": 240,
        "household_size": 10,
        "budget_level": "low",
        "health_goals": list(preferences.HEALTH_GOALS),
        "timezone": "Europe/Berlin",
        "accepts_traces": True,
    }

    assert put(api, ana, **wanted).json() == wanted
    assert api.get(PATH, token=ana.token).json() == wanted


def test_setting_preferences_resets_omitted_fields(api: Any, ana: Any) -> None:
    put(api, ana, allergies=["fish"], max_minutes=30)

    assert put(api, ana, spice_level="mild", max_minutes=None).json() == {**DEFAULTS, "spice_level": "mild"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dietary_restrictions", ["pescetarian"]),
        ("dietary_restrictions", "vegan"),
        ("dietary_restrictions", None),
        ("allergies", ["pollen"]),
        ("allergies", [1]),
        ("allergies", ["01ARZ3NDEKTSV4RRFFQ69G5FA"]),
        ("allergies", [ids.new_id() for _ in range(101)]),
        ("favorite_cuisines", ["Việt"]),
        ("favorite_cuisines", [f"kitchen_{letter}" for letter in "abcdefghijklmnopqrstu"]),
        ("cooking_methods", ["microwave"]),
        ("cooking_methods", ["raw"] * (len(preferences.COOKING_METHODS) + 1)),
        ("recipe_count", 0),
        ("recipe_count", 6),
        ("recipe_count", "3"),
        ("recipe_count", 2.5),
        ("recipe_count", True),
        ("recipe_count", None),
        ("spice_level", "very"),
        ("skill_level", "chef"),
        ("max_minutes", 14),
        ("max_minutes", 241),
        ("household_size", 0),
        ("household_size", 11),
        ("budget_level", "none"),
        ("health_goals", ["live_forever"]),
        ("diet", "vegan"),
    ],
)
def test_invalid_preferences_are_reported(api: Any, ana: Any, field: str, value: Any) -> None:
    answer = put(api, ana, **{field: value})

    assert answer.status_code == 400
    assert {error["field"].partition(".")[0] for error in answer.json()["errors"]} == {field}


def test_nobody_else_sees_or_sets_ones_preferences(api: Any, ana: Any, ben: Any) -> None:
    put(api, ana, allergies=["fish"])

    assert api.get(PATH, token=ben.token).json() == DEFAULTS
    assert api.get(f"/v1/users/{ana.id}/preferences", token=ben.token).status_code == 404


def test_generation_depends_on_all_preferences_but_count_and_time_zone_whatever_their_order() -> None:
    one = Preferences(allergies=("milk", "fish"), recipe_count=1, spice_level="hot")
    other = Preferences(allergies=("fish", "milk"), recipe_count=5, spice_level="hot")

    assert one.for_generation() == other.for_generation()
    assert list(one.for_generation()) == sorted(DEFAULTS.keys() - {"recipe_count", "timezone"})
    assert one.for_generation() != Preferences(allergies=("fish",), spice_level="hot").for_generation()


def test_preferences_of_another_version_keep_the_known_fields() -> None:
    assert Preferences.of({"allergies": ["fish"], "moods": ["sad"]}) == Preferences(allergies=("fish",))


def note(user_id: str, *recipes: tuple[str, Any]) -> None:
    for recipe_id, at in recipes:
        transaction = Transaction()
        services.note_cooked(transaction, user_id=user_id, recipe_id=recipe_id, at=at)
        transaction.commit()


def test_tastes_are_preferences_and_recently_cooked_recipes(api: Any, ana: Any) -> None:
    now = clock.now()
    put(api, ana, allergies=["fish"])
    note(ana.id, ("R1", now), ("R2", now - timedelta(1)))

    tastes = services.load_tastes(user_id=ana.id)

    assert tastes.preferences == Preferences(allergies=("fish",))
    assert tastes.recently_cooked == {"R1": now, "R2": now - timedelta(1)}


def test_tastes_without_preferences_and_cooking_are_the_defaults(ana: Any) -> None:
    assert services.load_tastes(user_id=ana.id) == services.Tastes(Preferences(), {}, {})


def test_tastes_without_preferences_include_recently_cooked_recipes(ana: Any) -> None:
    now = clock.now()
    note(ana.id, ("R1", now))

    assert services.load_tastes(user_id=ana.id) == services.Tastes(Preferences(), {"R1": now}, {})


def test_the_last_thirty_recipes_cooked_are_kept(ana: Any) -> None:
    now = clock.now()

    note(ana.id, *((f"R{number}", now + timedelta(minutes=number)) for number in range(32)), ("R2", now))

    kept = services.load_tastes(user_id=ana.id).recently_cooked
    assert set(kept) == {f"R{number}" for number in range(2, 32)}


def test_cooking_two_recipes_at_once_loses_none(ana: Any) -> None:
    first, second = Transaction(), Transaction()
    services.note_cooked(first, user_id=ana.id, recipe_id="R1", at=clock.now())
    services.note_cooked(second, user_id=ana.id, recipe_id="R2", at=clock.now())

    first.commit()
    with pytest.raises(WriteConflict):
        second.commit()
    note(ana.id, ("R2", clock.now()))

    assert set(stored_people.load_recently_cooked(ana.id).body) == {"R1", "R2"}
