"""CloudFormation: change sets, rolled-back creations, updates rolled back by an alarm, and deletions."""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from deploy import permissions
from tests.deploy.account import resolve
from tests.deploy.account.resolve import Resource, Scope
from tests.deploy.account.wire import Refused

# The properties that protect a resource from deletion.
PROTECTIONS: Mapping[str, Callable[[Mapping[str, Any]], bool]] = {
    "AWS::Cognito::UserPool": lambda one: one.get("DeletionProtection") == "ACTIVE",
    "AWS::DynamoDB::Table": lambda one: bool(one.get("DeletionProtectionEnabled")),
    "AWS::ElasticLoadBalancingV2::LoadBalancer": lambda one: (
        {"Key": "deletion_protection.enabled", "Value": "true"} in one.get("LoadBalancerAttributes", [])
    ),
}


class Failed(Exception):
    """A resource could not be created, changed or deleted."""

    def __init__(self, title: str, reason: str) -> None:
        super().__init__(reason)
        self.title, self.reason = title, reason


@dataclass
class Stack:
    """A stack: its template, parameters and existing resources."""

    name: str
    region: str
    status: str = "REVIEW_IN_PROGRESS"
    template: dict[str, Any] = field(default_factory=lambda: {"Resources": {}})
    parameters: dict[str, str] = field(default_factory=dict)
    resources: dict[str, Resource] = field(default_factory=dict)
    outputs: dict[str, str] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def arn(self) -> str:
        return f"arn:aws:cloudformation:{self.region}:{resolve.ACCOUNT}:stack/{self.name}/{self.id}"

    def tell(self, token: str, title: str, status: str, reason: str = "") -> None:
        event = {"EventId": uuid.uuid4().hex, "StackId": self.arn, "StackName": self.name, "ClientRequestToken": token}
        self.events.append(
            event | {"LogicalResourceId": title, "ResourceStatus": status, "ResourceStatusReason": reason}
        )


@dataclass
class ChangeSet:
    """A change set: a template, parameters, a role, and the alarms that roll it back."""

    id: str
    stack: Stack
    template: dict[str, Any]
    parameters: dict[str, str]
    role: str
    triggers: list[str]
    changes: list[dict[str, Any]]


@cache
def schema(kind: str) -> dict[str, Any]:
    for text in _schemas().get(kind, ()):
        if (found := json.loads(text)).get("typeName") == kind:
            described: dict[str, Any] = found
            return described
    return {}


@cache
def _schemas() -> Mapping[str, list[str]]:
    """Read all resource schemas once (15 MB), by the types that they describe."""
    found: dict[str, list[str]] = {}
    for path in files("cfnlint").joinpath("data/schemas/resources").iterdir():
        if path.name.endswith(".json"):
            text = path.read_text("utf-8")
            for kind in set(re.findall(r'"typeName":\s*"([^"]+)"', text)):
                found.setdefault(kind, []).append(text)
    return found


