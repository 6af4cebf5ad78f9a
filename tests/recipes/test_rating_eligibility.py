"""Which ratings count, also if a block or suspension begins or ends after them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.core import clock, keys
from apps.core.transactions import Transaction
from apps.friends import account_deletion
from apps.recipes import catalogue, rating_eligibility, rating_recounts, ratings, repositories
from apps.recipes.models import RatingRow
from apps.recipes.repositories import stored_ratings
from apps.users import suspensions
from tests.support import friends, recipes
from tests.support.notifications import read_notifications
from tests.support.processes import until
from tests.support.tasks import deliver_message, run_all

pytestmark = pytest.mark.usefixtures("seeded")


def rate(api: Any, recipe_id: str, person: Any, stars: int) -> Any:
    answer = api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def standing(api: Any, recipe_id: str, owner: Any) -> tuple[str, float | None, int]:
    """Return approval, average and count as the owner reads them, after checking that the rows agree."""
    rows = list(RatingRow.query(keys.recipe(recipe_id).pk, RatingRow.sk.startswith("RATING#"), consistent_read=True))
    stored = repositories.find_recipe(recipe_id)
    assert stored is not None
    assert {row.user_id: row.counts for row in rows} == {
        row.user_id: rating_eligibility.is_counted(stored, row) for row in rows
    }
    counted = [int(row.stars) for row in rows if row.counts]
    assert (stored.state.rating_sum, stored.state.rating_count) == (sum(counted), len(counted))
    found = api.get(f"/v1/recipes/{recipe_id}", token=owner.token).json()
    return found["approval"], found["rating"]["average"], found["rating"]["count"]


def share(recipe_id: str, *people: Any) -> None:
    transaction = Transaction()
    for one in people:
        repositories.grant_access(transaction, recipe_id, one.id)
    transaction.commit()


def suspend(person: Any, *, hours: float = 1) -> None:
    transaction = Transaction()
    until = clock.now() + timedelta(hours=hours)
    suspensions.suspend(transaction, user_id=person.id, until=until, reason="test")
    transaction.commit()


def lift(person: Any) -> None:
    transaction = Transaction()
    suspensions.lift_suspension(transaction, user_id=person.id)
    transaction.commit()


@pytest.fixture
def rated(api: Any, ana: Any, person: Callable[..., Any]) -> tuple[str, list[Any]]:
    """A recipe of ana's that the ratings of three people have approved."""
    recipe_id = recipes.create(api, ana)["id"]
    raters = [person() for _ in range(3)]
    share(recipe_id, *raters)
    for one, stars in zip(raters, (5, 5, 4), strict=True):
        rate(api, recipe_id, one, stars)
    assert standing(api, recipe_id, ana) == ("approved", 4.67, 3)
    return recipe_id, raters


@pytest.mark.parametrize("how", ["block", "suspension"])
def test_an_approval_follows_when_ratings_that_brought_it_count_no_longer(
    api: Any, ana: Any, cyd: Any, rated: Any, messages: list[Any], how: str
) -> None:
    recipe_id, raters = rated

    if how == "block":
        friends.block(api, ana, raters[0])
    else:
        suspend(raters[0])
    run_all(messages, times=2)
    assert standing(api, recipe_id, ana) == ("pending", 4.5, 2)
    assert api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).status_code == 404
    assert recipe_id not in [one["id"] for one in api.get("/v1/recipes?limit=100", token=cyd.token).json()["items"]]
    stored = repositories.find_recipe(recipe_id)
    assert stored is not None
    assert stored.state.gsi4pk == keys.pending_queue("-", "-").pk

    if how == "block":
        friends.unblock(api, ana, raters[0])
    else:
        lift(raters[0])
    run_all(messages, times=2)
    assert standing(api, recipe_id, ana) == ("approved", 4.67, 3)
    assert api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).status_code == 200
    assert [one["kind"] for one in read_notifications(api, ana)] == ["recipe_approved", "recipe_rejected"]


