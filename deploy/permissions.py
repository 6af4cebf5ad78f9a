"""The permissions that CloudFormation needs to deploy the stacks, computed from the templates.

AWS publishes the calls that each resource type's handlers make; cfn-lint contains these schemas. Functions in a
template, types of its parameters and delivered logs need more, which no schema lists: those are tables here. `make
permissions` writes the result to permissions.json, from which the pipeline stack builds its role, so that building
needs only this package.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.resources import files
from pathlib import Path
from typing import Any

KEPT = Path(__file__).with_suffix(".json")

# Services whose resources we name ourselves, and the ARNs that CloudFormation may act on.
BY_NAME = {
    "application-autoscaling": ("application-autoscaling:*:{account}:scalable-target/*",),
    "budgets": ("budgets::{account}:budget/{prefix}-*",),
    "cognito-idp": ("cognito-idp:*:{account}:userpool/*",),
    "dynamodb": ("dynamodb:*:{account}:table/{prefix}-*",),
    "ecr": ("ecr:*:{account}:repository/{prefix}-*",),
    "iam": (
        "iam::{account}:role/{prefix}-*",
        "iam::{account}:role/aws-service-role/*",
    ),
    "s3": ("s3:::{prefix}-*",),
    "scheduler": ("scheduler:*:{account}:schedule/{prefix}/*", "scheduler:*:{account}:schedule-group/{prefix}"),
    "secretsmanager": ("secretsmanager:*:{account}:secret:{prefix}-*",),
    "ses": ("ses:*:{account}:identity/*",),
    "sns": ("sns:*:{account}:{prefix}-*",),
    "sqs": ("sqs:*:{account}:{prefix}-*",),
    "states": ("states:*:{account}:stateMachine:{prefix}-*",),
}
# Actions on roles that are allowed only while the role has the boundary of deploy/stacks/boundary.py.
BOUNDED = frozenset(
    f"iam:{action}"
    for action in (
        "AttachRolePolicy",
        "CreateRole",
        "DeleteRolePolicy",
        "DetachRolePolicy",
        "PutRolePermissionsBoundary",
        "PutRolePolicy",
    )
)
HAND_OVER = "iam:PassRole"
# Services that name their resources themselves, or lack resource-level permissions: limited by region.
BY_REGION = (
    "acm", "cloudfront", "cloudwatch", "ec2", "ecs", "elasticache", "elasticloadbalancing", "kms",
    "logs", "route53", "wafv2",
)  # fmt: skip
# Calls that CloudFormation makes with the same role to evaluate functions of a template. No schema of a resource type
# lists them.
FUNCTIONS: Mapping[str, frozenset[str]] = {
    "Fn::GetAZs": frozenset({"ec2:DescribeAccountAttributes", "ec2:DescribeAvailabilityZones"}),
    **dict.fromkeys(
        ("Fn::And", "Fn::Equals", "Fn::GetAtt", "Fn::If", "Fn::Join", "Fn::Not", "Fn::Or", "Fn::Select", "Fn::Sub"),
        frozenset[str](),
    ),
}
# Calls that it makes to validate parameters of AWS-specific types, by a part of the type's name.
PARAMETER_TYPES: Mapping[str, frozenset[str]] = {
    "String": frozenset(),
    "Number": frozenset(),
    "AWS::EC2::SecurityGroup::Id": frozenset({"ec2:DescribeSecurityGroups"}),
    "AWS::EC2::VPC::Id": frozenset({"ec2:DescribeVpcs"}),
    "AWS::Route53::HostedZone::Id": frozenset({"route53:GetHostedZone", "route53:ListHostedZones"}),
    "List<AWS::EC2::Subnet::Id>": frozenset({"ec2:DescribeSubnets"}),
}
# Permissions that a service requires for delivering logs: IAM checks them, but there are no API calls of these names.
DELIVERED_LOGS: Mapping[str, frozenset[str]] = {
    "AWS::EC2::FlowLog": frozenset({"logs:CreateLogDelivery", "logs:DeleteLogDelivery"}),
    "AWS::Logs::DeliverySource": frozenset({"cloudfront:AllowVendedLogDeliveryForResource"}),
    "AWS::WAFv2::LoggingConfiguration": frozenset(
        {"logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeResourcePolicies", "logs:PutResourcePolicy"}
    ),
}
# Actions on which IAM's tables disagree whether they support resource-level permissions. Without that support, a policy
# that names resources would deny them, so they are limited by region.
WITH_AND_WITHOUT_RESOURCE = frozenset(
    {"sns:GetSubscriptionAttributes", "sns:SetSubscriptionAttributes", "sns:Unsubscribe"}
)
# Actions in handlers that we never need: they change permissions or read users' data.
WITHHELD = frozenset(
    {
        "dynamodb:BatchWriteItem",
        "dynamodb:DeleteItem",
        "dynamodb:GetItem",
        "dynamodb:PutItem",
        "dynamodb:Query",
        "dynamodb:Scan",
        "dynamodb:UpdateItem",
        "iam:DeleteRolePermissionsBoundary",
        "kms:Encrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "s3:GetObject",
        "s3:GetObjectVersion",
        "secretsmanager:GetSecretValue",
    }
)


@dataclass(frozen=True)
class Permissions:
    """Actions on resources that we name, by service, and actions that are limited by region only."""

    named: Mapping[str, Sequence[str]]
    nameless: Sequence[str]


def kept() -> Permissions:
    return Permissions(**json.loads(KEPT.read_text("utf-8")))


def compute() -> Permissions:
    known = _actions_of_iam()
    templates = _templates()
    types = {resource["Type"] for template in templates for resource in template["Resources"].values()}
    wanted = {action for action in _handlers(types) if action.lower() in known} - WITHHELD
    wanted |= needed_beside_handlers(templates)
    named = {action for action in wanted if action.partition(":")[0] in BY_NAME and known[action.lower()]}
    named -= WITH_AND_WITHOUT_RESOURCE
    nameless = {action for action in wanted - named if action.partition(":")[0] in {*BY_NAME, *BY_REGION}}
    return Permissions(
        {service: sorted(a for a in named if a.startswith(f"{service}:")) for service in sorted(BY_NAME)},
        sorted(nameless),
    )


def needed_beside_handlers(templates: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the permissions that templates need and no schema lists: for functions, parameter types and log delivery.

    Raises KeyError for a function or type that is in none of the tables: look up what it needs, and add it.
    """
    needed: set[str] = set()
    for template in templates:
        functions = set(re.findall(r'"(Fn::\w+)"', json.dumps(template)))
        needed.update(*(FUNCTIONS[name] for name in functions))
        needed.update(*(PARAMETER_TYPES[one["Type"]] for one in template.get("Parameters", {}).values()))
        types = {resource["Type"] for resource in template["Resources"].values()}
        needed.update(*(DELIVERED_LOGS[one] for one in types & set(DELIVERED_LOGS)))
    return needed


