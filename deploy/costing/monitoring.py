"""Costs of CloudWatch and X-Ray: alarms, metrics, dashboards, logs and traces."""

from collections.abc import Iterator, Mapping
from math import prod
from typing import Any

from deploy.costing import tasks, usage
from deploy.costing.month import Line, Month
from deploy.costing.prices import GB, above, usd
from smartcooking.contract import metrics

FREE_METRICS = FREE_ALARM_METRICS = 10
FREE_DASHBOARDS = 3
FREE_LOG_GB = 5
FREE_TRACES = 100_000
# Number of metrics of an S3 replication rule.
COPYING = 4
# A target tracking policy creates two alarms: to scale out and to scale in.
ALARMS_A_POLICY = 2
# Size of stored log lines relative to ingested ones: CloudWatch compresses them.
PACKED = 0.15


def lines(month: Month) -> Iterator[Line]:
    yield _alarms(month)
    own = sum(metric.kept + _series(metric) for metric in metrics.METRICS)
    copying = COPYING * sum("Metrics" in str(one.properties) for one in month.resources.of("AWS::S3::Bucket"))
    dashboards = month.kinds.get("AWS::CloudWatch::Dashboard", 0)
    cost = above(FREE_METRICS, own + copying) * usd("metric") + above(FREE_DASHBOARDS, dashboards) * usd("dashboard")
    yield Line(
        "CloudWatch: metrics", cost, f"{own} of our own, {copying} of S3, 10 free; {dashboards} dashboards, 3 free"
    )
    yield _logs(month)
    if month.env.tracing:
        traces = (month.requests + month.messages) * month.env.xray_rate
        yield Line("X-Ray", above(FREE_TRACES, traces) * usd("trace"), f"{traces:,.0f} traces")


def _series(metric: metrics.Metric) -> int:
    """Return the number of series that a metric's own dimensions add to the environment's one."""
    return prod(usage.DIMENSION_VALUES[name] for name in metric.dimensions) if metric.dimensions else 0


def _alarms(month: Month) -> Line:
    watched = sum(_metrics(one.properties) for one in month.resources.of("AWS::CloudWatch::Alarm"))
    scaling = sum(_scaled(one.properties) for one in month.resources.of("AWS::ApplicationAutoScaling::ScalingPolicy"))
    composite = month.kinds.get("AWS::CloudWatch::CompositeAlarm", 0)
    cost = above(FREE_ALARM_METRICS, watched + scaling) * usd("alarm-metric") + composite * usd("alarm-composite")
    basis = f"{watched} metrics in alarms, {scaling} in those of scaling, 10 free; {composite} composite"
    return Line("CloudWatch: alarms", cost, basis)


def _metrics(alarm: Mapping[str, Any]) -> int:
    return sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1


def _scaled(policy: Mapping[str, Any]) -> int:
    custom = policy["TargetTrackingScalingPolicyConfiguration"].get("CustomizedMetricSpecification", {})
    return ALARMS_A_POLICY * _metrics(custom)


def _logs(month: Month) -> Line:
    messages = month.messages + tasks.scheduled_messages(month)
    taken = month.requests * usage.API_LOG_KB + messages * usage.WORK_LOG_KB
    taken += tasks.runs(month) * usage.COMMAND_LOG_KB
    gigabytes = taken / GB
    cost = above(FREE_LOG_GB, gigabytes) * usd("log-gb") + gigabytes * PACKED * usd("log-kept-gb")
    cost += month.kinds.get("AWS::EC2::FlowLog", 0) * usage.FLOW_LOG_GB * usd("log-to-bucket-gb")
    return Line("CloudWatch: logs", cost, f"{gigabytes:,.1f} GB, {FREE_LOG_GB} free")
