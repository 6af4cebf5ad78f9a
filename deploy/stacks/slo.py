"""The slo stack: the service level objective, and alarms on the burn rate of its error budget.

Two windows must agree: the long one shows that it matters, the short one that it is still going on. At the fast rate a
month's budget of 99.95 % (22 minutes of total outage) is used up in two days, at the slow one in ten.
"""

from dataclasses import dataclass

from troposphere import GetAtt, Output, Ref, Template

from deploy.environments import Environment
from deploy.monitoring import alarms, request_alarms
from deploy.monitoring.alarms import DAY, HOUR, MINUTE, Combined, Rule, Severity, Topics
from deploy.resources import parameters


@dataclass(frozen=True)
class Burn:
    """A burn rate: the multiple of the rate at which the budget lasts for 30 days."""

    name: str
    rate: float
    long: int
    short: int
    severity: Severity


BURNS = (
    Burn("fast", 14.4, HOUR, 5 * MINUTE, "critical"),
    Burn("steady", 6, 6 * HOUR, 30 * MINUTE, "critical"),
    Burn("slow", 3, DAY, 2 * HOUR, "warning"),
)
RUNBOOK = "error-budget"


def build(env: Environment) -> Template:
    template = Template(Description=f"Service level objective of {env.prefix}")
    topics = Topics(
        Ref(parameters.from_output(template, "AlertsTopic")), Ref(parameters.from_output(template, "WarningsTopic"))
    )
    for rule in parts(env):
        alarms.add(template, env, rule, topics)
    for both in combined():
        alarm = alarms.add_combined(template, env, both, topics)
        template.add_output(Output(f"{alarm.title}Arn", Value=GetAtt(alarm, "Arn")))
    return template


def parts(env: Environment) -> list[Rule]:
    return [_window(env, burn, which) for burn in BURNS for which in ("long", "short")]


def combined() -> list[Combined]:
    return [
        Combined(
            f"error-budget-{burn.name}",
            f"The month's error budget burns {burn.rate:g} times too fast",
            "AND",
            (f"error-budget-{burn.name}-long", f"error-budget-{burn.name}-short"),
            burn.severity,
            RUNBOOK,
        )
        for burn in BURNS
    ]


def _window(env: Environment, burn: Burn, which: str) -> Rule:
    period = burn.long if which == "long" else burn.short
    allowed = 100 - env.availability_target
    return Rule(
        f"error-budget-{burn.name}-{which}",
        f"More than {burn.rate * allowed:.2f} % of the requests of {period // MINUTE} minutes fail",
        round(burn.rate * allowed, 4),
        request_alarms.answers(),
        # A single failure among few requests is not a trend.
        request_alarms.failing(10 * request_alarms.ENOUGH),
        period=period,
        periods=1,
        severity="part",
        runbook=RUNBOOK,
    )
