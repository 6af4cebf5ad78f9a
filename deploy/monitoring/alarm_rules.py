"""The alarms of an environment, except those in us-east-1."""

from collections.abc import Iterator

from deploy.environments import Environment
from deploy.monitoring import cloudwatch
from deploy.monitoring.alarms import AT_LEAST, BELOW, DAY, HOUR, MINUTE, Rule
from deploy.resources.balancer import COLOURS
from deploy.stacks import service, workers
from smartcooking.contract import metrics
from smartcooking.contract import table as schema
from smartcooking.contract.queues import QUEUES

FIVE_MINUTES = 5 * MINUTE
GIGABYTE = 1024**3
# With fewer requests in a period, a single failure would be a high rate.
ENOUGH = 20
# What `manage.py probe` tries around the clock.
CHECKS = ("sign-in", "journey", "upkeep")
FAILED_OR_LOST = "FILL(failed,0)+FILL(lost,0)"
# In seconds, of two views of the same: `inside` the service knows which requests wait on purpose and leaves them out,
# and `outside` the balancer also sees those that stand in a queue before the service. One in ten, since up to one
# request in twelve may wait for a generated recipe.
SLOWER = "MAX([FILL(inside,0)/1000,FILL(outside,0)])"
# Seconds that a message may wait: somebody is watching the screen for `ai`, and nobody for the rest.
LONGEST_WAIT = {"ai": 60, "notifications": 300, "media": 600, "default": 600, "imports": 600}
BUCKETS = ("frontend", "avatars", "images", "logs")


def rules(env: Environment) -> list[Rule]:
    return [
        *_answers(env),
        *_colours(env),
        *_table(env),
        *_queues(env),
        *_workers(env),
        *_generation(env),
        *_product(env),
        *_checks(env),
        *_upkeep(env),
    ]


def failing(period_requests: int = ENOUGH) -> str:
    """Return the share of requests that fail, in percent, of the series that `answers` has."""
    errors = "FILL(failed,0)+FILL(refused,0)"
    return f"IF(FILL(requests,0)>={period_requests},100*({errors})/requests,0)"


def answers() -> dict[str, cloudwatch.Series]:
    """The load balancer's metrics: requests, error responses of the service, and its own error responses."""
    return {
        "requests": cloudwatch.balancer("RequestCount"),
        "failed": cloudwatch.balancer("HTTPCode_Target_5XX_Count"),
        "refused": cloudwatch.balancer("HTTPCode_ELB_5XX_Count"),
    }


def _answers(env: Environment) -> Iterator[Rule]:
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


def _colours(env: Environment) -> Iterator[Rule]:
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
            # Not one in a hundred: up to one in twelve may wait for a generated recipe on purpose. What is slow for
            # fewer shows in `latency`, which leaves those out and stops a release as well.
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


def _table(env: Environment) -> Iterator[Rule]:
    """A throttled index throttles the writes of the table, and counts for itself: five pairs in all."""
    reads = cloudwatch.table_and_indexes(env, "ReadThrottleEvents")
    writes = cloudwatch.table_and_indexes(env, "WriteThrottleEvents")
    series = {f"m{number}": one for number, one in enumerate((*reads, *writes))}
    yield Rule(
        "table-throttled",
        "DynamoDB refuses requests",
        1,
        series,
        "+".join(f"FILL({name},0)" for name in series),
        comparison=AT_LEAST,
        periods=1,
    )
    used = {
        "reads": cloudwatch.table(env, "ConsumedReadCapacityUnits"),
        "writes": cloudwatch.table(env, "ConsumedWriteCapacityUnits"),
    }
    limits = f"MAX([reads/{env.table_read_units * MINUTE},writes/{env.table_write_units * MINUTE}])"
    yield Rule(
        "table-near-limit",
        "The table uses more than 80 % of the most that it may",
        80,
        used,
        f"100*{limits}",
        severity="warning",
        runbook="table-throttled",
    )


def _queues(env: Environment) -> Iterator[Rule]:
    for queue in QUEUES:
        yield Rule(
            f"dead-letters-{queue.name}",
            f"Work of the queue {queue.name} failed for good",
            1,
            {"dead": cloudwatch.dead_letters(env, queue)},
            comparison=AT_LEAST,
            periods=1,
            runbook="dead-letters",
        )
        yield Rule(
            f"queue-age-{queue.name}",
            f"Work of the queue {queue.name} waits for more than {LONGEST_WAIT[queue.name]} s",
            LONGEST_WAIT[queue.name],
            {"age": cloudwatch.queue(env, queue, "ApproximateAgeOfOldestMessage")},
            runbook="queue-age",
        )


def _workers(env: Environment) -> Iterator[Rule]:
    for group in env.workers:
        yield Rule(
            f"no-workers-{group.name}",
            f"No task of the workers {group.name} runs",
            1,
            {"running": cloudwatch.running(env, workers.service_name(env, group))},
            comparison=BELOW,
            missing="breaching",
            runbook="no-workers",
        )
    dropped = {
        "dropped": cloudwatch.scheduler(env, "InvocationDroppedCount"),
        "failed": cloudwatch.scheduler(env, "TargetErrorCount"),
    }
    yield Rule(
        "schedule-failing",
        "Scheduled commands do not start",
        3,
        dropped,
        "FILL(dropped,0)+FILL(failed,0)",
        comparison=AT_LEAST,
        period=FIVE_MINUTES,
        periods=2,
    )


