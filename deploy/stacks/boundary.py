"""The boundary stack: a permissions boundary, the maximum that any role of this environment may do.

CloudFormation's role creates roles. Without a limit on those, anybody who may change a template could create an
all-powerful role and take over the account. So it can create no role without this boundary, and cannot change it: like
the pipeline stack, this one is deployed by an administrator.
"""

from troposphere import Output, Ref, Sub, Template
from troposphere.iam import ManagedPolicy

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings, policies

# IAM, other accounts, and services that act on behalf of others.
BEYOND = ("account:*", "cloudformation:*", "iam:*", "organizations:*", "sso:*", "sts:AssumeRole")
# Services to which CloudFormation gives a role of ours to work with.
WORK_WITH_ROLES = (
    "ecs-tasks.amazonaws.com",
    "s3.amazonaws.com",
    "scheduler.amazonaws.com",
    "states.amazonaws.com",
)


def build(env: Environment) -> Template:
    template = Template(Description=f"Permissions boundary of the roles of {env.prefix}")
    policy = template.add_resource(
        ManagedPolicy(
            "Boundary",
            ManagedPolicyName=name(env),
            Description="The most that a role may do; gives nothing by itself",
            PolicyDocument=policies.document(
                {"Sid": "Work", "Effect": "Allow", "NotAction": list(BEYOND), "Resource": "*"},
                {
                    "Sid": "HandOverRoles",
                    "Effect": "Allow",
                    "Action": "iam:PassRole",
                    "Resource": names.arn("iam", f"role/{env.prefix}-*", region=""),
                    # The scheduler passes the roles of the commands.
                    "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
                },
            ),
            Metadata=accepted_findings.because(
                "CKV_AWS_107", "CKV_AWS_108", "CKV_AWS_109", "CKV_AWS_110", "CKV_AWS_111"
            ),
        )
    )
    template.add_output(Output("BoundaryArn", Value=Ref(policy)))
    return template


def name(env: Environment) -> str:
    return f"{env.prefix}-boundary"


def arn(env: Environment) -> Sub:
    return names.arn("iam", f"policy/{name(env)}", region="")
