"""Costs of Fargate tasks, their load balancer, and their path to AWS's APIs."""

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from deploy.costing import usage
from deploy.costing.inventory import Resource
from deploy.costing.month import MINUTES, Line, Month
from deploy.costing.prices import GB, HOURS, usd

# Fargate bills at least a minute.
LEAST_SECONDS = 60
UNIT_MINUTES = {"minute": 1, "hour": 60, "day": 1440}
CONNECTIONS_A_SECOND = 25


@dataclass(frozen=True)
class Running:
    """Tasks of a service or schedule: their average number, their number in the busiest hour, and the cost of one."""

    name: str
    family: str
    vcpu: float
    gigabytes: float
    count: float
    most: int
    # Share of the on-demand price.
    share: float
    public: bool
    containers: int = 1
    # Celery queues of all processes of a task together.
    queues: int = 0
    generating: int = 0

    @property
    def usd(self) -> float:
        return self.count * self.share * HOURS * (self.vcpu * usd("fargate-vcpu") + self.gigabytes * usd("fargate-gb"))


def lines(month: Month) -> Iterator[Line]:
    api, workers, commands = api_tasks(month), worker_tasks(month), scheduled_tasks(month)
    yield Line("Fargate: API", sum(one.usd for one in api), _told(api))
    yield Line("Fargate: workers", sum(one.usd for one in workers), _told(workers))
    yield Line("Fargate: commands", sum(one.usd for one in commands), f"{runs(month):,.0f} runs of a minute on Spot")
    yield from _network(month, [*api, *workers, *commands])


def api_tasks(month: Month) -> list[Running]:
    """Return the tasks of the serving API; an idle colour has none."""
    return [_api(month, one) for one in _services(month) if "LoadBalancers" in one.properties and _least(month, one)]


def worker_tasks(month: Month) -> list[Running]:
    return [_worker(month, one) for one in _services(month) if "LoadBalancers" not in one.properties]


def generating_processes(month: Month) -> float:
    """Return the number of worker processes that hold the catalogue for suggestions."""
    return sum(one.count * one.generating for one in worker_tasks(month))


def scheduled_tasks(month: Month) -> list[Running]:
    found = []
    for schedule in month.resources.of("AWS::Scheduler::Schedule"):
        target = schedule.properties["Target"]
        if ecs := target.get("EcsParameters"):
            definition = _definition(month, schedule, ecs["TaskDefinitionArn"])
            busy = _runs(schedule) * max(LEAST_SECONDS, usage.COMMAND_SECONDS) / 60 / MINUTES
            share = _share(ecs["CapacityProviderStrategy"], 0)
            found.append(_running(schedule.title, definition, busy, share, ecs["NetworkConfiguration"]))
    return found


def runs(month: Month) -> float:
    """Return the number of tasks that schedules start in a month."""
    schedules = month.resources.of("AWS::Scheduler::Schedule")
    return sum(_runs(one) for one in schedules if "EcsParameters" in one.properties["Target"])


def scheduled_messages(month: Month) -> float:
    """Return the number of messages that schedules send to workers in a month."""
    schedules = month.resources.of("AWS::Scheduler::Schedule")
    return sum(_runs(one) for one in schedules if ":sqs:" in str(one.properties["Target"]["Arn"]))


def _services(month: Month) -> list[Resource]:
    return list(month.resources.of("AWS::ECS::Service"))


