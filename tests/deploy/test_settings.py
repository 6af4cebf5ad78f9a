"""The tasks set every variable that the service reads, and no others."""

import re
from pathlib import Path
from typing import Any

import pytest

from deploy import outputs
from deploy.environments import DEV, PROD, STAGING, Environment
from smartcooking import env as env_variables
from tests.deploy.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]
# Only an emulator has an address of its own; and ECS hands the secrets over, from Secrets Manager.
ELSEWHERE = {"AWS_ENDPOINT_URL", "DYNAMODB_ENDPOINT_URL", "COGNITO_CLIENT_SECRET", "SECRET_KEY"}


def _containers(env: Environment) -> list[tuple[str, dict[str, Any]]]:
    return [
        (title, container)
        for (name, _), template in BUILT.items()
        if name == env.name
        for title, resource in template["Resources"].items()
        if resource["Type"] == "AWS::ECS::TaskDefinition"
        for container in resource["Properties"]["ContainerDefinitions"]
    ]


def _read_by_gunicorn() -> set[str]:
    text = (ROOT / "docker" / "gunicorn.conf.py").read_text("utf-8")
    return set(re.findall(r"environ\.get\(['\"]([A-Z_]+)", text))


@pytest.mark.parametrize("env", [DEV, STAGING, PROD], ids=lambda env: env.name)
def test_tasks_set_what_the_settings_read_and_nothing_else(env: Environment) -> None:
    containers = _containers(env)

    assert len(containers) == 2 + sum(len(group.pools) for group in env.workers) + 1
    for title, container in containers:
        names = [variable["Name"] for variable in container["Environment"]]
        assert len(names) == len(set(names))
        own = _read_by_gunicorn() if title in {"BlueTask", "GreenTask"} else set()
        assert set(names) == (set(env_variables.VARIABLES) - ELSEWHERE) | own


def test_the_address_of_a_caller_is_what_cloudfront_wrote(prod: dict[str, dict[str, Any]]) -> None:
    (balancer,) = prod["AWS::ElasticLoadBalancingV2::LoadBalancer"].values()
    attributes = {one["Key"]: one["Value"] for one in balancer["Properties"]["LoadBalancerAttributes"]}

    assert attributes["routing.http.xff_header_processing.mode"] == "preserve"
    for _, container in _containers(PROD):
        assert {"Name": "TRUSTED_PROXIES", "Value": "1"} in container["Environment"]


def test_outputs_that_settings_read_are_parameters_of_the_tasks() -> None:
    parameters = set(BUILT["prod", "service"]["Parameters"])

    assert parameters >= set(outputs.READ_BY_SETTINGS)
