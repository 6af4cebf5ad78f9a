"""The templates of every environment, built once."""

import json
from typing import Any

import pytest

from deploy import stacks
from deploy.environments import ENVIRONMENTS, PROD
from tests.support import once


def _build() -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (env.name, stack.name): json.loads(stacks.render(env, stack))
        for env in ENVIRONMENTS.values()
        for stack in stacks.select(env)
    }


BUILT = once.make_once("templates", _build)


@pytest.fixture(scope="session")
def prod() -> dict[str, dict[str, Any]]:
    """All resources of production by type and title."""
    found: dict[str, dict[str, Any]] = {}
    for stack in stacks.select(PROD):
        for title, resource in BUILT[PROD.name, stack.name]["Resources"].items():
            same = found.setdefault(resource["Type"], {})
            # A few stacks use a word that another one uses, such as for their keys.
            same[title if title not in same else f"{stack.name}.{title}"] = resource
    return found
