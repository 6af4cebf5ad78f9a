"""Changes that need an approval, and those that the workflow makes by itself."""

import pytest

from deploy import permissions
from deploy.operations.changes import Change


def change(kind: str, *, action: str = "Modify", replaced: bool = False) -> Change:
    return Change(action, "Title", kind, replaced)


def test_another_revision_of_a_task_definition_needs_no_consent() -> None:
    found = change("AWS::ECS::TaskDefinition", replaced=True)

    assert not found.loses_data
    assert "a new revision" in str(found)


@pytest.mark.parametrize("kind", ["AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Scheduler::Schedule"])
def test_what_holds_nothing_may_go_without_consent(kind: str) -> None:
    assert not change(kind, action="Remove").loses_data


@pytest.mark.parametrize(
    "kind", ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::ECS::Service"]
)
def test_what_holds_data_or_serves_people_does_not(kind: str) -> None:
    assert change(kind, action="Remove").loses_data
    assert change(kind, replaced=True).loses_data
    assert not change(kind).loses_data


def test_functions_of_templates_and_delivered_logs_need_rights_that_no_schema_names() -> None:
    zones = {"Resources": {"Net": {"Type": "AWS::EC2::Subnet", "Properties": {"Zone": {"Fn::GetAZs": ""}}}}}
    logs = {"Resources": {"Log": {"Type": "AWS::Logs::DeliverySource", "Properties": {}}}}

    assert "ec2:DescribeAvailabilityZones" in permissions.needed_beside_handlers([zones])
    assert permissions.needed_beside_handlers([logs]) == {"cloudfront:AllowVendedLogDeliveryForResource"}
    kept = permissions.kept()
    assert permissions.needed_beside_handlers([zones, logs]) <= set(kept.nameless)


def test_a_function_whose_rights_nobody_looked_up_fails() -> None:
    with pytest.raises(KeyError, match="Fn::ImportValue"):
        permissions.needed_beside_handlers([{"Resources": {"A": {"Type": "B", "P": {"Fn::ImportValue": "x"}}}}])
