"""The parts of an alarm: metric, threshold, topic, runbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from troposphere import Join, Ref, Template
from troposphere.cloudwatch import Alarm, CompositeAlarm, MetricDataQuery, MetricDimension, MetricStat
from troposphere.cloudwatch import Metric as Measured

from deploy.environments import Environment
from deploy.monitoring.cloudwatch import Series, StackOutput

RUNBOOKS = "docs/runbooks"
MINUTE, FIVE_MINUTES, HOUR, DAY = 60, 300, 3600, 86_400
Severity = Literal["critical", "warning", "part"]
ABOVE, AT_LEAST, BELOW = "GreaterThanThreshold", "GreaterThanOrEqualToThreshold", "LessThanThreshold"


@dataclass(frozen=True)
class Rule:
    """An alarm. It fires when `breaching_periods` of the last `periods` break the threshold.

    An alarm of severity `part` belongs to a composite alarm and notifies nobody. Several alarms may share a runbook.
    """

    name: str
    summary: str
    threshold: float
    series: Mapping[str, Series]
    # The expression that is compared with the threshold, if it is not the single metric itself.
    expression: str = ""
    comparison: str = ABOVE
    period: int = MINUTE
    periods: int = 5
    breaching_periods: int | None = None
    severity: Severity = "critical"
    missing: Literal["notBreaching", "breaching", "ignore"] = "notBreaching"
    runbook: str = ""

    @property
    def page(self) -> str:
        return f"{RUNBOOKS}/{self.runbook or self.name}.md"


@dataclass(frozen=True)
class Topics:
    """The topic of each severity."""

    critical: Ref
    warning: Ref


@dataclass(frozen=True)
class Combined:
    """A composite alarm: all of its parts (AND), or any of them (OR)."""

    name: str
    summary: str
    operator: Literal["AND", "OR"]
    parts: tuple[str, ...]
    severity: Severity = "critical"
    runbook: str = ""
    notifies: bool = field(default=True)

    @property
    def page(self) -> str:
        return f"{RUNBOOKS}/{self.runbook or self.name}.md"


def title(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("-")) + "Alarm"


def add(template: Template, env: Environment, rule: Rule, topics: Topics) -> Alarm:
    actions = _actions(rule.severity, topics)
    alarm = Alarm(
        title(rule.name),
        AlarmName=f"{env.prefix}-{rule.name}",
        AlarmDescription=f"{rule.summary} ({rule.severity}). Runbook: {rule.page}",
        ComparisonOperator=rule.comparison,
        Threshold=rule.threshold,
        EvaluationPeriods=rule.periods,
        DatapointsToAlarm=rule.breaching_periods or rule.periods,
        TreatMissingData=rule.missing,
        AlarmActions=actions,
        OKActions=actions,
    )
    if rule.expression:
        alarm.Metrics = _queries(template, rule)
    else:
        _watch(template, alarm, rule)
    return template.add_resource(alarm)


def add_combined(template: Template, env: Environment, combined: Combined, topics: Topics) -> CompositeAlarm:
    each = [Join("", ['ALARM("', Ref(title(part)), '")']) for part in combined.parts]
    actions = _actions(combined.severity, topics) if combined.notifies else []
    return template.add_resource(
        CompositeAlarm(
            title(combined.name),
            AlarmName=f"{env.prefix}-{combined.name}",
            AlarmDescription=f"{combined.summary} ({combined.severity}). Runbook: {combined.page}",
            AlarmRule=Join(f" {combined.operator} ", each),
            AlarmActions=actions,
            OKActions=actions,
        )
    )


def _actions(severity: Severity, topics: Topics) -> list[Ref]:
    return {"critical": [topics.critical], "warning": [topics.warning], "part": []}[severity]


def _watch(template: Template, alarm: Alarm, rule: Rule) -> None:
    (series,) = rule.series.values()
    metric = _metric(template, series)
    alarm.Namespace, alarm.MetricName, alarm.Dimensions = metric.Namespace, metric.MetricName, metric.Dimensions
    alarm.Period = rule.period
    if series.stat.startswith("p"):
        alarm.ExtendedStatistic = series.stat
    else:
        alarm.Statistic = series.stat


def _queries(template: Template, rule: Rule) -> list[MetricDataQuery]:
    queries = [
        MetricDataQuery(
            Id=name,
            ReturnData=False,
            MetricStat=MetricStat(Metric=_metric(template, series), Period=rule.period, Stat=series.stat),
        )
        for name, series in rule.series.items()
    ]
    return [*queries, MetricDataQuery(Id="value", Expression=rule.expression, Label=rule.summary, ReturnData=True)]


def _metric(template: Template, series: Series) -> Measured:
    return Measured(
        Namespace=series.namespace,
        MetricName=series.metric,
        Dimensions=[
            MetricDimension(Name=name, Value=value.in_template(template) if isinstance(value, StackOutput) else value)
            for name, value in series.dimensions
        ],
    )
