"""The templates of every environment, built once."""

import json
from typing import Any

import pytest

from deploy import stacks
from deploy.environments import ENVIRONMENTS, PROD

BUILT = {
    (env.name, stack.name): json.loads(stacks.render(env, stack))
    for env in ENVIRONMENTS.values()
    for stack in stacks.of(env)
}


@pytest.fixture(scope="session")
def prod() -> dict[str, dict[str, Any]]:
    """All resources of production by type and title."""
    found: dict[str, dict[str, Any]] = {}
    for stack in stacks.of(PROD):
        for title, resource in BUILT[PROD.name, stack.name]["Resources"].items():
            found.setdefault(resource["Type"], {})[title] = resource
    return found
