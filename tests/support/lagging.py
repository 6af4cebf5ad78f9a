"""Simulate eventual consistency, which the local DynamoDB doesn't have: replay earlier responses to reads.

Until `freeze`, every eventually consistent read is recorded with its response. After it, the same read gets the
recorded response again, whatever has been written since, as from a replica or an index that lags.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import orjson
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from apps.core.models import Item

_READS = {"GetItem", "BatchGetItem", "Query"}


class _Raw(io.BytesIO):
    """A response body as botocore reads it from a connection."""

    def stream(self, **_options: Any) -> Iterator[bytes]:
        yield self.read()


class Copies:
    """Recorded responses by request; `replayed` counts those that were returned again."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._answers: dict[bytes, tuple[int, dict[str, str], bytes]] = {}
        self.is_frozen = False
        self.replayed = 0

    def freeze(self) -> None:
        self.is_frozen = True

    def answer(self, request: Any, **_kwargs: Any) -> AWSResponse | None:
        """Return the response to an eventually consistent read; None lets botocore send any other request."""
        name = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        if name not in _READS or _is_consistent(name, orjson.loads(request.body)):
            return None
        key = name.encode() + request.body
        if not self.is_frozen:
            found = self._client._endpoint.http_session.send(request)
            self._answers[key] = found.status_code, dict(found.headers), found.content
        elif key in self._answers:
            self.replayed += 1
        return self._remembered(key, request.url)

    def _remembered(self, key: bytes, url: str) -> AWSResponse | None:
        if key not in self._answers:
            return None
        status, headers, content = self._answers[key]
        return AWSResponse(url, status, HTTPHeaders.from_dict(headers), _Raw(content))


def _is_consistent(name: str, body: Any) -> bool:
    if name == "BatchGetItem":
        return all(table.get("ConsistentRead") for table in body["RequestItems"].values())
    return bool(body.get("ConsistentRead"))


@contextmanager
def lagging() -> Iterator[Copies]:
    """Have this process read from replicas, which are up to date until they are frozen."""
    client = Item._get_connection().connection.client
    copies = Copies(client)
    # botocore's stubs say that handlers return nothing, but the response of this event's handler replaces the request.
    client.meta.events.register_first("before-send.dynamodb", copies.answer)  # type: ignore[arg-type]
    try:
        yield copies
    finally:
        client.meta.events.unregister("before-send.dynamodb", copies.answer)  # type: ignore[arg-type]
