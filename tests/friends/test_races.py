"""Concurrent actions of two people on each other, over HTTP."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.friends import repositories
from apps.users import relations
from tests.support.friends import agree, answer, befriend, block, send_friend_request, unblock, unfriend

Act = Callable[[Any, Any, Any], Any]
PAIRS = 10


@pytest.fixture(scope="module")
def pairs(person: Any) -> list[tuple[Any, Any]]:
    """People in pairs."""
    with ThreadPoolExecutor(8) as threads:
        people = list(threads.map(lambda _: person(), range(2 * PAIRS)))
    return list(zip(people[::2], people[1::2], strict=True))


@pytest.fixture
def fresh(pairs: Any, server: Any) -> Any:
    """The pairs, without any relation."""

    def part(pair: Any) -> None:
        for one, other in (pair, pair[::-1]):
            block(server.api, one, other)
        for one, other in (pair, pair[::-1]):
            unblock(server.api, one, other)

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(part, pairs))
    return pairs


def at_once(server: Any, pairs: Any, first: Act, second: Act) -> list[tuple[int, int]]:
    """Let the first and the second person of each pair act, all at the same time."""

    def do(task: Any) -> int:
        act, one, other = task
        status: int = act(server.api, one, other).status_code
        return status

    tasks = [task for one, other in pairs for task in ((first, one, other), (second, other, one))]
    with ThreadPoolExecutor(2 * PAIRS) as threads:
        found = list(threads.map(do, tasks))
    return list(zip(found[::2], found[1::2], strict=True))


def is_parted(one: Any, other: Any) -> bool:
    """Return whether either blocks the other, after checking that the relations of both and the rows agree."""
    both = {relations.load_relations(a.id).is_blocked(b.id) for a, b in ((one, other), (other, one))}
    assert len(both) == 1
    assert both == {any(repositories.find_blocks_between(one.id, other.id))}
    return both.pop()


def test_two_who_ask_each_other_at_once_become_friends(server: Any, fresh: Any) -> None:
    answers = at_once(server, fresh, send_friend_request, send_friend_request)

    assert answers == [(201, 201)] * PAIRS
    assert {agree(one, other) for one, other in fresh} == {"friends"}


def test_one_who_asks_twice_at_once_has_asked_once(server: Any, fresh: Any) -> None:
    answers = at_once(server, fresh, send_friend_request, lambda api, other, one: send_friend_request(api, one, other))

    assert set(answers) == {(201, 201)}
    assert {agree(one, other) for one, other in fresh} == {"sent"}


def test_a_block_while_a_request_is_accepted_leaves_no_friendship(server: Any, fresh: Any) -> None:
    for one, other in fresh:
        send_friend_request(server.api, one, other)

    answers = at_once(server, fresh, block, answer)

    assert {blocked for blocked, _ in answers} == {204}
    assert {accepted for _, accepted in answers} <= {200, 404}
    assert {(agree(one, other), is_parted(one, other)) for one, other in fresh} == {(None, True)}


def test_a_block_while_being_asked_leaves_no_request(server: Any, fresh: Any) -> None:
    answers = at_once(server, fresh, block, send_friend_request)

    assert {blocked for blocked, _ in answers} == {204}
    assert {asked for _, asked in answers} <= {201, 404}
    assert {(agree(one, other), is_parted(one, other)) for one, other in fresh} == {(None, True)}


def test_two_who_unblock_each_other_at_once_meet_again(server: Any, fresh: Any) -> None:
    blocked = at_once(server, fresh, block, block)
    assert all(is_parted(one, other) for one, other in fresh)

    unblocked = at_once(server, fresh, unblock, unblock)

    assert blocked == unblocked == [(204, 204)] * PAIRS
    assert not any(is_parted(one, other) for one, other in fresh)


def test_one_who_unblocks_while_the_other_blocks_stays_parted(server: Any, fresh: Any) -> None:
    for one, other in fresh:
        block(server.api, one, other)

    answers = at_once(server, fresh, unblock, block)

    assert answers == [(204, 204)] * PAIRS
    assert all(is_parted(one, other) for one, other in fresh)


def test_two_who_end_a_friendship_at_once_end_it_once(server: Any, fresh: Any) -> None:
    for one, other in fresh:
        befriend(server.api, one, other)

    answers = at_once(server, fresh, unfriend, unfriend)

    assert {tuple(sorted(pair)) for pair in answers} == {(204, 404)}
    assert {agree(one, other) for one, other in fresh} == {None}


def test_an_answer_while_the_request_is_withdrawn_is_one_or_the_other(server: Any, fresh: Any) -> None:
    for one, other in fresh:
        send_friend_request(server.api, one, other)

    def withdraw(api: Any, one: Any, other: Any) -> Any:
        return api.delete(f"/v1/friends/requests/{other.id}", token=one.token)

    answers = at_once(server, fresh, withdraw, answer)

    for (one, other), found in zip(fresh, answers, strict=True):
        assert (found, agree(one, other)) in [((204, 404), None), ((404, 200), "friends")]


def test_many_who_are_accepted_at_once_never_exceed_the_limit(server: Any, person: Any, pairs: Any) -> None:
    """Somebody with two free places accepts a request of each pair at the same time."""
    popular = person()
    others = [one for one, _ in pairs]
    for other in others:
        send_friend_request(server.api, other, popular)
    fill(popular.id, 998)

    with ThreadPoolExecutor(PAIRS) as threads:
        answers = list(threads.map(lambda other: answer(server.api, popular, other).status_code, others))

    assert sorted(answers) == [200] * 2 + [409] * (PAIRS - 2)
    circle = relations.load_relations(popular.id)
    assert len(circle.friends) == 1000
    assert sorted(circle.is_friend(other.id) for other in others) == [False] * (PAIRS - 2) + [True] * 2
    for other, status in zip(others, answers, strict=True):
        assert agree(other, popular) == ("friends" if status == 200 else "sent")


def fill(user_id: str, count: int) -> None:
    """Give somebody friends that don't exist."""
    from apps.core import keys  # noqa: PLC0415
    from apps.users.models import RelationsRow  # noqa: PLC0415

    key = keys.relations(user_id)
    RelationsRow(pk=key.pk, sk=key.sk, friends={bytes([1]) + number.to_bytes(15) for number in range(count)}).save()
