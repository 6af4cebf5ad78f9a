"""SQS transport of Celery that shares the process's client and puts a timeout on every request."""

from typing import Any

import structlog
from django.conf import settings
from kombu.asynchronous.aws.connection import AsyncHTTPSConnection
from kombu.asynchronous.aws.sqs.connection import AsyncSQSConnection
from kombu.transport import SQS

from apps.core import aws

log = structlog.get_logger()

_NO_ANSWER = -1
# After a failed poll; kombu would retry ten times a second.
_PAUSE_SECONDS = 2.0


class _Connection(AsyncHTTPSConnection):
    """Passes timeouts to curl: kombu accepts them and drops them.

    Without one, a poll whose answer is lost would block its queue until the process ends.
    """

    seconds = 0.0

    def getrequest(self) -> Any:
        request = super().getrequest()
        request.on_prepare = self._bound
        return request

    def _bound(self, curl: Any) -> None:
        curl.setopt(curl.CONNECTTIMEOUT_MS, int(settings.AWS_CONNECT_TIMEOUT * 1000))
        curl.setopt(curl.TIMEOUT_MS, int(self.seconds * 1000))


class _Poller(AsyncSQSConnection):
    wait_seconds = 0

    def get_http_connection(self) -> _Connection:
        connection = _Connection(http_client=self._httpclient)
        connection.seconds = self.wait_seconds + settings.AWS_READ_TIMEOUT
        return connection


class Channel(SQS.Channel):
    """Uses one client for all queues, and goes on polling after any error of SQS.

    kombu makes a client, with a session of its own, for each queue and connection: 16 MB of a process each time, four
    queues and two connections in ours, and without the timeouts that every call to the outside has here.
    """

    def new_sqs_client(self, *_: Any, **__: Any) -> Any:
        return aws.client("sqs")

    def asynsqs(self, queue: str | None = None) -> _Poller:
        if self._asynsqs is None:
            self._asynsqs = _Poller(sqs_connection=self.sqs(queue=queue), region=self.region)
            self._asynsqs.wait_seconds = self.wait_time_seconds
        return self._asynsqs

    def _on_messages_ready(self, queue: str, qname: str, messages: Any) -> int:
        # An answer without messages is a dict. A timeout or server error gives a list, on which kombu raises.
        if isinstance(messages, list):
            log.warning("queue_not_reached", queue=qname)
            return _NO_ANSWER
        return int(super()._on_messages_ready(queue, qname, messages))  # type: ignore[misc]  # not in the stubs

    def _loop1(self, queue: str, messages_fetched: int | None = None) -> None:
        if messages_fetched == _NO_ANSWER:
            self.hub.call_later(_PAUSE_SECONDS, self._schedule_queue, queue)  # type: ignore[attr-defined]
        else:
            super()._loop1(queue, messages_fetched)  # type: ignore[misc]


class Transport(SQS.Transport):
    Channel = Channel
