"""The OpenAPI document is served completely to concurrent callers."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.core import schema


def test_several_who_ask_first_and_at_once_get_the_same(api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_made", {})

    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: api.get("/v1/schema"), range(4)))

    assert [answer.status_code for answer in answers] == [200] * 4
    assert "/v1/suggestions" in answers[0].json()["paths"]
    assert len({answer.content for answer in answers}) == 1
