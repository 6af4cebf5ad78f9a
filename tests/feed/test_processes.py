"""Killed workers, redelivered messages and other processes: feeds are complete, without duplicates, and current."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings

from apps.core import ids, keys
from apps.core.models import Item
from apps.feed import fan_out, repositories
from apps.posts.models import CommentRow, FeedReference, ReactionRow
from apps.posts.repositories import posts
from apps.users import relations
from apps.users.models import RelationsRow
from devtools import bulk_writes as bulk
from smartcooking.contract import queues
from tests.support import friends, society
from tests.support import processes as start
from tests.support.processes import kill_and_resume, quieten, until
from tests.support.proxy import Cuttable

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


@pytest.fixture(autouse=True)
def _quiet_queue() -> None:
    """Empty the queue of other tests' messages, and let messages of killed workers return soon."""
    quieten(queues.DEFAULT, visible_after=10)


@pytest.fixture
def slow() -> Iterator[str]:
    """A slow proxy to the local AWS, so that a worker can be killed in the middle of its work."""
    way = Cuttable(settings.DYNAMODB_ENDPOINT_URL, delay=0.15)
    yield way.url
    way.close()


@pytest.fixture(scope="module")
def second(processes: Path, seeded: None) -> Iterator[Any]:
    """Another API process on the same table."""
    running = start.gunicorn(processes)
    yield running
    running.stop()


def surround(person: Any, number: int) -> list[str]:
    """Give somebody friends who belong to this test only."""
    circle, key = [str(uuid4()) for _ in range(number)], keys.relations(person.id)
    bulk.put_all([RelationsRow(pk=key.pk, sk=key.sk, friends={relations.pack(id_) for id_ in circle})])
    return circle


def readers_of(post_id: str, readers: list[str]) -> int:
    return sum(FeedReference.read(keys.feed_reference(reader, post_id)) is not None for reader in readers)


def test_a_worker_killed_while_fanning_out_leaves_the_rest_to_the_next(
    server: Any, ana: Any, processes: Path, slow: str
) -> None:
    circle = surround(ana, 600)
    post = society.post(server.api, ana)["id"]

    kill_and_resume(
        processes,
        slow,
        caught=lambda: len(repositories.list_batches(post)) > 1,
        done=lambda: len(repositories.list_batches(post)) == 3 and readers_of(post, circle) == len(circle),
    )

    assert sum(len(part.readers) for part in repositories.list_batches(post)) == len(circle)


def test_a_worker_killed_while_clearing_a_deleted_post_leaves_the_rest_to_the_next(
    server: Any, ana: Any, processes: Path, slow: str
) -> None:
    circle = surround(ana, 300)
    post = society.post(server.api, ana)["id"]
    first = start.worker(processes, queues.DEFAULT)
    until(lambda: readers_of(post, circle) == len(circle), first)
    first.stop()
    rows: list[Any] = []
    for _ in range(300):
        comment, place = keys.comment(post, ids.new_id()), keys.post_reaction(post, str(uuid4()))
        rows.append(CommentRow(pk=comment.pk, sk=comment.sk, user_id=ana.id, username=ana.username, content="x"))
        rows.append(ReactionRow(pk=place.pk, sk=place.sk, reaction="like"))
    bulk.put_all(rows)

    def left() -> int:
        return len(list(Item.query(keys.post(post).pk, consistent_read=True)))

    assert server.api.delete(f"/v1/posts/{post}", token=ana.token).status_code == 204
    assert server.api.get(f"/v1/posts/{post}", token=ana.token).status_code == 404
    kill_and_resume(
        processes,
        slow,
        caught=lambda: left() < 600,
        done=lambda: left() == 0 and readers_of(post, circle) == 0,
    )

    assert readers_of(post, [ana.id]) == 0
    assert posts.find_tombstone(post) is None


def test_what_is_taken_away_in_one_process_is_gone_in_the_other_at_once(
    server: Any, second: Any, ana: Any, ben: Any
) -> None:
    friends.befriend(server.api, ana, ben)
    kept, narrowed, deleted = (society.post(server.api, ana, visibility="friends")["id"] for _ in range(3))
    for post in (kept, narrowed, deleted):
        fan_out.fan_out_post(post, ana.id)

    def feed() -> list[str]:
        return [one["id"] for one in second.api.get("/v1/feed?scope=friends", token=ben.token).json()["items"]]

    assert feed() == [deleted, narrowed, kept]
    server.api.delete(f"/v1/posts/{deleted}", token=ana.token)
    assert feed() == [narrowed, kept]
    server.api.patch(f"/v1/posts/{narrowed}", json={"visibility": "private"}, token=ana.token)
    assert feed() == [kept]
    assert friends.unfriend(server.api, ben, ana).status_code == 204
    assert feed() == []


def test_new_friends_find_each_others_posts_and_old_ones_the_new_posts(
    server: Any, ana: Any, ben: Any, processes: Path
) -> None:
    # A separate worker: a permanent one would take the messages of those that are killed.
    worker = start.worker(processes, queues.DEFAULT)

    def feed() -> list[str]:
        return [one["id"] for one in server.api.get("/v1/feed?scope=friends", token=ben.token).json()["items"]]

    old = society.post(server.api, ana, visibility="friends")["id"]
    friends.befriend(server.api, ana, ben)
    until(lambda: feed() == [old], worker)
    new = society.post(server.api, ana, visibility="friends")["id"]
    until(lambda: feed() == [new, old], worker)
    worker.stop()
