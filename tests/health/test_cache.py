"""`/health` reports a process whose catalogue no longer follows the change feed."""

from datetime import timedelta
from typing import Any

import pytest

from apps.health import services
from apps.recipes import catalogue


@pytest.fixture
def loaded() -> None:
    catalogue.current()
    catalogue.live().refresh()


def test_a_process_that_follows_the_catalogue_is_up(loaded: None, api: Any) -> None:
    assert api.get("/health").json()["services"]["cache"] == "up"


def test_a_process_that_is_left_behind_says_so(loaded: None, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "_BEHIND", timedelta(seconds=0))

    health = api.get("/health").json()

    assert (health["status"], health["services"]["cache"]) == ("degraded", "down")
