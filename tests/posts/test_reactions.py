"""Reactions over HTTP: one per person and target, replaced and removed; counts are exact under races."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.posts import services
from apps.posts.repositories import comments as comment_rows
from apps.posts.repositories import posts
from tests.support import society

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def post(api: Any, ana: Any) -> str:
    post_id: str = society.post(api, ana)["id"]
    return post_id


def figures(api: Any, person: Any, post_id: str) -> Any:
    found = api.get(f"/v1/posts/{post_id}", token=person.token).json()
    assert found["reaction_count"] == sum(found["reactions"].values())
    return found["reactions"], found["my_reaction"], found["comment_count"]


def test_a_reaction_is_replaced_counted_once_and_taken_back(api: Any, ana: Any, ben: Any, post: str) -> None:
    for reaction in ("like", "like", "wow"):
        standing = society.react(api, ben, post, reaction)
        assert (standing["reaction_count"], standing["my_reaction"]) == (1, reaction)

    assert figures(api, ben, post) == ({"like": 0, "love": 0, "wow": 1}, "wow", 0)
    assert figures(api, ana, post) == ({"like": 0, "love": 0, "wow": 1}, None, 0)
    assert api.delete(f"/v1/posts/{post}/reaction", token=ben.token).status_code == 204
    assert figures(api, ben, post) == ({"like": 0, "love": 0, "wow": 0}, None, 0)
    never = api.delete(f"/v1/posts/{post}/reaction", token=ana.token)
    assert (never.status_code, never.json()["code"]) == (404, "reaction_not_found")


def test_reactions_to_comments_are_counted_on_the_comment(api: Any, ana: Any, ben: Any, post: str) -> None:
    first, second = (society.comment(api, ana, post)["id"] for _ in range(2))
    society.react(api, ben, f"{post}/comments/{first}", "love")
    society.react(api, ana, f"{post}/comments/{first}", "wow")
    society.react(api, ana, f"{post}/comments/{second}")

    shown = api.get(f"/v1/posts/{post}/comments", token=ben.token).json()["items"]

    assert [(one["reaction_count"], one["my_reaction"]) for one in shown] == [(2, "love"), (1, None)]
    assert figures(api, ben, post)[0] == {"like": 0, "love": 0, "wow": 0}


@pytest.mark.parametrize(
    "body", [{}, {"reaction": "hate"}, {"reaction": None}, {"reaction": 1}, {"kind": "like"}], ids=str
)
def test_an_invalid_reaction_is_400(api: Any, ben: Any, post: str, body: Any) -> None:
    assert api.put(f"/v1/posts/{post}/reaction", json=body, token=ben.token).status_code == 400


def test_two_hundred_reactions_comments_and_withdrawals_at_once_are_counted_exactly(
    server: Any, ana: Any, person: Any
) -> None:
    api = server.api
    post_id = society.post(api, ana)["id"]
    people = [person() for _ in range(10)]
    path = f"/v1/posts/{post_id}"
    kinds = ["like", "love", "wow"]
    chance = random.Random(7)
    # Each person acts in sequence, and all people act concurrently.
    plans = [[chance.choice([*kinds, "withdraw", "comment", "uncomment"]) for _ in range(20)] for _ in people]

    def play(number: int) -> tuple[str | None, int]:
        token, mine, written, reacted = people[number].token, None, [], False
        for step in plans[number]:
            if step in kinds:
                assert api.put(f"{path}/reaction", json={"reaction": step}, token=token).status_code == 200
                mine, reacted = step, True
            elif step == "withdraw":
                expected = 204 if reacted else 404
                assert api.delete(f"{path}/reaction", token=token).status_code == expected
                mine = None
            elif step == "comment":
                written.append(society.comment(api, people[number], post_id)["id"])
            elif written:
                assert api.delete(f"{path}/comments/{written.pop()}", token=token).status_code == 204
        return mine, len(written)

    with ThreadPoolExecutor(len(people)) as threads:
        ends = list(threads.map(play, range(len(people))))

    reactions = [mine for mine, _ in ends if mine]
    found = figures(api, ana, post_id)
    assert found[0] == {kind: reactions.count(kind) for kind in kinds}
    assert found[2] == sum(written for _, written in ends) == len(list(comment_rows.iterate_comments(post_id)))
    assert len(list(posts.iterate_dependent_rows(post_id, "REACTION"))) == len(reactions)


def test_one_person_reacting_from_many_devices_counts_once(server: Any, ana: Any, ben: Any) -> None:
    post_id = society.post(server.api, ana)["id"]

    with ThreadPoolExecutor(12) as threads:
        kinds = ["like", "love", "wow"] * 8
        list(threads.map(lambda kind: society.react(server.api, ben, post_id, kind), kinds))

    found, mine, _ = figures(server.api, ben, post_id)
    assert found == {kind: int(kind == mine) for kind in ("like", "love", "wow")}


def test_ten_concurrent_deletions_count_as_one(server: Any, ana: Any, ben: Any) -> None:
    post_id = society.post(server.api, ana)["id"]
    comment_id = society.comment(server.api, ben, post_id)["id"]

    for path in (f"/v1/posts/{post_id}/comments/{comment_id}", f"/v1/posts/{post_id}"):
        with ThreadPoolExecutor(10) as threads:
            answers = list(
                threads.map(lambda _, path=path: server.api.delete(path, token=ana.token).status_code, range(10))
            )
        assert answers == [204] * 10
        assert server.api.get(path, token=ana.token).status_code == 404


def test_writes_during_the_deletion_of_a_post_leave_nothing_behind(server: Any, ana: Any, person: Any) -> None:
    api = server.api
    post_id = society.post(api, ana)["id"]
    people = [person() for _ in range(8)]
    comment_id = society.comment(api, ana, post_id)["id"]

    def write(number: int) -> list[int]:
        token, path = people[number].token, f"/v1/posts/{post_id}"
        body = {"reaction": "like"}
        answers = []
        for _ in range(3):
            answers.append(api.post(f"{path}/comments", json={"content": "x"}, token=token).status_code)
            answers.append(api.put(f"{path}/comments/{comment_id}/reaction", json=body, token=token).status_code)
            answers.append(api.put(f"{path}/reaction", json=body, token=token).status_code)
        return answers

    with ThreadPoolExecutor(9) as threads:
        writing = [threads.submit(write, number) for number in range(8)]
        deleted = threads.submit(api.delete, f"/v1/posts/{post_id}", token=ana.token).result().status_code
        answers = {status for one in writing for status in one.result()}

    assert deleted == 204
    assert answers <= {200, 201, 404}
    for _ in range(2):
        services.clear_deleted_post(post_id)
    assert (
        list(posts.iterate_dependent_rows(post_id, "COMMENT"))
        == list(posts.iterate_dependent_rows(post_id, "REACTION"))
        == []
    )
    assert posts.find_tombstone(post_id) is None
