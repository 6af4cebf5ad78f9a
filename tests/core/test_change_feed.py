"""Followers of a change feed miss nothing, whatever their machine's clock does."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, keys
from apps.core.change_feed import ChangeFeedFollower
from apps.recipes import repositories
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


def test_a_clock_that_was_ahead_hides_nothing_once_it_is_set_back(
    api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()
    follower = ChangeFeedFollower(
        "test", keys.catalogue_feed("-", "-").pk, lambda rows: seen.update(map(repositories.recipe_id_of, rows))
    )
    tomorrow = clock.now() + timedelta(days=1)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: tomorrow)
        follower.catch_up()

    made = recipes.create(api, ana)["id"]
    recipes.publish(made)
    follower.catch_up()

    assert made in seen


def test_a_poll_does_not_bring_back_what_a_row_was_before_this_process_wrote_it(api: Any, ana: Any, ben: Any) -> None:
    """Wherever the write falls into the poll: before the rows that it read are applied, or while they are."""
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    shown: list[int] = []
    acts: list[Callable[[], None]] = []

    def apply(rows: Sequence[Any]) -> None:
        counts = [int(row.rating_count) for row in rows if repositories.recipe_id_of(row) == recipe_id]
        if acts and counts:
            acts.pop()()
        shown.extend(counts)

    follower = ChangeFeedFollower("test", keys.catalogue_feed("-", "-").pk, apply)

    def rate() -> None:
        api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": 5}, token=ben.token)
        stored = repositories.find_recipe(recipe_id)
        assert stored is not None
        follower.learn(stored.state)

    acts.append(rate)
    follower.catch_up()

    assert shown[-1] == 1
    old = repositories.find_recipe(recipe_id)
    assert old is not None
    old.state.rating_count, old.state.gsi1sk = 0, keys.catalogue_feed("2000-01-01T00:00:00.000Z", recipe_id).sk
    follower._apply_read([old.state])
    assert shown[-1] == 1
