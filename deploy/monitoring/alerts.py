"""Topics for alarms and budgets, and who subscribes to them."""

from troposphere import AccountId, Ref, Template
from troposphere.sns import SubscriptionResource, Topic, TopicPolicy

from deploy.environments import Environment
from deploy.resources import accepted_findings, policies

PUBLISHERS = ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]


def add_topic(template: Template, env: Environment, title: str) -> Topic:
    """Add a topic that alarms and budgets publish to, and tell whoever the environment names by e-mail.

    Without a key of ours: names of alarms and their figures go through it, nothing of people, and out by mail. Alarms
    may not publish under the key that AWS manages.
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
