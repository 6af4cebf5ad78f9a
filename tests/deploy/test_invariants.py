"""Invariants of production, however the templates change."""

import json
import os
import re
import runpy
import subprocess
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest
from kombu.transport import virtual

from deploy.environments import DEV, PROD, STAGING, Environment
from deploy.stacks import dns, edge_global, identity, monitoring, monitoring_global, network, schedule, service
from smartcooking import scheduled, worker_health
from smartcooking.celery import app
from smartcooking.contract.queues import QUEUES
from smartcooking.contract.schedules import SCHEDULES
from smartcooking.contract.schedules import Schedule as Planned
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
def test_data_outlives_its_stack(prod: Resources, kind: str) -> None:
    for resource in prod[kind].values():
        assert resource["DeletionPolicy"] == "Retain"
        assert resource["UpdateReplacePolicy"] == "Retain"


def test_the_table_is_protected_encrypted_and_can_be_turned_back(prod: Resources) -> None:
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


def test_every_bucket_but_that_of_the_logs_is_logged(prod: Resources) -> None:
    unlogged = {
        title for title, bucket in prod["AWS::S3::Bucket"].items() if "LoggingConfiguration" not in bucket["Properties"]
    }

    # Nor those of the second region, where no log lies: they are read once, after a disaster.
    assert unlogged == {"Logs", "Copies", "ImagesCopies"}


def test_queues_are_encrypted(prod: Resources) -> None:
    assert all(queue["Properties"]["SqsManagedSseEnabled"] for queue in prod["AWS::SQS::Queue"].values())


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
    assert client["GenerateSecret"] is True
    assert client["ExplicitAuthFlows"] == ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    assert client["WriteAttributes"] == ["email", "name"]
    assert (pool["UserPoolTier"], pool["MfaConfiguration"]) == ("LITE", "OPTIONAL")


def test_the_groups_are_those_that_permissions_name(prod: Resources) -> None:
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


def test_nothing_but_the_clients_and_public_pictures_is_shown_by_cloudfront(prod: Resources) -> None:
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


