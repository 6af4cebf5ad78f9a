"""The messaging stack: queues and their dead letters, the sender of mails, the topic for alerts."""

from troposphere import AccountId, GetAtt, Output, Ref, Sub, Template
from troposphere.kms import Alias, Key
from troposphere.ses import EmailIdentity
from troposphere.sns import Topic, TopicPolicy
from troposphere.sqs import Queue as SqsQueue
from troposphere.sqs import QueuePolicy, RedrivePolicy

from deploy import policies
from deploy.environments import Environment
from smartcooking.queues import QUEUES, Queue

# Time to find out why a message could not be worked on: the most that SQS allows.
DEAD_LETTER_RETENTION = 14 * 24 * 3600
# Workers ask for messages with this wait: 20 s is the most, and every empty answer costs a request.
LONG_POLL = 20


def build(env: Environment) -> Template:
    template = Template(Description=f"Queues and alerts of {env.prefix}")
    for queue in QUEUES:
        _add_queue(template, env, queue)
    topic = template.add_resource(_alerts(env, _add_key(template, env)))
    template.add_resource(_alerts_policy(env, topic))
    template.add_output(Output("AlertsTopic", Value=Ref(topic)))
    # Workers may send as this identity: its ARN is what `ses:SendEmail` of their role is to be limited to.
    template.add_resource(EmailIdentity("MailDomain", EmailIdentity=env.mail_domain))
    template.add_output(Output("EmailFrom", Value=f"Smart Cooking <no-reply@{env.mail_domain}>"))
    return template


def _add_queue(template: Template, env: Environment, queue: Queue) -> None:
    title = queue.name.capitalize()
    dead = template.add_resource(
        SqsQueue(
            f"{title}DeadLetters",
            QueueName=f"{env.prefix}-{queue.name}-dead",
            MessageRetentionPeriod=DEAD_LETTER_RETENTION,
            SqsManagedSseEnabled=True,
        )
    )
    live = template.add_resource(
        SqsQueue(
            f"{title}Queue",
            QueueName=f"{env.prefix}-{queue.name}",
            VisibilityTimeout=queue.visibility_timeout,
            MessageRetentionPeriod=queue.retention,
            ReceiveMessageWaitTimeSeconds=LONG_POLL,
            RedrivePolicy=RedrivePolicy(deadLetterTargetArn=GetAtt(dead, "Arn"), maxReceiveCount=queue.max_receives),
            SqsManagedSseEnabled=True,
        )
    )
    if not env.emulated:
        # The emulator has no TLS: it would refuse every request.
        template.add_resource(_tls_only(f"{title}DeadLettersPolicy", dead))
        template.add_resource(_tls_only(f"{title}QueuePolicy", live))
    template.add_output(Output(f"QueueUrl{title}", Value=Ref(live)))
    template.add_output(Output(f"QueueName{title}", Value=GetAtt(live, "QueueName")))
    template.add_output(Output(f"DeadLetterName{title}", Value=GetAtt(dead, "QueueName")))


def _tls_only(title: str, queue: SqsQueue) -> QueuePolicy:
    statement = policies.deny_plain_http("sqs:*", GetAtt(queue, "Arn"))
    return QueuePolicy(title, Queues=[Ref(queue)], PolicyDocument=policies.document(statement))


def _add_key(template: Template, env: Environment) -> Key:
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
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]},
        "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": AccountId}},
    }


def _alerts(env: Environment, key: Key) -> Topic:
    return Topic("Alerts", TopicName=f"{env.prefix}-alerts", KmsMasterKeyId=Ref(key))


def _alerts_policy(env: Environment, topic: Topic) -> TopicPolicy:
    publish = {
        "Sid": "PublishAlerts",
        "Effect": "Allow",
        "Principal": {"Service": ["cloudwatch.amazonaws.com", "budgets.amazonaws.com"]},
        "Action": "sns:Publish",
        "Resource": Ref(topic),
        "Condition": {"StringEquals": {"aws:SourceAccount": AccountId}},
    }
    statements = [publish]
    if not env.emulated:
        statements.append(policies.deny_plain_http("sns:Publish", Ref(topic)))
    return TopicPolicy("AlertsPolicy", Topics=[Ref(topic)], PolicyDocument=policies.document(*statements))
