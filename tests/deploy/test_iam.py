"""Roles: no wildcards, only our own resources, and no task with access to IAM."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from deploy.environments import DEV, PROD, STAGING
from deploy.resources import roles
from deploy.stacks.pipeline import LONGEST_POLICY
from tests.deploy.conftest import BUILT

# Calls without resource-level permissions.
WITHOUT_RESOURCE = {
    "bedrock:GetFoundationModelAvailability",
    # Of composite alarms, such as `release`; single ones could be named.
    "cloudwatch:DescribeAlarms",
    "ecr:GetAuthorizationToken",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
}
ENVIRONMENTS = [DEV, STAGING, PROD]


def _policies(env: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield stack, title and document of everything that gives rights to our roles; a boundary gives none."""
    for (name, stack), template in BUILT.items():
        if name != env or stack == "boundary":
            continue
        for title, resource in template["Resources"].items():
            if resource["Type"] == "AWS::IAM::Role":
                for policy in resource["Properties"].get("Policies", []):
                    yield stack, title, policy["PolicyDocument"]
            elif resource["Type"] == "AWS::IAM::ManagedPolicy":
                yield stack, title, resource["Properties"]["PolicyDocument"]


def _limit(env: str) -> dict[str, Any]:
    document: dict[str, Any] = BUILT[env, "boundary"]["Resources"]["Boundary"]["Properties"]["PolicyDocument"]
    return document


def _allowed(env: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for stack, title, document in _policies(env):
        for statement in document["Statement"]:
            if statement["Effect"] == "Allow":
                yield stack, title, statement


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env.name)
def test_no_allowed_action_is_a_wildcard(env: Any) -> None:
    for _, title, statement in _allowed(env.name):
        assert not [action for action in _listed(statement["Action"]) if "*" in action], title
        assert "NotAction" not in statement
        assert "NotResource" not in statement


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env.name)
def test_everything_is_allowed_only_where_iam_knows_no_resource(env: Any) -> None:
    for stack, title, statement in _allowed(env.name):
        if "*" not in _listed(statement["Resource"]):
            continue
        if stack == "pipeline" and title.startswith("MakeStacks"):
            assert "aws:RequestedRegion" in statement["Condition"]["StringEquals"]
        else:
            assert set(_listed(statement["Action"])) <= WITHOUT_RESOURCE, title


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env.name)
def test_a_named_resource_is_ours(env: Any) -> None:
    """Each ARN contains our prefix or domain, or is the resource of AWS that the role is for."""
    foreign = re.compile(r":(foundation-model/|inference-profile/[a-z]+\.)anthropic\.[a-z0-9.:-]+$|:distribution/\*$")
    for stack, title, statement in _allowed(env.name):
        if title.startswith("MakeStacks"):
            continue
        for resource in _listed(statement["Resource"]):
            if resource == "*" or "Fn::GetAtt" in resource:
                continue
            if "Ref" in resource:
                ours = {"SecretKey", "SecretKeyArn", "CognitoClientSecretArn", "CognitoPoolArn"}
                assert resource["Ref"] in ours, (stack, title)
                continue
            arn = resource["Fn::Sub"]
            assert env.prefix in arn or env.domain in arn or foreign.search(arn), (stack, title, arn)


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env.name)
def test_tasks_are_denied_iam(env: Any) -> None:
    tasks = [document for _, title, document in _policies(env.name) if title.endswith("TaskRole")]

    assert len(tasks) == 2 + len(env.workers)
    for document in tasks:
        denied = [one for one in document["Statement"] if one["Effect"] == "Deny"]
        assert any("iam:*" in one["Action"] and one["Resource"] == "*" for one in denied)


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env.name)
def test_no_role_reaches_beyond_the_boundary_whatever_its_policies_say(env: Any) -> None:
    """Except for those of the pipeline, which an administrator deploys."""
    limit = {"Fn::Sub": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{env.prefix}-boundary"}
    limited = {
        (stack, title): resource["Properties"].get("PermissionsBoundary")
        for (name, stack), template in BUILT.items()
        if name == env.name and stack != "pipeline"
        for title, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }

    assert len(limited) >= 8
    assert set(map(str, limited.values())) == {str(limit)}
    work, handing = _limit(env.name)["Statement"]
    assert {"iam:*", "organizations:*", "account:*", "sts:AssumeRole", "cloudformation:*"} <= set(work["NotAction"])
    assert (handing["Action"], set(handing["Condition"]["StringEquals"])) == ("iam:PassRole", {"iam:PassedToService"})


def test_cloudformation_makes_no_role_that_is_not_limited_and_changes_no_limit() -> None:
    free = {
        action
        for _, title, one in _allowed("prod")
        if title.startswith("MakeStacks") and "iam:PermissionsBoundary" not in json.dumps(one.get("Condition"))
        for action in _listed(one["Action"])
    }
    changing = {one for one in free if re.match(r"iam:(?!Get|List|UpdateAssume)\w*(Polic|Boundary|CreateRole$)", one)}
    denied = [
        statement
        for _, title, document in _policies("prod")
        if title == "CloudFormationRole"
        for statement in document["Statement"]
    ]

    assert "iam:GetRolePolicy" in free
    assert changing == set()
    (deny,) = denied
    assert (deny["Effect"], deny["Action"]) == ("Deny", ["iam:*"])
    assert [arn["Fn::Sub"].rpartition(":")[2] for arn in deny["Resource"]] == [
        "role/smart-cooking-prod-cloudformation", "role/smart-cooking-prod-deploy", "policy/smart-cooking-prod-*",
    ]  # fmt: skip


def test_roles_are_handed_to_named_services_only() -> None:
    for env in ENVIRONMENTS:
        for _, title, one in _allowed(env.name):
            if "iam:PassRole" in _listed(one["Action"]):
                assert one["Condition"]["StringEquals"]["iam:PassedToService"], title
                assert _listed(one["Action"]) == ["iam:PassRole"]


def test_github_takes_the_role_for_its_repository_and_environment_alone() -> None:
    for env in ENVIRONMENTS:
        role = BUILT[env.name, "pipeline"]["Resources"]["DeployRole"]["Properties"]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]

        assert trust["Condition"] == {
            "StringEquals": {
                "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                "token.actions.githubusercontent.com:sub": (
                    f"repo:{env.repository}:environment:{env.name}:ref:refs/heads/{env.branch}"
                ),
            }
        }


