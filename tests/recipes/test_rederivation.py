"""A changed ingredient reaches all its recipes, in runs that are short enough for a worker."""

from typing import Any

import pytest

from apps.ingredients import services as ingredients
from apps.recipes import rederivation
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


def test_a_run_that_takes_long_leaves_the_rest_to_the_next(
    api: Any, ana: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = [recipes.create(api, ana, ingredients=[{"name": "hạt mắc ca"}, {"name": "muối"}])["id"] for _ in range(3)]
    for recipe_id in made:
        recipes.publish(recipe_id)
    monkeypatch.setattr(rederivation, "LONGEST", 0.0)
    # Other tests' recipes wait for moderators as well.
    monkeypatch.setattr(rederivation, "_pending", lambda: iter(()))
    done: list[str] = []
    monkeypatch.setattr(rederivation, "_rederive_one", done.append)
    nut = ingredients.resolve("hạt mắc ca")
    assert nut is not None
    messages.clear()

    rederivation.rederive(nut.id, "")
    while messages:
        rederivation.rederive(*messages.pop().args)

    assert set(made) <= set(done)
    assert done == sorted(set(done))