class Engine:
    """Executes changes of stacks. `allow` raises for calls that the role may not make."""

    def __init__(self, allow: Callable[[str, str, Resource | None, str], None]) -> None:
        self.stacks: dict[tuple[str, str], Stack] = {}
        self.deleted: list[Stack] = []
        self.change_sets: dict[str, ChangeSet] = {}
        # Resources outside stacks, left behind by deletions and rollbacks.
        self.left: list[Resource] = []
        # Stacks whose next creation fails once, at this resource; and whether the alarm is active.
        self.fails_at: dict[str, str] = {}
        self.rings: Callable[[Stack, Mapping[str, str]], bool] = lambda *_: False
        self.zones = 0
        self._allow = allow

    def find(self, name: str, region: str) -> Stack:
        for stack in self.stacks.values():
            if stack.region == region and name in {stack.name, stack.arn}:
                return stack
        for stack in self.deleted:
            # Identified only by their number.
            if name == stack.arn:
                return stack
        raise Refused("ValidationError", f"Stack with id {name} does not exist")

    def every(self) -> Iterator[Resource]:
        for stack in self.stacks.values():
            yield from stack.resources.values()
        yield from self.left

    def plan(
        self, stack: Stack, template: dict[str, Any], parameters: dict[str, str], role: str, triggers: list[str]
    ) -> ChangeSet:
        declared = template.get("Parameters", {})
        for name, one in declared.items():
            if name not in parameters and "Default" not in one:
                raise Refused("ValidationError", f"Parameters: [{name}] must have values")
            value = parameters.setdefault(name, str(one.get("Default", "")))
            if "AllowedPattern" in one and not re.fullmatch(one["AllowedPattern"].strip("^$"), value):
                raise Refused("ValidationError", f"Parameter {name} failed to satisfy {one['AllowedPattern']}")
        unknown = set(parameters) - set(declared)
        if unknown:
            raise Refused("ValidationError", f"Parameters: [{', '.join(unknown)}] do not exist in the template")
        scope = self._scope(stack, template, parameters, role, deepcopy(stack.resources))
        changes = list(self._changes(stack, template, scope))
        name = f"arn:aws:cloudformation:{stack.region}:{resolve.ACCOUNT}:changeSet/{uuid.uuid4().hex}"
        self.change_sets[name] = ChangeSet(name, stack, template, parameters, role, triggers, changes)
        return self.change_sets[name]

    def execute(self, change_set: ChangeSet, token: str, *, retain_except_on_create: bool) -> None:
        stack, creates = change_set.stack, change_set.stack.status == "REVIEW_IN_PROGRESS"
        word = "CREATE" if creates else "UPDATE"
        before = (stack.template, stack.parameters, deepcopy(stack.resources), stack.outputs)
        made: list[Resource] = []
        try:
            self._apply(change_set, token, made)
            self._watch(change_set)
        except Failed as failed:
            is_alarm = failed.title == stack.name
            status = "UPDATE_ROLLBACK_IN_PROGRESS" if is_alarm else f"{word}_FAILED"
            stack.tell(token, failed.title, status, failed.reason)
            stack.status = self._roll_back(
                stack, made, token, before, deletes_retained=retain_except_on_create, creates=creates
            )
            stack.tell(token, stack.name, stack.status)
            return
        stack.status = f"{word}_COMPLETE"
        stack.tell(token, stack.name, stack.status)

    def _watch(self, change_set: ChangeSet) -> None:
        if change_set.triggers and self.rings(change_set.stack, change_set.parameters):
            raise Failed(change_set.stack.name, "Rollback triggered: CloudWatch alarm is in ALARM state")

    def delete(self, stack: Stack, token: str) -> None:
        for resource in reversed(list(stack.resources.values())):
            if resource.policy.startswith("Retain"):
                self.left.append(stack.resources.pop(resource.title))
                continue
            if _is_protected(resource):
                stack.tell(token, resource.title, "DELETE_FAILED", "deletion protection is enabled")
                stack.status = "DELETE_FAILED"
                return
            stack.resources.pop(resource.title)
        stack.status = "DELETE_COMPLETE"
        self.deleted.append(stack)
        self.stacks = {key: one for key, one in self.stacks.items() if one is not stack}

    def _roll_back(
        self,
        stack: Stack,
        made: list[Resource],
        token: str,
        before: Any,
        *,
        deletes_retained: bool,
        creates: bool,
    ) -> str:
        word = "ROLLBACK" if creates else "UPDATE_ROLLBACK"
        stuck = {}
        for resource in reversed(made):
            if resource.policy.startswith("Retain") and not deletes_retained:
                self.left.append(resource)
            elif _is_protected(resource):
                stack.tell(token, resource.title, "DELETE_FAILED", "deletion protection is enabled")
                stuck[resource.title] = resource
        stack.template, stack.parameters, stack.resources, stack.outputs = before
        stack.resources = stack.resources | stuck
        return f"{word}_FAILED" if stuck else f"{word}_COMPLETE"

    def _apply(self, change_set: ChangeSet, token: str, made: list[Resource]) -> None:
        stack, template = change_set.stack, change_set.template
        failing = self.fails_at.get(stack.name)
        scope = self._scope(stack, template, change_set.parameters, change_set.role, dict(stack.resources))
        kinds = {one["ResourceChange"]["LogicalResourceId"]: one["ResourceChange"] for one in change_set.changes}
        for title in _order(template, scope):
            old = stack.resources.get(title)
            resource = self._resource(stack, title, template["Resources"][title], scope, old)
            if old is None or kinds.get(title, {}).get("Replacement") == "True":
                self._refuse_taken(resource, old)
                self._allow(change_set.role, "create", resource, stack.region)
                if failing == title:
                    del self.fails_at[stack.name]
                    raise Failed(title, "Resource handler returned message: quota exceeded")
                made.append(resource)
                self.zones += resource.kind == "AWS::Route53::HostedZone"
                stack.tell(token, title, "CREATE_COMPLETE")
            elif old.properties != resource.properties:
                self._allow(change_set.role, "update", resource, stack.region)
                stack.tell(token, title, "UPDATE_COMPLETE")
            scope.resources[title] = stack.resources[title] = resource
        for title in set(stack.resources) - set(_order(template, scope)):
            gone = stack.resources.pop(title)
            if gone.policy.startswith("Retain"):
                self.left.append(gone)
        stack.template, stack.parameters = template, change_set.parameters
        stack.outputs = {name: str(scope.value(one["Value"])) for name, one in template.get("Outputs", {}).items()}

    def _scope(
        self,
        stack: Stack,
        template: dict[str, Any],
        parameters: dict[str, str],
        role: str,
        resources: dict[str, Resource],
    ) -> Scope:
        values: dict[str, Any] = {
            name: value.split(",") if template["Parameters"][name]["Type"].startswith("List<") else value
            for name, value in parameters.items()
        }
        called = lambda action: self._allow(role, action, None, stack.region)  # noqa: E731
        return Scope(stack.region, values, template.get("Conditions", {}), called, resources)

    def _resource(self, stack: Stack, title: str, body: dict[str, Any], scope: Scope, old: Resource | None) -> Resource:
        properties = scope.value(body.get("Properties", {}))
        place: Any = properties
        for part in resolve.NAMES.get(body["Type"], "-").split("."):
            place = place.get(part) if isinstance(place, dict) else None
        name = place if isinstance(place, str) else f"{stack.name}-{title}"
        if body["Type"] == "AWS::ECS::TaskDefinition":
            revision = int(old.name.rpartition(":")[2]) if old else 0
            changed = old is None or old.properties != properties
            name = f"{properties['Family']}:{revision + changed}"
        return Resource(title, body["Type"], stack.region, name, properties, body.get("DeletionPolicy", "Delete"))

    def _named(self, stack: Stack, title: str, body: dict[str, Any]) -> Resource:
        """Return a resource by its name alone, for whoever refers to it; names in templates are plain words."""
        place: Any = body.get("Properties", {})
        for part in resolve.NAMES.get(body["Type"], "-").split("."):
            place = place.get(part) if isinstance(place, dict) else None
        name = place if isinstance(place, str) else f"{stack.name}-{title}"
        return Resource(title, body["Type"], stack.region, name, {})

    def _changes(self, stack: Stack, template: dict[str, Any], scope: Scope) -> Iterator[dict[str, Any]]:
        order = _order(template, scope)
        for title in order:
            old = stack.resources.get(title)
            resource = self._resource(stack, title, template["Resources"][title], scope, old)
            scope.resources[title] = resource
            if old is None:
                yield _change("Add", resource)
            elif old.properties != resource.properties or old.policy != resource.policy:
                yield _change("Modify", resource, Replacement=str(_is_replaced(old, resource)))
        for title in set(stack.resources) - set(order):
            yield _change("Remove", stack.resources[title])

    def _refuse_taken(self, resource: Resource, replaced: Resource | None) -> None:
        if resource.kind not in resolve.NAMES or resource.kind == "AWS::ECS::TaskDefinition":
            return
        for other in self.every():
            same = (other.kind, other.name) == (resource.kind, resource.name)
            place = other.region == resource.region or resource.kind == "AWS::S3::Bucket"
            if (
                same
                and place
                and other is not replaced
                and other.properties.get("GroupName") == resource.properties.get("GroupName")
            ):
                raise Failed(resource.title, f"{resource.name} already exists")


