"""The dashboards stack: health (with security), cost, performance. A fourth dashboard would cost 3 USD a month."""

import json
from dataclasses import dataclass
from typing import Any

from troposphere import Output, Ref, Sub, Template
from troposphere.cloudwatch import Dashboard

from deploy import names
from deploy.environments import GLOBAL_REGION, Environment
from deploy.monitoring import cloudwatch
from deploy.monitoring.alarm_rules import CHECKS
from deploy.monitoring.cloudwatch import Series, StackOutput
from deploy.resources.balancer import COLOURS
from deploy.resources.firewall import MANAGED, RATE
from deploy.stacks import service, workers
from smartcooking.contract import metrics
from smartcooking.contract.metrics import Metric
from smartcooking.contract.queues import QUEUES

COLUMNS, WIDTH, HEIGHT = 3, 8, 6


@dataclass(frozen=True)
class Chart:
    """A chart of metrics; `period` in seconds."""

    title: str
    series: tuple[Series, ...]
    period: int = 300
    stacked: bool = False


@dataclass(frozen=True)
class Question:
    """A table of a Logs Insights query over metric log lines, by fields that have no series of their own.

    It runs when somebody opens the dashboard, for the chosen time range, at 0.007 USD per gigabyte read.
    """

    title: str
    log: str
    query: str


def build(env: Environment) -> Template:
    template = Template(Description=f"Dashboards of {env.prefix}")
    for name, charts in (
        ("health", [*_health(env), *_security(env)]),
        ("cost", _cost(env)),
        ("performance", _performance(env)),
    ):
        widgets = _widgets(template, env, charts)
        body = json.dumps({"widgets": widgets}, separators=(",", ":"), sort_keys=True)
        template.add_resource(
            Dashboard(
                f"{name.capitalize()}Dashboard",
                DashboardName=f"{env.prefix}-{name}",
                DashboardBody=Sub(body) if "${" in body else body,
            )
        )
    template.add_output(Output("HealthDashboard", Value=Ref("HealthDashboard")))
    return template


def _health(env: Environment) -> list[Chart | Question]:
    return [
        Chart("Requests", (cloudwatch.balancer("RequestCount"),), 60),
        Chart(
            "Errors",
            (
                cloudwatch.balancer("HTTPCode_Target_5XX_Count"),
                cloudwatch.balancer("HTTPCode_ELB_5XX_Count"),
                cloudwatch.balancer("HTTPCode_Target_4XX_Count"),
            ),
            60,
        ),
        Chart("Tasks that answer", tuple(cloudwatch.targets(c, "HealthyHostCount", "Minimum") for c in COLOURS), 60),
        Chart("Requests by colour", tuple(cloudwatch.targets(c, "RequestCount") for c in COLOURS), 60, stacked=True),
        Chart("Errors by colour", tuple(cloudwatch.targets(c, "HTTPCode_Target_5XX_Count") for c in COLOURS), 60),
        Chart("Workers", tuple(cloudwatch.running(env, workers.service_name(env, g)) for g in env.workers), 60),
        Chart(
            "Work that waits (s)", tuple(cloudwatch.queue(env, q, "ApproximateAgeOfOldestMessage") for q in QUEUES), 60
        ),
        Chart("Work that failed", tuple(cloudwatch.dead_letters(env, q) for q in QUEUES), 60),
        Chart(
            "Throttled",
            tuple(
                series
                for metric in ("ReadThrottleEvents", "WriteThrottleEvents")
                for series in cloudwatch.table_and_indexes(env, metric)
            ),
        ),
        Chart(
            "Ways of people that fail",
            tuple(cloudwatch.custom(env, metrics.CHECK_FAILURES, Check=name) for name in CHECKS),
        ),
        Chart("Backups", (cloudwatch.backup("ExecutionsSucceeded"),), 86_400),
    ]


def _cost(env: Environment) -> list[Chart | Question]:
    by_source = tuple(
        cloudwatch.custom(env, metrics.SUGGESTED_RECIPES, Source=source) for source in ("catalogue", "ai", "rules")
    )
    return [
        Chart("Charges of the month (USD)", (cloudwatch.charges(GLOBAL_REGION),), 86_400),
        Chart("Generated recipes (USD)", (cloudwatch.custom(env, metrics.GENERATION_COST),), 86_400),
        Chart("Suggested recipes by source", by_source, 3600, stacked=True),
        Chart("Share of the catalogue (%)", (cloudwatch.custom(env, metrics.CATALOGUE_SHARE, "Average"),), 3600),
        Chart("Approvals", (cloudwatch.custom(env, metrics.APPROVALS),), 86_400),
        Chart(
            "Tokens",
            (
                cloudwatch.custom(env, metrics.GENERATION_TOKENS_IN),
                cloudwatch.custom(env, metrics.GENERATION_TOKENS_OUT),
            ),
            3600,
            stacked=True,
        ),
        Chart("Units read", tuple(cloudwatch.table_and_indexes(env, "ConsumedReadCapacityUnits")), 3600, stacked=True),
        Chart(
            "Units written", tuple(cloudwatch.table_and_indexes(env, "ConsumedWriteCapacityUnits")), 3600, stacked=True
        ),
        Chart("Bytes kept", tuple(cloudwatch.bucket(env, b) for b in ("images", "avatars", "logs")), 86_400),
        _question(
            env,
            "Generation by provider and model",
            "workers",
            metrics.GENERATIONS,
            f"sum({_value(metrics.GENERATIONS)}) as calls, sum({_value(metrics.GENERATION_FAILURES)}) as failed,"
            f" pct({_value(metrics.GENERATION_LATENCY)}, 95) as p95, sum({_value(metrics.GENERATION_COST)}) as usd",
        ),
    ]


