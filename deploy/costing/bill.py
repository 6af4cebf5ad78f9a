"""The monthly bill: one line per service, from the templates' resources or the usage model."""

from collections.abc import Iterator

from deploy.costing import data, edge, monitoring, tasks, usage
from deploy.costing.month import Line, Month
from deploy.costing.prices import IDENTITY as IDENTITY_STEPS
from deploy.costing.prices import in_steps, usd
from deploy.environments import Environment

# Lines that the goal excludes.
IDENTITY, AI = "Cognito", "AI tokens"


def bill(env: Environment, people: int, often: float = 1.0) -> list[Line]:
    """Return the lines of a month with this many active people, who visit `often` times as often as in the model."""
    return lines_of(Month.of(env, people, often))


def lines_of(month: Month) -> list[Line]:
    return [
        *tasks.lines(month),
        *data.lines(month),
        *edge.lines(month),
        *monitoring.lines(month),
        *_metered(month),
    ]


def total(lines: list[Line], *without: str) -> float:
    return sum(line.usd for line in lines if line.service not in without)


def ours(lines: list[Line]) -> float:
    """Return the cost that the goal is about: everything except Cognito and the AI model."""
    return total(lines, IDENTITY, AI)


def _metered(month: Month) -> Iterator[Line]:
    yield Line(
        IDENTITY, in_steps(IDENTITY_STEPS, month.people), "Lite; 10,000 people free, less for each above 100,000"
    )
    made = month.generations
    cost = made * (usage.TOKENS_IN * usd("ai-input") + usage.TOKENS_OUT * usd("ai-output"))
    basis = f"{made:,.0f} generations"
    if cost > month.env.ai_budget:
        basis += f" would be {cost:,.0f}; the budget ends it, then recipes come from rules"
    yield Line(AI, min(cost, month.env.ai_budget), basis)
