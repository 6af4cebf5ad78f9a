"""The monitoring stack: alarms, and the monthly cost budget."""

from troposphere import GetAtt, Output, Ref, Template
from troposphere.budgets import (
    Budget,
    BudgetData,
    Notification,
    NotificationWithSubscribers,
    Spend,
    Subscriber,
)

from deploy.environments import Environment
from deploy.monitoring import alarm_rules, alarms
from deploy.monitoring.alarms import Combined, Topics
from deploy.resources import parameters

# The alarms that roll a release back. CloudFormation accepts five triggers, so they are one composite alarm.
STOPS_RELEASE = (
    "error-rate",
    "server-errors",
    "latency",
    "no-tasks",
    "canary-errors-blue",
    "canary-errors-green",
    "canary-latency-blue",
    "canary-latency-green",
    "unhealthy-hosts-blue",
    "unhealthy-hosts-green",
)


def build(env: Environment) -> Template:
    template = Template(Description=f"Alarms of {env.prefix}")
    topics = Topics(
        Ref(parameters.from_output(template, "AlertsTopic")), Ref(parameters.from_output(template, "WarningsTopic"))
    )
    for rule in alarm_rules.rules(env):
        alarms.add(template, env, rule, topics)
    release = alarms.add_combined(template, env, _release(), topics)
    template.add_resource(_budget(template, env))
    template.add_output(Output("ReleaseAlarmArn", Value=GetAtt(release, "Arn")))
    return template


def _release() -> Combined:
    # Its parts send their own notifications.
    what = "A release does harm and is taken back"
    return Combined("release", what, "OR", STOPS_RELEASE, runbook="release", notifies=False)


def _budget(template: Template, env: Environment) -> Budget:
    """Watch the monthly cost of the account, or of this environment if the account has several.

    The environment's share is known by the tag `Environment`, which must be activated as a cost allocation tag.
    """
    subscribers = [
        Subscriber(SubscriptionType="SNS", Address=Ref(parameters.from_output(template, "AlertsTopic"))),
        Subscriber(SubscriptionType="EMAIL", Address=env.alert_email),
    ]
    notices = [
        NotificationWithSubscribers(
            Notification=Notification(
                NotificationType=kind, ComparisonOperator="GREATER_THAN", Threshold=share, ThresholdType="PERCENTAGE"
            ),
            Subscribers=subscribers,
        )
        for kind, share in (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
    ]
    data = BudgetData(
        BudgetName=f"{env.prefix}-month",
        BudgetType="COST",
        TimeUnit="MONTHLY",
        BudgetLimit=Spend(Amount=env.monthly_charges, Unit="USD"),
    )
    if not env.first_in_account:
        data.CostFilters = {"TagKeyValue": [f"user:Environment${env.name}"]}
    return Budget("MonthlyBudget", Budget=data, NotificationsWithSubscribers=notices)
