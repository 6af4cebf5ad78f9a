"""The web ACL of the user pool: blocks calls to Cognito that a user's own token would permit."""

from troposphere import GetAtt, Template
from troposphere.cognito import UserPool
from troposphere.wafv2 import (
    AllowAction,
    BlockAction,
    DefaultAction,
    FieldToMatch,
    RegexMatchStatement,
    RuleAction,
    SingleHeader,
    Statement,
    TextTransformation,
    VisibilityConfig,
    WebACL,
    WebACLAssociation,
    WebACLRule,
)

from deploy.environments import Environment
from deploy.resources import accepted_findings

# Operations that an access token authorises. The service calls them with its own role instead, to which web ACLs don't
# apply; only setting up an authenticator requires the token.
REFUSED = (
    "ChangePassword", "CompleteWebAuthnRegistration", "ConfirmDevice", "DeleteUser", "DeleteUserAttributes",
    "DeleteWebAuthnCredential", "ForgetDevice", "GetDevice", "GetUser", "GetUserAttributeVerificationCode",
    "GetUserAuthFactors", "GlobalSignOut", "ListDevices", "ListWebAuthnCredentials", "SetUserMFAPreference",
    "SetUserSettings", "StartWebAuthnRegistration", "UpdateDeviceStatus",
    "UpdateUserAttributes", "VerifyUserAttribute",
)  # fmt: skip
RULE = "tokens-change-nothing"


def add(template: Template, env: Environment, pool: UserPool) -> None:
    """Add the web ACL and associate it with the pool. A header of Cognito names the operation."""
    acl = template.add_resource(
        WebACL(
            "PoolFirewall",
            Name=f"{env.prefix}-pool",
            Description="Operations of Cognito that no client calls with a token",
            Scope="REGIONAL",
            DefaultAction=DefaultAction(Allow=AllowAction()),
            Rules=[_rule()],
            VisibilityConfig=_visible(f"{env.prefix}-pool"),
            Metadata=accepted_findings.because("CKV_AWS_192"),
        )
    )
    template.add_resource(
        WebACLAssociation("PoolFirewallAssociation", ResourceArn=GetAtt(pool, "Arn"), WebACLArn=GetAtt(acl, "Arn"))
    )


def _rule() -> WebACLRule:
    statement = RegexMatchStatement(
        FieldToMatch=FieldToMatch(SingleHeader=SingleHeader(Name="x-amzn-cognito-operation-name")),
        RegexString=f"^({'|'.join(REFUSED)})$".lower(),
        TextTransformations=[TextTransformation(Priority=0, Type="LOWERCASE")],
    )
    return WebACLRule(
        Name=RULE,
        Priority=0,
        Action=RuleAction(Block=BlockAction()),
        Statement=Statement(RegexMatchStatement=statement),
        VisibilityConfig=_visible(RULE),
    )


def _visible(metric: str) -> VisibilityConfig:
    return VisibilityConfig(CloudWatchMetricsEnabled=True, MetricName=metric, SampledRequestsEnabled=True)
