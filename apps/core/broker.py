"""Celery's SQS transport, with this process's shared client and a timeout on every request."""

import random
from typing import Any

import structlog
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from kombu.asynchronous.aws.connection import AsyncHTTPSConnection
from kombu.asynchronous.aws.sqs.connection import AsyncSQSConnection
from kombu.transport import SQS

from apps.core import aws

log = structlog.get_logger()

_NO_ANSWER = -1
# The pause after a failed poll, doubled after each further one; kombu would retry ten times a second.
_FIRST_PAUSE = 1.0
_LONGEST_PAUSE = 20.0


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

    def _on_list_ready(self, *args: Any) -> Any:
        """Return an empty list for every failure, as kombu does for some: any exception here would end the worker."""
        try:
            return super()._on_list_ready(*args)  # type: ignore[misc]  # not in the stubs
        except Exception as error:  # noqa: BLE001  kombu raises a bare Exception for "RequestThrottled"
            log.warning("queue_refused", error=str(error)[:200])
            return []


class Channel(SQS.Channel):
    """Uses one client for all queues, and goes on polling after any error of SQS.

    kombu makes a client, with a session of its own, for each queue and connection: 16 MB of a process each time, four
    queues and two connections in ours, and without the timeouts that every call to the outside has here.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Consecutive failed polls of each queue.
        self._failures: dict[str, int] = {}

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
            self._poll_later(queue)
        else:
            self._failures.pop(queue, None)
            super()._loop1(queue, messages_fetched)  # type: ignore[misc]

    def _schedule_queue(self, queue: str) -> None:
        """Poll. An error that prevents the request must not end polling for good."""
        try:
            super()._schedule_queue(queue)  # type: ignore[misc]
        except Exception as error:  # noqa: BLE001  signing, credentials, curl
            log.warning("queue_not_polled", queue=queue, error=type(error).__name__)
            self._poll_later(queue)

    def _poll_later(self, queue: str) -> None:
        failures = self._failures[queue] = self._failures.get(queue, 0) + 1
        most = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(failures, 10))
        self.hub.call_later(random.uniform(most / 2, most), self._schedule_queue, queue)  # type: ignore[attr-defined]  # noqa: S311

    def basic_ack(self, delivery_tag: Any, multiple: bool = False) -> None:  # noqa: FBT001, FBT002  as inherited
        """Delete the message. Where SQS does not take that, it comes again, which tasks allow for."""
        try:
            super().basic_ack(delivery_tag, multiple)
        except (BotoCoreError, ClientError) as error:
            log.warning("message_not_deleted", error=type(error).__name__)


class Transport(SQS.Transport):
    Channel = Channel
