"""A moderator and an admin for each module, and browsers in which they are signed in."""

import pytest

from tests.support import moderators
from tests.support.moderators import Browser, Staff


@pytest.fixture(scope="module")
def mod() -> Staff:
    return moderators.make()


@pytest.fixture(scope="module")
def chief() -> Staff:
    return moderators.make("admins")


@pytest.fixture
def browser(mod: Staff) -> Browser:
    made = Browser()
    assert made.sign_in(mod).status_code == 302
    return made


@pytest.fixture
def chief_browser(chief: Staff) -> Browser:
    made = Browser()
    assert made.sign_in(chief).status_code == 302
    return made