def _api(month: Month, service: Resource) -> Running:
    """Return the tasks of the serving colour: as many as its requests need."""
    (target,) = [
        one["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
        for one in (policy.properties for policy in _policies(month, service))
        if "ALBRequestCountPerTarget" in str(one)
    ]
    mean = month.requests / MINUTES / target
    return _of_service(month, service, mean)


def _worker(month: Month, service: Resource) -> Running:
    """Return the tasks of a worker group: as many as its busiest process needs."""
    definition = _definition(month, service, service.properties["TaskDefinition"])
    commands = [one["Command"] for one in definition.properties["ContainerDefinitions"]]
    mean = max(_busy(month, command) for command in commands if _queues(command))
    return _of_service(month, service, mean)


def _of_service(month: Month, service: Resource, mean: float) -> Running:
    """Return the tasks for an average load of `mean` tasks: more than the minimum only in the hours that need them."""
    least, busiest = _least(month, service), math.ceil(mean * usage.PEAK)
    count = max(least, (math.ceil(mean) + busiest) / 2)
    share = _share(service.properties.get("CapacityProviderStrategy", []), count)
    definition = _definition(month, service, service.properties["TaskDefinition"])
    running = _running(service.title, definition, count, share, service.properties["NetworkConfiguration"])
    return replace(running, most=max(least, busiest))


def _running(name: str, definition: Resource, count: float, share: float, network: dict[str, Any]) -> Running:
    properties = definition.properties
    return Running(
        name,
        properties["Family"],
        int(properties["Cpu"]) / 1024,
        int(properties["Memory"]) / 1024,
        count,
        math.ceil(count),
        share,
        network["AwsvpcConfiguration"]["AssignPublicIp"] == "ENABLED",
        len(properties["ContainerDefinitions"]),
        sum(len(_queues(one["Command"])) for one in properties["ContainerDefinitions"]),
        sum(
            _concurrency(one["Command"])
            for one in properties["ContainerDefinitions"]
            if "ai" in _queues(one["Command"])
        ),
    )


def _definition(month: Month, beside: Resource, reference: dict[str, str]) -> Resource:
    definitions = month.resources.beside(beside, "AWS::ECS::TaskDefinition")
    return next(one for one in definitions if one.title == reference["Ref"])


def _target(month: Month, service: Resource) -> Resource:
    """Return the scaling target of a service, which names the service or refers to it."""
    words = (f"'{service.title}'", f"'{service.properties['ServiceName']}'")
    targets = month.resources.beside(service, "AWS::ApplicationAutoScaling::ScalableTarget")
    return next(one for one in targets if any(word in str(one.properties["ResourceId"]) for word in words))


def _policies(month: Month, service: Resource) -> list[Resource]:
    policies = month.resources.beside(service, "AWS::ApplicationAutoScaling::ScalingPolicy")
    target = {"Ref": _target(month, service).title}
    return [one for one in policies if one.properties["ScalingTargetId"] == target]


def _least(month: Month, service: Resource) -> int:
    return int(_target(month, service).value("MinCapacity"))


def _share(strategy: list[dict[str, Any]], count: float) -> float:
    """Return the average price of a task as a share of the on-demand price: its base is on demand, the rest on Spot."""
    spot = any(one["CapacityProvider"] == "FARGATE_SPOT" and one["Weight"] for one in strategy)
    if not spot:
        return 1.0
    base = sum(one.get("Base", 0) for one in strategy if one["CapacityProvider"] == "FARGATE")
    own = min(base, count)
    return (own + (count - own) * usd("spot-share")) / count if count else usd("spot-share")


def _busy(month: Month, command: list[str]) -> float:
    """Return how many Celery tasks' worth of processes the queues keep busy on average."""
    queues = _queues(command)
    seconds = month.generations * usage.GENERATION_SECONDS if "ai" in queues else 0.0
    if "notifications" in queues:
        # All other messages are counted here, even pictures, which are few.
        seconds += (month.messages - month.generations) * usage.WORK_SECONDS
    return seconds / (HOURS * 3600) / _concurrency(command)


def _queues(command: list[str]) -> list[str]:
    return [queue for queues in re.findall(r"--queues=(\S+)", " ".join(command)) for queue in queues.split(",")]


def _concurrency(command: list[str]) -> int:
    return sum(map(int, re.findall(r"--concurrency=(\d+)", " ".join(command))))


def _runs(schedule: Resource) -> float:
    expression = schedule.properties["ScheduleExpression"]
    if found := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return MINUTES / (int(found[1]) * UNIT_MINUTES[found[2]])
    raise ValueError(f"{schedule.title}: how often is {expression}?")


def _told(tasks: list[Running]) -> str:
    return "; ".join(f"{one.count:g} × {one.vcpu:g} vCPU, {one.gigabytes:g} GB ({one.name})" for one in tasks)


def _network(month: Month, tasks: list[Running]) -> Iterator[Line]:
    gigabytes = month.requests * (usage.ANSWER_KB + usage.QUESTION_KB) / GB
    connections = month.requests * usage.CONNECTIONS_A_REQUEST
    units = max(connections / HOURS / 3600 / CONNECTIONS_A_SECOND, gigabytes / HOURS)
    balancers = month.kinds["AWS::ElasticLoadBalancingV2::LoadBalancer"]
    cost = HOURS * (balancers * usd("balancer") + units * usd("balancer-lcu"))
    yield Line("Load balancer", cost, f"{balancers} with {units:.2f} LCU")
    if gateways := month.kinds.get("AWS::EC2::NatGateway"):
        sent = month.requests * usage.EGRESS_KB / GB
        yield Line("NAT", gateways * HOURS * usd("nat") + sent * usd("nat-gb"), f"{gateways} gateway, {sent:.0f} GB")
    addresses = month.kinds.get("AWS::EC2::EIP", 0) + sum(one.count for one in tasks if one.public)
    yield Line("Public addresses", addresses * HOURS * usd("address"), f"{addresses:.1f} on average")