def test_the_workflows_role_reads_no_data() -> None:
    allowed = {
        action for _, title, one in _allowed("prod") if title == "DeployRole" for action in _listed(one["Action"])
    }

    assert not {action for action in allowed if action.startswith(("dynamodb:", "secretsmanager:", "logs:", "kms:"))}
    assert {action for action in allowed if action.startswith("cognito-idp:")} == {"cognito-idp:AdminConfirmSignUp"}


def test_generation_calls_the_configured_model_and_no_other() -> None:
    calls = [
        one
        for _, title, one in _allowed("prod")
        if title != "DeployRole" and any(a.startswith("bedrock:") for a in _listed(one["Action"]))
    ]

    assert [one["Action"] for one in calls] == [["bedrock:InvokeModel"]]
    profile, model = (one["Fn::Sub"] for one in calls[0]["Resource"])
    assert profile.endswith(f":inference-profile/{PROD.bedrock_model}")
    assert model.endswith(f"foundation-model/{PROD.bedrock_model.partition('.')[2]}")


def test_a_profile_needs_its_model_in_every_region() -> None:
    env = replace(PROD, bedrock_model="apac.anthropic.claude-3-haiku-20240307-v1:0", bedrock_guardrail="abc")
    generate, read_along = roles.generate(env)

    assert [arn.to_dict()["Fn::Sub"].partition(":bedrock:")[2] for arn in generate["Resource"]] == [
        "ap-southeast-1:${AWS::AccountId}:inference-profile/apac.anthropic.claude-3-haiku-20240307-v1:0",
        "*::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
    ]
    assert read_along["Action"] == ["bedrock:ApplyGuardrail"]


def test_mail_is_sent_from_our_address_only() -> None:
    mails = [one for _, _, one in _allowed("prod") if any(a.startswith("ses:") for a in _listed(one["Action"]))]

    sent = [one for one in mails if "ses:SendEmail" in one["Action"]]
    assert sent
    for one in sent:
        assert one["Condition"] == {"StringEquals": {"ses:FromAddress": "no-reply@smartcooking.com"}}


def test_workers_receive_from_their_own_queues_only() -> None:
    for group in PROD.workers:
        (receiving,) = [
            one
            for _, title, one in _allowed("prod")
            if title == f"Worker{group.name.capitalize()}TaskRole" and "sqs:ReceiveMessage" in one["Action"]
        ]
        names = {resource["Fn::Sub"].rpartition(":")[2] for resource in receiving["Resource"]}
        assert names == {f"smart-cooking-prod-{queue}" for queue in group.queues}


@pytest.mark.parametrize("env", ENVIRONMENTS, ids=lambda env: env.name)
def test_the_worker_of_imports_may_do_what_reading_them_takes_and_nothing_else(env: Any) -> None:
    allowed = {one["Sid"]: one for _, title, one in _allowed(env.name) if title == "WorkerImportsTaskRole"}
    images = f"arn:${{AWS::Partition}}:s3:::{env.prefix}-images"

    assert set(allowed) == {"Table", "SendWork", "ReceiveWork", "SeeImages", "PostedFiles"}
    assert allowed["Table"]["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["USER#*", "RECIPE#*", "OUTBOX#*", "INGREDIENTS"]}
    }
    assert not {"dynamodb:Scan", "dynamodb:DeleteTable"} & set(allowed["Table"]["Action"])
    assert {arn["Fn::Sub"].rpartition("-")[2] for arn in allowed["SendWork"]["Resource"]} == {"imports", "media"}
    assert [arn["Fn::Sub"].rpartition("-")[2] for arn in allowed["ReceiveWork"]["Resource"]] == ["imports"]
    assert allowed["PostedFiles"]["Action"] == ["s3:GetObject", "s3:PutObject"]
    assert [
        arn["Fn::Sub"].startswith(images) and arn["Fn::Sub"].endswith("/incoming/*")
        for arn in allowed["PostedFiles"]["Resource"]
    ] == [True]


def test_nobody_takes_a_role_for_another_account() -> None:
    for (env, _), template in BUILT.items():
        for title, resource in template["Resources"].items():
            if resource["Type"] == "AWS::IAM::Role":
                for statement in resource["Properties"]["AssumeRolePolicyDocument"]["Statement"]:
                    if statement["Principal"] == {"Service": "s3.amazonaws.com"}:
                        # S3 tells no account; a bucket has the role only if somebody of this account may pass it.
                        continue
                    conditions = json.dumps(statement["Condition"])
                    assert "aws:SourceAccount" in conditions or f":environment:{env}" in conditions, title


def test_a_policy_is_no_longer_than_iam_takes() -> None:
    for (env, stack), template in BUILT.items():
        for title, resource in template["Resources"].items():
            if resource["Type"] == "AWS::IAM::ManagedPolicy":
                length = len(json.dumps(resource["Properties"]["PolicyDocument"], separators=(",", ":")))
                assert length <= LONGEST_POLICY, (env, stack, title)
