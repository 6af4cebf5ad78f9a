"""Stacks together: each parameter is an output of exactly one earlier stack."""

from collections import Counter

import pytest

from deploy import permissions, stacks
from deploy.environments import DEV, ENVIRONMENTS, LOCAL, PROD, STAGING, Environment
from deploy.operations import cloudformation, rollout
from deploy.operations.rollout import Target
from tests.deploy.conftest import BUILT

REAL = [DEV, STAGING, PROD]
# Given with a release, and the same until the next one.
GIVEN = {"BlueDigest", "ImageDigest"}


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_a_parameter_is_an_output_of_an_earlier_stack(env: Environment) -> None:
    made: set[str] = set()
    for stack in stacks.select(env):
        template = BUILT[env.name, stack.name]
        wanted = {name for name, one in template.get("Parameters", {}).items() if "Default" not in one}
        assert wanted - made <= GIVEN, stack.name
        made |= set(template["Outputs"])


@pytest.mark.parametrize("env", ENVIRONMENTS.values(), ids=lambda env: env.name)
def test_an_output_has_one_maker(env: Environment) -> None:
    made = Counter(name for stack in stacks.select(env) for name in BUILT[env.name, stack.name]["Outputs"])

    assert [name for name, times in made.items() if times > 1] == []


def test_local_has_what_the_emulator_knows() -> None:
    assert [stack.name for stack in stacks.select(LOCAL)] == ["data", "identity", "storage", "messaging"]


def test_what_is_global_lies_where_cloudfront_reads_it() -> None:
    regions = {stack.name: stack.region(PROD) for stack in stacks.select(PROD)}

    assert regions["edge_global"] == regions["monitoring_global"] == "us-east-1"
    assert regions["backup_copies"] not in {PROD.region, "us-east-1"}
    assert regions["service"] == PROD.region


def test_a_stack_is_given_the_outputs_of_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cloudformation, "outputs", lambda client, name: _Echo(name))
    monkeypatch.setattr(rollout, "client_of", lambda target, stack: None)
    (edge,) = stacks.select(PROD, ["edge_global"])

    given = rollout._parameters(Target(PROD), edge, {"ImageDigest": "not asked for"})

    assert given["VpcOriginId"] == "smart-cooking-prod-service/VpcOriginId"
    assert given["ZoneId"] == "smart-cooking-prod-dns/ZoneId"
    assert set(given) == set(BUILT["prod", "edge_global"]["Parameters"])


def test_what_cloudformation_may_do_follows_from_the_templates() -> None:
    assert permissions.kept() == permissions.compute(), "run: make permissions"


class _Echo(dict[str, str]):
    """The outputs of a stack, each telling where it comes from."""

    def __init__(self, stack: str) -> None:
        super().__init__()
        self.stack = stack

    def __missing__(self, name: str) -> str:
        return f"{self.stack}/{name}"
