"""Production's templates on file: what a change does to them is read in its diff.

`make snapshots` writes them again.
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
