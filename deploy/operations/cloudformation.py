"""Operate on one CloudFormation stack: compare by change set, execute, follow its events."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from deploy.operations import changes
from deploy.operations.changes import Change, ChangeOptions, ChangeSet, NotDeployed, StackFailed

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import (
        ParameterTypeDef,
        StackEventTypeDef,
        StackTypeDef,
    )

    OnEvent = Callable[[StackEventTypeDef], None]

# Left by a first deployment or a deletion that failed. Such a stack cannot be updated: it is deleted and created
# again.
NEVER_WORKED = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"}
# A stack that exists only for a change set that was never executed.
PLANNED = "REVIEW_IN_PROGRESS"
# Seconds after which an operation counts as stuck: CloudFront distributions take longest.
PATIENCE = 45 * 60.0
# Minutes: the most that CloudFormation watches an alarm after an update.
LONGEST_WATCH = 180
# The reason given for resources that were cancelled because another one failed.
CANCELLED = "cancelled"


def prepare(
    client: "CloudFormationClient",
    stack: str,
    template: str | None,
    parameters: Mapping[str, str],
    options: ChangeOptions,
    poll: float,
) -> ChangeSet | None:
    """Create a change set without executing it; None if there is nothing to change.

    Without a template the stack keeps its current one, and only parameters change. Parameters that are not in
    `parameters` keep their current value.
    """
    creates = _make_ready(client, stack, poll)
    if creates and template is None:
        message = f"{stack} is not deployed"
        raise StackFailed(message)
    body: dict[str, Any] = {"UsePreviousTemplate": True} if template is None else {"TemplateBody": template}
    role: dict[str, Any] = {"RoleARN": options.role} if options.role else {}
    change_set_id = client.create_change_set(
        StackName=stack,
        ChangeSetName=f"change-{uuid.uuid4().hex}",
        ChangeSetType="CREATE" if creates else "UPDATE",
        Parameters=_parameters(client, stack, template, parameters),
        Capabilities=["CAPABILITY_NAMED_IAM"],
        Tags=[{"Key": key, "Value": value} for key, value in options.tags.items()],
        RollbackConfiguration=options.rollback,
        **body,
        **role,
    )["Id"]
    found = _changes(client, stack, change_set_id, poll)
    if found is None:
        client.delete_change_set(ChangeSetName=change_set_id)
        return None
    return ChangeSet(change_set_id, stack, creates, found, options.minutes)


def execute(client: "CloudFormationClient", change_set: ChangeSet, on_event: "OnEvent", poll: float) -> None:
    """Execute a change set; raises StackFailed with the reason of the first resource that failed."""
    token = uuid.uuid4().hex
    # If the operation is rolled back, what it created is deleted, even if its deletion policy is Retain: it holds no
    # data yet, and would block its name when the deployment is repeated.
    client.execute_change_set(ChangeSetName=change_set.id, ClientRequestToken=token, RetainExceptOnCreate=True)
    reasons = _follow(client, change_set.stack, token, on_event, poll, PATIENCE + 60 * change_set.minutes)
    reached = status(client, change_set.stack)
    if reached not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        message = f"{change_set.stack} is {reached}: {reasons[0] if reasons else 'no reason given'}"
        raise StackFailed(message)


def discard(client: "CloudFormationClient", change_set: ChangeSet) -> None:
    client.delete_change_set(ChangeSetName=change_set.id)
    if change_set.creates_stack:
        client.delete_stack(StackName=change_set.stack)


def delete(client: "CloudFormationClient", stack: str, on_event: "OnEvent", poll: float) -> bool:
    """Delete the stack; False if there is none."""
    described = _describe(client, stack)
    if described is None:
        return False
    stack_id = described["StackId"]
    token = uuid.uuid4().hex
    client.delete_stack(StackName=stack_id, ClientRequestToken=token)
    reasons = _follow(client, stack_id, token, on_event, poll)
    reached = status(client, stack_id)
    if reached not in {None, "DELETE_COMPLETE"}:
        message = (
            f"{stack} is {reached}: {reasons[0] if reasons else 'no reason given'}. Remove that resource by hand (empty"
            " a bucket, switch off a deletion protection), then run the same command again"
        )
        raise StackFailed(message)
    return True


def outputs(client: "CloudFormationClient", stack: str) -> dict[str, str]:
    described = _describe(client, stack)
    if described is None or described["StackStatus"] in {PLANNED, *NEVER_WORKED}:
        message = f"{stack} is not deployed"
        raise NotDeployed(message)
    return {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}


def parameters(client: "CloudFormationClient", stack: str, poll: float) -> tuple[dict[str, str], str]:
    """Return the stack's parameters and status, once no operation is in progress on it."""
    reached = _settle(client, stack, poll, PATIENCE + 60 * LONGEST_WATCH)
    described = _describe(client, stack)
    if described is None or reached is None or reached in {PLANNED, *NEVER_WORKED}:
        message = f"{stack} is not deployed"
        raise StackFailed(message)
    return {one["ParameterKey"]: one["ParameterValue"] for one in described.get("Parameters", [])}, reached


