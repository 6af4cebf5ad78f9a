"""Policies on templates, in the language of cfn-guard (rules.guard)."""

import json
from pathlib import Path
from typing import Any

import pytest
from cfn_guard_rs import run_checks  # type: ignore[attr-defined]  # the package declares no exports

from deploy import stacks
from deploy.environments import DEV, PROD, STAGING
from tests.deploy.conftest import BUILT

RULES = Path(__file__).with_name("rules.guard").read_text("utf-8")
NAMES = RULES.count("\nrule ")
EVERY = [(env.name, stack.name) for env in (DEV, STAGING, PROD) for stack in stacks.select(env)]


@pytest.mark.parametrize(("env", "stack"), EVERY, ids=["-".join(one) for one in EVERY])
def test_a_template_keeps_the_policies(env: str, stack: str) -> None:
    report = run_checks(BUILT[env, stack], RULES)

    assert _broken(report) == set()


def test_each_policy_speaks_of_something() -> None:
    followed = {rule for env, stack in EVERY for rule in run_checks(BUILT[env, stack], RULES).compliant}

    assert len(followed) == NAMES


def test_a_policy_notices() -> None:
    broken = json.loads(json.dumps(BUILT["prod", "storage"]))
    broken["Resources"]["Images"]["Properties"]["PublicAccessBlockConfiguration"]["BlockPublicAcls"] = False

    assert _broken(run_checks(broken, RULES)) == {"buckets_are_private_encrypted_and_versioned"}


def _broken(report: Any) -> set[str]:
    return {clause.Rule.name for clause in report.not_compliant}
