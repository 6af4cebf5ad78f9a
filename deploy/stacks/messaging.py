"""The messaging stack: the workers' queues with their dead-letter queues, and the alarm topics."""

from troposphere import GetAtt, Output, Ref, Template
from troposphere.ses import EmailIdentity
from troposphere.sqs import Queue as SqsQueue
from troposphere.sqs import QueuePolicy, RedrivePolicy

from deploy import names
from deploy.environments import Environment
from deploy.monitoring import alerts
from deploy.resources import accepted_findings, policies
from smartcooking.contract.queues import QUEUES, Queue

# The maximum of SQS: time to find out why a message could not be processed.
DEAD_LETTER_RETENTION = 14 * 24 * 3600
# The workers' long polling time: 20 s is the maximum, and every empty response is billed as a request.
LONG_POLL = 20


def build(env: Environment) -> Template:
    template = Template(Description=f"Queues and alerts of {env.prefix}")
    for queue in QUEUES:
        _add_queue(template, env, queue)
    template.add_output(Output("AlertsTopic", Value=Ref(alerts.add_topic(template, env, "Alerts"))))
    template.add_output(Output("WarningsTopic", Value=Ref(alerts.add_topic(template, env, "Warnings"))))
    if env.emulated:
        # In AWS the dns stack has it, with the records that verify it. An unverified identity cannot send mail.
        template.add_resource(EmailIdentity("MailIdentity", EmailIdentity=env.domain))
    return template


def _add_queue(template: Template, env: Environment, queue: Queue) -> None:
    title = queue.name.capitalize()
    dead = template.add_resource(
        SqsQueue(
            f"{title}DeadLetters",
            QueueName=names.dead_letters(env, queue),
            MessageRetentionPeriod=DEAD_LETTER_RETENTION,
            SqsManagedSseEnabled=True,
            # Messages can be redriven to their source queue only, and no other queue uses this one.
            RedriveAllowPolicy={
                "redrivePermission": "byQueue",
                "sourceQueueArns": [names.arn("sqs", names.queue(env, queue))],
            },
            Metadata=accepted_findings.because("CKV_AWS_27"),
        )
    )
    live = template.add_resource(
        SqsQueue(
            f"{title}Queue",
            QueueName=names.queue(env, queue),
            VisibilityTimeout=queue.visibility_timeout,
            MessageRetentionPeriod=queue.retention,
            ReceiveMessageWaitTimeSeconds=LONG_POLL,
            RedrivePolicy=RedrivePolicy(deadLetterTargetArn=GetAtt(dead, "Arn"), maxReceiveCount=queue.max_receives),
            SqsManagedSseEnabled=True,
            Metadata=accepted_findings.because("CKV_AWS_27"),
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
