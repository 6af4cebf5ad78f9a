"""The pipeline stack: GitHub's access without stored keys, and the role that CloudFormation assumes.

An administrator deploys this stack; neither role can change it. The workflow's role can only start deployments, not do
what they do: CloudFormation works with the second role, which only CloudFormation can assume.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from troposphere import GetAtt, Output, Ref, Sub, Template
from troposphere.iam import ManagedPolicy, OIDCProvider, Policy, Role

from deploy import names, permissions
from deploy.environments import GLOBAL_REGION, Environment
from deploy.resources import parameters, policies, roles
from deploy.stacks import boundary

GITHUB = "token.actions.githubusercontent.com"
# IAM's limit for a managed policy, in characters.
LONGEST_POLICY = 6144
# Reserved for the policy's frame and the conditions of its statements.
FRAME = 400
# Actions per statement.
BATCH = 60


def build(env: Environment) -> Template:
    template = Template(Description=f"Roles that deploy {env.prefix}")
    if env.first_in_account:
        template.add_resource(OIDCProvider("GitHub", Url=f"https://{GITHUB}", ClientIdList=["sts.amazonaws.com"]))
    parts = [
        template.add_resource(
            ManagedPolicy(
                f"MakeStacks{number}",
                ManagedPolicyName=f"{env.prefix}-make-stacks-{number}",
                PolicyDocument=policies.document(*statements),
            )
        )
        for number, statements in enumerate(_parts(env), start=1)
    ]
    worker = template.add_resource(_cloudformation(env, parts))
    starter = template.add_resource(_deployer(template, env, worker))
    if env.first_in_account:
        starter.DependsOn = ["GitHub"]
    template.add_output(Output("DeployRoleArn", Value=GetAtt(starter, "Arn")))
    template.add_output(Output("CloudFormationRoleArn", Value=GetAtt(worker, "Arn")))
    return template


def _cloudformation(env: Environment, parts: list[ManagedPolicy]) -> Role:
    """Return the role that deploys the templates.

    It cannot extend its own permissions, those of the role that starts it, or the boundary of the roles that it
    creates.
    """
    own = [names.arn("iam", f"role/{env.prefix}-{name}", region="") for name in ("cloudformation", "deploy")]
    limits = names.arn("iam", f"policy/{env.prefix}-*", region="")
    deny = {"Sid": "NotItself", "Effect": "Deny", "Action": ["iam:*"], "Resource": [*own, limits]}
    return Role(
        "CloudFormationRole",
        RoleName=f"{env.prefix}-cloudformation",
        AssumeRolePolicyDocument=policies.trust("cloudformation.amazonaws.com"),
        ManagedPolicyArns=[Ref(part) for part in parts],
        Policies=[Policy(PolicyName="not-itself", PolicyDocument=policies.document(deny))],
    )


def _parts(env: Environment) -> Iterator[list[dict[str, Any]]]:
    """Distribute the statements over as many policies as needed; those of one service stay in order."""
    part: list[dict[str, Any]] = []
    length = FRAME
    for statement, size in _statements(env):
        if part and length + size > LONGEST_POLICY:
            yield part
            part, length = [], FRAME
        part.append(statement)
        length += size
    yield part


def _statements(env: Environment) -> Iterator[tuple[dict[str, Any], int]]:
    """Return each statement with its approximate length."""
    kept = permissions.kept()
    for service, actions in kept.named.items():
        named = [
            Sub(f"arn:${{AWS::Partition}}:{arn.format(account='${AWS::AccountId}', prefix=env.prefix)}")
            for arn in permissions.BY_NAME[service]
        ]
        sid = "".join(part.capitalize() for part in service.split("-"))
        freely = [action for action in actions if action not in {*permissions.BOUNDED, permissions.HAND_OVER}]
        yield _allow(sid, named, *freely), _length(freely)
    yield from _on_roles(env, kept.named["iam"])
    regions = sorted({env.region, env.backup_region, GLOBAL_REGION})
    within = {"Condition": {"StringEquals": {"aws:RequestedRegion": regions}}}
    for number, actions in enumerate(_batches(kept.nameless), start=1):
        yield _allow(f"InRegions{number}", "*", *actions) | within, _length(actions)


def _on_roles(env: Environment, actions: Sequence[str]) -> Iterator[tuple[dict[str, Any], int]]:
    """Yield the permissions on our roles: only with the boundary, and only for the services that use them."""
    ours = names.arn("iam", f"role/{env.prefix}-*", region="")
    bounded = sorted(permissions.BOUNDED & set(actions))
    limit = {"Condition": {"StringEquals": {"iam:PermissionsBoundary": boundary.arn(env)}}}
    yield _allow("BoundedRoles", ours, *bounded) | limit, _length(bounded)
    handed = {"Condition": {"StringEquals": {"iam:PassedToService": list(boundary.WORK_WITH_ROLES)}}}
    yield _allow("HandOverRoles", ours, permissions.HAND_OVER) | handed, _length([permissions.HAND_OVER])


def _batches(actions: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(actions), BATCH):
        yield actions[start : start + BATCH]


def _length(actions: Sequence[str]) -> int:
    return sum(len(action) + 3 for action in actions) + FRAME


def _deployer(template: Template, env: Environment, worker: Role) -> Role:
    """Return the role of the workflow's jobs for this environment, which GitHub can protect with an approval."""
    provider = names.arn("iam", f"oidc-provider/{GITHUB}", region="")
    trust = {
        "Effect": "Allow",
        "Principal": {"Federated": provider},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                f"{GITHUB}:aud": "sts.amazonaws.com",
                # The subject of the repository's tokens contains the branch as well (docs/deployment.md, GitHub).
                f"{GITHUB}:sub": f"repo:{env.repository}:environment:{env.name}:ref:refs/heads/{env.branch}",
            }
        },
    }
    return Role(
        "DeployRole",
        RoleName=f"{env.prefix}-deploy",
        AssumeRolePolicyDocument=policies.document(trust),
        MaxSessionDuration=2 * 3600,
        Policies=[Policy(PolicyName="deploy", PolicyDocument=policies.document(*_deploys(template, env, worker)))],
    )


