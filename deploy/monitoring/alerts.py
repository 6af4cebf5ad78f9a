"""Topics for alarms and budgets, and who subscribes to them."""

from troposphere import AccountId, Ref, Template
from troposphere.sns import SubscriptionResource, Topic, TopicPolicy

from deploy.environments import Environment
from deploy.resources import accepted_findings, policies

PUBLISHERS = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]


def add_topic(template: Template, env: Environment, title: str) -> Topic:
    """Add a topic for alarms and budgets, and subscribe the environment's e-mail address.

    It has no customer-managed key, since messages contain names and figures of alarms and no personal data, and leave
    by mail. Alarms cannot publish with the key that AWS manages.
    """
    topic = template.add_resource(
        Topic(title, TopicName=f"{env.prefix}-{title.lower()}", Metadata=accepted_findings.because("CKV_AWS_26"))
    )
    statements = [_publish(topic)]
    if not env.emulated:
        # The emulator has no TLS and sends no mail.
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
