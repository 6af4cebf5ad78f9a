"""Sampling of traces: the first requests of each second, a share of the rest, and no background work."""

import random
import time

import pytest
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import SpanKind

from apps.core.telemetry import spans


def kept(sampler: spans.ShareOfWork, number: int, kind: SpanKind = SpanKind.SERVER) -> int:
    chance = random.Random(7)
    results = [sampler.should_sample(None, chance.getrandbits(128), "request", kind) for _ in range(number)]
    return sum(result.decision is not Decision.DROP for result in results)


@pytest.fixture
def still(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that changes only when the test sets it."""
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def test_the_first_of_each_second_are_kept(still: list[float]) -> None:
    sampler = spans.ShareOfWork(0.0, 2)

    assert kept(sampler, 50) == 2
    still[0] += 1
    assert kept(sampler, 50) == 2


def test_of_the_rest_a_share_is_kept(still: list[float]) -> None:
    assert 170 <= kept(spans.ShareOfWork(0.1, 0), 2000) <= 230
    assert 170 <= kept(spans.ShareOfWork(0.1, 1), 2000) - 1 <= 230


def test_what_a_process_does_by_itself_is_not_traced(still: list[float]) -> None:
    assert kept(spans.ShareOfWork(1.0, 5), 50, SpanKind.CLIENT) == 0
