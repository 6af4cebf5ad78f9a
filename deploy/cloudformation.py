"""One stack in CloudFormation: compared by change set, executed, followed by its events."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import ParameterTypeDef, StackEventTypeDef, StackTypeDef

    OnEvent = Callable[[StackEventTypeDef], None]

# Left by a first deployment that failed. Such a stack takes no update: it is deleted and made again.
NEVER_WORKED = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED"}
# Exists for a change set that nobody has executed.
PLANNED = "REVIEW_IN_PROGRESS"
# A stack that takes longer than this is stuck: the longest wait is for a CloudFront distribution.
PATIENCE = 45 * 60.0


class StackFailed(Exception):
    """CloudFormation refused a template or could not make what is in it."""


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    action: str
    resource: str
    type: str
    replaced: bool

    @property
    def loses_data(self) -> bool:
        return self.replaced or self.action == "Remove"

    def __str__(self) -> str:
        note = " (replaced: the old one is deleted or left behind)" if self.replaced else ""
        return f"{self.action:<7} {self.type:<32} {self.resource}{note}"


@dataclass(frozen=True)
class ChangeSet:
    """The difference between a template and the stack that was made from an earlier one."""

    id: str
    stack: str
    creates_stack: bool
    changes: tuple[Change, ...]


def prepare(
    client: "CloudFormationClient",
    stack: str,
    template: str,
    parameters: Mapping[str, str],
    tags: Mapping[str, str],
    poll: float,
) -> ChangeSet | None:
    """Compare the template with the stack; None when they are the same. Nothing changes yet.

    A parameter of the template that is not among `parameters` keeps the value that the stack has.
    """
    creates = _make_ready(client, stack, poll)
    change_set_id = client.create_change_set(
        StackName=stack,
        ChangeSetName=f"change-{uuid.uuid4().hex}",
        ChangeSetType="CREATE" if creates else "UPDATE",
        TemplateBody=template,
        Parameters=_parameters(client, stack, template, parameters),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )["Id"]
    changes = _changes(client, stack, change_set_id, poll)
    if changes is None:
        client.delete_change_set(ChangeSetName=change_set_id)
        return None
    return ChangeSet(change_set_id, stack, creates, changes)


def execute(client: "CloudFormationClient", change_set: ChangeSet, on_event: "OnEvent", poll: float) -> None:
    """Make the changes; raises StackFailed with the reason of the first resource that failed."""
    token = uuid.uuid4().hex
    client.execute_change_set(ChangeSetName=change_set.id, ClientRequestToken=token)
    reasons = _follow(client, change_set.stack, token, on_event, poll)
    reached = status(client, change_set.stack)
    if reached not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        message = f"{change_set.stack} is {reached}: {reasons[0] if reasons else 'no reason given'}"
        raise StackFailed(message)


def discard(client: "CloudFormationClient", change_set: ChangeSet) -> None:
    client.delete_change_set(ChangeSetName=change_set.id)
    if change_set.creates_stack:
        client.delete_stack(StackName=change_set.stack)


def delete(client: "CloudFormationClient", stack: str, on_event: "OnEvent", poll: float) -> bool:
    """Delete the stack; False when there is none."""
    described = _describe(client, stack)
    if described is None:
        return False
    stack_id = described["StackId"]
    token = uuid.uuid4().hex
    client.delete_stack(StackName=stack_id, ClientRequestToken=token)
    reasons = _follow(client, stack_id, token, on_event, poll)
    reached = status(client, stack_id)
    if reached not in {None, "DELETE_COMPLETE"}:
        message = f"{stack} is {reached}: {reasons[0] if reasons else 'no reason given'}"
        raise StackFailed(message)
    return True


def outputs(client: "CloudFormationClient", stack: str) -> dict[str, str]:
    described = _describe(client, stack)
    if described is None:
        message = f"{stack} is not deployed"
        raise StackFailed(message)
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def status(client: "CloudFormationClient", stack: str) -> str | None:
    described = _describe(client, stack)
    return described["StackStatus"] if described else None


def _parameters(
    client: "CloudFormationClient", stack: str, template: str, given: Mapping[str, str]
) -> "list[ParameterTypeDef]":
    declared = json.loads(template).get("Parameters", {})
    described = _describe(client, stack) if set(declared) - set(given) else None
    known = {parameter["ParameterKey"] for parameter in described.get("Parameters", [])} if described else set()
    values: list[ParameterTypeDef] = [{"ParameterKey": key, "ParameterValue": value} for key, value in given.items()]
    kept = sorted((set(declared) & known) - set(given))
    return values + [{"ParameterKey": key, "UsePreviousValue": True} for key in kept]


def _describe(client: "CloudFormationClient", stack: str) -> "StackTypeDef | None":
    try:
        return client.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def _make_ready(client: "CloudFormationClient", stack: str, poll: float) -> bool:
    """Wait for what is under way and clear a first deployment that failed; True when the stack is to be created."""
    reached = _settle(client, stack, poll)
    if reached in NEVER_WORKED:
        delete(client, stack, lambda _: None, poll)
        return True
    return reached in {None, PLANNED, "DELETE_COMPLETE"}


def _settle(client: "CloudFormationClient", stack: str, poll: float) -> str | None:
    for _ in _every(poll, f"{stack} to settle"):
        reached = status(client, stack)
        if reached is None or reached == PLANNED or not reached.endswith("_IN_PROGRESS"):
            return reached
    raise AssertionError


def _changes(client: "CloudFormationClient", stack: str, change_set_id: str, poll: float) -> tuple[Change, ...] | None:
    for _ in _every(poll, f"the change set of {stack}"):
        described = client.describe_change_set(ChangeSetName=change_set_id)
        if described["Status"] == "CREATE_COMPLETE":
            return _read_changes(client, change_set_id)
        if described["Status"] == "FAILED":
            reason = described.get("StatusReason", "")
            if "didn't contain changes" in reason or "No updates are to be performed" in reason:
                return None
            message = f"{stack}: {reason}"
            raise StackFailed(message)
    raise AssertionError


def _read_changes(client: "CloudFormationClient", change_set_id: str) -> tuple[Change, ...]:
    pages = client.get_paginator("describe_change_set").paginate(ChangeSetName=change_set_id)
    found = [change["ResourceChange"] for page in pages for change in page["Changes"]]
    return tuple(
        Change(
            change["Action"], change["LogicalResourceId"], change["ResourceType"], change.get("Replacement") == "True"
        )
        for change in found
    )


def _follow(client: "CloudFormationClient", stack: str, token: str, on_event: "OnEvent", poll: float) -> list[str]:
    """Pass on the events of one operation until it ends; returns the reasons of failures, the first one first."""
    seen: set[str] = set()
    reasons: list[str] = []
    for _ in _every(poll, f"{stack} to finish"):
        reached = status(client, stack)
        for event in _fresh_events(client, stack, token, seen):
            on_event(event)
            if event["ResourceStatus"].endswith("_FAILED"):
                reasons.append(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}")
        if reached is None or not reached.endswith("_IN_PROGRESS"):
            return reasons
    raise AssertionError


def _fresh_events(client: "CloudFormationClient", stack: str, token: str, seen: set[str]) -> "list[StackEventTypeDef]":
    """Return the operation's events that were not seen before, the oldest first."""
    fresh = []
    for page in client.get_paginator("describe_stack_events").paginate(StackName=stack):
        events = [event for event in page["StackEvents"] if event.get("ClientRequestToken") == token]
        unseen = [event for event in events if event["EventId"] not in seen]
        fresh += unseen
        if len(unseen) < len(page["StackEvents"]):
            break
    seen.update(event["EventId"] for event in fresh)
    return fresh[::-1]


def _every(poll: float, what: str) -> Iterator[None]:
    """Yield at once and then every `poll` seconds: CloudFormation can only be asked, it does not call back."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        yield
        time.sleep(poll)
    message = f"Waited {PATIENCE / 60:.0f} minutes for {what}"
    raise StackFailed(message)