def _deploys(template: Template, env: Environment, worker: Role) -> list[dict[str, Any]]:
    stacks = Sub(f"arn:${{AWS::Partition}}:cloudformation:*:${{AWS::AccountId}}:stack/{env.prefix}-*/*")
    distributions = Sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*")
    return [
        _allow(
            "Stacks",
            stacks,
            "cloudformation:CancelUpdateStack",
            "cloudformation:ContinueUpdateRollback",
            "cloudformation:CreateChangeSet",
            "cloudformation:DeleteChangeSet",
            "cloudformation:DeleteStack",
            "cloudformation:DescribeChangeSet",
            "cloudformation:DescribeStackEvents",
            "cloudformation:DescribeStackResources",
            "cloudformation:DescribeStacks",
            "cloudformation:ExecuteChangeSet",
            "cloudformation:GetTemplate",
            # The tags of a stack.
            "cloudformation:TagResource",
            "cloudformation:UntagResource",
            "cloudformation:UpdateTerminationProtection",
        ),
        _allow("HandOverRole", GetAtt(worker, "Arn"), "iam:PassRole")
        | {"Condition": {"StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}}},
        # The one action of ECR without resource-level permissions.
        _allow("LogInToRegistry", "*", "ecr:GetAuthorizationToken"),
        _allow(
            "PushImage",
            names.arn("ecr", f"repository/{env.prefix}-service"),
            "ecr:BatchCheckLayerAvailability",
            "ecr:BatchGetImage",
            "ecr:CompleteLayerUpload",
            "ecr:DescribeImageScanFindings",
            "ecr:DescribeImages",
            "ecr:GetDownloadUrlForLayer",
            "ecr:InitiateLayerUpload",
            "ecr:PutImage",
            "ecr:UploadLayerPart",
        ),
        _allow("ListClient", names.bucket_arn(env, "frontend"), "s3:ListBucket", "s3:ListBucketVersions"),
        _allow(
            "PutClient",
            names.bucket_arn(env, "frontend", "*"),
            "s3:DeleteObject",
            "s3:GetObject",
            "s3:GetObjectVersion",
            "s3:PutObject",
        ),
        _allow("RefreshClient", distributions, "cloudfront:CreateInvalidation", "cloudfront:GetInvalidation"),
        # It has no resource-level permissions for composite alarms, and `release` is one.
        _allow("WatchRelease", "*", "cloudwatch:DescribeAlarms"),
        # `deploy` waits for the identity before it creates the pool that sends from it.
        _allow("SeeMailIdentity", names.arn("ses", f"identity/{env.domain}"), "ses:GetEmailIdentity"),
        # `verify` reports a model that is retired or not enabled.
        *_see_model(env),
        # `verify` registers people. Removing them needs permissions on data and is left to the hourly check.
        _allow(
            "ConfirmVerifying",
            Ref(parameters.from_output(template, "CognitoPoolArn")),
            "cognito-idp:AdminConfirmSignUp",
        ),
    ]


def _see_model(env: Environment) -> list[dict[str, Any]]:
    if "bedrock" not in env.ai_providers:
        return []
    profile = names.arn("bedrock", f"inference-profile/{env.bedrock_model}", env.bedrock_region)
    model = env.bedrock_model.partition(".")[2] if roles.is_profile(env.bedrock_model) else env.bedrock_model
    models = Sub(f"arn:${{AWS::Partition}}:bedrock:{env.bedrock_region}::foundation-model/{model}")
    return [
        _allow("SeeProfile", profile, "bedrock:GetInferenceProfile"),
        _allow("SeeModel", models, "bedrock:GetFoundationModel"),
        # It has no resource-level permissions.
        _allow("SeeAccess", "*", "bedrock:GetFoundationModelAvailability"),
    ]


def _allow(sid: str, resource: object, *actions: str) -> dict[str, Any]:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resource}