def _generation(env: Environment) -> Iterator[Rule]:
    tried = {"tried": cloudwatch.custom(env, metrics.GENERATIONS)}
    for name, what, metric in (
        ("ai-errors", "More than 10 % of generated recipes fail", metrics.GENERATION_FAILURES),
        ("ai-timeouts", "More than 10 % of generated recipes come too late", metrics.GENERATION_TIMEOUTS),
    ):
        share = "IF(FILL(tried,0)>=10,100*FILL(failed,0)/tried,0)"
        series = {**tried, "failed": cloudwatch.custom(env, metric)}
        yield Rule(name, what, 10, series, share, period=FIVE_MINUTES, periods=2, runbook="generation")
    yield Rule(
        "ai-latency",
        f"A generated recipe takes more than {env.ai_seconds} s",
        env.ai_seconds * 1000,
        {"latency": cloudwatch.custom(env, metrics.GENERATION_LATENCY, "p99")},
        period=FIVE_MINUTES,
        periods=2,
        runbook="generation",
    )


def _product(env: Environment) -> Iterator[Rule]:
    yield Rule(
        "catalogue-share",
        "Less than 30 % of suggested recipes come from the catalogue",
        30,
        {
            "share": cloudwatch.custom(env, metrics.CATALOGUE_SHARE, "Average"),
        },
        comparison=BELOW,
        period=HOUR,
        periods=6,
        severity="warning",
    )
    cached = {
        "hits": cloudwatch.custom(env, metrics.CACHE_HITS),
        "misses": cloudwatch.custom(env, metrics.CACHE_MISSES),
    }
    yield Rule(
        "cache-hits",
        "Less than 50 % of what is asked of caches is there",
        50,
        cached,
        f"IF(FILL(hits,0)+FILL(misses,0)>={ENOUGH},100*FILL(hits,0)/(FILL(hits,0)+FILL(misses,0)),100)",
        comparison=BELOW,
        period=FIVE_MINUTES,
        periods=6,
        severity="warning",
    )


def _checks(env: Environment) -> Iterator[Rule]:
    """The results of `manage.py probe`; each check tries twice before it reports a failure."""
    checks = dict(zip(CHECKS, (env.sign_in_every, env.journey_every, env.journey_every), strict=True))
    failed = {name: {"failed": cloudwatch.custom(env, metrics.CHECK_FAILURES, Check=name)} for name in checks}
    yield Rule(
        "sign-in",
        f"Signing in, acting and signing out does not work, or takes more than {env.sign_in_most_ms} ms a step",
        1,
        failed["sign-in"],
        comparison=AT_LEAST,
        period=env.sign_in_every,
        periods=3,
        breaching_periods=2,
    )
    for name, what in (
        ("journey", "A person's way through the service does not work"),
        ("upkeep", "The table cannot be turned back, there is no backup, or logs do not arrive"),
    ):
        yield Rule(name, what, 1, failed[name], comparison=AT_LEAST, period=checks[name], periods=1)
    for name, every in checks.items():
        yield Rule(
            f"checks-missing-{name}",
            f"The check {name} does not run",
            1,
            {"done": cloudwatch.custom(env, metrics.CHECK_FAILURES, "SampleCount", Check=name)},
            comparison=BELOW,
            period=every,
            periods=3,
            missing="breaching",
            severity="warning",
            runbook="checks-missing",
        )


def _upkeep(env: Environment) -> Iterator[Rule]:
    yield Rule(
        "certificate",
        "The balancer's certificate ends in less than 30 days",
        30,
        {"days": cloudwatch.certificate("CertificateArn")},
        comparison=BELOW,
        period=DAY,
        periods=1,
    )
    failed = {
        "failed": cloudwatch.backup("ExecutionsFailed"),
        "late": cloudwatch.backup("ExecutionsTimedOut"),
        "stopped": cloudwatch.backup("ExecutionsAborted"),
        "pictures": cloudwatch.copying(env, "images", "OperationsFailedReplication"),
    }
    yield Rule(
        "backup-failed",
        "An export of the table failed, or the copy of a picture",
        1,
        failed,
        "+".join(f"FILL({name},0)" for name in failed),
        comparison=AT_LEAST,
        period=HOUR,
        periods=1,
    )
    yield Rule(
        "backup-missing",
        "There was no backup for two days",
        1,
        {"done": cloudwatch.backup("ExecutionsSucceeded")},
        comparison=BELOW,
        period=DAY,
        periods=2,
        missing="breaching",
        runbook="backup-failed",
    )
    for name in BUCKETS:
        yield Rule(
            f"bucket-size-{name}",
            f"The bucket {name} holds more than {env.bucket_gigabytes} GB",
            env.bucket_gigabytes * GIGABYTE,
            {"size": cloudwatch.bucket(env, name)},
            period=DAY,
            periods=1,
            severity="warning",
            runbook="bucket-size",
        )
    yield Rule(
        "logs-missing",
        "The API has logged nothing for an hour",
        1,
        {"lines": cloudwatch.log(env, "api")},
        comparison=BELOW,
        period=HOUR,
        periods=1,
        missing="breaching",
        severity="warning",
    )


# CloudWatch takes ten metrics in an alarm: the table and four indexes are five, for reading and for writing.
assert len(schema.INDEXES) <= 4  # noqa: PLR2004
