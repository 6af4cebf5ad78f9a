"""The month's bill: a line for each service, from resources in the templates or from what so many people do."""

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from deploy import stacks
from deploy.costing import usage
from deploy.costing.prices import HOURS, usd
from deploy.environments import Environment
from smartcooking.schedules import SCHEDULES

MILLION, GB = 1_000_000, 1_000_000  # of kilobytes
MINUTES = HOURS * 60
# What Container Insights measures for the cluster, and for each service in it.
INSIGHTS_CLUSTER, INSIGHTS_SERVICE = 9, 11
# What the code emits without those that grow with usage: by route and queue.
OWN_METRICS = 90
# A scheduled command is charged for a minute at least, and takes no longer.
COMMAND_VCPU, COMMAND_GB = 0.25, 1.0
IDENTITY, AI = "Cognito", "AI tokens"


@dataclass(frozen=True)
class Line:
    """What a service costs in a month, and why."""

    service: str
    usd: float
    basis: str


def bill(env: Environment, people: int) -> list[Line]:
    """Return the lines of a month with so many active people."""
    resources = _resources(env)
    reads, writes, requests = (one * people for one in usage.units())
    return [
        *_compute(env, requests, people),
        *_network(env, requests, _peak_tasks(env, requests), resources),
        *_data(env, reads, writes, people),
        *_edge(env, requests, people, resources),
        *_watching(requests, resources),
        *_small(env, people, resources),
        *_metered(people),
    ]


def total(lines: list[Line], *without: str) -> float:
    return sum(line.usd for line in lines if line.service not in without)


def _resources(env: Environment) -> list[dict[str, Any]]:
    return [one for stack in stacks.of(env) for one in stack.build(env).to_dict()["Resources"].values()]


def _task(vcpu: float, gigabytes: float) -> float:
    """Return what a task costs that runs for the month."""
    return HOURS * (vcpu * usd("fargate-vcpu") + gigabytes * usd("fargate-gb"))


def _peak_tasks(env: Environment, requests: float) -> float:
    """Return tasks of the API on average: more than the least only in the hours that need them."""
    busiest = requests / MINUTES * usage.PEAK / env.requests_target
    mean = requests / MINUTES / env.requests_target
    return max(env.api_tasks, (math.ceil(busiest) + math.ceil(mean)) / 2)


def _compute(env: Environment, requests: float, people: int) -> Iterator[Line]:
    tasks = _peak_tasks(env, requests)
    size = (env.api_cpu / 1024, env.api_memory / 1024)
    yield Line("Fargate: API", tasks * _task(*size), f"{tasks:g} tasks of {size[0]:g} vCPU, {size[1]:g} GB")
    spent, count = 0.0, 0.0
    # A generation takes a worker's thread about six seconds.
    busy = people * usage.GENERATIONS * 6 / 3600 / HOURS
    for group in env.workers:
        needed = max(group.minimum, busy / group.concurrency) if "ai" in group.queues else group.minimum
        own = min(env.workers_on_demand, needed)
        share = own + (needed - own) * usd("spot-share")
        spent += share * _task(group.cpu / 1024, group.memory / 1024)
        count += needed
    yield Line("Fargate: workers", spent, f"{count:g} tasks, {env.workers_on_demand} of each group not on Spot")
    runs = sum(MINUTES * 60 / schedule.every for schedule in SCHEDULES)
    price = _task(COMMAND_VCPU, COMMAND_GB) / MINUTES * usd("spot-share")
    yield Line("Fargate: commands", runs * price, f"{runs:,.0f} runs of a minute on Spot")


def _network(env: Environment, requests: float, tasks: float, resources: list[dict[str, Any]]) -> Iterator[Line]:
    kinds = Counter(one["Type"] for one in resources)
    gigabytes = requests * usage.ANSWER_KB / GB
    units = max(requests / HOURS / 3600 / 25, gigabytes / HOURS)
    cost = kinds["AWS::ElasticLoadBalancingV2::LoadBalancer"] * HOURS * usd("balancer")
    yield Line("Load balancer", cost + units * HOURS * usd("balancer-lcu"), f"{units:.2f} LCU")
    addresses: float = kinds["AWS::EC2::EIP"]
    if env.egress == "public-tasks":
        addresses += tasks + sum(group.minimum for group in env.workers) + sum(60 / one.every for one in SCHEDULES)
    egress = requests * usage.EGRESS_KB_PER_REQUEST / GB
    gateways = kinds["AWS::EC2::NatGateway"]
    if gateways:
        yield Line(
            "NAT", gateways * HOURS * usd("nat") + egress * usd("nat-gb"), f"{gateways} gateway, {egress:.0f} GB"
        )
    yield Line("Public addresses", addresses * HOURS * usd("address"), f"{addresses:.1f} addresses")


