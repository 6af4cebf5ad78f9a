"""Ratings of merged duplicates: each person counts once for the recipe that stays, with their latest rating."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core import audit
from apps.core.authentication import Actor
from apps.moderation import reviews, undoing
from apps.recipes import merging, repositories
from tests.support import friends, recipes
from tests.support.between import between
from tests.support.tasks import deliver_message, run_all

pytestmark = pytest.mark.usefixtures("seeded")


class Killed(Exception):
    """The worker died."""


@pytest.fixture
def mod(person: Callable[..., Any]) -> Actor:
    somebody = person(group="moderators")
    return Actor(somebody.id, somebody.username, frozenset({"moderators"}))


@pytest.fixture
def pair(api: Any, ana: Any, ben: Any) -> tuple[str, str]:
    """A recipe of ana's in the catalogue, and ben's duplicate of it."""
    kept, duplicate = recipes.create(api, ana)["id"], recipes.create(api, ben)["id"]
    for one in (kept, duplicate):
        recipes.publish(one)
    return kept, duplicate


def rate(api: Any, recipe_id: str, person: Any, stars: int) -> None:
    answer = api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=person.token)
    assert answer.status_code == 200, answer.content


def ratings(api: Any, person: Any, recipe_id: str) -> tuple[int, float | None, dict[str, int]]:
    """Return count, average, and stars by username."""
    figures = api.get(f"/v1/recipes/{recipe_id}?edition=approved", token=person.token).json()["rating"]
    items = api.get(f"/v1/recipes/{recipe_id}/ratings?limit=100", token=person.token).json()["items"]
    return figures["count"], figures["average"], {one["user"]["username"]: one["stars"] for one in items}


def merge(duplicate: str, kept: str, mod: Actor, messages: list[Any]) -> None:
    reviews.merge(duplicate, into=kept, actor=mod)
    run_all(messages, times=2)


def test_each_person_counts_once_with_what_they_said_last(
    api: Any, ana: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    kept, duplicate = pair
    first, last, only, other = (person() for _ in range(4))
    rate(api, kept, last, 1)
    rate(api, duplicate, first, 1)
    rate(api, kept, first, 5)
    rate(api, duplicate, last, 4)
    rate(api, duplicate, only, 3)
    rate(api, kept, other, 2)

    merge(duplicate, kept, mod, messages)

    expected = {first.username: 5, last.username: 4, only.username: 3, other.username: 2}
    assert ratings(api, ana, kept) == (4, 3.5, expected)


def test_the_owner_of_what_stays_does_not_rate_it(
    api: Any, ana: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    kept, duplicate = pair
    rate(api, duplicate, ana, 5)

    merge(duplicate, kept, mod, messages)

    assert ratings(api, ana, kept) == (0, None, {})


def test_whom_the_owner_has_blocked_is_not_counted(
    api: Any, ana: Any, cyd: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    kept, duplicate = pair
    rate(api, duplicate, cyd, 1)
    rate(api, duplicate, person(), 5)
    friends.block(api, ana, cyd)

    merge(duplicate, kept, mod, messages)

    assert ratings(api, ana, kept)[:2] == (1, 5.0)


@pytest.mark.parametrize("step", range(0, 24, 3))
def test_a_worker_that_is_killed_leaves_the_rest_to_the_next(
    api: Any, ana: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str], step: int
) -> None:
    kept, duplicate = pair
    people = [person() for _ in range(3)]
    rate(api, kept, people[0], 1)
    for stars, one in enumerate(people, start=3):
        rate(api, duplicate, one, stars)
    reviews.merge(duplicate, into=kept, actor=mod)
    task = next(one for one in messages if one.task == merging.MERGE.name)

    def die() -> None:
        raise Killed

    with pytest.raises(Killed), between(step, die):
        merging.merge_ratings(*task.args)
    deliver_message(task, times=2)

    assert ratings(api, ana, kept) == (3, 4.0, {one.username: stars for stars, one in enumerate(people, start=3)})


def test_one_message_leads_to_the_next(
    api: Any, ana: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str], monkeypatch: Any
) -> None:
    monkeypatch.setattr(merging, "BATCH", 2)
    kept, duplicate = pair
    for _ in range(5):
        rate(api, duplicate, person(), 4)

    merge(duplicate, kept, mod, messages)

    assert ratings(api, ana, kept)[:2] == (5, 4.0)


def test_who_withdraws_afterwards_is_not_given_again(
    api: Any, ana: Any, cyd: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    kept, duplicate = pair
    rate(api, duplicate, cyd, 4)
    reviews.merge(duplicate, into=kept, actor=mod)
    task = next(one for one in messages if one.task == merging.MERGE.name)
    merging.merge_ratings(*task.args)

    assert api.delete(f"/v1/recipes/{kept}/rating", token=cyd.token).status_code == 204
    run_all(messages)

    assert ratings(api, ana, kept) == (0, None, {})


def test_another_decision_takes_back_what_was_given_but_not_what_was_said_since(
    api: Any, ana: Any, ben: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    kept, duplicate = pair
    both, given, again = (person() for _ in range(3))
    rate(api, kept, both, 1)
    for one in (both, given, again):
        rate(api, duplicate, one, 5)
    merge(duplicate, kept, mod, messages)
    rate(api, kept, again, 3)
    entry = audit.last("recipe", duplicate)
    assert entry is not None

    undoing.undo(entry, actor=mod, reason="Không trùng.")
    run_all(messages, times=2)

    assert ratings(api, ana, kept) == (2, 2.0, {both.username: 1, again.username: 3})
    assert ratings(api, ben, duplicate)[:2] == (3, 5.0)


def test_ratings_go_to_what_stays_in_the_end(
    api: Any, ana: Any, cyd: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    middle, duplicate = pair
    last = recipes.create(api, cyd)["id"]
    recipes.publish(last)
    rate(api, duplicate, person(), 4)
    reviews.merge(duplicate, into=middle, actor=mod)
    reviews.merge(middle, into=last, actor=mod)

    run_all(messages, times=2)

    assert ratings(api, ana, last)[:2] == (1, 4.0)


def test_ratings_of_an_edition_that_nobody_approved_are_not_merged(
    api: Any, ana: Any, ben: Any, person: Any, mod: Actor, messages: list[Any], pair: tuple[str, str]
) -> None:
    """The duplicate's new edition waits. Only ratings of the approved one, which is the duplicate, move."""
    kept, duplicate = pair
    rate(api, duplicate, person(), 4)
    api.patch(f"/v1/recipes/{duplicate}", json={"title": "Món khác"}, token=ben.token)

    merge(duplicate, kept, mod, messages)

    assert ratings(api, ana, kept)[:2] == (1, 4.0)
    stored = repositories.find_recipe(duplicate)
    assert stored is not None
    assert (stored.state.approval, stored.row.body["title"], stored.edition) == ("rejected", "Món khác", None)
