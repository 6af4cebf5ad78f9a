"""All stacks of an environment: deployed in order, compared, read, deleted in reverse."""

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from apps.core.table import TTL
from deploy import aws, cloudformation, outputs, stacks
from deploy.cloudformation import ChangeSet
from deploy.environments import PROJECT, Environment
from deploy.stacks import Stack

if TYPE_CHECKING:
    from deploy.cloudformation import OnEvent

# Seconds between two questions about a stack. CloudFormation throttles a client that asks more often.
POLL = 3.0
POLL_EMULATOR = 0.02


@dataclass(frozen=True)
class Target:
    """Where to deploy: an environment, and the address of its account."""

    env: Environment
    endpoint_url: str | None = None

    @property
    def poll(self) -> float:
        return POLL_EMULATOR if self.env.emulated else POLL

    @property
    def tags(self) -> dict[str, str]:
        return {"Project": PROJECT, "Environment": self.env.name}


def plan(target: Target, stack: Stack, given: Mapping[str, str] | None = None) -> ChangeSet | None:
    """Compare one stack with its template; None when nothing differs.

    Parameters get the outputs of the same name; those that are not given and no output keep the value that they have.
    """
    client = _cloudformation(target, stack)
    name = stacks.full_name(target.env, stack)
    template = stacks.render(target.env, stack)
    parameters = _parameters(target, stack, given or {})
    return cloudformation.prepare(client, name, template, parameters, target.tags, target.poll)


def discard(target: Target, stack: Stack, change_set: ChangeSet) -> None:
    cloudformation.discard(_cloudformation(target, stack), change_set)


def apply(target: Target, stack: Stack, change_set: ChangeSet, on_event: "OnEvent") -> None:
    client = _cloudformation(target, stack)
    cloudformation.execute(client, change_set, on_event, target.poll)
    if target.env.protected:
        client.update_termination_protection(StackName=change_set.stack, EnableTerminationProtection=True)


def finish(target: Target) -> None:
    """Do what the templates ask for and the emulator leaves out; repeating it changes nothing."""
    if target.env.emulated:
        _expire_rows(target)


def deploy(target: Target) -> dict[str, str]:
    """Deploy all stacks, without a word, and return the environment variables of settings.py."""
    for stack in stacks.of(target.env):
        change_set = plan(target, stack)
        if change_set is not None:
            apply(target, stack, change_set, lambda _: None)
    finish(target)
    return variables(target)


def read(target: Target) -> dict[str, str]:
    """Return the outputs of all stacks together."""
    found: dict[str, str] = {}
    for stack in stacks.of(target.env):
        found |= cloudformation.outputs(_cloudformation(target, stack), stacks.full_name(target.env, stack))
    return found


def variables(target: Target) -> dict[str, str]:
    return outputs.variables(target.env, read(target), target.endpoint_url)


def delete(target: Target, names: Iterable[str], on_event: "OnEvent") -> Iterator[tuple[Stack, bool]]:
    """Delete the stacks, the last one first, and yield each with whether there was one."""
    for stack in reversed(stacks.of(target.env, names)):
        client = _cloudformation(target, stack)
        name = stacks.full_name(target.env, stack)
        if target.env.protected and cloudformation.status(client, name) is not None:
            client.update_termination_protection(StackName=name, EnableTerminationProtection=False)
        yield stack, cloudformation.delete(client, name, on_event, target.poll)


def _parameters(target: Target, stack: Stack, given: Mapping[str, str]) -> dict[str, str]:
    """Return the values of the template's parameters that are given, or outputs of stacks before it."""
    wanted = set(stack.build(target.env).parameters)
    missing = wanted - set(given)
    found = {name: value for name, value in given.items() if name in wanted}
    for earlier in itertools.takewhile(lambda other: other != stack, stacks.of(target.env)):
        if not missing:
            break
        made = missing & set(earlier.build(target.env).outputs)
        if made:
            outputs_ = cloudformation.outputs(_cloudformation(target, earlier), stacks.full_name(target.env, earlier))
            found |= {name: outputs_[name] for name in made}
            missing -= made
    return found


def _cloudformation(target: Target, stack: Stack) -> Any:
    return aws.client("cloudformation", target.env, target.endpoint_url, stack.region(target.env))


def _expire_rows(target: Target) -> None:
    client = aws.client("dynamodb", target.env, target.endpoint_url)
    table = read(target)["TableName"]
    described = client.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    if described.get("AttributeName") != TTL:
        rule = {"Enabled": True, "AttributeName": TTL}
        client.update_time_to_live(TableName=table, TimeToLiveSpecification=rule)
