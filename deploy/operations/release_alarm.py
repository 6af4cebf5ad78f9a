"""The alarm that CloudFormation watches during a release: wait until it has data, and read its state."""

from dataclasses import dataclass

from deploy import aws, stacks
from deploy.environments import Environment
from deploy.operations import cloudformation
from deploy.operations.changes import StackFailed

MONITORING = "monitoring"


@dataclass(frozen=True)
class Alarm:
    """The alarm `release`; `reason` says why it is active, and is empty otherwise."""

    arn: str
    reason: str


def read_alarm(env: Environment, endpoint_url: str | None) -> Alarm | None:
    """Return the alarm's current state; None if there is no alarm yet."""
    found = [stack for stack in stacks.select(env) if stack.name == MONITORING]
    if not found:
        return None
    stacks_client = aws.client("cloudformation", env, endpoint_url, found[0].region(env))
    try:
        arn = cloudformation.outputs(stacks_client, stacks.full_name(env, found[0])).get("ReleaseAlarmArn", "")
    except StackFailed:
        return None
    client = aws.client("cloudwatch", env, endpoint_url)
    described = client.describe_alarms(AlarmNames=[arn.rpartition(":")[2]], AlarmTypes=["CompositeAlarm"])
    ringing = [one for one in described["CompositeAlarms"] if one["StateValue"] == "ALARM"]
    return Alarm(arn, ringing[0].get("StateReason") or "it does not say why" if ringing else "")
