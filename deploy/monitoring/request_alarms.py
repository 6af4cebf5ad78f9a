"""Alarms on requests: failures, slow responses, and the two colours of a release."""

from collections.abc import Iterator

from deploy.environments import Environment
from deploy.monitoring import cloudwatch
from deploy.monitoring.alarms import AT_LEAST, BELOW, FIVE_MINUTES, Rule
from deploy.resources.balancer import COLOURS
from deploy.stacks import service
from smartcooking.contract import metrics

# With fewer requests in a period, a single failure would be a high rate.
ENOUGH = 20
FAILED_OR_LOST = "FILL(failed,0)+FILL(lost,0)"

# Seconds, from two points of view: `inside`, the service leaves out requests that wait on purpose; `outside`, the
# balancer also sees requests that queue before the service. The 90th percentile, since up to one request in twelve may
# wait for a generated recipe.
SLOWER = "MAX([FILL(inside,0)/1000,FILL(outside,0)])"


def failing(period_requests: int = ENOUGH) -> str:
    """Return the percentage of requests that fail, from the series of `answers`."""
    errors = "FILL(failed,0)+FILL(refused,0)"
    return f"IF(FILL(requests,0)>={period_requests},100*({errors})/requests,0)"


def answers() -> dict[str, cloudwatch.Series]:
    """The load balancer's metrics: requests, error responses of the service, and its own error responses."""
    return {
        "requests": cloudwatch.balancer("RequestCount"),
        "failed": cloudwatch.balancer("HTTPCode_Target_5XX_Count"),
        "refused": cloudwatch.balancer("HTTPCode_ELB_5XX_Count"),
    }


def request_rules(env: Environment) -> Iterator[Rule]:
    # One period instead of several short ones: with little traffic a minute has few requests.
    yield Rule("error-rate", "More than 5 % of requests fail", 5, answers(), failing(), period=FIVE_MINUTES, periods=1)
    yield Rule(
        "error-rate-raised",
        "More than 2 % of requests fail",
        2,
        answers(),
        failing(),
        period=3 * FIVE_MINUTES,
        periods=1,
        severity="warning",
        runbook="error-rate",
    )
    yield Rule(
        "latency",
        "One request in a hundred takes more than 3 s",
        3,
        {
            "inside": cloudwatch.custom(env, metrics.PLAIN_LATENCY, "p99"),
            "outside": cloudwatch.balancer("TargetResponseTime", "p90"),
        },
        SLOWER,
        periods=5,
    )
    yield Rule(
        "latency-raised",
        "One request in a hundred that needs no AI takes more than 500 ms",
        500,
        {"latency": cloudwatch.custom(env, metrics.PLAIN_LATENCY, "p99")},
        periods=15,
        severity="warning",
        runbook="latency",
    )
    yield Rule(
        "slow-routes",
        f"Requests that need no AI take more than {env.route_seconds} s on average",
        env.route_seconds * 1000,
        {"latency": cloudwatch.custom(env, metrics.PLAIN_LATENCY, "Average")},
        runbook="latency",
    )
    errors = {name: series for name, series in answers().items() if name != "requests"}
    yield Rule(
        "server-errors",
        "More than 10 failed requests a minute",
        10,
        errors,
        "FILL(failed,0)+FILL(refused,0)",
        periods=2,
        runbook="error-rate",
    )
    healthy = {colour.lower(): cloudwatch.targets(colour, "HealthyHostCount", "Minimum") for colour in COLOURS}
    yield Rule(
        "no-tasks",
        "No task answers",
        1,
        healthy,
        "FILL(blue,0)+FILL(green,0)",
        comparison=BELOW,
        periods=2,
        missing="breaching",
    )
    yield Rule(
        "failed-logins",
        "More than 100 failed logins a minute",
        100,
        {"failed": cloudwatch.custom(env, metrics.FAILED_LOGINS)},
        periods=1,
    )


def colour_rules(env: Environment) -> Iterator[Rule]:
    """Watch each colour alone: if the new colour gets a tenth of the requests and fails, only a tenth of all requests
    fail.
    """
    for colour in COLOURS:
        name = colour.lower()
        answered = {
            "requests": cloudwatch.targets(colour, "RequestCount"),
            "failed": cloudwatch.targets(colour, "HTTPCode_Target_5XX_Count"),
            # The load balancer counts its own error responses only for all colours together.
            "lost": cloudwatch.targets(colour, "TargetConnectionErrorCount"),
        }
        yield Rule(
            f"canary-errors-{name}",
            f"More than 1 % of the requests to {name} fail",
            1,
            answered,
            # One failure among few requests is a high share, but not a pattern.
            f"IF(FILL(requests,0)>={ENOUGH},IF({FAILED_OR_LOST}>=2,100*({FAILED_OR_LOST})/requests,0),0)",
            period=FIVE_MINUTES,
            periods=1,
            runbook="canary",
        )
        yield Rule(
            f"canary-latency-{name}",
            f"One request in ten to {name} takes more than 3 s",
            3,
            # The 90th percentile, not the 99th: up to one in twelve may wait for a generated recipe on purpose.
            # Slowness that affects fewer requests shows in `latency`, which excludes those that wait, and stops a
            # release as well.
            {"latency": cloudwatch.targets(colour, "TargetResponseTime", "p90")},
            periods=3,
            runbook="canary",
        )
        yield Rule(
            f"unhealthy-hosts-{name}",
            f"A task of {name} does not answer",
            1,
            {"unhealthy": cloudwatch.targets(colour, "UnHealthyHostCount", "Maximum")},
            comparison=AT_LEAST,
            periods=3,
            runbook="unhealthy-hosts",
        )
        for what, metric, most in (("cpu", "CPUUtilization", env.cpu_alarm), ("memory", "MemoryUtilization", 85)):
            yield Rule(
                f"{what}-{name}",
                f"Tasks of {name} use more than {most} % of their {what}",
                most,
                {"used": cloudwatch.task(env, service.service_name(env, colour), metric)},
                periods=10,
                severity="warning",
                runbook=f"api-{what}",
            )
