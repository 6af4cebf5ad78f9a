"""A moderator and an admin for each module, and browsers in which they are signed in.

What needs settings is imported by the fixtures: pytest reads this file before there are any.
"""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.support.moderators import Browser, Staff


@pytest.fixture(scope="module")
def mod() -> "Staff":
    from tests.support import moderators  # noqa: PLC0415

    return moderators.make()


@pytest.fixture(scope="module")
def chief() -> "Staff":
    from tests.support import moderators  # noqa: PLC0415

    return moderators.make("admins")


@pytest.fixture
def browser(mod: "Staff") -> "Browser":
    return _signed_in(mod)


@pytest.fixture
def chief_browser(chief: "Staff") -> "Browser":
    return _signed_in(chief)


def _signed_in(staff: "Staff") -> "Browser":
    from tests.support.moderators import Browser  # noqa: PLC0415

    made = Browser()
    assert made.sign_in(staff).status_code == 302
    return made
