"""The alarms and dashboards of the templates, and the metrics that they read."""

import json
from collections.abc import Iterator
from typing import Any

from smartcooking.contract import metrics
from tests.deploy.conftest import BUILT


def alarms(env: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield stack, name and properties."""
    for (name, stack), template in BUILT.items():
        for resource in template["Resources"].values():
            if name == env.name and resource["Type"] in {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"}:
                properties = resource["Properties"]
                yield stack, properties["AlarmName"].removeprefix(f"{env.prefix}-"), properties


def watched_metrics(properties: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield namespace, name and dimensions of what an alarm watches."""
    parts = [one["MetricStat"]["Metric"] for one in properties.get("Metrics", []) if "MetricStat" in one]
    if "MetricName" in properties:
        parts.append(properties)
    for part in parts:
        yield part["Namespace"], part["MetricName"], {one["Name"]: one["Value"] for one in part["Dimensions"]}


def widgets(env: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield dashboard and what is on it."""
    for title, resource in BUILT[env.name, "dashboards"]["Resources"].items():
        body = resource["Properties"]["DashboardBody"]
        for widget in json.loads(body if isinstance(body, str) else body["Fn::Sub"])["widgets"]:
            yield title, widget


def shown_metrics(env: Any) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Yield dashboard, namespace, name and dimensions of what is on it."""
    for title, widget in widgets(env):
        if widget["type"] == "metric":
            for row in widget["properties"]["metrics"]:
                namespace, metric, *pairs = row[:-1]
                yield title, namespace, metric, dict(zip(pairs[::2], pairs[1::2], strict=True))


def read_of_ours(env: Any) -> set[tuple[str, tuple[str, ...]]]:
    """Return name and dimensions of every metric of the service's own that an alarm or a dashboard reads."""
    watched = [one for _, _, properties in alarms(env) for one in watched_metrics(properties)]
    shown = [one[1:] for one in shown_metrics(env)]
    return {(metric, tuple(names)) for namespace, metric, names in [*watched, *shown] if namespace == metrics.NAMESPACE}
