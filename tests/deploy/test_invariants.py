"""What must hold of production whatever the templates become."""

from typing import Any

import pytest

from deploy import identity
from tests.deploy.conftest import BUILT

Resources = dict[str, dict[str, Any]]
KEEPS_DATA = ("AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool")


@pytest.mark.parametrize("kind", KEEPS_DATA)
def test_data_outlives_its_stack(prod: Resources, kind: str) -> None:
    for resource in prod[kind].values():
        assert resource["DeletionPolicy"] == "Retain"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_table_is_protected_encrypted_and_can_be_turned_back(prod: Resources) -> None:
    (table,) = prod["AWS::DynamoDB::Table"].values()

    assert table["Properties"]["DeletionProtectionEnabled"] is True
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


def test_no_bucket_is_public(prod: Resources) -> None:
    for bucket in prod["AWS::S3::Bucket"].values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["Properties"]["PublicAccessBlockConfiguration"]) == 4


def test_every_bucket_is_encrypted_versioned_and_tidied(prod: Resources) -> None:
    for bucket in prod["AWS::S3::Bucket"].values():
        assert bucket["Properties"]["BucketEncryption"]
        assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["Properties"]["LifecycleConfiguration"]["Rules"]


def test_posted_files_are_gone_after_a_day_whatever_the_workers_do(prod: Resources) -> None:
    images = prod["AWS::S3::Bucket"]["Images"]["Properties"]

    (rule,) = (rule for rule in images["LifecycleConfiguration"]["Rules"] if rule.get("Prefix") == "incoming/")
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 1)
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_only_the_bucket_of_pictures_is_open_to_scripts_and_to_no_more_than_reading_and_posting(
    prod: Resources,
) -> None:
    rules = {
        title: bucket["Properties"].get("CorsConfiguration", {}).get("CorsRules", [])
        for title, bucket in prod["AWS::S3::Bucket"].items()
    }

    assert [rule["AllowedMethods"] for rule in rules.pop("Images")] == [["GET", "POST"]]
    assert not any(rules.values())


def test_every_bucket_and_queue_refuses_plain_http(prod: Resources) -> None:
    guarded = {
        target["Ref"]
        for policy in [*prod["AWS::S3::BucketPolicy"].values(), *prod["AWS::SQS::QueuePolicy"].values()]
        if _denies_plain_http(policy["Properties"]["PolicyDocument"])
        for target in policy["Properties"].get("Queues", [policy["Properties"].get("Bucket")])
    }

    assert guarded == {*prod["AWS::S3::Bucket"], *prod["AWS::SQS::Queue"]}


def test_every_bucket_but_that_of_the_logs_is_logged(prod: Resources) -> None:
    unlogged = {
        title for title, bucket in prod["AWS::S3::Bucket"].items() if "LoggingConfiguration" not in bucket["Properties"]
    }

    assert unlogged == {"Logs"}


def test_queues_and_alerts_are_encrypted(prod: Resources) -> None:
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in prod["AWS::SQS::Queue"].values())
    assert all("KmsMasterKeyId" in topic["Properties"] for topic in prod["AWS::SNS::Topic"].values())
    assert all(key["Properties"]["EnableKeyRotation"] for key in prod["AWS::KMS::Key"].values())


def test_people_sign_in_as_they_should(prod: Resources) -> None:
    (pool,) = (resource["Properties"] for resource in prod["AWS::Cognito::UserPool"].values())
    (client,) = (resource["Properties"] for resource in prod["AWS::Cognito::UserPoolClient"].values())

    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 8
    assert all(policy[f"Require{kind}"] for kind in ("Lowercase", "Uppercase", "Numbers", "Symbols"))
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["AliasAttributes"] == pool["AutoVerifiedAttributes"] == ["email"]
    assert pool["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["DeletionProtection"] == "ACTIVE"
    assert client["PreventUserExistenceErrors"] == "ENABLED"
    assert client["EnableTokenRevocation"] is True
    assert client["GenerateSecret"] is False


def test_the_groups_are_those_that_permissions_name(prod: Resources) -> None:
    names = {group["Properties"]["GroupName"] for group in prod["AWS::Cognito::UserPoolGroup"].values()}

    assert names == set(identity.GROUPS) == {"moderators", "admins"}


def test_only_policies_of_keys_speak_of_everything(prod: Resources) -> None:
    for kind, resources in prod.items():
        if kind != "AWS::KMS::Key":
            assert not [title for title, resource in resources.items() if _mentions_everything(resource)]


def test_the_environments_have_the_same_data_and_nothing_protects_local() -> None:
    for name in ("dev", "staging", "prod", "local"):
        table = BUILT[name, "data"]["Resources"]["Table"]["Properties"]
        assert table["DeletionProtectionEnabled"] is (name != "local")
        assert (
            table["GlobalSecondaryIndexes"]
            == BUILT["prod", "data"]["Resources"]["Table"]["Properties"]["GlobalSecondaryIndexes"]
        )


def _denies_plain_http(document: dict[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny" and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in document["Statement"]
    )


def _mentions_everything(value: Any) -> bool:
    if isinstance(value, dict):
        return value.get("Resource") == "*" or any(_mentions_everything(child) for child in value.values())
    return isinstance(value, list) and any(_mentions_everything(child) for child in value)
