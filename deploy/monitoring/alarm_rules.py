"""The alarms of an environment, except those in us-east-1."""

from collections.abc import Iterator

from deploy.environments import Environment
from deploy.monitoring import cloudwatch
from deploy.monitoring.alarms import AT_LEAST, BELOW, DAY, FIVE_MINUTES, HOUR, Rule
from deploy.monitoring.request_alarms import ENOUGH, colour_rules, request_rules
from deploy.monitoring.work_alarms import generation_rules, queue_rules, table_rules, worker_rules
from smartcooking.contract import metrics

GIGABYTE = 1024**3

# The checks that `manage.py probe` runs around the clock.
CHECKS = ("sign-in", "journey", "upkeep")
BUCKETS = ("frontend", "avatars", "images", "logs")


def rules(env: Environment) -> list[Rule]:
    return [
        *request_rules(env),
        *colour_rules(env),
        *table_rules(env),
        *queue_rules(env),
        *worker_rules(env),
        *generation_rules(env),
        *_product(env),
        *_checks(env),
        *_upkeep(env),
    ]


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
        ("upkeep", "Point-in-time recovery is off, there is no backup, or logs do not arrive"),
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
