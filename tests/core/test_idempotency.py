"""Idempotency keys: one effect, and the same response to a repetition."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.core import clock, idempotency, ids, transactions
from apps.core.idempotency import IdempotentRequest
from tests.support import recipes

pytestmark = pytest.mark.usefixtures("seeded")


def post(api: Any, person: Any, body: dict[str, Any], key: str) -> Any:
    return api.post("/v1/recipes", json=body, token=person.token, headers={"Idempotency-Key": key})


def own(api: Any, person: Any) -> list[str]:
    return [one["id"] for one in api.get("/v1/users/me/recipes?limit=100", token=person.token).json()["items"]]


def test_the_same_request_gets_the_same_answer_and_creates_once(api: Any, ana: Any) -> None:
    body, key = recipes.body(), ids.new_id()

    first, second = post(api, ana, body, key), post(api, ana, body, key)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"]
    assert own(api, ana) == [first.json()["id"]]


def test_another_body_under_the_same_key_is_refused(api: Any, ana: Any) -> None:
    key = ids.new_id()
    post(api, ana, recipes.body(), key)

    answer = post(api, ana, recipes.body(), key)

    assert (answer.status_code, answer.json()["code"]) == (409, "idempotency_key_reused")


def test_keys_of_two_people_have_nothing_to_do_with_each_other(api: Any, ana: Any, ben: Any) -> None:
    body, key = recipes.body(), ids.new_id()

    assert post(api, ana, body, key).json()["id"] != post(api, ben, body, key).json()["id"]


def test_a_refused_request_frees_its_key(api: Any, ana: Any) -> None:
    key = ids.new_id()

    assert post(api, ana, recipes.body(servings=0), key).status_code == 400
    assert post(api, ana, recipes.body(), key).status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb"])
def test_a_key_that_is_none_is_refused(api: Any, ana: Any, key: str) -> None:
    assert post(api, ana, recipes.body(), key).status_code == 400


def test_twenty_at_once_create_once(ana: Any, server: Any) -> None:
    body, key = recipes.body(), ids.new_id()

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda _: post(server.api, ana, body, key), range(20)))

    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {201, 409}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} <= {"in_progress"}
    assert len({answer.json()["id"] for answer in answers if answer.status_code == 201}) == 1
    assert len(own(server.api, ana)) == 1


def test_a_request_that_died_before_its_answer_creates_nothing_twice(api: Any, ana: Any) -> None:
    """The process was killed after the commit: the recipe exists, the row says "running", and its lease has expired."""
    body, key = recipes.body(), ids.new_id()
    made = post(api, ana, body, key).json()
    row = next(iter(IdempotentRequest.query(f"IDEMPOTENCY#{ana.id}")))
    row.done, row.content, row.started_at = False, None, clock.now() - idempotency._LEASE
    transactions.save(row)

    again = post(api, ana, body, key)

    assert (again.status_code, again.json()["id"]) == (201, made["id"])
    assert own(api, ana) == [made["id"]]


def test_a_request_whose_first_self_is_still_running_is_told_so(api: Any, ana: Any) -> None:
    body, key = recipes.body(), ids.new_id()
    post(api, ana, body, key)
    row = next(iter(IdempotentRequest.query(f"IDEMPOTENCY#{ana.id}")))
    row.done, row.started_at = False, clock.now()
    transactions.save(row)

    answer = post(api, ana, body, key)

    assert (answer.status_code, answer.json()["code"]) == (409, "in_progress")


def test_a_claim_whose_answer_was_lost_is_ones_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """The AWS client retries the claim, and the retry finds the row of the first one."""
    claim = transactions.claim

    def claim_twice(row: Any, otherwise: Exception) -> None:
        claim(row, otherwise)
        claim(row, otherwise)

    monkeypatch.setattr(transactions, "claim", claim_twice)

    attempt = idempotency.begin(caller="somebody", key=ids.new_id(), fingerprint="the same")

    assert not attempt.answered
    assert attempt.row is not None
