"""If a worker is killed while it recounts ratings, the next one completes the work, and each rating counts once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.core import clock, ids, keys
from apps.core.transactions import Transaction
from apps.recipes import repositories
from apps.recipes.content import Approval, Source
from apps.recipes.models import RatedRecipe, RatingRow
from apps.recipes.repositories import stored_ratings
from apps.users import suspensions
from devtools import bulk_writes as bulk
from smartcooking.contract import queues
from tests.support.processes import kill_and_resume, quieten
from tests.support.proxy import Cuttable

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.timeout(900)]

# More ratings than one run handles, so that the task sends another message.
RECIPES = 130


@pytest.fixture(autouse=True)
def _quiet_queue() -> None:
    """Empty the queue of other tests' messages, and let messages of killed workers return soon."""
    quieten(queues.DEFAULT, visible_after=10)


@pytest.fixture
def slow() -> Iterator[str]:
    way = Cuttable(settings.DYNAMODB_ENDPOINT_URL, delay=0.05)
    yield way.url
    way.close()


def rate(person: Any) -> list[str]:
    """Let somebody give five stars to many recipes to which somebody else has given three."""
    rows: list[Any] = []
    recipe_ids = [ids.new_id() for _ in range(RECIPES)]
    for recipe_id in recipe_ids:
        body: dict[str, Any] = {"title": "x", "ingredients": [], "steps": [], "language": "vi", "method": "other"}
        stored = repositories.build_recipe(recipe_id, body=body, source=Source.AI, approval=Approval.APPROVED)
        stored.state.rating_sum, stored.state.rating_count = 8, 2
        place, listed = keys.rating(recipe_id, person.id), keys.rated_recipe(person.id, recipe_id)
        now = clock.now()
        rating = RatingRow(
            pk=place.pk, sk=place.sk, user_id=person.id, username=person.username, stars=5, created_at=now,
            updated_at=now,
        )  # fmt: skip
        rows += [stored.row, stored.state, rating, RatedRecipe(pk=listed.pk, sk=listed.sk)]
    bulk.put_all(rows)
    return recipe_ids


def test_a_worker_killed_while_recounting_leaves_the_rest_to_the_next(ana: Any, processes: Path, slow: str) -> None:
    recipe_ids = rate(ana)

    def settled() -> int:
        return sum(not row.counts for id_ in recipe_ids if (row := stored_ratings.find_rating(id_, ana.id)) is not None)

    transaction = Transaction()
    suspensions.suspend(transaction, user_id=ana.id, until=clock.now() + timedelta(hours=1), reason="test")
    transaction.commit()
    kill_and_resume(processes, slow, caught=lambda: settled() > 2, done=lambda: settled() == RECIPES)

    states = [stored.state for stored in repositories.find_recipes(recipe_ids).values()]
    assert {(int(state.rating_sum), int(state.rating_count)) for state in states} == {(3, 1)}
    assert len(states) == RECIPES
