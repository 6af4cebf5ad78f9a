"""Containers of the API and the workers: hardening, health, scaling, tracing."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from deploy.environments import DEV, PROD, STAGING
from deploy.stacks import service
from smartcooking import worker_health
from smartcooking.contract.queues import QUEUES
from tests.deploy.conftest import BUILT

Resources = dict[str, dict[str, Any]]


def test_containers_are_read_only_on_arm_and_without_capabilities(prod: Resources) -> None:
    for task in prod["AWS::ECS::TaskDefinition"].values():
        properties = task["Properties"]
        assert properties["RuntimePlatform"]["CpuArchitecture"] == "ARM64"
        for container in properties["ContainerDefinitions"]:
            assert container["ReadonlyRootFilesystem"] is True
            assert container["LinuxParameters"]["Capabilities"] == {"Drop": ["ALL"]}
            assert container["LinuxParameters"]["InitProcessEnabled"] is True
            assert [secret["Name"] for secret in container["Secrets"]] == ["COGNITO_CLIENT_SECRET", "SECRET_KEY"]
            assert "@" in container["Image"]["Fn::Join"]


def test_no_service_sets_its_number_of_tasks(prod: Resources) -> None:
    assert not [title for title, one in prod["AWS::ECS::Service"].items() if "DesiredCount" in one["Properties"]]


def test_each_queue_has_workers_in_every_environment() -> None:
    for env in (DEV, STAGING, PROD):
        served = [name for group in env.workers for name in group.queues]
        assert sorted(served) == sorted(queue.name for queue in QUEUES)


def test_every_worker_has_a_health_check(prod: Resources) -> None:
    workers = [one for title, one in prod["AWS::ECS::TaskDefinition"].items() if title.startswith("Worker")]

    assert workers
    for one in workers:
        for container in one["Properties"]["ContainerDefinitions"]:
            assert container["HealthCheck"]["Command"] == ["CMD", "python", "-m", "smartcooking.worker_health"]


def test_a_worker_whose_loop_has_stopped_is_unhealthy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    touched = tmp_path / "alive"
    monkeypatch.setattr(worker_health, "TOUCHED", touched)
    assert not worker_health.is_alive()

    touched.touch()
    moment = touched.stat().st_mtime
    assert worker_health.is_alive(moment + worker_health.STALE_SECONDS / 2)
    assert not worker_health.is_alive(moment + worker_health.STALE_SECONDS + 1)


def test_tracing_adds_a_collector() -> None:
    resources = service.build(replace(PROD, tracing=True)).to_dict()["Resources"]

    containers = resources["BlueTask"]["Properties"]["ContainerDefinitions"]
    assert [one["Name"] for one in containers] == ["blue", "collector"]
    told = {one["Name"]: one["Value"] for one in containers[0]["Environment"]}
    assert told["OTEL_EXPORTER_OTLP_ENDPOINT"] == "http://127.0.0.1:4318"
    assert (told["TRACES_PER_SECOND"], told["OTEL_TRACES_SAMPLER_ARG"]) == ("1", "0.1")


def test_only_tasks_that_trace_may_send_traces() -> None:
    for tracing in (False, True):
        role = service.build(replace(PROD, tracing=tracing)).to_dict()["Resources"]["ApiTaskRole"]["Properties"]
        allowed = {
            action
            for one in role["Policies"][0]["PolicyDocument"]["Statement"]
            if one["Effect"] == "Allow"
            for action in one["Action"]
        }
        assert any(action.startswith("xray:") for action in allowed) is tracing


def test_a_late_data_point_stops_no_worker(prod: Resources) -> None:
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
