"""The catalogue in memory: loaded from the change feed or a snapshot, it agrees with the table."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from apps.core import aws, clock
from apps.recipes import catalogue, snapshots
from apps.recipes.catalogue import LiveCatalogue
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def published(api: Any, ana: Any) -> str:
    recipe_id: str = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    return recipe_id


def loaded() -> LiveCatalogue:
    """Return the catalogue of a process that starts now."""
    live = LiveCatalogue()
    live.load()
    live._follower.stop()
    return live


def take_snapshot() -> None:
    live = loaded()
    snapshots.store_snapshot(live.index, live.complete_until)


def test_a_process_that_starts_from_the_feed_has_what_is_approved(published: str) -> None:
    assert published in loaded().index


def test_a_process_that_starts_from_a_snapshot_has_what_changed_since(api: Any, ana: Any, published: str) -> None:
    gone = recipes.create(api, ana)["id"]
    recipes.publish(gone)
    take_snapshot()
    api.delete(f"/v1/recipes/{gone}", token=ana.token)
    api.patch(f"/v1/recipes/{published}", json={"meal": "dessert"}, token=ana.token)
    late = recipes.create(api, ana)["id"]
    recipes.publish(late)

    index = loaded().index

    assert gone not in index
    assert late in index
    found = index.get(published)
    assert found is not None
    assert b'"meal":"dessert"' in found.document


@pytest.mark.parametrize("damage", ["cut", "text", "old"])
def test_a_snapshot_that_is_damaged_or_too_old_is_not_believed(published: str, damage: str) -> None:
    take_snapshot()
    s3, place = aws.client("s3"), {"Bucket": settings.SNAPSHOTS_BUCKET, "Key": "catalogue/latest.tar.zst"}
    stored = s3.get_object(**place)
    body, metadata = stored["Body"].read(), stored["Metadata"]
    if damage == "old":
        metadata = {"complete-until": clock.iso(clock.now() - timedelta(days=31))}
    changed = {"cut": body[: len(body) // 2], "text": b"nothing packed", "old": body}[damage]
    s3.put_object(**place, Body=changed, Metadata=metadata)

    assert snapshots.fetch_snapshot() is None
    assert published in loaded().index


def test_a_change_that_was_seen_before_does_no_harm(published: str) -> None:
    live = loaded()
    before = len(live.index)

    for _ in range(3):
        live.refresh()

    assert len(live.index) == before
    assert published in live.index


def test_hiding_takes_a_recipe_out_everywhere(api: Any, ana: Any, ben: Any, published: str) -> None:
    from apps.core.transactions import Transaction  # noqa: PLC0415
    from apps.recipes import repositories  # noqa: PLC0415

    stored = repositories.find_recipe(published)
    assert stored is not None
    stored.state.hidden = True
    transaction = Transaction()
    repositories.save_state(transaction, stored.state)
    transaction.commit()
    catalogue.live().refresh()

    assert api.get(f"/v1/recipes/{published}", token=ben.token).status_code == 404
    assert published not in [one["id"] for one in api.get("/v1/recipes?limit=100", token=ben.token).json()["items"]]
    assert api.get(f"/v1/recipes/{published}", token=ana.token).status_code == 200
