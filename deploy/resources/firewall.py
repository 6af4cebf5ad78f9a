"""The web ACL of both distributions: requests that are blocked before they reach the service."""

from typing import Any

from troposphere import GetAtt, Output, Template
from troposphere.logs import LogGroup
from troposphere.wafv2 import (
    ActionCondition,
    AllowAction,
    BlockAction,
    Condition,
    CountAction,
    DefaultAction,
    Filter,
    LoggingConfiguration,
    LoggingConfigurationFieldToMatch,
    LoggingFilter,
    ManagedRuleGroupStatement,
    OverrideAction,
    RateBasedStatement,
    RuleAction,
    RuleActionOverride,
    SingleHeader,
    Statement,
    VisibilityConfig,
    WebACL,
    WebACLRule,
)

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings

FIVE_MINUTES = 300
LOG_DAYS = 30
# The metric names of the rules; ALL is that of the whole ACL.
RATE = "requests-per-address"
# Rule groups that AWS maintains. The common one includes cross-site scripting.
MANAGED = {
    "common": "AWSManagedRulesCommonRuleSet",
    "bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet",
    "sql-injection": "AWSManagedRulesSQLiRuleSet",
}
# A recipe of fifty long steps has 100 KB, but the rule allows 8 KB. The service has its own limit.
COUNTED = {"common": ("SizeRestrictions_BODY",)}


def add(template: Template, env: Environment) -> WebACL:
    """Add the web ACL and its log of blocked requests. The balancer has none: it sees only CloudFront's addresses."""
    acl = template.add_resource(
        WebACL(
            "Firewall",
            Name=env.prefix,
            Description=f"Requests that {env.prefix} refuses at the edge",
            Scope="CLOUDFRONT",
            DefaultAction=DefaultAction(Allow=AllowAction()),
            Rules=_rules(env),
            VisibilityConfig=_visible(env.prefix),
            **({} if env.firewall_blocks else {"Metadata": accepted_findings.because("CKV_AWS_192")}),
        )
    )
    log = template.add_resource(
        # WAF requires this prefix.
        LogGroup(
            "FirewallLog",
            LogGroupName=f"aws-waf-logs-{env.prefix}",
            RetentionInDays=LOG_DAYS,
            Metadata=accepted_findings.because("CKV_AWS_158"),
        )
    )
    template.add_resource(
        LoggingConfiguration(
            "FirewallLogging",
            ResourceArn=GetAtt(acl, "Arn"),
            LogDestinationConfigs=[names.arn("logs", f"log-group:aws-waf-logs-{env.prefix}")],
            LoggingFilter=_refused_only(),
            # Tokens must not be logged.
            RedactedFields=[
                LoggingConfigurationFieldToMatch(SingleHeader=SingleHeader(Name=name))
                for name in ("authorization", "cookie")
            ],
            DependsOn=log.title,
        )
    )
    template.add_output(Output("FirewallName", Value=env.prefix))
    return acl


def _rules(env: Environment) -> list[WebACLRule]:
    rules = []
    limit = RateBasedStatement(Limit=env.requests_per_address, EvaluationWindowSec=FIVE_MINUTES, AggregateKeyType="IP")
    rules.append(_rule(RATE, Statement(RateBasedStatement=limit), Action=RuleAction(Block=BlockAction())))
    for name, group in MANAGED.items():
        managed = ManagedRuleGroupStatement(VendorName="AWS", Name=group)
        if name in COUNTED:
            managed.RuleActionOverrides = [
                RuleActionOverride(Name=counted, ActionToUse=RuleAction(Count=CountAction()))
                for counted in COUNTED[name]
            ]
        keep: dict[str, Any] = {"None": {}} if env.firewall_blocks else {"Count": {}}
        rules.append(_rule(name, Statement(ManagedRuleGroupStatement=managed), OverrideAction=OverrideAction(**keep)))
    for priority, rule in enumerate(rules):
        rule.Priority = priority
    return rules


def _rule(name: str, statement: Statement, **decision: Any) -> WebACLRule:
    return WebACLRule(Name=name, Priority=0, Statement=statement, VisibilityConfig=_visible(name), **decision)


def _visible(metric: str) -> VisibilityConfig:
    return VisibilityConfig(SampledRequestsEnabled=True, CloudWatchMetricsEnabled=True, MetricName=metric)


def _refused_only() -> LoggingFilter:
    refused = Condition(ActionCondition=ActionCondition(Action="BLOCK"))
    keep = Filter(Behavior="KEEP", Requirement="MEETS_ANY", Conditions=[refused])
    return LoggingFilter(DefaultBehavior="DROP", Filters=[keep])
