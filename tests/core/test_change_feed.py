"""Followers of a change feed miss nothing, whatever their machine's clock does."""

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
