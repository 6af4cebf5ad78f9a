"""Alarms and dashboards use existing metrics, and each alarm has a runbook and notifies somebody."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.environments import DEV, PROD, STAGING
from deploy.monitoring import alarm_rules
from deploy.monitoring.alarms import Rule
from deploy.stacks import monitoring_global, schedule, slo
from smartcooking.contract import metrics
from smartcooking.contract.queues import QUEUES
from tests.deploy.conftest import BUILT
from tests.deploy.metric_reads import alarms, shown_metrics, watched_metrics, widgets

ROOT = Path(__file__).resolve().parents[2]
REAL = [DEV, STAGING, PROD]
OURS = {metric.name: metric for metric in metrics.METRICS}
AWS = {
    "AWS/ApplicationELB": {
        "RequestCount", "HTTPCode_Target_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_ELB_5XX_Count",
        "TargetResponseTime", "HealthyHostCount", "UnHealthyHostCount", "TargetConnectionErrorCount",
    },
    "AWS/ECS": {"CPUUtilization", "MemoryUtilization"},
    "AWS/DynamoDB": {
        "ReadThrottleEvents", "WriteThrottleEvents", "ConsumedReadCapacityUnits", "ConsumedWriteCapacityUnits",
    },
    "AWS/SQS": {"ApproximateNumberOfMessagesVisible", "ApproximateAgeOfOldestMessage"},
    "AWS/S3": {"BucketSizeBytes", "OperationsFailedReplication"},
    "AWS/States": {"ExecutionsSucceeded", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"},
    "AWS/CertificateManager": {"DaysToExpiry"},
    "AWS/Scheduler": {"InvocationDroppedCount", "TargetErrorCount"},
    "AWS/Logs": {"IncomingLogEvents"},
    "AWS/Billing": {"EstimatedCharges"},
    "AWS/WAFV2": {"BlockedRequests", "AllowedRequests"},
    "AWS/CloudFront": {"4xxErrorRate", "5xxErrorRate"},
    "AWS/Route53": {"HealthCheckStatus"},
}  # fmt: skip
WANTED = {
    "critical": {
        "error-rate", "canary-errors-blue", "canary-errors-green", "latency", "server-errors", "unhealthy-hosts-blue",
        "unhealthy-hosts-green", "no-tasks", "table-throttled", "ai-errors", "ai-timeouts", "ai-latency", "daily-cost",
        "charges", "certificate", "edge-certificate", "backup-failed", "backup-missing", "failed-logins",
        "firewall-blocks", "outside", "slow-routes", "sign-in", "journey", "upkeep", "error-budget-fast",
        "error-budget-steady",
        *(f"dead-letters-{queue.name}" for queue in QUEUES), *(f"queue-age-{queue.name}" for queue in QUEUES),
    },
    "warning": {
        "error-rate-raised", "latency-raised", "cache-hits", "catalogue-share", "bucket-size-images", "cpu-blue",
        "cpu-green", "error-budget-slow", "checks-missing-sign-in", "checks-missing-journey", "checks-missing-upkeep",
    },
}  # fmt: skip


def _log_groups(env: Any) -> Iterator[dict[str, Any]]:
    for (name, _), template in BUILT.items():
        for resource in template["Resources"].values():
            if name == env.name and resource["Type"] == "AWS::Logs::LogGroup":
                yield resource


def test_the_plans_alarms_are_there_with_their_severity() -> None:
    found = {name: properties["AlarmDescription"] for _, name, properties in alarms(PROD)}

    for severity, names in WANTED.items():
        for name in names:
            assert f"({severity})" in found[name], name


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_every_alarm_names_its_page(env: Any) -> None:
    for _, name, properties in alarms(env):
        page = re.search(r"Runbook: docs/runbooks/([a-z-]+)\.md$", properties["AlarmDescription"])
        assert page, name
        # Alarms that share a page share the beginning of its name, or are listed here.
        shared = {"costs": ("charges", "daily-cost"), "certificate": ("edge-certificate",)}
        shared |= {
            "error-rate": ("client-errors", "edge-errors", "server-errors"),
            "table-throttled": ("table-near-limit",),
        }
        shared |= {"latency": ("slow-routes",), "generation": ("ai-errors", "ai-timeouts", "ai-latency")}
        shared |= {"backup-failed": ("backup-missing",), "firewall-blocks": ("firewall-rate",)}
        shared |= {"api-cpu": ("cpu-blue", "cpu-green"), "api-memory": ("memory-blue", "memory-green")}
        assert name.startswith(page[1]) or name in shared[page[1]]


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_every_alarm_tells_somebody_unless_another_does(env: Any) -> None:
    for stack, name, properties in alarms(env):
        topic = {"(critical)": "Alerts", "(warning)": "Warnings"}
        told = [action["Ref"] for action in properties["AlarmActions"]]
        severity = next(
            word for word in ("(critical)", "(warning)", "(part)") if word in properties["AlarmDescription"]
        )
        if name == "release" or severity == "(part)":
            assert told == []
        else:
            prefix = "Global" if stack == "monitoring_global" else ""
            assert told == [f"{prefix}{topic[severity]}{'' if prefix else 'Topic'}"], name


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_alarms_watch_metrics_that_exist(env: Any) -> None:
    for _, name, properties in alarms(env):
        for namespace, metric, dimensions in watched_metrics(properties):
            _assert_exists(env, name, namespace, metric, dimensions)


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_dashboards_show_metrics_that_exist(env: Any) -> None:
    resources = BUILT[env.name, "dashboards"]["Resources"]

    assert {one["Properties"]["DashboardName"] for one in resources.values()} == {
        f"{env.prefix}-{name}" for name in ("health", "cost", "performance")
    }
    for title, namespace, metric, dimensions in shown_metrics(env):
        _assert_exists(env, title, namespace, metric, dimensions)


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_tables_ask_logs_that_exist_for_fields_that_are_told(env: Any) -> None:
    logs = {one["Properties"]["LogGroupName"] for one in _log_groups(env)}
    asked = [widget["properties"]["query"] for _, widget in widgets(env) if widget["type"] == "log"]

    assert len(asked) >= 4
    for query in asked:
        parts = re.fullmatch(r"SOURCE '(.+?)' \| (.+) by ([A-Za-z, ]+) \| sort \w+ desc \| limit 20", query)
        assert parts is not None
        log, names, by = parts.groups()
        assert log in logs
        for name in re.findall(r"([A-Za-z]+)\.0", names):
            assert set(by.split(", ")) <= set(OURS[name].fields), (name, query)


def test_the_alarms_of_both_colours_stop_a_release() -> None:
    release = next(properties for _, name, properties in alarms(PROD) if name == "release")
    watched = json.dumps(release["AlarmRule"])

    for part in ("CanaryErrorsBlue", "CanaryErrorsGreen", "UnhealthyHostsBlue", "UnhealthyHostsGreen", "NoTasks"):
        assert f"{part}Alarm" in watched


@pytest.mark.parametrize("env", REAL, ids=lambda env: env.name)
def test_what_alarms_watch_is_what_the_templates_make(env: Any) -> None:
    """By name: an alarm on a misspelt queue would never fire."""
    made = _names(env)
    watched = {
        (dimension, value)
        for _, _, properties in alarms(env)
        for namespace, _, dimensions in watched_metrics(properties)
        if namespace not in {metrics.NAMESPACE, "AWS/Billing"}
        for dimension, value in dimensions.items()
        if isinstance(value, str)
    }

    assert {dimension for dimension, _ in watched} >= {"QueueName", "TableName", "ServiceName", "BucketName"}
    for dimension, value in watched:
        assert value in made[dimension], (dimension, value)


def _names(env: Any) -> dict[str, set[str]]:
    """Return the names of what the templates make, by the dimension under which CloudWatch knows them."""
    found = {
        dimension: {
            str(resource["Properties"][name])
            for (built, _), template in BUILT.items()
            if built == env.name
            for resource in template["Resources"].values()
            if resource["Type"] == kind
        }
        for dimension, kind, name in (
            ("QueueName", "AWS::SQS::Queue", "QueueName"),
            ("TableName", "AWS::DynamoDB::Table", "TableName"),
            ("BucketName", "AWS::S3::Bucket", "BucketName"),
            ("ClusterName", "AWS::ECS::Cluster", "ClusterName"),
            ("ServiceName", "AWS::ECS::Service", "ServiceName"),
            ("LogGroupName", "AWS::Logs::LogGroup", "LogGroupName"),
            ("ScheduleGroup", "AWS::Scheduler::ScheduleGroup", "Name"),
        )
    }
    table = BUILT[env.name, "data"]["Resources"]["Table"]["Properties"]
    indexes = {index["IndexName"] for index in table["GlobalSecondaryIndexes"]}
    firewall = {"ALL", *_firewall_rules(env)}
    copies = {"SourceBucket": found["BucketName"], "DestinationBucket": found["BucketName"], "RuleId": {"copy"}}
    return found | copies | {
        "GlobalSecondaryIndexName": indexes, "StorageType": {"StandardStorage"}, "Region": {"Global"}, "Rule": firewall,
    }  # fmt: skip


def _firewall_rules(env: Any) -> set[str]:
    acl = BUILT[env.name, "edge_global"]["Resources"].get("Firewall")
    return {rule["VisibilityConfig"]["MetricName"] for rule in acl["Properties"]["Rules"]} if acl else set()


def test_checks_that_alarms_watch_are_those_that_are_scheduled() -> None:
    scheduled = {planned.arguments[0] for planned in schedule.schedules(PROD) if planned.command == "probe"}
    watched = {
        dimensions["Check"]
        for _, _, properties in alarms(PROD)
        for _, metric, dimensions in watched_metrics(properties)
        if metric in {metrics.CHECKS.name, metrics.CHECK_FAILURES.name}
    }

    assert watched == scheduled == {"sign-in", "journey", "upkeep"}


def test_the_service_is_asked_from_outside_for_all_that_it_stands_on() -> None:
    asked = BUILT["prod", "monitoring_global"]["Resources"]["Outside"]["Properties"]["HealthCheckConfig"]

    assert (asked["RequestInterval"], asked["FullyQualifiedDomainName"]) == (30, "api.smartcooking.com")
    # The response is 200 even if a dependency is down.
    assert (asked["Type"], asked["SearchString"]) == ("HTTPS_STR_MATCH", '"status":"ok"')


def test_the_words_that_are_looked_for_are_those_of_the_answer(api: Any) -> None:
    text = api.get("/health").content.decode()

    assert text.startswith("{" + monitoring_global.ALL_WELL) or '"status":"degraded"' in text


def test_money_is_told_of_before_it_is_spent() -> None:
    budget = BUILT["prod", "monitoring"]["Resources"]["MonthlyBudget"]["Properties"]

    assert budget["Budget"]["BudgetLimit"] == {"Amount": 200, "Unit": "USD"}
    assert [
        (one["Notification"]["NotificationType"], one["Notification"]["Threshold"])
        for one in budget["NotificationsWithSubscribers"]
    ] == [("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100)]
    for one in budget["NotificationsWithSubscribers"]:
        assert {subscriber["SubscriptionType"] for subscriber in one["Subscribers"]} == {"SNS", "EMAIL"}


def test_alarms_and_budgets_of_this_account_alone_may_publish() -> None:
    for stack, titles in (
        ("messaging", ("Alerts", "Warnings")),
        ("monitoring_global", ("GlobalAlerts", "GlobalWarnings")),
    ):
        for title in titles:
            policy = BUILT["prod", stack]["Resources"][f"{title}Policy"]["Properties"]["PolicyDocument"]
            (publishing,) = [one for one in policy["Statement"] if one["Sid"] == "PublishAlerts"]
            assert publishing["Principal"]["Service"] == ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]
            assert "aws:SourceAccount" in publishing["Condition"]["StringEquals"]


def test_an_objective_is_spent_at_the_rates_of_its_windows() -> None:
    parts = {part.name: part for part in slo.parts(PROD)}

    assert parts["error-budget-fast-long"].threshold == pytest.approx(14.4 * 0.05)
    assert parts["error-budget-fast-short"].period * 12 == parts["error-budget-fast-long"].period


def test_the_page_of_the_objectives_tells_what_is_watched() -> None:
    text = (ROOT / "docs/slo.md").read_text("utf-8")
    told = {
        cells[0].strip("`"): (float(cells[1]), cells[4])
        for line in text.splitlines()
        if line.startswith("| `error-budget-")
        for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
    }

    assert told == {f"error-budget-{burn.name}": (burn.rate, f"{30 / burn.rate:.0f} days") for burn in slo.BURNS}
    shares = [f"{burn.rate * (100 - PROD.availability_target):.2g} %" for burn in slo.BURNS]
    assert all(f"| {share} |" in text for share in shares), shares
    for target in (f"{PROD.availability_target} %", f"{PROD.errors_target} %", f"{PROD.recovery_target} minutes"):
        assert target in text


def test_cloudwatch_takes_the_periods() -> None:
    """Periods of an hour and more may span a week, shorter ones a day."""
    for rule in (*alarm_rules.rules(PROD), *slo.parts(PROD)):
        assert rule.period % 60 == 0
        assert rule.period * rule.periods <= (7 * 86_400 if rule.period >= 3600 else 86_400), rule.name


def test_an_expression_uses_each_of_its_series() -> None:
    for rule in (*alarm_rules.rules(PROD), *slo.parts(PROD)):
        if isinstance(rule, Rule) and rule.expression:
            assert set(re.findall(r"[a-z]\w*", rule.expression)) == set(rule.series), rule.name


def _assert_exists(env: Any, where: str, namespace: str, metric: str, dimensions: dict[str, Any]) -> None:
    if namespace == metrics.NAMESPACE:
        assert metric in OURS, where
        assert dimensions.pop(metrics.ENVIRONMENT) == env.name
        assert set(dimensions) in (set(), set(OURS[metric].dimensions)), where
        assert dimensions or OURS[metric].kept, f"{where}: no series of {metric} is kept"
    else:
        assert metric in AWS[namespace], where