def exists(client: "CloudFormationClient", stack: str) -> bool:
    """Return whether the stack was created and can be updated; False for the remains of a failed creation."""
    return status(client, stack) not in {None, PLANNED, "DELETE_COMPLETE", *NEVER_WORKED}


def status(client: "CloudFormationClient", stack: str) -> str | None:
    described = _describe(client, stack)
    return described["StackStatus"] if described else None


def _parameters(
    client: "CloudFormationClient", stack: str, template: str | None, given: Mapping[str, str]
) -> "list[ParameterTypeDef]":
    described = _describe(client, stack)
    known = {parameter["ParameterKey"] for parameter in described.get("Parameters", [])} if described else set()
    declared = known if template is None else json.loads(template).get("Parameters", {})
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
    """Wait for a running operation, and delete the remains of a failed creation; True if the stack must be created."""
    reached = _settle(client, stack, poll)
    if reached in NEVER_WORKED:
        delete(client, stack, lambda _: None, poll)
        return True
    return reached in {None, PLANNED, "DELETE_COMPLETE"}


def _settle(client: "CloudFormationClient", stack: str, poll: float, patience: float = PATIENCE) -> str | None:
    for _ in _every(poll, f"{stack} to settle", patience):
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
    paginator = client.get_paginator("describe_change_set")
    pages = paginator.paginate(ChangeSetName=change_set_id, IncludePropertyValues=True)
    found = [change["ResourceChange"] for page in pages for change in page["Changes"]]
    return tuple(
        Change(
            change["Action"],
            change["LogicalResourceId"],
            change["ResourceType"],
            change.get("Replacement") == "True",
            # One property may be named several times, once for each cause of its change.
            tuple(dict.fromkeys(changes.describe(detail) for detail in change.get("Details", []))),
        )
        for change in found
    )


def _follow(
    client: "CloudFormationClient",
    stack: str,
    token: str,
    on_event: "OnEvent",
    poll: float,
    patience: float = PATIENCE,
) -> list[str]:
    """Report the events of one operation until it ends; returns the reasons of failures in order."""
    seen: set[str] = set()
    reasons: list[str] = []
    for _ in _every(poll, f"{stack} to finish", patience):
        reached = status(client, stack)
        for event in _fresh_events(client, stack, token, seen):
            on_event(event)
            if is_failure(event):
                reasons.append(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', 'no reason given')}")
        if reached is None or not reached.endswith("_IN_PROGRESS"):
            return reasons
    raise AssertionError


def is_failure(event: "Mapping[str, Any] | StackEventTypeDef") -> bool:
    """Return whether an event explains a failure: a resource that failed, or an alarm that fired."""
    reason = str(event.get("ResourceStatusReason", ""))
    status_ = str(event["ResourceStatus"])
    if status_.endswith("_FAILED"):
        return CANCELLED not in reason
    return "ROLLBACK" in status_ and status_.endswith("_IN_PROGRESS") and "larm" in reason


def _fresh_events(client: "CloudFormationClient", stack: str, token: str, seen: set[str]) -> "list[StackEventTypeDef]":
    """Return the operation's new events, oldest first."""
    fresh = []
    for page in client.get_paginator("describe_stack_events").paginate(StackName=stack):
        events = [event for event in page["StackEvents"] if event.get("ClientRequestToken") == token]
        unseen = [event for event in events if event["EventId"] not in seen]
        fresh += unseen
        if len(unseen) < len(page["StackEvents"]):
            break
    seen.update(event["EventId"] for event in fresh)
    return fresh[::-1]


def _every(poll: float, what: str, patience: float = PATIENCE) -> Iterator[None]:
    """Yield at once and then every `poll` seconds until `patience` is over, which raises StackFailed."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        yield
        time.sleep(poll)
    message = f"Waited {patience / 60:.0f} minutes for {what}"
    raise StackFailed(message)
