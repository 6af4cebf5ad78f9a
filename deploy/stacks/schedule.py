"""The schedule stack: EventBridge Scheduler runs the commands of `smartcooking/contract/schedules.py`.

Most are messages to the queue `default`, which the running workers receive: each Fargate task would be billed for a
minute and a public address. Those that must run alone are tasks; those that are due together share a task.
"""

import json
import shlex
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from troposphere import GetAtt, Output, Ref, Template
from troposphere.iam import Role
from troposphere.scheduler import (
    AwsVpcConfiguration,
    CapacityProviderStrategyItem,
    EcsParameters,
    FlexibleTimeWindow,
    NetworkConfiguration,
    RetryPolicy,
    Schedule,
    ScheduleGroup,
    Target,
)

from deploy import names
from deploy.environments import Environment
from deploy.resources import parameters, roles, tasks
from deploy.stacks import network
from smartcooking.contract.queues import DEFAULT
from smartcooking.contract.schedules import SCHEDULES
from smartcooking.contract.schedules import Schedule as Planned

CONTAINER = "commands"
# The task definition's default command, for an operator who runs it without naming one.
NOTHING = ("python", "manage.py", "check", "--deploy")
MINUTE, HOUR, DAY = 60, 3600, 86_400


def build(env: Environment) -> Template:
    template = Template(Description=f"Scheduled commands of {env.prefix}")
    tasks.digest_parameter(template, "ImageDigest")
    log = template.add_resource(tasks.log_group(env, "CommandLog", "commands", env.worker_log_days))
    task = template.add_resource(_task_role(template, env))
    execution = template.add_resource(
        roles.execution_role(
            env,
            "CommandsExecutionRole",
            names.log_group(env, "commands"),
            Ref(parameters.from_output(template, "SecretKeyArn")),
            Ref(tasks.client_secret(template)),
        )
    )
    definition = template.add_resource(
        tasks.definition(
            template,
            env,
            tasks.Task("Commands", (tasks.Program(CONTAINER, NOTHING),), cpu=256, memory=1024),
            Ref("ImageDigest"),
            log,
            (task, execution),
        )
    )
    group = template.add_resource(ScheduleGroup("Schedules", Name=env.prefix))
    starter = template.add_resource(_starter(env, task, execution))
    planned = schedules(env)
    for due in together([one for one in planned if one.alone]):
        schedule = template.add_resource(_schedule(due, group))
        schedule.Target = _target(template, env, due, definition, starter)
    for one in planned:
        if not one.alone:
            template.add_resource(_schedule([one], group)).Target = _message_target(env, one, starter)
    template.add_output(Output("ScheduleGroupName", Value=Ref(group)))
    template.add_output(Output("CommandsTask", Value=Ref(definition)))
    return template


def schedules(env: Environment) -> list[Planned]:
    """Return the schedules that operate the service, and the checks from outside."""
    url = ("--url", f"https://{env.api_domain}")
    kept = ("--copies", names.bucket(env, "copies"), "--log-group", names.log_group(env, "api"))
    return [
        *SCHEDULES,
        # Checks do not run in the workers, which they check, and need permissions on accounts, which workers lack.
        Planned("probe", env.sign_in_every, ("sign-in", *url, "--most-ms", str(env.sign_in_most_ms)), alone=True),
        Planned("probe", env.journey_every, ("journey", *url), alone=True),
        Planned("probe", env.journey_every, ("upkeep", *kept), alone=True),
    ]


def rate(seconds: int) -> str:
    """Return the interval in the scheduler's syntax; its minimum is a minute."""
    for length, word in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds % length == 0:
            count = seconds // length
            return f"rate({count} {word}{'s' if count > 1 else ''})"
    raise ValueError(f"a schedule of {seconds} s is no number of minutes")


def together(planned: Sequence[Planned]) -> Iterator[Sequence[Planned]]:
    """Yield groups of commands that are due at the same times: a task for all costs no more than for one, a minute."""
    for _, due in groupby(sorted(planned, key=attrgetter("every")), attrgetter("every")):
        yield list(due)


def command(due: Sequence[Planned]) -> list[str]:
    """Return the shell command that runs the commands in parallel: none waits for another or fails with it."""
    if len(due) == 1:
        return ["python", "manage.py", *due[0].words]
    return ["sh", "-c", " & ".join([*(f"python manage.py {shlex.join(planned.words)}" for planned in due), "wait"])]