def _data(env: Environment, reads: float, writes: float, people: int) -> Iterator[Line]:
    cost = reads * usd("table-read") + writes * usd("table-write")
    yield Line("DynamoDB: requests", cost, f"{reads / MILLION:,.1f} M read, {writes / MILLION:,.1f} M write units")
    rows = people * usage.EVER * usage.ROWS_KB / GB
    cost = rows * (usd("table-gb") + usd("table-pitr-gb"))
    yield Line("DynamoDB: storage", cost, f"{rows:,.1f} GB with point-in-time recovery")
    pictures = people * usage.EVER * usage.PICTURES_KB / GB
    yield Line("S3", pictures * usd("bucket-gb") + people * 2 * usd("bucket-put"), f"{pictures:,.0f} GB of pictures")
    # Each day's backup of a table is whole; of pictures only what is fresh. Both also in the second region.
    kept = 2 * (rows * env.backup_days + pictures)
    yield Line("Backups", kept * usd("backup-gb"), f"{kept:,.0f} GB: {env.backup_days} days, in two regions")
    if env.cache:
        cost = max(0.1, min(env.cache_most_gigabytes, 0.1)) * HOURS * usd("cache-gb")
        yield Line("Cache", cost, "Valkey, serverless, at its least")


def _edge(env: Environment, requests: float, people: int, resources: list[dict[str, Any]]) -> Iterator[Line]:
    pages = people * usage.VISITS * 6
    gigabytes = (requests * usage.ANSWER_KB + people * usage.VISITS * usage.VISIT_KB) / GB
    cost = max(0.0, gigabytes - 1000) * usd("edge-gb") + max(0.0, requests + pages - 10 * MILLION) * usd("edge-request")
    yield Line("CloudFront", cost, f"{gigabytes:,.0f} GB, {(requests + pages) / MILLION:,.0f} M requests")
    for acl in (one for one in resources if one["Type"] == "AWS::WAFv2::WebACL"):
        rules = len(acl["Properties"]["Rules"])
        cost = usd("waf-acl") + rules * usd("waf-rule") + (requests + pages) * usd("waf-request")
        yield Line("WAF", cost, f"{rules} rules")


def _watching(requests: float, resources: list[dict[str, Any]]) -> Iterator[Line]:
    kinds = Counter(one["Type"] for one in resources)
    read = sum(_metrics(one["Properties"]) for one in resources if one["Type"] == "AWS::CloudWatch::Alarm")
    composite = kinds["AWS::CloudWatch::CompositeAlarm"]
    cost = max(0, read - 10) * usd("alarm-metric") + composite * usd("alarm-composite")
    yield Line("CloudWatch: alarms", cost, f"{read} metrics in alarms, {composite} composite")
    measured = INSIGHTS_CLUSTER + INSIGHTS_SERVICE * kinds["AWS::ECS::Service"] + OWN_METRICS
    cost = (measured - 10) * usd("metric") + max(0, kinds["AWS::CloudWatch::Dashboard"] - 3) * usd("dashboard")
    yield Line("CloudWatch: metrics", cost, f"{measured} metrics, {kinds['AWS::CloudWatch::Dashboard']} dashboards")
    logs = requests * usage.LOG_KB / GB
    yield Line("CloudWatch: logs", max(0.0, logs - 5) * usd("log-gb"), f"{logs:,.0f} GB")


def _metrics(alarm: dict[str, Any]) -> int:
    return sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1


def _small(env: Environment, people: int, resources: list[dict[str, Any]]) -> Iterator[Line]:
    kinds = Counter(one["Type"] for one in resources)
    cost = (
        kinds["AWS::KMS::Key"] * usd("key")
        + kinds["AWS::SecretsManager::Secret"] * usd("secret")
        + kinds["AWS::Route53::HostedZone"] * usd("zone")
        + kinds["AWS::Route53::HealthCheck"] * usd("health-check")
        + 30 * 0.2 * usd("images-gb")
    )
    yield Line("Keys, names, images", cost, "KMS, Secrets Manager, Route 53, ECR")
    # Each thread that waits asks every 20 seconds; each message is sent, taken and deleted.
    waiting = sum(len(group.queues) * group.minimum for group in env.workers) * HOURS * 180
    messages = people * usage.MESSAGES * 3 + waiting
    mails = people * 0.2
    cost = max(0.0, messages - MILLION) * usd("queue-request") + mails * usd("mail")
    yield Line("SQS, SES", cost, f"{messages / MILLION:,.1f} M requests, {mails:,.0f} mails")


def _metered(people: int) -> Iterator[Line]:
    yield Line(IDENTITY, max(0, people - 10_000) * usd("identity"), "Lite; 10,000 people free")
    made = people * usage.GENERATIONS
    cost = made * (usage.TOKENS_IN * usd("ai-input") + usage.TOKENS_OUT * usd("ai-output"))
    yield Line(AI, cost, f"{made:,.0f} generations, were there no budget")
