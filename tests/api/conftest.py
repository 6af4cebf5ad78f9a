"""Who acts in tests of a rule for all operations."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.fixture
def stage(api: Any, ana: Any, ben: Any, person: Callable[..., Any], messages: list[Any]) -> Any:
    """A `Stage` of ana's belongings."""
    from tests.support.belongings import Stage  # noqa: PLC0415  only now is the environment complete

    return Stage(api, ana, ben, person, messages)
