"""SQS for Celery, through the client that the process has anyway."""

from typing import Any

from kombu.transport import SQS

from apps.core import aws


class Channel(SQS.Channel):
    """Speaks to all queues with one client.

    kombu makes a client, with a session of its own, for each queue and connection: 16 MB of a process each time, four
    queues and two connections in ours, and without the timeouts that every call to the outside has here.
    """

    def new_sqs_client(self, *_: Any, **__: Any) -> Any:
        return aws.client("sqs")


class Transport(SQS.Transport):
    Channel = Channel