def _order(template: dict[str, Any], scope: Scope) -> list[str]:
    """Return the titles of what the template makes, each after what it refers to."""
    bodies = {
        title: body
        for title, body in template["Resources"].items()
        if "Condition" not in body or scope.holds(body["Condition"])
    }
    ordered: list[str] = []
    while len(ordered) < len(bodies):
        ready = [
            title
            for title, body in bodies.items()
            if title not in ordered
            and (resolve.needs(body.get("Properties", {}), set(bodies)) | _depends(body)) & set(bodies) - {title}
            <= set(ordered)
        ]
        assert ready, "resources refer to each other in a circle"
        ordered += ready
    return ordered


def _depends(body: dict[str, Any]) -> set[str]:
    named = body.get("DependsOn", [])
    return {named} if isinstance(named, str) else set(named)


def _change(action: str, resource: Resource, **more: str) -> dict[str, Any]:
    told = {"Action": action, "LogicalResourceId": resource.title, "ResourceType": resource.kind, "Details": []}
    return {"Type": "Resource", "ResourceChange": told | more}


def _is_replaced(old: Resource, new: Resource) -> bool:
    if new.kind == "AWS::ECS::TaskDefinition":
        return old.properties != new.properties
    fixed = {
        path.removeprefix("/properties/").partition("/")[0] for path in schema(new.kind).get("createOnlyProperties", [])
    }
    return any(old.properties.get(name) != new.properties.get(name) for name in fixed)


def _is_protected(resource: Resource) -> bool:
    is_on = PROTECTIONS.get(resource.kind)
    return is_on is not None and is_on(resource.properties)


def handlers(kind: str, word: str) -> set[str]:
    """Return the calls that a resource's handler makes, as far as IAM knows them and we do not withhold them."""
    known = permissions._actions_of_iam()
    named = schema(kind).get("handlers", {}).get(word, {}).get("permissions", [])
    return {action for action in named if action.lower() in known} - permissions.WITHHELD
