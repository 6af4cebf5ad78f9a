"""One browser for the module, a server, and moderators with authenticators."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support import browser, moderators
from tests.support.moderators import Staff


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="module")
def mod() -> Staff:
    return moderators.make("admins")


@pytest.fixture(scope="module")
def other_mod() -> Staff:
    return moderators.make()