def _templates() -> list[Mapping[str, Any]]:
    """Return all templates that CloudFormation's role deploys, in every variant that an environment can choose."""
    from deploy import stacks  # noqa: PLC0415  the pipeline stack is among them, and reads what this writes
    from deploy.environments import ENVIRONMENTS, PROD  # noqa: PLC0415

    everything = replace(PROD, name="everything", cache=True, tracing=True, egress="nat")
    return [
        json.loads(stacks.render(env, stack))
        for env in (*ENVIRONMENTS.values(), everything)
        for stack in stacks.select(env)
        if not stack.by_administrators
    ]


def _handlers(types: set[str]) -> set[str]:
    actions: set[str] = set()
    for path in files("cfnlint").joinpath("data/schemas/resources").iterdir():
        text = path.read_text("utf-8") if path.name.endswith(".json") else ""
        # Reading 1,800 files is quick; parsing them all is not.
        if any(f'"{kind}"' in text for kind in types):
            schema = json.loads(text)
            handlers = schema.get("handlers", {}) if schema.get("typeName") in types else {}
            actions.update(*(handler.get("permissions", []) for handler in handlers.values()))
    return actions


def _actions_of_iam() -> dict[str, bool]:
    """Return the actions that IAM knows, in lower case, and whether they support resource-level permissions.

    The schemas also list SDK operations, which have other names in IAM, and some that don't exist.
    """
    services = json.loads(files("cfnlint").joinpath("data/AdditionalSpecs/Policies.json").read_text("utf-8"))
    return {
        f"{service}:{action}".lower(): bool(facts.get("Resources"))
        for service, found in services.items()
        for action, facts in found["Actions"].items()
    }


if __name__ == "__main__":
    KEPT.write_text(json.dumps(asdict(compute()), indent=1, sort_keys=True) + "\n", "utf-8")