def _performance(env: Environment) -> list[Chart | Question]:
    quantiles = ("p50", "p95", "p99")
    return [
        Chart(
            "Latency at the balancer (s)", tuple(cloudwatch.balancer("TargetResponseTime", q) for q in quantiles), 60
        ),
        Chart(
            "Latency without AI (ms)", tuple(cloudwatch.custom(env, metrics.PLAIN_LATENCY, q) for q in quantiles), 60
        ),
        Chart("Generation (ms)", tuple(cloudwatch.custom(env, metrics.GENERATION_LATENCY, q) for q in quantiles)),
        Chart("Processors (%)", _of_tasks(env, "CPUUtilization"), 60),
        Chart("Memory (%)", _of_tasks(env, "MemoryUtilization"), 60),
        Chart("Suggestions", (cloudwatch.custom(env, metrics.SUGGESTIONS),)),
        Chart("Caches", (cloudwatch.custom(env, metrics.CACHE_HITS), cloudwatch.custom(env, metrics.CACHE_MISSES))),
        Chart(
            "Messages that wait",
            tuple(cloudwatch.queue(env, q, "ApproximateNumberOfMessagesVisible") for q in QUEUES),
            60,
        ),
        _question(
            env, "Work by queue (ms)", "workers", metrics.TASK_AGE, f"pct({_value(metrics.TASK_AGE)}, 95) as waits"
        ),
        _of_requests(
            env,
            "Routes (ms)",
            "stats count(*) as requests, pct(ms, 50) as p50, pct(ms, 99) as p99 by route | sort requests desc",
        ),
        _of_requests(
            env,
            "Errors by route",
            "filter status >= 400 | stats count(*) as errors by route, status | sort errors desc",
        ),
        _question(
            env,
            "Work by task (ms)",
            "workers",
            metrics.TASK_DURATION,
            f"sum({_value(metrics.TASKS)}) as done, sum({_value(metrics.TASK_FAILURES)}) as failed,"
            f" pct({_value(metrics.TASK_DURATION)}, 95) as p95",
        ),
    ]


def _question(env: Environment, title: str, log: str, told: Metric, asked: str) -> Question:
    """Return a query over a metric's log lines, grouped by its fields; the first expression is the sort key."""
    first = asked.partition(" as ")[2].partition(",")[0]
    query = (
        f"filter ispresent({_value(told)}) | stats {asked} by {', '.join(told.fields)} | sort {first} desc | limit 20"
    )
    return Question(title, names.log_group(env, log), query)


def _of_requests(env: Environment, title: str, asked: str) -> Question:
    """Return a query over request log lines, which have `route`, `status` and `ms`."""
    return Question(title, names.log_group(env, "api"), f'filter event = "request" | {asked} | limit 20')


def _value(metric: Metric) -> str:
    """Return the Logs Insights name of a metric's value: the format allows several values, and we write one."""
    return f"{metric.name}.0"


def _of_tasks(env: Environment, metric: str) -> tuple[Series, ...]:
    names = [service.service_name(env, colour) for colour in COLOURS]
    names += [workers.service_name(env, group) for group in env.workers]
    return tuple(cloudwatch.task(env, name, metric) for name in names)


def _security(env: Environment) -> list[Chart | Question]:
    charts: list[Chart | Question] = [
        Chart("Failed logins", (cloudwatch.custom(env, metrics.FAILED_LOGINS),), 60),
        Chart("Refused by the service", tuple(cloudwatch.targets(c, "HTTPCode_Target_4XX_Count") for c in COLOURS), 60),
        Chart("Answers 4xx at the edge (%)", _edge("4xxErrorRate")),
        Chart("Answers 5xx at the edge (%)", _edge("5xxErrorRate")),
    ]
    if env.waf:
        refused = tuple(cloudwatch.firewall(rule, region=GLOBAL_REGION) for rule in ("ALL", RATE, *MANAGED))
        charts.append(Chart("Refused by the firewall", refused))
        allowed = (cloudwatch.firewall(metric="AllowedRequests", region=GLOBAL_REGION),)
        charts.append(Chart("Let through by the firewall", allowed))
    return charts


def _edge(metric: str) -> tuple[Series, ...]:
    return tuple(
        cloudwatch.distribution(output, metric, region=GLOBAL_REGION)
        for output in ("ApiDistributionId", "ClientDistribution")
    )


def _widgets(template: Template, env: Environment, charts: list[Chart | Question]) -> list[dict[str, Any]]:
    return [
        {
            "type": "metric" if isinstance(chart, Chart) else "log",
            "x": WIDTH * (number % COLUMNS),
            "y": HEIGHT * (number // COLUMNS),
            "width": WIDTH,
            "height": HEIGHT,
            "properties": _chart(template, env, chart) if isinstance(chart, Chart) else _table(env, chart),
        }
        for number, chart in enumerate(charts)
    ]


def _chart(template: Template, env: Environment, chart: Chart) -> dict[str, Any]:
    return {
        "title": chart.title,
        "view": "timeSeries",
        "stacked": chart.stacked,
        "period": chart.period,
        "region": chart.series[0].region or env.region,
        "metrics": [_row(template, series) for series in chart.series],
    }


def _table(env: Environment, question: Question) -> dict[str, Any]:
    return {
        "title": question.title,
        "view": "table",
        "region": env.region,
        "query": f"SOURCE '{question.log}' | {question.query}",
    }


def _row(template: Template, series: Series) -> list[Any]:
    row: list[Any] = [series.namespace, series.metric]
    for name, value in series.dimensions:
        row += [name, value.in_text(template) if isinstance(value, StackOutput) else value]
    return [*row, {"stat": series.stat}]
