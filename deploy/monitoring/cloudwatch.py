"""CloudWatch metrics that alarms and dashboards read: AWS's own, and those of `contract/metrics.py`."""

from dataclasses import dataclass

from troposphere import Ref, Template

from deploy import names
from deploy.environments import Environment
from deploy.resources import parameters
from deploy.stacks import storage
from smartcooking.contract import metrics
from smartcooking.contract import table as schema
from smartcooking.contract.metrics import Metric
from smartcooking.contract.queues import Queue


@dataclass(frozen=True)
class StackOutput:
    """A dimension whose value is an output of an earlier stack."""

    output: str

    def in_template(self, template: Template) -> Ref:
        return Ref(parameters.from_output(template, self.output))

    def in_text(self, template: Template) -> str:
        """Return the reference in the syntax that `Fn::Sub` replaces."""
        parameters.from_output(template, self.output)
        return f"${{{self.output}}}"


@dataclass(frozen=True)
class Series:
    """One series: a metric, its dimensions, and the statistic over a period."""

    namespace: str
    metric: str
    stat: str
    dimensions: tuple[tuple[str, str | StackOutput], ...] = ()
    region: str | None = None


def custom(env: Environment, metric: Metric, stat: str = "Sum", **dimensions: str) -> Series:
    # CloudWatch identifies a metric by all of its dimensions; a subset of them matches nothing.
    if dimensions and set(dimensions) != set(metric.dimensions):
        raise ValueError(f"{metric.name} is kept by {metric.dimensions}, not by {tuple(dimensions)}")
    pairs = ((metrics.ENVIRONMENT, env.name), *dimensions.items())
    return Series(metrics.NAMESPACE, metric.name, stat, pairs)


def balancer(metric: str, stat: str = "Sum") -> Series:
    return Series("AWS/ApplicationELB", metric, stat, (("LoadBalancer", StackOutput("BalancerFullName")),))


def targets(colour: str, metric: str, stat: str = "Sum") -> Series:
    dimensions = (
        ("LoadBalancer", StackOutput("BalancerFullName")),
        ("TargetGroup", StackOutput(f"{colour}TargetGroup")),
    )
    return Series("AWS/ApplicationELB", metric, stat, dimensions)


def task(env: Environment, service: str, metric: str, stat: str = "Average") -> Series:
    return Series("AWS/ECS", metric, stat, (("ClusterName", env.prefix), ("ServiceName", service)))


def running(env: Environment, service: str) -> Series:
    """Count a service's running tasks by the samples of their CPU metric: one per task and minute, free of charge.

    Works only with periods of a minute; Container Insights counts the same for 0.30 USD a month and metric.
    """
    return task(env, service, "CPUUtilization", "SampleCount")


def table(env: Environment, metric: str, stat: str = "Sum", index: str | None = None) -> Series:
    dimensions: tuple[tuple[str, str | StackOutput], ...] = (("TableName", names.table(env)),)
    if index:
        dimensions = (*dimensions, ("GlobalSecondaryIndexName", index))
    return Series("AWS/DynamoDB", metric, stat, dimensions)


def table_and_indexes(env: Environment, metric: str) -> list[Series]:
    return [table(env, metric), *(table(env, metric, index=index.name) for index in schema.INDEXES)]


def queue(env: Environment, which: Queue, metric: str, stat: str = "Maximum") -> Series:
    return Series("AWS/SQS", metric, stat, (("QueueName", names.queue(env, which)),))


def dead_letters(env: Environment, which: Queue) -> Series:
    name = names.dead_letters(env, which)
    return Series("AWS/SQS", "ApproximateNumberOfMessagesVisible", "Maximum", (("QueueName", name),))


def bucket(env: Environment, what: str) -> Series:
    """Bytes in a bucket, measured once a day."""
    dimensions = (("BucketName", names.bucket(env, what)), ("StorageType", "StandardStorage"))
    return Series("AWS/S3", "BucketSizeBytes", "Average", dimensions)


def backup(metric: str) -> Series:
    return Series("AWS/States", metric, "Sum", (("StateMachineArn", StackOutput("BackupMachineArn")),))


def copying(env: Environment, what: str, metric: str) -> Series:
    """Return S3's metric for the replication of a bucket to the second region."""
    pair = (
        ("SourceBucket", names.bucket(env, what)),
        ("DestinationBucket", names.bucket(env, storage.copies_of(what))),
    )
    return Series("AWS/S3", metric, "Sum", (*pair, ("RuleId", storage.COPY_RULE)))


def certificate(output: str) -> Series:
    return Series("AWS/CertificateManager", "DaysToExpiry", "Minimum", (("CertificateArn", StackOutput(output)),))


def scheduler(env: Environment, metric: str) -> Series:
    return Series("AWS/Scheduler", metric, "Sum", (("ScheduleGroup", env.prefix),))


def log(env: Environment, what: str) -> Series:
    return Series("AWS/Logs", "IncomingLogEvents", "Sum", (("LogGroupName", names.log_group(env, what)),))


def charges(region: str | None = None) -> Series:
    return Series("AWS/Billing", "EstimatedCharges", "Maximum", (("Currency", "USD"),), region)


def firewall(rule: str = "ALL", metric: str = "BlockedRequests", region: str | None = None) -> Series:
    return Series("AWS/WAFV2", metric, "Sum", (("WebACL", StackOutput("FirewallName")), ("Rule", rule)), region)


def distribution(output: str, metric: str, stat: str = "Average", region: str | None = None) -> Series:
    dimensions: tuple[tuple[str, str | StackOutput], ...] = (
        ("DistributionId", StackOutput(output)),
        ("Region", "Global"),
    )
    return Series("AWS/CloudFront", metric, stat, dimensions, region)
