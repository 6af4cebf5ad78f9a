"""Ratings of probable sock puppets count once, and ratings alone can't revoke a moderator's approval."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.authentication import Actor
from apps.moderation import reviews
from apps.moderation.authority import OPERATOR
from apps.recipes import services as recipe_services
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


def rate(api: Any, person: Any, recipe: str, stars: int) -> None:
    answer = api.put(f"/v1/recipes/{recipe}/rating", json={"stars": stars}, token=person.token)
    assert answer.status_code in {200, 201}, answer.content


def public_recipe(api: Any, owner: Any) -> str:
    recipe = str(recipes.create(api, owner)["id"])
    recipes.publish(recipe)
    return recipe


def hold_to(settings: Any, rule: dict[str, int]) -> None:
    for name, value in rule.items():
        setattr(settings, name, value)


def state(recipe: str) -> Any:
    return recipe_services.get_stored_recipe(recipe).state


@pytest.mark.parametrize("rule", [{"YOUNG_ACCOUNT_HOURS": 24}, {"SAME_ADDRESS_SECONDS": 3600}])
def test_five_accounts_of_one_voice_count_once(
    api: Any, ana: Any, person: Callable[..., Any], settings: Any, rule: dict[str, int]
) -> None:
    recipe = public_recipe(api, ana)
    hold_to(settings, rule)

    for _ in range(5):
        rate(api, person(), recipe, 1)

    assert (int(state(recipe).rating_count), state(recipe).approval) == (1, "approved")


def test_an_uncounted_rating_stays_uncounted_when_changed(
    api: Any, ana: Any, ben: Any, cyd: Any, settings: Any
) -> None:
    recipe = public_recipe(api, ana)
    settings.YOUNG_ACCOUNT_HOURS = 24
    rate(api, ben, recipe, 5)
    rate(api, cyd, recipe, 1)

    rate(api, cyd, recipe, 2)

    assert (int(state(recipe).rating_count), int(state(recipe).rating_sum)) == (1, 5)


def withdraw(api: Any, person: Any, recipe: str) -> None:
    assert api.delete(f"/v1/recipes/{recipe}/rating", token=person.token).status_code == 204


@pytest.mark.parametrize("rule", [{"YOUNG_ACCOUNT_HOURS": 24}, {"SAME_ADDRESS_SECONDS": 3600}])
def test_withdrawing_a_rating_silences_no_other(
    api: Any, ana: Any, person: Callable[..., Any], settings: Any, rule: dict[str, int]
) -> None:
    recipe = public_recipe(api, ana)
    hold_to(settings, rule)
    puppet, echo, late = person(), person(), person()
    rate(api, puppet, recipe, 1)
    rate(api, echo, recipe, 4)

    withdraw(api, puppet, recipe)
    assert (int(state(recipe).rating_count), int(state(recipe).rating_sum)) == (1, 4)

    rate(api, late, recipe, 3)
    rate(api, puppet, recipe, 1)
    assert (int(state(recipe).rating_count), int(state(recipe).rating_sum)) == (1, 4)
    for one in (late, puppet, echo):
        withdraw(api, one, recipe)
    assert (int(state(recipe).rating_count), int(state(recipe).rating_sum)) == (0, 0)
    rate(api, late, recipe, 3)
    assert (int(state(recipe).rating_count), int(state(recipe).rating_sum)) == (1, 3)


def test_what_a_moderator_approved_stays_and_enters_the_queue(api: Any, ana: Any, person: Callable[..., Any]) -> None:
    recipe = recipes.create(api, ana)["id"]
    moderator = Actor("operator", "manage.py", OPERATOR.groups)
    reviews.approve(recipe, actor=moderator)

    for _ in range(5):
        rate(api, person(), recipe, 1)

    assert state(recipe).is_public
    assert state(recipe).gsi4pk == "PENDING"
    reviews.approve(recipe, actor=moderator, reason="Món này vốn cay")
    assert state(recipe).is_public
    assert state(recipe).gsi4pk is None
