"""Whoever is refused for asking too often learns when to ask again."""

from collections.abc import Iterator
from typing import Any

import pytest

from apps.core import problems
from apps.core.errors import TooManyRequests
from apps.imports.errors import TooManyImports
from apps.media.errors import TooManyUploads
from apps.suggestions.errors import QuotaExceeded
from apps.users.errors import TooManyAttempts
from tests.support.accounts import Applicant, fresh_name


def subclasses(of: type[TooManyRequests]) -> Iterator[type[TooManyRequests]]:
    for one in of.__subclasses__():
        yield one
        yield from subclasses(one)


def test_no_refusal_with_429_can_be_made_without_saying_when_to_come_back() -> None:
    known: set[Any] = {TooManyRequests, *subclasses(TooManyRequests)}
    assert {TooManyImports, TooManyUploads, TooManyAttempts, QuotaExceeded} <= known

    for kind in known:
        try:
            refusal = kind()
        except TypeError:
            refusal = kind(retry_after=7)
        assert refusal.status == 429
        assert int(problems.headers(refusal)["Retry-After"]) >= 1


@pytest.mark.parametrize("seconds", [-1, 0, 0.4])
def test_nobody_is_told_to_come_back_at_once(seconds: Any) -> None:
    assert problems.headers(TooManyRequests(retry_after=int(seconds)))["Retry-After"] == "1"


def test_whoever_registers_at_one_mailbox_too_often_learns_when_to_come_back(api: Any, settings: Any) -> None:
    settings.THROTTLE_PER_USER = 2
    email = f"{fresh_name()}@example.com"

    answers = [api.post("/v1/auth/register", json=Applicant(fresh_name(), email).as_json()) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert 1 <= int(answers[-1].headers["Retry-After"]) <= settings.THROTTLE_SECONDS
