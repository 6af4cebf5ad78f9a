"""What one of a unit weighs: the food's own entry, that of what it is a kind of, or what is usual."""

import pytest

from apps.ingredients import services as ingredients
from apps.ingredients import weights
from apps.ingredients.entry import Ingredient

pytestmark = pytest.mark.usefixtures("seeded")


def food(name: str) -> Ingredient:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found


def test_a_kind_uses_the_weights_of_its_general_food() -> None:
    assert weights.grams_of_one(food("chicken egg"), "piece") == weights.grams_of_one(food("egg"), "piece") == 50
    assert weights.grams_of_one(food("red onion"), "piece") == weights.grams_of_one(food("onion"), "piece")


def test_what_no_entry_knows_weighs_what_is_usual_or_nothing() -> None:
    assert weights.grams_of_one(food("salmon"), "bunch") == weights.USUAL["bunch"]
    assert weights.grams_of_one(food("salmon"), "can") is None
    assert weights.grams_of_one(None, "piece") is None
    assert weights.weights_of(None) == weights.Weights()
