"""The subcommand `cost`: estimate an environment's monthly bill."""

import argparse
from collections.abc import Iterable

from deploy.commands import console
from deploy.costing import prices, usage, variants
from deploy.costing.bill import AI, IDENTITY, lines_of, ours, total
from deploy.costing.month import Line, Month
from deploy.costing.tasks import api_tasks
from deploy.costing.variants import Variant
from deploy.environments import Environment
from deploy.operations.rollout import Target

GOAL_PEOPLE, GOAL = 100_000, 200.0
GROWTH = (1_000, 10_000, 100_000, 1_000_000, 10_000_000)
MOST_PEOPLE = 1_000_000_000
EXAMPLES = """examples:
  python -m deploy cost --env prod --mau 100000
  python -m deploy cost --env prod --mau 100000 --often 0.5    people visit half as often as the model assumes
  python -m deploy cost --env prod --mau 100000 --prices       with the price table and its sources

It needs no AWS account. Resources come from the templates, units from docs/capacity.md, usage from the model in
deploy/costing/usage.py, and prices from deploy/costing/prices.py. How to read it: docs/cost.md.

"""


def cost(args: argparse.Namespace, target: Target) -> int:
    if target.env.emulated:
        message = f"{target.env.name} runs on this machine and costs nothing"
        raise console.WrongUsage(message)
    month = Month.of(target.env, args.mau, args.often)
    _services(month)
    _table("What fields of deploy/environments.py change", variants.fields(target.env, args.mau))
    _table("What is not given up for it", variants.promises_given_up(target.env, args.mau))
    _table("Beside that", variants.alternatives(target.env, args.mau))
    _growth(target.env, args.often)
    _assumptions()
    if args.prices:
        _prices()
    return console.DONE


def _services(month: Month) -> None:
    env, each, lines = month.env, month.each, lines_of(month)
    print(f"{env.name}, {month.people:,} active people a month, {prices.REGION}, USD, list prices as of {prices.AS_OF}")
    print(
        f"Each of them: {each.requests:.0f} requests, {each.messages:.1f} messages to workers,"
        f" {each.reads:.0f} read and {each.writes:.0f} write units\n"
    )
    whole = ours(lines)
    own = sorted((line for line in lines if line.service not in {IDENTITY, AI}), key=lambda line: -line.usd)
    rows = [(line.service, f"{line.usd:,.2f}", f"{line.usd / whole:.1%}", line.basis) for line in own]
    rows.append(("WITHOUT COGNITO AND AI", f"{whole:,.2f}", "", ""))
    rows += [(line.service, f"{line.usd:,.2f}", "", line.basis) for line in lines if line not in own]
    rows.append(("without Cognito", f"{total(lines, IDENTITY):,.2f}", "", ""))
    rows.append(("TOTAL", f"{total(lines):,.2f}", "", ""))
    print(console.table(("service", "a month", "share", "what for"), rows, words=1))
    if month.people == GOAL_PEOPLE:
        print(f"\n{_goal(own)}")


def _goal(lines: list[Line]) -> str:
    """Return whether the goal is met, and which lines cost the same without any users."""
    whole = total(lines)
    verdict = f"met, {GOAL - whole:,.2f} below" if whole <= GOAL else f"missed by {whole - GOAL:,.2f}"
    return f"Goal: at most {GOAL:,.0f} beside Cognito and AI tokens: {verdict}"


def _table(title: str, found: Iterable[Variant]) -> None:
    rows = [(one.what, f"{one.change:+,.2f}", one.why) for one in found]
    print(f"\n{title}\n{console.table(('change', 'a month', 'what it gives or takes'), rows, words=1)}")


def _growth(env: Environment, often: float) -> None:
    rows, beyond = [], False
    for people in GROWTH:
        month = Month.of(env, people, often)
        lines = lines_of(month)
        needed = sum(one.most for one in api_tasks(month))
        beyond |= needed > env.api_tasks_most
        by_service = {line.service: line.usd for line in lines}
        amounts = (ours(lines), by_service[IDENTITY], by_service[AI], total(lines))
        each = f"{ours(lines) / people:.4f}"
        rows.append((f"{people:,}", *(f"{amount:,.0f}" for amount in amounts), each, f"{needed:,}"))
    heads = ("people", "without both", "Cognito", "AI", "total", "a person, without both", "API tasks, busiest hour")
    print(f"\nGrowth\n{console.table(heads, rows)}")
    if beyond:
        print(f"More than {env.api_tasks_most} tasks need a larger api_tasks_most, and larger tasks by then.")


def _assumptions() -> None:
    rows = [(one.what, f"{one.value:g}", one.why) for one in usage.ASSUMED]
    print(f"\nAssumed\n{console.table(('what', 'how much', 'why'), rows, words=1)}")


def _prices() -> None:
    rows = [
        (name, f"{one.usd:.7g}", one.unit, one.seen or "memory", one.confidence, one.source)
        for name, one in prices.PRICES.items()
    ]
    print(f"\nPrices\n{console.table(('price', 'USD', 'unit', 'seen', 'sure', 'source'), rows, words=4)}")


def _people(text: str) -> int:
    try:
        people = int(text.replace(",", ""))
    except ValueError:
        people = 0
    if not 1 <= people <= MOST_PEOPLE:
        message = f"{text} is no number of people from 1 to {MOST_PEOPLE:,}"
        raise argparse.ArgumentTypeError(message)
    return people


def _often(text: str) -> float:
    try:
        often = float(text)
    except ValueError:
        often = 0.0
    if not 0.01 <= often <= 100:  # noqa: PLR2004
        message = f"{text} is no share from 0.01 to 100"
        raise argparse.ArgumentTypeError(message)
    return often


def add(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]", common: argparse.ArgumentParser) -> None:
    """Add the verb to the command line."""
    what = "estimate the monthly bill from the templates, measured units and a usage model"
    parser = console.add_verb(verbs, common, "cost", run=cost, what=what, examples=EXAMPLES)
    parser.add_argument("--mau", type=_people, default=GOAL_PEOPLE, metavar="N", help="monthly active users (100000)")
    parser.add_argument("--often", type=_often, default=1.0, metavar="SHARE", help="visits relative to the model (1)")
    parser.add_argument("--prices", action="store_true", help="print the price table and its sources as well")
