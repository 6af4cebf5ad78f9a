"""Cheaper and more expensive variants: other values of an environment's fields, and what each gives up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from deploy.costing import data, edge, tasks, usage
from deploy.costing.bill import bill, ours
from deploy.costing.month import Month
from deploy.costing.prices import HOURS, usd
from deploy.environments import BY_KIND, Environment


@dataclass(frozen=True)
class Variant:
    """A change, its effect on the monthly cost, and what it gains or gives up."""

    what: str
    change: float
    why: str


def fields(env: Environment, people: int) -> Iterator[Variant]:
    """Yield the effects of the environment's fields."""
    base = ours(bill(env, people))
    for what, other, why in _others(env):
        yield Variant(what, ours(bill(other, people)) - base, why)


def _others(env: Environment) -> Iterator[tuple[str, Environment, str]]:
    if env.egress == "nat":
        yield "egress: public-tasks", replace(env, egress="public-tasks"), "an address for each task, two locks"
    else:
        yield "egress: nat", replace(env, egress="nat"), "private tasks, one known address; its zone cuts both off"
        two = replace(env, egress="nat", nat_gateways=2)
        yield "egress: nat, nat_gateways: 2", two, "private tasks; no zone depends on the other"
    yield "cache", replace(env, cache=not env.cache), "Valkey: rate limits hold over all tasks together"
    if len(env.workers) < len(BY_KIND):
        yield "workers: BY_KIND", replace(env, workers=BY_KIND), "each kind of work scales for itself"
    if env.workers_on_demand:
        yield "workers_on_demand: 0", replace(env, workers_on_demand=0), "work waits while no spare capacity is there"
    else:
        yield "workers_on_demand: 1", replace(env, workers_on_demand=1), "a task of each group is never taken back"
    double = replace(env, api_cpu=2 * env.api_cpu, requests_target=2 * env.requests_target)
    yield f"api_cpu: {double.api_cpu}", double, "tasks of the API bear twice as much each"
    if env.waf:
        yield "waf: False", replace(env, waf=False), "nobody stops floods and injections at the edge"
    if not env.tracing:
        yield "tracing", replace(env, tracing=True), f"{env.xray_rate:.0%} of requests and messages traced"


def promises_given_up(env: Environment, people: int) -> Iterator[Variant]:
    """Yield savings that would break a promise, the largest first."""
    month = Month.of(env, people)
    lines = {line.service: line.usd for line in bill(env, people)}
    api, commands = tasks.api_tasks(month), tasks.scheduled_tasks(month)
    one = sum(task.usd / task.count for task in api) / len(api)
    address = HOURS * usd("address") if api[0].public else 0.0
    often = max(commands, key=lambda task: task.count)
    idle = (often.usd + often.count * address) * 2 / 3
    found = [
        Variant("no second region", -lines["Backups"], "a lost region is a lost service"),
        Variant("sign-in checked every 15 minutes", -idle, "a sign-in that fails is noticed after half an hour"),
        Variant(
            "no check from outside",
            -usd("health-check") - edge.checks(month) * (usd("edge-request") + usd("waf-request")),
            "whether names and edge work",
        ),
    ]
    if sum(task.count for task in api) > 1:
        spot = -one * (1 - usd("spot-share"))
        found.append(Variant("one task of the API", -(one + address), "two zones; a release of a task at a time"))
        found.append(Variant("the second task of the API on Spot", spot, "one task when capacity is short"))
    if env.waf:
        asked = month.visits * usage.FILES * usd("waf-request")
        found.append(Variant("no firewall at the client", -asked, "floods of requests for files"))
    yield from sorted(found, key=lambda variant: variant.change)


def alternatives(env: Environment, people: int) -> Iterator[Variant]:
    """Yield alternatives that are neither a field nor a promise: other means, a contract, other users."""
    month, base = Month.of(env, people), ours(bill(env, people))
    lines = {line.service: line.usd for line in bill(env, people)}
    yield Variant("backups in vaults of AWS Backup", data.in_vaults(month) - lines["Backups"], "restored by one call")
    on_demand = sum(task.usd for task in (*tasks.api_tasks(month), *tasks.worker_tasks(month)) if task.share == 1)
    yield Variant(
        "a savings plan of a year", -on_demand * (1 - usd("plan-share")), "pays for the tasks on demand, used or not"
    )
    yield Variant("people come half as often", ours(bill(env, people, 0.5)) - base, "four visits a month")
    yield Variant("people come twice as often", ours(bill(env, people, 2)) - base, "sixteen visits a month")
