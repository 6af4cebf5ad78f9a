"""Who acts in tests of a rule for all operations."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.belongings import Stage


@pytest.fixture
def stage(api: Any, ana: Any, ben: Any, person: Callable[..., Any], messages: list[Any]) -> Stage:
    return Stage(api, ana, ben, person, messages)
