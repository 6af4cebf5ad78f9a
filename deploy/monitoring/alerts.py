"""Topics that alarms and budgets publish to, and who is told."""

from troposphere import AccountId, Ref, Sub, Template
from troposphere.kms import Alias, Key
from troposphere.sns import SubscriptionResource, Topic, TopicPolicy

from deploy.environments import Environment
from deploy.resources import policies

PUBLISHERS = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]


def add_key(template: Template, env: Environment) -> Key:
    """Add the key of the alerts topic: alarms and budgets may not publish to one under the key that AWS manages."""
    key = template.add_resource(
        Key(
            "AlertsKey",
            Description=f"Alerts of {env.prefix}",
            EnableKeyRotation=True,
            PendingWindowInDays=7,
            KeyPolicy=policies.document(_administer_key(), _publish_with_key()),
        )
    )
    template.add_resource(Alias("AlertsKeyAlias", AliasName=f"alias/{env.prefix}-alerts", TargetKeyId=Ref(key)))
    return key


def _administer_key() -> dict[str, object]:
    return {
        "Sid": "Administer",
        "Effect": "Allow",
        "Principal": {"AWS": Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")},
        "Action": "kms:*",
        "Resource": "*",
    }


def _publish_with_key() -> dict[str, object]:
    return {
        "Sid": "PublishAlerts",
        "Effect": "Allow",
        "Principal": {"Service": PUBLISHERS},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": AccountId}},
    }


def add_topic(template: Template, env: Environment, title: str, key: Key) -> Topic:
    """Add a topic that alarms and budgets publish to, and tell whoever the environment names by e-mail."""
    topic = template.add_resource(Topic(title, TopicName=f"{env.prefix}-{title.lower()}", KmsMasterKeyId=Ref(key)))
    statements = [_publish(topic)]
    if not env.emulated:
        # The emulator has no TLS, and nobody to write to.
        statements.append(policies.deny_plain_http("sns:Publish", Ref(topic)))
        template.add_resource(
            SubscriptionResource(f"{title}Email", TopicArn=Ref(topic), Protocol="email", Endpoint=env.alert_email)
        )
    template.add_resource(
        TopicPolicy(f"{title}Policy", Topics=[Ref(topic)], PolicyDocument=policies.document(*statements))
    )
    return topic


def _publish(topic: Topic) -> dict[str, object]:
    return {
        "Sid": "PublishAlerts",
        "Effect": "Allow",
        "Principal": {"Service": PUBLISHERS},
        "Action": "sns:Publish",
        "Resource": Ref(topic),
        "Condition": {"StringEquals": {"aws:SourceAccount": AccountId}},
    }
