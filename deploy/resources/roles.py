"""Task roles: each has the permissions that its code needs, on our own resources, and none on IAM."""

from typing import Any

from troposphere import Ref, Sub, Template
from troposphere.iam import Policy, Role

from deploy import names
from deploy.environments import Environment
from deploy.resources import parameters, policies
from deploy.stacks import boundary
from smartcooking.contract.queues import DEFAULT, QUEUES, Queue

Statement = dict[str, Any]

# Geographies of Bedrock's inference profiles; such a profile calls the model in several regions.
_PROFILES = ("apac", "us", "eu", "global", "au", "jp")


def task_role(env: Environment, title: str, *statements: Statement) -> Role:
    """Return the role of a task's code. Its deny also wins over policies that somebody attaches later."""
    deny = {
        "Sid": "DenyIdentities",
        "Effect": "Deny",
        "Action": ["iam:*", "organizations:*", "account:*", "sts:AssumeRole"],
        "Resource": "*",
    }
    return _role(env, title, "ecs-tasks.amazonaws.com", *statements, *_traces(env), deny)


def execution_role(env: Environment, title: str, log_group: str, *secrets: Ref) -> Role:
    """Return the execution role of a task, with which ECS pulls the image, reads the secrets and writes the log."""
    statements = [
        # The one action of ECR without resource-level permissions.
        allow("LogInToRegistry", ["ecr:GetAuthorizationToken"], "*"),
        allow(
            "PullImage",
            ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            names.arn("ecr", f"repository/{env.prefix}-service"),
        ),
        allow(
            "WriteLog",
            ["logs:CreateLogStream", "logs:PutLogEvents"],
            names.arn("logs", f"log-group:{log_group}:log-stream:*"),
        ),
        allow(
            "ReadSecrets",
            ["secretsmanager:GetSecretValue"],
            *secrets,
        ),
    ]
    return _role(env, title, "ecs-tasks.amazonaws.com", *statements)


def service_role(env: Environment, title: str, service: str, *statements: Statement) -> Role:
    """Return a role that an AWS service assumes, for this account only."""
    return _role(env, title, service, *statements)


def read_and_write_table(env: Environment, *, partitions: tuple[str, ...] = ()) -> Statement:
    """Allow the table and its indexes, or only some of their partitions, by patterns of their keys."""
    table = names.table_arn(env)
    statement = allow(
        "Table",
        [
            "dynamodb:BatchGetItem",
            "dynamodb:BatchWriteItem",
            "dynamodb:ConditionCheckItem",
            "dynamodb:DeleteItem",
            "dynamodb:DescribeTable",
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:Query",
            "dynamodb:UpdateItem",
        ],
        table,
        names.arn("dynamodb", f"table/{names.table(env)}/index/*"),
    )
    if partitions:
        statement["Condition"] = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(partitions)}}
    return statement


def keep_audit_log(env: Environment) -> Statement:
    """Deny updating and deleting entries of the audit log.

    IAM cannot distinguish a put that replaces from one that adds; the service's writes have a condition for that.
    """
    return {
        "Sid": "KeepAuditLog",
        "Effect": "Deny",
        "Action": ["dynamodb:BatchWriteItem", "dynamodb:DeleteItem", "dynamodb:UpdateItem"],
        "Resource": [names.table_arn(env)],
        "Condition": {"ForAnyValue:StringLike": {"dynamodb:LeadingKeys": ["AUDIT#*"]}},
    }


def look_after_dead_letters(env: Environment) -> Statement:
    """Allow moderators to inspect, retry and discard dead letters."""
    return allow(
        "DeadLetters",
        ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"],
        *(names.arn("sqs", names.dead_letters(env, queue)) for queue in QUEUES),
    )


def send_messages(env: Environment, queues: tuple[Queue, ...] = QUEUES) -> Statement:
    return allow("SendWork", ["sqs:SendMessage"], *(_queue_arn(env, queue) for queue in queues))


def read_queue_attributes(env: Environment) -> Statement:
    """Allow the reads of the health check."""
    return allow("SeeQueue", ["sqs:GetQueueAttributes"], _queue_arn(env, DEFAULT))


def receive_messages(env: Environment, queues: tuple[Queue, ...]) -> Statement:
    return allow(
        "ReceiveWork",
        [
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
        ],
        *(_queue_arn(env, queue) for queue in queues),
    )


def objects(
    env: Environment, sid: str, bucket: str, *, prefixes: tuple[str, ...], actions: tuple[str, ...]
) -> Statement:
    resources = [names.bucket_arn(env, bucket, f"{prefix}/*") for prefix in prefixes]
    return allow(sid, [f"s3:{action}" for action in actions], *resources)


