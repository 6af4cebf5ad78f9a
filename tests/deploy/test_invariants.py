"""Invariants of production's templates: data, buckets, the user pool, logs, and the figures of the plan."""

from dataclasses import replace
from typing import Any

import pytest

from deploy.environments import DEV, PROD, Environment
from deploy.stacks import identity, monitoring, monitoring_global
from tests.deploy.conftest import BUILT

Resources = dict[str, dict[str, Any]]
KEEPS_DATA = (
    "AWS::DynamoDB::Table",
    "AWS::S3::Bucket",
    "AWS::Cognito::UserPool",
    "AWS::SecretsManager::Secret",
    "AWS::Route53::HostedZone",
)


@pytest.mark.parametrize("kind", KEEPS_DATA)
def test_data_is_retained_when_its_stack_is_deleted(prod: Resources, kind: str) -> None:
    for resource in prod[kind].values():
        assert resource["DeletionPolicy"] == "Retain"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_table_is_protected_encrypted_and_recoverable(prod: Resources) -> None:
    (table,) = prod["AWS::DynamoDB::Table"].values()

    assert table["Properties"]["DeletionProtectionEnabled"] is True
    recovery = table["Properties"]["PointInTimeRecoverySpecification"]
    assert recovery == {"PointInTimeRecoveryEnabled": True, "RecoveryPeriodInDays": 35}
    assert table["Properties"]["SSESpecification"] == {"SSEEnabled": True}
    assert table["Properties"]["BillingMode"] == "PAY_PER_REQUEST"


def test_the_table_and_each_index_have_a_limit(prod: Resources) -> None:
    (table,) = prod["AWS::DynamoDB::Table"].values()

    for limited in (table["Properties"], *table["Properties"]["GlobalSecondaryIndexes"]):
        assert limited["OnDemandThroughput"] == {"MaxReadRequestUnits": 10_000, "MaxWriteRequestUnits": 5_000}


def test_no_bucket_is_public(prod: Resources) -> None:
    for bucket in prod["AWS::S3::Bucket"].values():
        assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["Properties"]["PublicAccessBlockConfiguration"]) == 4


def test_every_bucket_is_encrypted_versioned_and_cleaned_up(prod: Resources) -> None:
    for bucket in prod["AWS::S3::Bucket"].values():
        assert bucket["Properties"]["BucketEncryption"]
        assert bucket["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
        assert bucket["Properties"]["LifecycleConfiguration"]["Rules"]


def test_uploaded_files_expire_after_a_day(prod: Resources) -> None:
    images = prod["AWS::S3::Bucket"]["Images"]["Properties"]

    (rule,) = (rule for rule in images["LifecycleConfiguration"]["Rules"] if rule.get("Prefix") == "incoming/")
    assert (rule["Status"], rule["ExpirationInDays"]) == ("Enabled", 1)
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_only_buckets_of_pictures_are_open_to_scripts_and_to_no_more_than_reading_and_posting(
    prod: Resources,
) -> None:
    opened = {
        title: rules["CorsRules"]
        for title, bucket in prod["AWS::S3::Bucket"].items()
        if (rules := bucket["Properties"].get("CorsConfiguration"))
    }

    assert set(opened) == {"Avatars", "Images"}
    assert all(set(rule["AllowedMethods"]) == {"GET", "POST"} for rules in opened.values() for rule in rules)
    assert all("*" not in rule["AllowedOrigins"] for rules in opened.values() for rule in rules)


def test_every_bucket_and_queue_refuses_plain_http(prod: Resources) -> None:
    guarded = {
        target["Ref"]
        for policy in [*prod["AWS::S3::BucketPolicy"].values(), *prod["AWS::SQS::QueuePolicy"].values()]
        if _denies_plain_http(policy["Properties"]["PolicyDocument"])
        for target in policy["Properties"].get("Queues", [policy["Properties"].get("Bucket")])
    }

    assert guarded == {*prod["AWS::S3::Bucket"], *prod["AWS::SQS::Queue"]}


def test_every_bucket_except_the_one_for_logs_is_logged(prod: Resources) -> None:
    unlogged = {
        title for title, bucket in prod["AWS::S3::Bucket"].items() if "LoggingConfiguration" not in bucket["Properties"]
    }

    # Nor those of the second region, where no log lies: they are read once, after a disaster.
    assert unlogged == {"Logs", "Copies", "ImagesCopies"}


def test_queues_are_encrypted(prod: Resources) -> None:
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in prod["AWS::SQS::Queue"].values())


def test_sign_in_settings_of_the_pool(prod: Resources) -> None:
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
    assert client["GenerateSecret"] is True
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["WriteAttributes"] == ["email", "name"]
    assert (pool["UserPoolTier"], pool["MfaConfiguration"]) == ("LITE", "OPTIONAL")


def test_the_pools_groups_are_those_of_the_permissions(prod: Resources) -> None:
    names = {group["Properties"]["GroupName"] for group in prod["AWS::Cognito::UserPoolGroup"].values()}

    assert names == set(identity.GROUPS) == {"moderators", "admins"}


def test_the_buckets_are_those_of_the_plan(prod: Resources) -> None:
    names = {bucket["Properties"]["BucketName"] for bucket in prod["AWS::S3::Bucket"].values()}

    assert names >= {f"smart-cooking-prod-{what}" for what in ("frontend", "avatars", "images", "logs")}
    for title, bucket in prod["AWS::S3::Bucket"].items():
        moves = [
            move
            for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
            for move in rule.get("Transitions", [])
        ]
        # Snapshots are replaced every hour; copies are made in a class of their own, or go after weeks.
        kept = title not in {"Snapshots", "Copies", "ImagesCopies"}
        assert moves == ([{"StorageClass": "STANDARD_IA", "TransitionInDays": 90}] if kept else [])


