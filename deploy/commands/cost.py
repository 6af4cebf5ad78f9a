"""The verb `cost`: what an environment comes to in a month."""

import argparse
from collections.abc import Iterator
from dataclasses import replace

from deploy import console
from deploy.costing import prices, usage
from deploy.costing.bill import AI, IDENTITY, bill, total
from deploy.environments import Environment
from deploy.rollout import Target

GOAL_PEOPLE, GOAL = 100_000, 150.0
GROWTH = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
EXAMPLES = """examples:
  python -m deploy cost --env prod --mau 100000
  python -m deploy cost --env prod --mau 100000 --prices    with the price table and its sources

The model of usage is deploy/costing/usage.py, the prices are deploy/costing/prices.py.

"""


def cost(args: argparse.Namespace, target: Target) -> int:
    if target.env.emulated:
        message = f"{target.env.name} runs on this machine and costs nothing"
        raise console.WrongUsage(message)
    if args.mau < 1:
        message = "--mau is a number of people"
        raise console.WrongUsage(message)
    _services(target.env, args.mau)
    _variants(target.env, args.mau)
    _growth(target.env)
    if args.prices:
        rows = [(name, f"{one.usd:.7g}", one.unit, one.source, one.confidence) for name, one in prices.PRICES.items()]
        print(console.table(("price", "USD", "unit", "source", "confidence"), rows))
    return console.DONE


def _services(env: Environment, people: int) -> None:
    lines = bill(env, people)
    reads, writes, requests = usage.units()
    print(f"{env.name}, {people:,} active people a month, list prices of {prices.REGION} as of {prices.AS_OF}, USD")
    print(f"Each: {requests:.0f} requests, {reads:.0f} read and {writes:.0f} write units a month\n")
    rows = [(line.service, f"{line.usd:,.2f}", line.basis) for line in lines]
    rows.append(("TOTAL", f"{total(lines):,.2f}", ""))
    rows.append(("without Cognito", f"{total(lines, IDENTITY):,.2f}", ""))
    ours = total(lines, IDENTITY, AI)
    rows.append(("without Cognito and AI", f"{ours:,.2f}", ""))
    print(console.table(("service", "a month", "what for"), rows))
    if people == GOAL_PEOPLE:
        verdict = "met" if ours <= GOAL else f"missed by {ours - GOAL:,.0f}"
        print(f"\nGoal: at most {GOAL:,.0f} beside Cognito and AI tokens: {verdict}")
    spending = next(line.usd for line in lines if line.service == AI)
    if spending > env.ai_budget:
        print(f"The budget of {env.ai_budget} for AI ends before the month does: recipes then come from rules.")


def _variants(env: Environment, people: int) -> None:
    base = total(bill(env, people), IDENTITY, AI)
    rows = []
    for name, variant in _alternatives(env):
        other = total(bill(variant, people), IDENTITY, AI)
        rows.append((name, f"{other:,.2f}", f"{other - base:+,.2f}"))
    print(
        f"\nWithout Cognito and AI, with one thing otherwise:\n{console.table(('variant', 'a month', 'change'), rows)}"
    )


def _alternatives(env: Environment) -> Iterator[tuple[str, Environment]]:
    yield "public-tasks: addresses, no NAT", replace(env, egress="public-tasks")
    yield "nat: a gateway in each zone", replace(env, egress="nat", nat_gateways=2)
    yield "with the cache" if not env.cache else "without the cache", replace(env, cache=not env.cache)
    yield "all workers on Spot", replace(env, workers_on_demand=0)
    yield "without the firewall", replace(env, waf=False)
    lean = replace(env, egress="public-tasks", workers_on_demand=0, cache=False)
    yield "public-tasks and all workers on Spot", lean


def _growth(env: Environment) -> None:
    rows = []
    for people in GROWTH:
        lines = bill(env, people)
        ours = total(lines, IDENTITY, AI)
        each = total(lines) / people
        rows.append((f"{people:,}", f"{ours:,.0f}", f"{total(lines):,.0f}", f"{each:.4f}"))
    heads = ("people", "without Cognito, AI", "total", "a person")
    print(f"\nGrowth\n{console.table(heads, rows)}\n")


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verb to the command line."""
    what = "estimate the month's bill from the templates, measured units and a model of usage"
    parser = verbs.add_parser(
        "cost",
        parents=[common],
        help=what,
        description=f"{what[0].upper()}{what[1:]}.",
        epilog=EXAMPLES + console.EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.set_defaults(run=cost)
    parser.add_argument("--mau", type=int, default=GOAL_PEOPLE, metavar="N", help="people who are active in a month")
    parser.add_argument("--prices", action="store_true", help="print the price table and its sources as well")