def test_a_recipe_that_excluded_ratings_hold_up_is_taken_out(
    api: Any, ana: Any, person: Callable[..., Any], messages: list[Any]
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id, by_ratings=True)
    critics, puppets = [person() for _ in range(5)], [person() for _ in range(4)]
    for one in puppets:
        rate(api, recipe_id, one, 5)
    for one in critics:
        rate(api, recipe_id, one, 3)
    assert standing(api, recipe_id, ana) == ("approved", 3.89, 9)

    for one in puppets:
        suspend(one)
    run_all(messages)

    assert standing(api, recipe_id, ana) == ("pending", 3.0, 5)


def test_what_a_moderator_approved_does_not_stand_on_ratings(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    rate(api, recipe_id, ben, 5)

    friends.block(api, ana, ben)
    run_all(messages)

    assert standing(api, recipe_id, ana) == ("approved", None, 0)


def test_an_approval_does_not_outlive_the_ratings_that_brought_it(
    api: Any, ana: Any, cyd: Any, rated: Any, person: Callable[..., Any]
) -> None:
    recipe_id, raters = rated
    fourth = person()
    rate(api, recipe_id, fourth, 4)

    take_back(api, recipe_id, fourth)
    assert standing(api, recipe_id, ana) == ("approved", 4.67, 3)
    for one in raters:
        take_back(api, recipe_id, one)

    assert standing(api, recipe_id, ana) == ("pending", None, 0)
    assert api.get(f"/v1/recipes/{recipe_id}", token=cyd.token).status_code == 404
    for one in raters:
        rate(api, recipe_id, one, 5)
    assert standing(api, recipe_id, ana) == ("approved", 5.0, 3)


def test_ratings_that_are_taken_back_leave_what_a_moderator_approved(
    api: Any, ana: Any, person: Callable[..., Any]
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    raters = [person() for _ in range(3)]
    for one in raters:
        rate(api, recipe_id, one, 5)

    for one in raters:
        take_back(api, recipe_id, one)

    assert standing(api, recipe_id, ana) == ("approved", None, 0)


def take_back(api: Any, recipe_id: str, person: Any) -> None:
    assert api.delete(f"/v1/recipes/{recipe_id}/rating", token=person.token).status_code == 204


def test_whoever_is_blocked_rates_without_being_counted(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    friends.block(api, ana, ben)

    assert [rate(api, recipe_id, ben, stars)["stars"] for stars in (1, 2)] == [1, 2]
    assert standing(api, recipe_id, ana) == ("approved", None, 0)
    friends.unblock(api, ana, ben)
    run_all(messages)
    assert standing(api, recipe_id, ana) == ("approved", 2.0, 1)
    friends.block(api, ana, ben)
    run_all(messages)
    assert api.delete(f"/v1/recipes/{recipe_id}/rating", token=ben.token).status_code == 204
    assert standing(api, recipe_id, ana) == ("approved", None, 0)


def test_whoever_blocks_the_owner_counts_as_before(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    rate(api, recipe_id, ben, 2)

    friends.block(api, ben, ana)
    run_all(messages)

    assert standing(api, recipe_id, ana) == ("approved", 2.0, 1)
    assert rate(api, recipe_id, ben, 1)["rating"] == {"average": 1.0, "count": 1}


def test_a_rating_stays_out_while_one_of_two_reasons_remains(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    rate(api, recipe_id, ben, 4)
    friends.block(api, ana, ben)
    suspend(ben)

    lift(ben)
    run_all(messages)
    assert standing(api, recipe_id, ana) == ("approved", None, 0)
    friends.unblock(api, ana, ben)
    run_all(messages)
    assert standing(api, recipe_id, ana) == ("approved", 4.0, 1)


def test_ratings_count_again_when_a_suspension_has_ended_by_itself(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    rate(api, recipe_id, ben, 4)
    suspend(ben, hours=1)
    run_all(messages)
    assert standing(api, recipe_id, ana) == ("approved", None, 0)
    suspend(ben, hours=1 / 3600)
    messages.clear()
    until(lambda: suspensions.find_suspension(ben.id) is None)

    outputs = []
    for _ in range(2):
        written = StringIO()
        call_command("sweep_suspensions", stdout=written)
        outputs.append(written.getvalue())
    assert [one.args for one in messages if one.args[0] == ben.id] == [[ben.id, "", ""]]
    run_all(messages)

    assert standing(api, recipe_id, ana) == ("approved", 4.0, 1)
    assert outputs[1].startswith("0 ")


def test_whoever_is_suspended_still_stays_in_the_queue(ben: Any, messages: list[Any]) -> None:
    suspend(ben)

    suspensions.sweep_ended_suspensions()

    assert ben.id not in [one.args[0] for one in messages[1:]]
    assert suspensions.find_suspension(ben.id) is not None


def test_one_message_leads_to_the_next_and_a_killed_run_is_made_good(
    api: Any, ana: Any, ben: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five ratings, two per run. The second run is killed and delivered again."""
    ids = [recipes.create(api, ana)["id"] for _ in range(5)]
    for recipe_id in ids:
        recipes.publish(recipe_id)
        rate(api, recipe_id, ben, 5)
    monkeypatch.setattr(rating_recounts, "BATCH", 2)
    messages.clear()
    suspend(ben)
    settle, settled = ratings.reconcile_rating, []

    def die_at_the_fourth(recipe_id: str, rater_id: str) -> None:
        settled.append(recipe_id)
        if len(settled) == 4:
            raise SystemExit
        settle(recipe_id, rater_id)

    monkeypatch.setattr(ratings, "reconcile_rating", die_at_the_fourth)
    (first,) = messages
    messages.clear()
    deliver_message(first)
    (second,) = messages
    messages.clear()
    with pytest.raises(SystemExit):
        deliver_message(second)
    deliver_message(second, times=2)
    run_all(messages)

    assert settled[:4] == sorted(ids)[:4]
    assert [standing(api, recipe_id, ana)[2] for recipe_id in ids] == [0] * 5


def test_only_recipes_of_who_blocks_are_looked_at(api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any]) -> None:
    mine, theirs = recipes.create(api, ana)["id"], recipes.create(api, cyd)["id"]
    for recipe_id in (mine, theirs):
        recipes.publish(recipe_id)
        rate(api, recipe_id, ben, 5)

    friends.block(api, ana, ben)
    run_all(messages)

    assert (standing(api, mine, ana)[2], standing(api, theirs, cyd)[2]) == (0, 1)


def test_blocks_that_go_with_an_account_let_ratings_count_again(
    api: Any, ana: Any, ben: Any, messages: list[Any]
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    rate(api, recipe_id, ben, 5)
    friends.block(api, ana, ben)
    run_all(messages)

    account_deletion.remove_relations(ben.id)
    run_all(messages)

    assert standing(api, recipe_id, ana) == ("approved", 5.0, 1)


@pytest.mark.parametrize("begins", ["counting", "blocked"])
def test_a_rating_in_the_moment_of_a_block_or_its_end_counts_as_it_says_afterwards(
    api: Any, server: Any, ana: Any, person: Callable[..., Any], begins: str
) -> None:
    """The worker processes each block immediately, while the other person continues rating."""
    people = [person() for _ in range(12)]
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    change = friends.block if begins == "counting" else friends.unblock
    if begins == "blocked":
        for one in people:
            friends.block(api, ana, one)

    def work(one: Any) -> None:
        assert change(server.api, ana, one).status_code == 204
        rating_recounts.recount_ratings(one.id, ana.id, "")

    def go_on_rating(one: Any) -> None:
        for stars in (5, 4, 5):
            rate(server.api, recipe_id, one, stars)

    with ThreadPoolExecutor(2 * len(people)) as threads:
        done = [threads.submit(act, one) for one in people for act in (go_on_rating, work)]
        for one in done:
            one.result()

    # The server wrote last; this process's catalogue learns of it by polling.
    catalogue.live().load()
    catalogue.live().refresh()
    assert standing(api, recipe_id, ana)[2] == (0 if begins == "counting" else len(people))


def test_a_block_that_came_and_was_worked_on_before_a_rating_was_there_is_seen_after_it(
    api: Any, ana: Any, ben: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order in which the block's message finds no rating: read, block, recount, write."""
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id)
    save = stored_ratings.save_rating
    done: list[bool] = []

    def block_first(*given: Any) -> None:
        if not done:
            done.append(friends.block(api, ana, ben).status_code)
            rating_recounts.recount_ratings(ben.id, ana.id, "")
        save(*given)

    monkeypatch.setattr(stored_ratings, "save_rating", block_first)
    rate(api, recipe_id, ben, 5)

    assert done == [204]
    assert standing(api, recipe_id, ana) == ("approved", None, 0)