def test_cloudfront_serves_only_the_client_and_public_pictures(prod: Resources) -> None:
    shown = {
        target["Fn::Join"][1][1]
        for policy in prod["AWS::S3::BucketPolicy"].values()
        for statement in policy["Properties"]["PolicyDocument"]["Statement"]
        if statement.get("Principal") == {"Service": "cloudfront.amazonaws.com"}
        and statement["Action"] == "s3:GetObject"
        and policy["Properties"]["Bucket"] == {"Ref": "Images"}
        for target in statement["Resource"]
    }

    assert shown == {"/media/avatar/*"}


def test_logs_are_kept_as_long_as_the_plan_says(prod: Resources) -> None:
    days = {one["Properties"]["LogGroupName"]: one["Properties"]["RetentionInDays"] for one in _logs("prod")}

    assert days["/smart-cooking-prod/api"] == 30
    assert days["/smart-cooking-prod/workers"] == days["/smart-cooking-prod/commands"] == 14
    assert {one["Properties"]["RetentionInDays"] for one in _logs("dev")} == {7}


def test_defaults_of_an_environment_are_the_figures_of_the_plan() -> None:
    plain = Environment("any", "any")

    assert (plain.vpc_cidr, plain.api_tasks, plain.api_tasks_most) == ("10.0.0.0/16", 2, 10)
    assert (plain.cpu_target, plain.cpu_alarm) == (70, 80)
    assert (plain.health_every, plain.health_timeout, plain.healthy_after, plain.unhealthy_after) == (30, 5, 2, 2)
    assert (plain.balancer_protected, plain.api_log_days, plain.worker_log_days) == (True, 30, 14)
    assert (plain.xray_reservoir, plain.xray_rate) == (1, 0.10)
    assert (plain.table_read_units, plain.table_write_units) == (10_000, 5_000)
    assert (plain.ai_seconds, plain.route_seconds) == (30, 5)
    assert (plain.monthly_charges, DEV.monthly_charges) == (200, 50)
    assert (plain.cache_seconds, plain.cache_most_seconds, plain.hsts_seconds) == (3600, 86_400, 31_536_000)
    assert (plain.outside_every, plain.sign_in_every, plain.sign_in_most_ms, plain.journey_every) == (
        30,
        300,
        500,
        3600,
    )
    assert (plain.release_days, plain.release_opens, plain.release_closes) == ((1, 2, 3), 2, 4)
    assert (plain.availability_target, plain.errors_target, plain.recovery_target) == (99.95, 0.1, 30)


def test_figures_reach_the_templates(prod: Resources) -> None:
    scaled = prod["AWS::ApplicationAutoScaling::ScalableTarget"]["BlueScaling"]
    targets = {
        title: one["Properties"]["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
        for title, one in prod["AWS::ApplicationAutoScaling::ScalingPolicy"].items()
    }
    policy = prod["AWS::CloudFront::CachePolicy"]["ClientCaching"]
    (vpc,) = prod["AWS::EC2::VPC"].values()

    assert BUILT["prod", "service"]["Parameters"]["BlueTasks"]["Default"] == "2"
    assert scaled["Properties"]["MaxCapacity"] == {"Fn::If": ["BlueRuns", 10, 0]}
    assert (targets["BlueByCpu"], targets["GreenByCpu"]) == (70.0, 70.0)
    assert {"BlueByRequests", "GreenByRequests"} <= set(targets)
    assert policy["Properties"]["CachePolicyConfig"]["DefaultTTL"] == 3600
    assert policy["Properties"]["CachePolicyConfig"]["MaxTTL"] == 86_400
    assert vpc["Properties"]["CidrBlock"] == "10.0.0.0/16"


def test_log_deliveries_are_created_one_after_another(prod: Resources) -> None:
    deliveries = prod["AWS::Logs::Delivery"]

    assert "DependsOn" not in deliveries["ClientLog"]
    assert deliveries["ApiDistributionLog"]["DependsOn"] == "ClientLog"


def test_only_one_environment_watches_its_account() -> None:
    for env in (PROD, replace(PROD, first_in_account=False)):
        alarms_ = str(monitoring_global.build(env).to_dict())
        budget = monitoring.build(env).to_dict()["Resources"]["MonthlyBudget"]["Properties"]["Budget"]
        assert ("EstimatedCharges" in alarms_) is env.first_in_account
        assert ("CostFilters" in budget) is not env.first_in_account


def test_all_environments_have_the_same_table_and_only_local_is_unprotected() -> None:
    for name in ("dev", "staging", "prod", "local"):
        table = BUILT[name, "data"]["Resources"]["Table"]["Properties"]
        assert table["DeletionProtectionEnabled"] is (name != "local")
        assert _shapes(table) == _shapes(BUILT["prod", "data"]["Resources"]["Table"]["Properties"])


def _denies_plain_http(document: dict[str, Any]) -> bool:
    return any(
        statement["Effect"] == "Deny" and statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}
        for statement in document["Statement"]
    )


def _logs(env: str) -> list[dict[str, Any]]:
    return [
        resource
        for (name, _), template in BUILT.items()
        if name == env
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::Logs::LogGroup"
    ]


def _shapes(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {key: value for key, value in index.items() if key != "OnDemandThroughput"}
        for index in table["GlobalSecondaryIndexes"]
    ]