def list_bucket(env: Environment, bucket: str) -> Statement:
    """Allow checking whether the bucket and its objects exist, for which S3 requires ListBucket."""
    return allow(f"See{bucket.capitalize()}", ["s3:ListBucket"], names.bucket_arn(env, bucket))


def is_profile(model: str) -> bool:
    return model.partition(".")[0] in _PROFILES


def generate(env: Environment) -> list[Statement]:
    """Allow invoking the configured model. A cross-region profile also needs the model in every region."""
    region, model = env.bedrock_region, env.bedrock_model.partition(".")[2]
    if is_profile(env.bedrock_model):
        profile = names.arn("bedrock", f"inference-profile/{env.bedrock_model}", region)
        models = [profile, Sub(f"arn:${{AWS::Partition}}:bedrock:*::foundation-model/{model}")]
    else:
        models = [Sub(f"arn:${{AWS::Partition}}:bedrock:{region}::foundation-model/{env.bedrock_model}")]
    statements = [allow("Generate", ["bedrock:InvokeModel"], *models)]
    if env.bedrock_guardrail:
        guardrail = names.arn("bedrock", f"guardrail/{env.bedrock_guardrail}", region)
        statements.append(allow("ReadAlong", ["bedrock:ApplyGuardrail"], guardrail))
    return statements


def send_mail(env: Environment) -> Statement:
    statement = allow("SendMail", ["ses:SendEmail"], names.arn("ses", f"identity/{env.domain}"))
    return statement | {"Condition": {"StringEquals": {"ses:FromAddress": env.sender}}}


def change_means_of_login(template: Template) -> Statement:
    """Allow the API to change an account whose owner has authenticated again (`users/cognito_accounts.py`)."""
    return allow(
        "Logins",
        [
            "cognito-idp:AdminGetUser",
            "cognito-idp:AdminSetUserMFAPreference",
            "cognito-idp:AdminSetUserPassword",
            "cognito-idp:AdminUpdateUserAttributes",
            "cognito-idp:AdminUserGlobalSignOut",
        ],
        Ref(parameters.from_output(template, "CognitoPoolArn")),
    )


def write_email(template: Template) -> Statement:
    """Allow workers to write an e-mail address that somebody has changed."""
    return allow(
        "Emails",
        ["cognito-idp:AdminUpdateUserAttributes"],
        Ref(parameters.from_output(template, "CognitoPoolArn")),
    )


def delete_accounts(template: Template) -> Statement:
    """Allow workers to delete accounts that are erased."""
    return allow(
        "Erasures",
        ["cognito-idp:AdminDeleteUser"],
        Ref(parameters.from_output(template, "CognitoPoolArn")),
    )


def read_groups(template: Template) -> Statement:
    """Allow reading a moderator's current groups, and no changes to accounts."""
    pool = Ref(parameters.from_output(template, "CognitoPoolArn"))
    return allow("Groups", ["cognito-idp:AdminListGroupsForUser"], pool)


def manage_accounts(template: Template) -> Statement:
    """Allow what `manage.py create_user` and `manage.py probe` do in the user pool."""
    return allow(
        "Accounts",
        [
            "cognito-idp:AdminAddUserToGroup",
            "cognito-idp:AdminConfirmSignUp",
            "cognito-idp:AdminCreateUser",
            "cognito-idp:AdminDeleteUser",
            "cognito-idp:AdminGetUser",
            "cognito-idp:AdminSetUserPassword",
            "cognito-idp:ListUsers",
        ],
        Ref(parameters.from_output(template, "CognitoPoolArn")),
    )


def check_upkeep(env: Environment) -> list[Statement]:
    """Allow what `manage.py probe upkeep` reads."""
    return [
        allow("SeeRecovery", ["dynamodb:DescribeContinuousBackups"], names.table_arn(env)),
        list_bucket(env, "copies"),
        allow("SeeLines", ["logs:FilterLogEvents"], names.arn("logs", f"log-group:{names.log_group(env, 'api')}:*")),
    ]


def _traces(env: Environment) -> list[Statement]:
    """Allow what the trace collector beside a task does. X-Ray has no resource-level permissions for it."""
    if not env.tracing:
        return []
    return [allow("Trace", ["xray:PutTelemetryRecords", "xray:PutTraceSegments"], "*")]


def allow(sid: str, actions: list[str], *resources: object) -> Statement:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": list(resources)}


def _queue_arn(env: Environment, queue: Queue) -> Sub:
    return names.arn("sqs", names.queue(env, queue))


def _role(env: Environment, title: str, service: str, *statements: Statement) -> Role:
    return Role(
        title,
        RoleName=f"{env.prefix}-{policies.words(title)}",
        PermissionsBoundary=boundary.arn(env),
        AssumeRolePolicyDocument=policies.trust(service),
        Policies=[Policy(PolicyName="work", PolicyDocument=policies.document(*statements))],
    )