def test_tasks_are_read_only_and_arm_and_hold_no_capability(prod: Resources) -> None:
    for task in prod["AWS::ECS::TaskDefinition"].values():
        properties = task["Properties"]
        assert properties["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
        for container in properties["ContainerDefinitions"]:
            assert container["ReadonlyRootFilesystem"] is True
            assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
            assert container["LinuxParameters"]["InitProcessEnabled"] is True
            assert [secret["Name"] for secret in container["Secrets"]] == ["COGNITO_CLIENT_SECRET", "SECRET_KEY"]
            assert "@" in container["Image"]["Fn::Join"]


def test_no_service_names_a_number_of_tasks(prod: Resources) -> None:
    assert not [title for title, one in prod["AWS::ECS::Service"].items() if "DesiredCount" in one["Properties"]]


def test_the_api_is_reached_through_cloudfront_alone(prod: Resources) -> None:
    (balancer,) = prod["AWS::ElasticLoadBalancingV2::LoadBalancer"].values()
    ingress = {title: rule["Properties"] for title, rule in prod["AWS::EC2::SecurityGroupIngress"].items()}

    assert balancer["Properties"]["Scheme"] == "internal"
    assert "SourcePrefixListId" in ingress.pop("BalancerFromCloudFront")
    assert all("SourceSecurityGroupId" in rule and "CidrIp" not in rule for rule in ingress.values())
    assert not [g for g in prod["AWS::EC2::SecurityGroup"].values() if "SecurityGroupIngress" in g["Properties"]]


def test_health_is_asked_as_the_plan_says(prod: Resources) -> None:
    for group in prod["AWS::ElasticLoadBalancingV2::TargetGroup"].values():
        asked = group["Properties"]
        assert (asked["HealthCheckPath"], asked["HealthCheckIntervalSeconds"]) == ("/livez", 30)
        assert (asked["HealthyThresholdCount"], asked["UnhealthyThresholdCount"]) == (2, 2)
        assert asked["HealthCheckTimeoutSeconds"] == 5


def test_logs_are_kept_as_long_as_the_plan_says(prod: Resources) -> None:
    days = {one["Properties"]["LogGroupName"]: one["Properties"]["RetentionInDays"] for one in _logs("prod")}

    assert days["/smart-cooking-prod/api"] == 30
    assert days["/smart-cooking-prod/workers"] == days["/smart-cooking-prod/commands"] == 14
    assert {one["Properties"]["RetentionInDays"] for one in _logs("dev")} == {7}


def test_every_command_is_run_as_often_as_planned(prod: Resources) -> None:
    found = Counter[tuple[str, str]]()
    for one in prod["AWS::Scheduler::Schedule"].values():
        if "EcsParameters" in one["Properties"]["Target"]:
            override = json.loads(one["Properties"]["Target"]["Input"])["containerOverrides"][0]
            words = re.findall(r"python manage\.py ([^&]+?)(?= &|$)", " ".join(override["command"]))
            found.update((called, one["Properties"]["ScheduleExpression"]) for called in words)
        elif ":sqs:" in json.dumps(one["Properties"]["Target"]["Arn"]):
            ((called, _), _, _) = json.loads(json.loads(one["Properties"]["Target"]["Input"])["body"])
            found[called, one["Properties"]["ScheduleExpression"]] += 1

    assert found == {(" ".join(planned.words), schedule.rate(planned.every)): 1 for planned in schedule.schedules(PROD)}


def test_a_scheduled_message_is_one_that_a_worker_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """In the form received from SQS."""
    ran: list[str] = []
    monkeypatch.setattr(scheduled, "call_command", lambda name, *_: ran.append(name))
    due = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    for planned in SCHEDULES:
        if planned.alone:
            continue
        text = planned.message("5a1e", due)
        transport: Any = app.connection_for_read().transport
        channel = transport.Channel.__new__(transport.Channel)
        payload = json.loads(channel._optional_b64_decode(text.encode()))
        message = virtual.Message(payload, channel=channel)
        arguments, words, _ = message.decode()

        assert message.headers["task"] in app.tasks
        app.tasks[message.headers["task"]].run(*arguments, **words)

    assert ran == [one.command for one in SCHEDULES if not one.alone]


@pytest.mark.parametrize(("late", "runs"), [(timedelta(seconds=100), True), (timedelta(hours=2), False)])
def test_a_scheduled_command_that_is_long_overdue_is_left_out(
    late: timedelta,
    runs: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []
    monkeypatch.setattr(scheduled, "call_command", lambda name, *_: ran.append(name))

    scheduled.run_command("sweep_outbox", (datetime.now(UTC) - late).isoformat())

    assert bool(ran) is runs


def test_what_no_schedule_has_is_not_run() -> None:
    with pytest.raises(scheduled.UnknownCommand):
        scheduled.run_command("create_user", datetime.now(UTC).isoformat())


def test_commands_that_are_due_together_run_beside_each_other(tmp_path: Path) -> None:
    """The first one fails, the second is slow, and neither affects the other."""
    (tmp_path / "python").write_text('#!/bin/sh\ntest "$2" = fails && exit 3\nsleep 0.2\necho "$2" >> done\n')
    (tmp_path / "python").chmod(0o755)
    words = schedule.command([Planned("fails", 60), Planned("slow", 60), Planned("other", 60)])

    path = f"{tmp_path}:{os.environ['PATH']}"
    subprocess.run(words, cwd=tmp_path, env={"PATH": path}, check=True)

    assert sorted((tmp_path / "done").read_text().split()) == ["other", "slow"]


def test_checks_run_as_often_as_the_plan_says(prod: Resources) -> None:
    url = "--url https://api.smartcooking.com"
    schedules = [one["Properties"] for one in prod["AWS::Scheduler::Schedule"].values()]
    often = [one["Description"] for one in schedules if one["ScheduleExpression"] == "rate(5 minutes)"]
    hourly = ", ".join(one["Description"] for one in schedules if one["ScheduleExpression"] == "rate(1 hour)")

    assert often == [f"manage.py probe sign-in {url} --most-ms 500"]
    assert f"manage.py probe journey {url}" in hourly
    assert "manage.py probe upkeep --copies smart-cooking-prod-copies" in hourly


def test_each_queue_has_workers_in_every_environment() -> None:
    for env in (DEV, STAGING, PROD):
        served = [name for group in env.workers for name in group.queues]
        assert sorted(served) == sorted(queue.name for queue in QUEUES)


def test_headers_of_both_sites_keep_browsers_safe(prod: Resources) -> None:
    for policy in prod["AWS::CloudFront::ResponseHeadersPolicy"].values():
        headers = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 31_536_000
        assert headers["FrameOptions"]["FrameOption"] == "DENY"
        assert "ContentTypeOptions" in headers


def test_the_firewall_refuses_what_the_plan_names(prod: Resources) -> None:
    acl = prod["AWS::WAFv2::WebACL"]["Firewall"]
    rules = {rule["Name"]: rule["Statement"] for rule in acl["Properties"]["Rules"]}

    assert rules["requests-per-address"]["RateBasedStatement"]["Limit"] == 2000
    managed = {one["ManagedRuleGroupStatement"]["Name"] for one in rules.values() if "ManagedRuleGroupStatement" in one}
    assert managed == {
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesSQLiRuleSet",
    }


def test_what_tokens_would_change_in_the_pool_is_refused_and_what_the_service_asks_is_not(prod: Resources) -> None:
    (rule,) = prod["AWS::WAFv2::WebACL"]["PoolFirewall"]["Properties"]["Rules"]
    (associated,) = prod["AWS::WAFv2::WebACLAssociation"].values()
    refused = re.compile(rule["Statement"]["RegexMatchStatement"]["RegexString"])
    model = boto3.client("cognito-idp", "ap-southeast-1").meta.service_model
    inputs = {name: model.operation_model(name).input_shape for name in model.operation_names}
    by_token = {name for name, shape in inputs.items() if shape and "AccessToken" in shape.members}
    enrolling = {"AssociateSoftwareToken", "VerifySoftwareToken"}

    assert rule["Action"] == {"Block": {}}
    assert associated["Properties"]["ResourceArn"] == {"Fn::GetAtt": ["Pool", "Arn"]}
    assert {name for name in inputs if refused.fullmatch(name.lower())} == by_token - enrolling


def test_figures_that_the_plan_fixes_are_the_defaults_of_an_environment() -> None:
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


def test_countries_are_refused_where_the_environment_names_them() -> None:
    named = edge_global.build(replace(PROD, blocked_countries=("KP",))).to_dict()["Resources"]
    unnamed = edge_global.build(replace(PROD, blocked_countries=())).to_dict()["Resources"]

    for title in ("Client", "ApiDistribution"):
        config = named[title]["Properties"]["DistributionConfig"]
        assert config["Restrictions"]["GeoRestriction"] == {"RestrictionType": "blacklist", "Locations": ["KP"]}
        assert "Restrictions" not in unnamed[title]["Properties"]["DistributionConfig"]


def test_some_countries_are_refused_by_default(prod: Resources) -> None:
    for one in prod["AWS::CloudFront::Distribution"].values():
        restriction = one["Properties"]["DistributionConfig"]["Restrictions"]["GeoRestriction"]
        assert restriction["Locations"] == ["CU", "IR", "KP", "SY"]


def test_managed_rules_count_before_they_block() -> None:
    actions: dict[bool, dict[str, Any]] = {False: {"Count": {}}, True: {"None": {}}}
    for blocks, action in actions.items():
        resources = edge_global.build(replace(PROD, firewall_blocks=blocks)).to_dict()["Resources"]
        rules = resources["Firewall"]["Properties"]["Rules"]
        managed = [one for one in rules if "ManagedRuleGroupStatement" in one["Statement"]]
        assert {json.dumps(one["OverrideAction"]) for one in managed} == {json.dumps(action)}
        assert [one["Action"] for one in rules if one not in managed] == [{"Block": {}}]


def test_whoever_may_send_next_closes_a_connection_first(prod: Resources) -> None:
    (balancer,) = prod["AWS::ElasticLoadBalancingV2::LoadBalancer"].values()
    attributes = {one["Key"]: one["Value"] for one in balancer["Properties"]["LoadBalancerAttributes"]}
    (origin,) = prod["AWS::CloudFront::Distribution"]["ApiDistribution"]["Properties"]["DistributionConfig"]["Origins"]
    gunicorn = runpy.run_path(str(Path(__file__).parents[2] / "docker/gunicorn.conf.py"))

    edge = origin["VpcOriginConfig"]["OriginKeepaliveTimeout"]
    assert edge < int(attributes["idle_timeout.timeout_seconds"]) < gunicorn["keepalive"]


def test_two_deliveries_of_logs_do_not_meet_at_their_destination(prod: Resources) -> None:
    deliveries = prod["AWS::Logs::Delivery"]

    assert "DependsOn" not in deliveries["ClientLog"]
    assert deliveries["ApiDistributionLog"]["DependsOn"] == "ClientLog"


def test_every_worker_says_whether_it_takes_messages(prod: Resources) -> None:
    workers = [one for title, one in prod["AWS::ECS::TaskDefinition"].items() if title.startswith("Worker")]

    assert workers
    for one in workers:
        for container in one["Properties"]["ContainerDefinitions"]:
            assert container["HealthCheck"]["Command"] == ["CMD", "python", "-m", "smartcooking.worker_health"]


def test_a_worker_whose_loop_has_stopped_is_not_alive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched = tmp_path / "alive"
    monkeypatch.setattr(worker_health, "TOUCHED", touched)
    assert not worker_health.is_alive()

    touched.touch()
    moment = touched.stat().st_mtime
    assert worker_health.is_alive(moment + worker_health.STALE_SECONDS / 2)
    assert not worker_health.is_alive(moment + worker_health.STALE_SECONDS + 1)


def test_an_account_is_watched_by_one_of_its_environments() -> None:
    for env in (PROD, replace(PROD, first_in_account=False)):
        alarms_ = str(monitoring_global.build(env).to_dict())
        budget = monitoring.build(env).to_dict()["Resources"]["MonthlyBudget"]["Properties"]["Budget"]
        assert ("EstimatedCharges" in alarms_) is env.first_in_account
        assert ("CostFilters" in budget) is not env.first_in_account


def test_other_records_of_the_domain_stand_beside_ours() -> None:
    records = (
        ("smartcooking.com", "MX", ("10 mail.example.net",)),
        ("smartcooking.com", "TXT", ('"site=1"',)),
    )
    made = dns.build(replace(PROD, records=records)).to_dict()["Resources"].values()
    found = {
        (one["Properties"]["Name"], one["Properties"]["Type"]): one["Properties"]["ResourceRecords"]
        for one in made
        if one["Type"] == "AWS::Route53::RecordSet" and isinstance(one["Properties"]["Name"], str)
    }

    assert found["smartcooking.com", "MX"] == ["10 mail.example.net"]
    assert found["smartcooking.com", "TXT"] == ['"v=spf1 include:amazonses.com -all"', '"site=1"']
    assert dns.receives_mail(replace(PROD, records=records))
    assert not dns.receives_mail(PROD)
    assert dns.receives_mail(replace(PROD, alert_email="team@example.net"))


@pytest.mark.parametrize(("egress", "gateways", "public"), [("nat", 1, "DISABLED"), ("public-tasks", 0, "ENABLED")])
def test_tasks_reach_aws_in_either_variant(egress: Literal["nat", "public-tasks"], gateways: int, public: str) -> None:
    env = replace(PROD, egress=egress)
    resources = network.build(env).to_dict()["Resources"].values()

    assert len([one for one in resources if one["Type"] == "AWS::EC2::NatGateway"]) == gateways
    assert len([one for one in resources if one["Type"] == "AWS::EC2::Subnet"]) == 4
    blue = service.build(env).to_dict()["Resources"]["BlueService"]["Properties"]
    assert blue["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] == public


def test_public_subnets_take_from_outside_nothing_but_answers(prod: Resources) -> None:
    entries = {
        title: one["Properties"]
        for title, one in prod["AWS::EC2::NetworkAclEntry"].items()
        if one["Properties"]["CidrBlock"] != PROD.vpc_cidr
    }
    closed = {one["Properties"]["SubnetId"]["Ref"] for one in prod["AWS::EC2::SubnetNetworkAclAssociation"].values()}

    assert closed == {"PublicSubnetA", "PublicSubnetB"}
    assert set(entries) == {"PublicAnswersIn", "PublicHttpsOut", "PublicHttpOut"}
    assert entries["PublicAnswersIn"]["PortRange"] == {"From": 32768, "To": 65535}
    assert network.API_PORT < 32768
    assert entries["PublicHttpsOut"]["PortRange"] == {"From": 443, "To": 443}
    assert entries["PublicHttpOut"]["PortRange"] == {"From": 80, "To": 80}


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.20.0.0/16", "192.168.0.0/16"])
def test_what_reads_the_web_reaches_nothing_of_our_network(cidr: str) -> None:
    resources = network.build(replace(PROD, vpc_cidr=cidr)).to_dict()["Resources"]
    rules = resources["ImportsGroup"]["Properties"]["SecurityGroupEgress"]
    reached = [ip_network(rule["CidrIp"]) for rule in rules]

    assert {(rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) for rule in rules} == {
        (80, 80, "tcp"),
        (443, 443, "tcp"),
    }
    assert not any(block.overlaps(ip_network(cidr)) for block in reached)
    assert any(ip_address("93.184.215.14") in block for block in reached)
    # As many rules as a group may have.
    assert len(rules) <= 60
    assert not [
        one
        for one in resources.values()
        if one["Type"] in {"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"}
        and "ImportsGroup" in str(one)
    ]


def test_nothing_but_imports_reaches_the_web_without_tls(prod: Resources) -> None:
    plain = {
        title
        for title, group in prod["AWS::EC2::SecurityGroup"].items()
        if any(rule["FromPort"] == 80 for rule in group["Properties"]["SecurityGroupEgress"])
    }
    by_group = {
        title: one["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]["SecurityGroups"]
        for title, one in prod["AWS::ECS::Service"].items()
    }

    assert plain == {"ImportsGroup"}
    assert [title for title, groups in by_group.items() if groups == [{"Ref": "ImportsGroupId"}]] == ["WorkerImports"]


def test_traces_have_a_collector_where_they_are_wanted() -> None:
    resources = service.build(replace(PROD, tracing=True)).to_dict()["Resources"]

    containers = resources["BlueTask"]["Properties"]["ContainerDefinitions"]
    assert [one["Name"] for one in containers] == ["blue", "collector"]
    told = {one["Name"]: one["Value"] for one in containers[0]["Environment"]}
    assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4318"
    assert (told["TRACES_PER_SECOND"], told["OTEL_TRACES_SAMPLER_ARG"]) == ("1", "0.1")


def test_a_task_that_traces_may_send_traces_and_no_other() -> None:
    for tracing in (False, True):
        role = service.build(replace(PROD, tracing=tracing)).to_dict()["Resources"]["ApiTaskRole"]["Properties"]
        allowed = {
            action
            for one in role["Policies"][0]["PolicyDocument"]["Statement"]
            if one["Effect"] == "Allow"
            for action in one["Action"]
        }
        assert any(action.startswith("xray:") for action in allowed) is tracing


def test_the_environments_have_the_same_data_and_nothing_protects_local() -> None:
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


def test_a_data_point_that_comes_late_stops_no_worker(prod: Resources) -> None:
    """Zero instead would mean that nothing waits, or that no worker runs."""
    scaled = {
        title: one["Properties"]["TargetTrackingScalingPolicyConfiguration"]["CustomizedMetricSpecification"]["Metrics"]
        for title, one in prod["AWS::ApplicationAutoScaling::ScalingPolicy"].items()
        if title.startswith("Worker")
    }

    assert scaled
    for metrics_ in scaled.values():
        expressions = " ".join(one["Expression"] for one in metrics_ if "Expression" in one)
        measured = {one["Id"] for one in metrics_ if "MetricStat" in one}
        assert measured == set(re.findall(r"FILL\((\w+),REPEAT\)", expressions))
        assert not re.search(r"FILL\(\w+,\d", expressions)


def test_what_sweeps_is_a_message_and_who_waits_for_it_is_told(prod: Resources) -> None:
    """Whichever worker is there takes it: no task has to start first. Work that waits too long raises an alarm."""
    on_spot = {
        word
        for one in prod["AWS::Scheduler::Schedule"].values()
        if "FARGATE_SPOT" in json.dumps(one["Properties"]["Target"].get("EcsParameters", {}))
        for word in re.findall(r"manage\.py (\w+)", one["Properties"]["Description"])
    }
    watched = {one["Properties"]["AlarmName"] for one in prod["AWS::CloudWatch::Alarm"].values()}

    assert on_spot == {"erase_due", "expire_registrations", "probe", "refresh_snapshot"}
    assert {f"smart-cooking-prod-queue-age-{queue.name}" for queue in QUEUES} <= watched
    assert {planned.command for planned in SCHEDULES if planned.command.startswith("sweep_")} & on_spot == set()


def test_each_pool_asks_for_tasks_by_the_backlog_that_it_may_have(prod: Resources) -> None:
    """One policy for all pools of a group: the pool that needs most decides, so none waits for another to agree."""
    (policy,) = (
        one["Properties"]["TargetTrackingScalingPolicyConfiguration"]
        for title, one in prod["AWS::ApplicationAutoScaling::ScalingPolicy"].items()
        if title.startswith("WorkerAll")
    )
    queries = {one["Id"]: one for one in policy["CustomizedMetricSpecification"]["Metrics"]}
    queues = {
        name: dimension["Value"].removeprefix("smart-cooking-prod-")
        for name, one in queries.items()
        if "MetricStat" in one
        for dimension in one["MetricStat"]["Metric"]["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    expression = re.sub(r"\bq\d\b", lambda found: queues[found[0]], queries["each"]["Expression"])

    assert policy["TargetValue"] == 1.0
    assert expression == (
        "MAX([(FILL(ai,REPEAT))/4,(FILL(media,REPEAT))/10,(FILL(notifications,REPEAT)+FILL(default,REPEAT))/100])"
        "/IF(running>0,running,1)"
    )


def test_a_colour_that_rests_keeps_no_alarms_of_scaling() -> None:
    policies = {
        title: one.get("Condition")
        for title, one in BUILT["prod", "service"]["Resources"].items()
        if one["Type"] == "AWS::ApplicationAutoScaling::ScalingPolicy"
    }

    assert policies == {
        f"{colour}By{title}": f"{colour}Runs" for colour in ("Blue", "Green") for title in ("Cpu", "Requests")
    }
