"""The second monitoring stack: alarms on metrics that exist only in us-east-1, and on outside checks."""

from collections.abc import Iterator

from troposphere import Output, Ref, Template
from troposphere.route53 import HealthCheck, HealthCheckConfig

from deploy.environments import Environment
from deploy.monitoring import alarms, alerts, cloudwatch
from deploy.monitoring.alarms import AT_LEAST, BELOW, DAY, HOUR, MINUTE, Rule, Topics
from deploy.resources import firewall

# Blocked requests in five minutes; a single address above its limit causes more.
MANY_BLOCKED = 2000
FIVE_MINUTES = 5 * MINUTE
# The start of `/health`'s response when nothing is down.
ALL_WELL = '"status":"ok"'


def build(env: Environment) -> Template:
    template = Template(Description=f"Alarms of {env.prefix} on global services")
    topics = Topics(*(Ref(alerts.add_topic(template, env, title)) for title in ("GlobalAlerts", "GlobalWarnings")))
    health = template.add_resource(_health_check(env))
    for rule in _rules(env):
        alarms.add(template, env, rule, topics)
    alarm = alarms.add(template, env, _outside(), topics)
    # Only this stack knows the id of the check.
    alarm.Dimensions[0].Value = Ref(health)
    template.add_output(Output("GlobalAlertsTopic", Value=Ref("GlobalAlerts")))
    return template


def _health_check(env: Environment) -> HealthCheck:
    """Check `/health` from outside, every 30 s and from three continents.

    It compares the text, since the status is 200 and the text `degraded` if Cognito or SQS is down.
    """
    return HealthCheck(
        "Outside",
        HealthCheckConfig=HealthCheckConfig(
            Type="HTTPS_STR_MATCH",
            SearchString=ALL_WELL,
            FullyQualifiedDomainName=env.api_domain,
            Port=443,
            ResourcePath="/health",
            RequestInterval=env.outside_every,
            FailureThreshold=env.unhealthy_after,
            EnableSNI=True,
            Regions=["ap-southeast-1", "eu-west-1", "us-west-2"],
        ),
    )


def _outside() -> Rule:
    series = cloudwatch.Series("AWS/Route53", "HealthCheckStatus", "Minimum", (("HealthCheckId", "Outside"),))
    what = "From outside the service cannot be reached, or says that a part of it is down"
    return Rule("outside", what, 1, {"healthy": series}, comparison=BELOW, periods=2, missing="breaching")


def _charges(env: Environment) -> Iterator[Rule]:
    """Watch AWS's estimated charges, which are per account: one of its environments reports for all."""
    yield Rule(
        "charges",
        f"The month's charges are above {env.monthly_charges} USD",
        env.monthly_charges,
        {"charges": cloudwatch.charges()},
        period=6 * HOUR,
        periods=1,
        runbook="costs",
    )
    yield Rule(
        "daily-cost",
        f"A day cost more than {env.daily_charges} USD",
        env.daily_charges,
        {"charges": cloudwatch.charges()},
        # Charges add up from the first of the month: their daily increase, and on the first the charge itself.
        "DIFF(charges)",
        period=DAY,
        periods=1,
        runbook="costs",
    )


def _rules(env: Environment) -> Iterator[Rule]:
    if env.first_in_account:
        yield from _charges(env)
    yield Rule(
        "edge-certificate",
        "CloudFront's certificate ends in less than 30 days",
        30,
        {"days": cloudwatch.certificate("EdgeCertificateArn")},
        comparison=BELOW,
        period=DAY,
        periods=1,
        runbook="certificate",
    )
    for name, site, output in (
        ("edge-errors", "API", "ApiDistributionId"),
        ("client-errors", "client", "ClientDistribution"),
    ):
        yield Rule(
            name,
            f"More than 5 % of the answers of the {site}'s site are errors",
            5,
            {"rate": cloudwatch.distribution(output, "5xxErrorRate")},
            runbook="error-rate",
        )
    if env.waf:
        yield Rule(
            "firewall-blocks",
            f"The firewall refuses more than {MANY_BLOCKED} requests in five minutes",
            MANY_BLOCKED,
            {"blocked": cloudwatch.firewall()},
            period=FIVE_MINUTES,
            periods=1,
        )
        yield Rule(
            "firewall-rate",
            "The firewall refuses addresses that exceed the rate limit",
            1,
            {"blocked": cloudwatch.firewall(firewall.RATE)},
            comparison=AT_LEAST,
            period=FIVE_MINUTES,
            periods=3,
            severity="warning",
            runbook="firewall-blocks",
        )
