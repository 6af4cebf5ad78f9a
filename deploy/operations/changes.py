"""Changes to a stack: CloudFormation's options for a change set, and the effect on each resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ResourceChangeDetailTypeDef, RollbackConfigurationTypeDef


# Replaced by design: each change of a task definition is a new revision, and earlier ones stay usable.
REVISIONS = frozenset({"AWS::ECS::TaskDefinition"})
# These types hold no data and serve no requests: removing or replacing one loses nothing.
EXPENDABLE = REVISIONS | {
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Scheduler::Schedule",
}


class StackFailed(Exception):
    """CloudFormation rejected a template, or failed to create or update its resources."""


class NotDeployed(StackFailed):
    """A stack whose outputs others need does not exist yet."""


@dataclass(frozen=True)
class ChangeOptions:
    """How CloudFormation updates a stack: its service role, tags, and the alarm that triggers a rollback."""

    tags: Mapping[str, str]
    # CloudFormation's service role; empty: the caller's own permissions.
    role: str = ""
    # ARN of a composite alarm: if it fires during an update, or within `minutes` after it, the update is rolled back.
    alarm: str = ""
    minutes: int = 0

    @property
    def rollback(self) -> "RollbackConfigurationTypeDef":
        """Always send the triggers, even an empty list: otherwise a stack keeps those of its last update."""
        triggers = [{"Arn": self.alarm, "Type": "AWS::CloudWatch::CompositeAlarm"}] if self.alarm else []
        return {"RollbackTriggers": triggers, "MonitoringTimeInMinutes": self.minutes}  # type: ignore[typeddict-item]


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    action: str
    resource: str
    type: str
    replaced: bool
    # Changed properties, such as `Properties.VisibilityTimeout: 60 -> 90`, as far as CloudFormation reports them.
    details: tuple[str, ...] = ()

    @property
    def loses_data(self) -> bool:
        """Return whether the change needs confirmation; the workflow cannot ask, and refuses it."""
        return self.type not in EXPENDABLE and (self.replaced or self.action == "Remove")

    def __str__(self) -> str:
        note = ""
        if self.replaced:
            note = (
                " (a new revision)" if self.type in REVISIONS else " (replaced: the old one is deleted or left behind)"
            )
        return f"{self.action:<7} {self.type:<32} {self.resource}{note}"


@dataclass(frozen=True)
class ChangeSet:
    """A change set: the difference between a stack and a new template."""

    id: str
    stack: str
    creates_stack: bool
    changes: tuple[Change, ...]
    # Minutes for which CloudFormation watches the alarm before the update is complete.
    minutes: int = 0


def describe(detail: "ResourceChangeDetailTypeDef") -> str:
    target = detail.get("Target", {})
    what = target.get("Path", "").strip("/").replace("/", ".") or ".".join(
        part for part in (target.get("Attribute", ""), target.get("Name", "")) if part
    )
    cause = f" (because of {detail['CausingEntity']})" if "CausingEntity" in detail else ""
    if "BeforeValue" not in target and "AfterValue" not in target:
        return f"{what}{cause}"
    return f"{what}: {target.get('BeforeValue', 'nothing')} -> {target.get('AfterValue', 'nothing')}{cause}"
