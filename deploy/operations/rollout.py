"""The stacks of an environment: plan and deploy them in order, read their outputs, delete them in reverse order."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from deploy import aws, outputs, stacks
from deploy.environments import PROJECT, Environment
from deploy.operations import cloudformation, local_table, release_alarm
from deploy.operations.changes import ChangeOptions, ChangeSet, StackFailed
from deploy.stacks import Stack
from smartcooking.contract.table import TTL

if TYPE_CHECKING:
    from deploy.operations.cloudformation import OnEvent

# Seconds between two polls of a stack. CloudFormation throttles clients that poll more often.
POLL = 3.0
POLL_EMULATOR = 0.02
PIPELINE = "pipeline"
SERVICE = "service"
# How long CloudFormation watches the alarm after a change of the service template.
WATCHED_MINUTES = 5


@dataclass(frozen=True)
class Target:
    """Where to deploy: an environment, and the endpoint of its account.

    `dynamodb_url` is the local DynamoDB's, which holds the service's table if the account is emulated.
    """

    env: Environment
    endpoint_url: str | None = None
    dynamodb_url: str | None = None

    @property
    def poll(self) -> float:
        # An explicit endpoint is an emulator's, whatever the environment.
        return POLL_EMULATOR if self.endpoint_url else POLL

    @property
    def tags(self) -> dict[str, str]:
        return {"Project": PROJECT, "Environment": self.env.name}


def plan(target: Target, stack: Stack, given: Mapping[str, str] | None = None) -> ChangeSet | None:
    """Create a change set for one stack; None if the stack already matches its template.

    A parameter takes the value of an earlier stack's output of the same name, unless `given` overrides it. Any other
    parameter keeps its current value.
    """
    client = client_of(target, stack)
    name = stacks.full_name(target.env, stack)
    template = stacks.render(target.env, stack, creating=not cloudformation.exists(client, name))
    parameters = _parameters(target, stack, given or {})
    role = "" if stack.by_administrators else role_of(target)
    return cloudformation.prepare(client, name, template, parameters, _change_options(target, stack, role), target.poll)


def _change_options(target: Target, stack: Stack, role: str) -> ChangeOptions:
    """Have the release alarm roll back a change of the service stack, unless it is ringing already: then the change may
    be the fix.
    """
    alarm = release_alarm.read_alarm(target.env, target.endpoint_url) if stack.name == SERVICE else None
    if alarm is None or alarm.reason:
        return ChangeOptions(target.tags, role)
    return ChangeOptions(target.tags, role, alarm.arn, WATCHED_MINUTES)


def change_parameters(
    target: Target, stack: Stack, values: Mapping[str, str], on_event: "OnEvent", *, alarm: str = "", minutes: int = 0
) -> bool:
    """Update parameters of a stack and keep its template; False if nothing changed.

    With an alarm, CloudFormation watches it for `minutes` after the update and rolls back if it fires.
    """
    client = client_of(target, stack)
    options = ChangeOptions(target.tags, role_of(target), alarm, minutes)
    name = stacks.full_name(target.env, stack)
    change_set = cloudformation.prepare(client, name, None, values, options, target.poll)
    if change_set is None:
        return False
    cloudformation.execute(client, change_set, on_event, target.poll)
    return True


def role_of(target: Target) -> str:
    """Return CloudFormation's service role; empty if the pipeline stack does not exist."""
    found = [stack for stack in stacks.select(target.env) if stack.name == PIPELINE]
    if not found:
        return ""
    name = stacks.full_name(target.env, found[0])
    try:
        return cloudformation.outputs(client_of(target, found[0]), name).get("CloudFormationRoleArn", "")
    except StackFailed:
        return ""


def discard(target: Target, stack: Stack, change_set: ChangeSet) -> None:
    cloudformation.discard(client_of(target, stack), change_set)


def apply(target: Target, stack: Stack, change_set: ChangeSet, on_event: "OnEvent") -> None:
    """Execute a change set; a newly created stack gets its protections by an update right afterwards."""
    client = client_of(target, stack)
    cloudformation.execute(client, change_set, on_event, target.poll)
    if change_set.creates_stack and has_protections(target.env, stack):
        protections = plan(target, stack)
        if protections is not None:
            cloudformation.execute(client, protections, on_event, target.poll)
    if target.env.protected:
        client.update_termination_protection(StackName=change_set.stack, EnableTerminationProtection=True)


def has_protections(env: Environment, stack: Stack) -> bool:
    """Return whether the stack's template has deletion protections that its creation leaves out."""
    return stacks.render(env, stack) != stacks.render(env, stack, creating=True)


def create_local_table(target: Target) -> None:
    """Create the service's table in the local DynamoDB as the data stack describes it; repeating it changes nothing."""
    if target.dynamodb_url:
        emulated = aws.client("dynamodb", target.env, target.endpoint_url)
        described = emulated.describe_table(TableName=read_outputs(target)["TableName"])["Table"]
        local_table.create(described, TTL, url=target.dynamodb_url, credentials=aws.LOCAL_CREDENTIALS)


def deploy(target: Target) -> dict[str, str]:
    """Deploy all stacks without printing anything, and return the environment variables of settings.py."""
    for stack in stacks.select(target.env):
        change_set = plan(target, stack)
        if change_set is not None:
            apply(target, stack, change_set, lambda _: None)
    create_local_table(target)
    return variables(target)


def read_outputs(target: Target, names: Iterable[str] = ()) -> dict[str, str]:
    """Return the outputs of all stacks, or of the named ones, in one dictionary."""
    found: dict[str, str] = {}
    for stack in stacks.select(target.env, names):
        found |= cloudformation.outputs(client_of(target, stack), stacks.full_name(target.env, stack))
    return found


def variables(target: Target) -> dict[str, str]:
    found = outputs.variables(target.env, read_outputs(target), target.endpoint_url)
    return found | ({"DYNAMODB_ENDPOINT_URL": target.dynamodb_url} if target.dynamodb_url else {})


def delete(target: Target, names: Iterable[str], on_event: "OnEvent") -> Iterator[tuple[Stack, bool]]:
    """Delete the stacks in reverse order, and yield each with whether it existed."""
    for stack in reversed(stacks.select(target.env, names)):
        client = client_of(target, stack)
        name = stacks.full_name(target.env, stack)
        if target.env.protected and cloudformation.status(client, name) is not None:
            client.update_termination_protection(StackName=name, EnableTerminationProtection=False)
        yield stack, cloudformation.delete(client, name, on_event, target.poll)


def _parameters(target: Target, stack: Stack, given: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the template's parameters: the given ones, and outputs of earlier stacks."""
    wanted = set(stack.build(target.env).parameters)
    missing = wanted - set(given)
    found = {name: value for name, value in given.items() if name in wanted}
    for earlier in itertools.takewhile(lambda other: other != stack, stacks.select(target.env)):
        if not missing:
            break
        made = missing & set(earlier.build(target.env).outputs)
        if made:
            outputs_ = cloudformation.outputs(client_of(target, earlier), stacks.full_name(target.env, earlier))
            found |= {name: outputs_[name] for name in made}
            missing -= made
    return found


def client_of(target: Target, stack: Stack) -> Any:
    return aws.client("cloudformation", target.env, target.endpoint_url, stack.region(target.env))
