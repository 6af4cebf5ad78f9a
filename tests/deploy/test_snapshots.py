"""Snapshots of production's templates, which show in a diff how a change affects them.

Run `make snapshots` to update them.
"""

import json

import pytest

from deploy import stacks
from deploy.environments import PROD
from tests.deploy.conftest import BUILT
from tests.deploy.write_snapshots import DIRECTORY

NAMES = [stack.name for stack in stacks.select(PROD)]


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_the_one_on_file(name: str) -> None:
    on_file = json.loads((DIRECTORY / f"{name}.json").read_text("utf-8"))

    assert BUILT["prod", name] == on_file, "run: make snapshots, and read what it changed"


def test_no_template_is_on_file_that_does_not_exist() -> None:
    assert {path.stem for path in DIRECTORY.glob("*.json")} == set(NAMES)