def _schedule(due: Sequence[Planned], group: ScheduleGroup) -> Schedule:
    # A name may have 64 characters; the description lists the commands.
    name = due[0].name if len(due) == 1 else f"every-{due[0].every}-seconds"
    return Schedule(
        "".join(part.capitalize() for part in name.split("-")),
        Name=name,
        GroupName=Ref(group),
        Description=", ".join(f"manage.py {' '.join(planned.words)}" for planned in due),
        ScheduleExpression=rate(due[0].every),
        State="ENABLED",
        FlexibleTimeWindow=FlexibleTimeWindow(Mode="OFF"),
    )


def _target(template: Template, env: Environment, due: Sequence[Planned], definition: object, starter: Role) -> Target:
    override = {"containerOverrides": [{"name": CONTAINER, "command": command(due)}]}
    return Target(
        Arn=Ref(parameters.from_output(template, "ClusterArn")),
        RoleArn=GetAtt(starter, "Arn"),
        Input=json.dumps(override, sort_keys=True),
        # A run that cannot start before the next one is due is dropped.
        RetryPolicy=RetryPolicy(MaximumRetryAttempts=3, MaximumEventAgeInSeconds=max(due[0].every, MINUTE)),
        EcsParameters=EcsParameters(
            TaskDefinitionArn=Ref(definition),
            TaskCount=1,
            CapacityProviderStrategy=[
                CapacityProviderStrategyItem(CapacityProvider="FARGATE_SPOT", Base=0, Weight=1),
            ],
            EnableECSManagedTags=True,
            PropagateTags="TASK_DEFINITION",
            NetworkConfiguration=NetworkConfiguration(
                AwsvpcConfiguration=AwsVpcConfiguration(
                    AssignPublicIp=network.assigns_public_address(env),
                    Subnets=Ref(parameters.from_output(template, "TaskSubnets", parameters.SUBNETS)),
                    SecurityGroups=[Ref(parameters.from_output(template, "WorkersGroupId", parameters.SECURITY_GROUP))],
                )
            ),
        ),
    )


def _message_target(env: Environment, planned: Planned, starter: Role) -> Target:
    return Target(
        Arn=names.arn("sqs", names.queue(env, DEFAULT)),
        RoleArn=GetAtt(starter, "Arn"),
        # The scheduler replaces placeholders in <>.
        Input=planned.message("<aws.scheduler.execution-id>", "<aws.scheduler.scheduled-time>"),
        RetryPolicy=RetryPolicy(MaximumRetryAttempts=3, MaximumEventAgeInSeconds=max(planned.every, MINUTE)),
    )


def _task_role(template: Template, env: Environment) -> Role:
    """Return the role of scheduled commands and of operators, who run the same task definition."""
    change = ("GetObject", "PutObject", "DeleteObject")
    return roles.task_role(
        env,
        "CommandsTaskRole",
        roles.read_and_write_table(env),
        roles.keep_audit_log(env),
        roles.send_messages(env),
        roles.manage_accounts(template),
        *roles.check_upkeep(env),
        roles.objects(env, "WriteSnapshot", "snapshots", prefixes=("catalogue",), actions=("GetObject", "PutObject")),
        roles.list_bucket(env, "snapshots"),
        roles.objects(env, "TidyUploads", "images", prefixes=("incoming", "media", "exports"), actions=change),
        roles.list_bucket(env, "images"),
    )


def _starter(env: Environment, task: Role, execution: Role) -> Role:
    return roles.service_role(
        env,
        "SchedulerRole",
        "scheduler.amazonaws.com",
        {
            "Sid": "StartCommands",
            "Effect": "Allow",
            "Action": ["ecs:RunTask"],
            "Resource": [names.arn("ecs", f"task-definition/{env.prefix}-commands:*")],
            "Condition": {"ArnEquals": {"ecs:cluster": names.arn("ecs", f"cluster/{env.prefix}")}},
        },
        roles.allow("SendCommands", ["sqs:SendMessage"], names.arn("sqs", names.queue(env, DEFAULT))),
        {
            "Sid": "TagCommands",
            "Effect": "Allow",
            "Action": ["ecs:TagResource"],
            "Resource": [names.arn("ecs", f"task/{env.prefix}/*")],
            "Condition": {"StringEquals": {"ecs:CreateAction": "RunTask"}},
        },
        {
            "Sid": "HandOverRoles",
            "Effect": "Allow",
            "Action": ["iam:PassRole"],
            "Resource": [GetAtt(task, "Arn"), GetAtt(execution, "Arn")],
            "Condition": {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}},
        },
    )
