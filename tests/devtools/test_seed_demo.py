"""Synthetic data is deterministic and written once."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.core import ids, keys
from apps.core.models import Item
from apps.recipes import derivation, repositories
from apps.recipes.models import RecipeRow, from_body
from apps.recipes.repositories import stored_ratings
from devtools.society import recipes
from devtools.society.rows import Crowd, recipe_rows

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def seed() -> int:
    """A seed that no other test uses."""
    return ids.made_at(ids.new_id()).microsecond + int.from_bytes(ids.new_id()[-4:].encode(), "big") * 10**6


def run(seed: int, **counts: int) -> str:
    out = StringIO()
    given = {"users": 3, "recipes": 5, **counts}
    options = [f"--{name}={number}" for name, number in given.items()]
    call_command("seed_demo", *options, f"--seed={seed}", "--quiet", stdout=out)
    return out.getvalue().strip()


def stored(seed: int, number: int) -> dict[str, Any]:
    found = repositories.find_recipe(recipes.head(seed, number).recipe_id)
    assert found is not None
    return {**found.row.attribute_values, **found.state.attribute_values}


def said_by(row: Item) -> dict[str, Any]:
    assert isinstance(row, RecipeRow)
    body: dict[str, Any] = row.body
    return body


def test_the_same_number_and_seed_give_the_same_recipe() -> None:
    first, again, other = (recipe_rows(recipes.head(seed, 7), Crowd(seed, 3)).content for seed in (1, 1, 2))

    assert (first.pk, said_by(first)) == (again.pk, said_by(again))
    assert said_by(first) != said_by(other)


def test_seeding_again_writes_nothing(seed: int) -> None:
    assert run(seed, ratings=6) == "3 of 3 people, 5 of 5 recipes, 6 of 6 ratings, 0 friendships, 0 of 0 posts written"
    before = stored(seed, 0)

    assert run(seed, ratings=6) == "0 of 3 people, 0 of 5 recipes, 0 of 6 ratings, 0 friendships, 0 of 0 posts written"
    assert stored(seed, 0) == before


def test_more_recipes_only_adds(seed: int) -> None:
    run(seed)
    before = stored(seed, 4)

    assert run(seed, recipes=8) == "0 of 3 people, 3 of 8 recipes, 0 of 0 ratings, 0 friendships, 0 of 0 posts written"
    assert stored(seed, 4) == before


def test_recipes_are_public_and_derived_like_any_other(seed: int) -> None:
    run(seed)

    found = repositories.find_recipe(recipes.head(seed, 0).recipe_id)
    assert found is not None
    content = from_body(found.row.body)
    assert found.state.is_public
    assert found.state.gsi1pk == keys.catalogue_feed("-", "-").pk
    assert not found.state.gsi4pk
    assert derivation.derive(content) == content
    assert 6 <= len(content.ingredients) <= 14
    assert 4 <= len(content.steps) <= 8


def test_figures_are_those_of_the_ratings(seed: int) -> None:
    run(seed, users=9, ratings=5)

    head = recipes.head(seed, 0)
    found = repositories.find_recipe(head.recipe_id)
    rows, _ = stored_ratings.page_ratings(head.recipe_id, limit=100, after=None)
    stars = recipes.figures(seed, 0).stars
    assert found is not None
    assert (found.state.rating_sum, found.state.rating_count) == (sum(stars), len(stars))
    assert sorted(int(row.stars) for row in rows) == sorted(stars[:5])
    assert found.row.owner_id not in {row.user_id for row in rows}


@pytest.mark.parametrize("options", [{"users": 0}, {"recipes": -1}])
def test_impossible_numbers_are_refused(options: dict[str, int]) -> None:
    with pytest.raises((CommandError, SystemExit)):
        run(1, **options)
