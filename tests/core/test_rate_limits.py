"""Rate limits: requests per minute, and requests at the same time."""

import re
from typing import Any

import pytest

from apps.core import context, rate_limits
from apps.core.rate_limits import Buckets, InFlight, LocalLevels, RateLimited
from smartcooking.contract.answers import CAN_HOLD


@pytest.fixture(autouse=True)
def _fresh_buckets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "buckets", Buckets())
    monkeypatch.setattr(rate_limits, "in_flight", InFlight())


@pytest.fixture
def _two_a_minute(settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 2)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The clock of the buckets: change its single element."""
    now = [1000.0]
    monkeypatch.setattr("apps.core.rate_limits.time.monotonic", lambda: now[0])
    return now


@pytest.mark.usefixtures("_two_a_minute")
def test_a_bucket_fills_again_at_its_rate_and_not_above_its_quota(clock: list[float]) -> None:
    buckets = Buckets()
    remaining = [buckets.take("writes", "ana") for _ in range(2)]

    assert [one.remaining for one in remaining if one] == [1, 0]
    with pytest.raises(RateLimited) as refused:
        buckets.take("writes", "ana")
    assert refused.value.retry_after == 30
    clock[0] += 30
    buckets.take("writes", "ana")
    clock[0] += 3600
    assert [one.remaining for _ in range(2) if (one := buckets.take("writes", "ana"))] == [1, 0]


@pytest.mark.usefixtures("_two_a_minute")
def test_people_and_budgets_have_buckets_of_their_own() -> None:
    buckets = Buckets()
    for subject in ("ana", "ben"):
        for budget in ("reads", "writes"):
            for _ in range(2):
                buckets.take(budget, subject)

    with pytest.raises(RateLimited):
        buckets.take("reads", "ana")


def test_no_rate_limits_can_be_asked_for(settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 0

    assert Buckets().take("writes", "ana") is None


def test_subjects_without_end_are_not_remembered_without_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate_limits, "_MAX_BUCKETS", 10)
    levels = LocalLevels()
    buckets = Buckets(levels.draw)

    for number in range(100):
        buckets.take("writes", str(number))

    assert len(levels._levels) == 10


@pytest.mark.usefixtures("_two_a_minute")
def test_a_flood_by_one_is_429_and_nobody_elses(api: Any, ana: Any, ben: Any) -> None:
    answers = [api.get("/v1/pantry", token=ana.token) for _ in range(3)]
    other = api.get("/v1/pantry", token=ben.token)

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert other.status_code == 200
    refused = answers[-1]
    assert refused.json()["code"] == "rate_limited"
    assert 1 <= int(refused.headers["Retry-After"]) <= 30
    assert refused.headers["RateLimit-Policy"] == '"reads";q=2;w=60'
    assert refused.headers["RateLimit"].startswith('"reads";r=0;t=')
    assert answers[0].headers["RateLimit"].startswith('"reads";r=1;t=')


@pytest.mark.usefixtures("_two_a_minute")
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/auth/login"), ("POST", "/v1/auth/forgot-password"), ("GET", "/v1/schema"), ("GET", "/v1/feed")],
)
def test_whoever_has_not_signed_in_is_limited_by_address_and_told_what_is_left(
    api: Any, method: str, path: str
) -> None:
    answers = [api.request(method, path, body=b"{}" if method == "POST" else None) for _ in range(3)]

    assert answers[2].status_code == 429
    assert 429 not in {answer.status_code for answer in answers[:2]}
    assert [re.search("r=([0-9]+)", answer.headers["RateLimit"])[1] for answer in answers] == ["1", "0", "0"]  # type: ignore[index]


@pytest.mark.usefixtures("_two_a_minute")
@pytest.mark.parametrize("path", ["/livez", "/health"])
def test_health_is_not_limited(api: Any, path: str) -> None:
    assert {api.get(path).status_code for _ in range(5)} == {200}


def test_one_person_has_so_many_requests_in_a_process_at_once(settings: Any, api: Any, ana: Any, ben: Any) -> None:
    settings.IN_FLIGHT_PER_PERSON = 1
    rate_limits.in_flight.enter(ana.id)

    during, other = api.get("/v1/pantry", token=ana.token), api.get("/v1/pantry", token=ben.token)
    rate_limits.in_flight.leave(ana.id)
    after = [api.get("/v1/pantry", token=ana.token), api.get("/v1/nowhere", token=ana.token)]

    assert (during.status_code, other.status_code) == (429, 200)
    assert during.headers["Retry-After"] == "1"
    assert [answer.status_code for answer in after] == [200, 404]
    assert api.get("/v1/pantry", token=ana.token).status_code == 200


def test_one_address_has_so_many_requests_in_a_process_at_once_where_nobody_signed_in(settings: Any, api: Any) -> None:
    settings.IN_FLIGHT_PER_PERSON = 1
    rate_limits.in_flight.enter("127.0.0.1")

    during, health = api.post("/v1/auth/login", body=b"{}"), api.get("/livez")
    rate_limits.in_flight.leave("127.0.0.1")

    assert (during.status_code, health.status_code) == (429, 200)
    assert api.post("/v1/auth/login", body=b"{}").status_code == 400


def test_a_refusal_is_sent_later_only_where_no_thread_waits_for_it(settings: Any, api: Any, ana: Any) -> None:
    settings.IN_FLIGHT_PER_PERSON = 0

    refused = api.client.get("/v1/pantry", HTTP_AUTHORIZATION=f"Bearer {ana.token}", **{CAN_HOLD: True})
    due = context.answer_at.get()
    api.get("/v1/pantry", token=ana.token)

    assert refused.status_code == 429
    assert due is not None
    assert context.answer_at.get() is None


@pytest.mark.usefixtures("_two_a_minute")
def test_tokens_that_are_none_are_limited_by_address(api: Any, ana: Any) -> None:
    forged = [api.get("/v1/pantry", token="a.b.c").status_code for _ in range(3)]

    assert forged == [401, 401, 429]
    assert api.get("/v1/pantry", token=ana.token).status_code == 200
