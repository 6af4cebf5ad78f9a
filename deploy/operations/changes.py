"""What a change of a stack is: under which terms it is made, and what it does to each resource."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import ResourceChangeDetailTypeDef, RollbackConfigurationTypeDef


# Replaced by design: each change of a task definition is another revision, and the earlier ones stay usable.
REVISIONS = frozenset({"AWS::ECS::TaskDefinition"})
# Hold no data and answer nobody: removing one, or making it anew under another id, loses nothing that counts.
EXPENDABLE = REVISIONS | {
    "AWS::ApplicationAutoScaling::ScalingPolicy",
    "AWS::CloudWatch::Alarm",
    "AWS::CloudWatch::CompositeAlarm",
    "AWS::CloudWatch::Dashboard",
    "AWS::Scheduler::Schedule",
}


class StackFailed(Exception):
    """CloudFormation refused a template or could not make what is in it."""


class NotDeployed(StackFailed):
    """A stack that others take outputs from does not exist yet."""


@dataclass(frozen=True)
class ChangeOptions:
    """How CloudFormation works on a stack: as whom, with which tags, and what makes it take an update back."""

    tags: Mapping[str, str]
    # The role that CloudFormation works with; none stands for the caller's own rights.
    role: str = ""
    # A composite alarm: when it rings during an update or in the minutes after it, the update is rolled back.
    alarm: str = ""
    minutes: int = 0

    @property
    def rollback(self) -> "RollbackConfigurationTypeDef":
        """Name the triggers even where there are none: a stack keeps those of its last update otherwise."""
        triggers = [{"Arn": self.alarm, "Type": "AWS::CloudWatch::CompositeAlarm"}] if self.alarm else []
        return {"RollbackTriggers": triggers, "MonitoringTimeInMinutes": self.minutes}  # type: ignore[typeddict-item]


@dataclass(frozen=True)
class Change:
    """What happens to one resource."""

    action: str
    resource: str
    type: str
    replaced: bool
    # What of it changes: `Properties.VisibilityTimeout: 60 -> 90`, as far as CloudFormation tells.
    details: tuple[str, ...] = ()

    @property
    def loses_data(self) -> bool:
        """Whether somebody has to agree first; the workflow has nobody to ask and refuses."""
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
    """The difference between a template and the stack that was made from an earlier one."""

    id: str
    stack: str
    creates_stack: bool
    changes: tuple[Change, ...]
    # Minutes for which CloudFormation watches the alarm before it calls an update complete.
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
