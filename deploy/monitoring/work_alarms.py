"""Alarms on the table, queues, workers and generation."""

from collections.abc import Iterator

from deploy.environments import Environment
from deploy.monitoring import cloudwatch
from deploy.monitoring.alarms import AT_LEAST, BELOW, FIVE_MINUTES, MINUTE, Rule
from deploy.stacks import workers
from smartcooking.contract import metrics
from smartcooking.contract.queues import QUEUES

# Seconds that a message may wait: people wait in front of the screen for `ai`, and not for the rest.
LONGEST_WAIT = {"ai": 60, "notifications": 300, "media": 600, "default": 600, "imports": 600}


def table_rules(env: Environment) -> Iterator[Rule]:
    """Watch the table and each index: a throttled index throttles writes to the table, but has metrics of its own."""
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
        "The table uses more than 80 % of its maximum throughput",
        80,
        used,
        f"100*{limits}",
        severity="warning",
        runbook="table-throttled",
    )


def queue_rules(env: Environment) -> Iterator[Rule]:
    for queue in QUEUES:
        yield Rule(
            f"dead-letters-{queue.name}",
            f"The dead-letter queue of {queue.name} has messages",
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


def worker_rules(env: Environment) -> Iterator[Rule]:
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


def generation_rules(env: Environment) -> Iterator[Rule]:
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
