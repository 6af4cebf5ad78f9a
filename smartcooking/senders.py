"""The sender of a request: the person behind the credentials, once the service has verified them, else the address."""

import hashlib
import re
from dataclasses import dataclass

from apps.core.client_address import address_of

_CREDENTIALS = re.compile(rb"\r\nauthorization:[ \t]*([^\r]+)\r\n", re.IGNORECASE)
_FORWARDED = re.compile(rb"\r\nx-forwarded-for:[ \t]*([^\r]*)(?=\r\n)", re.IGNORECASE)
# Their threads sleep most of the time, and `MAX_WAITERS` limits their number.
_WAITING = re.compile(rb"GET /v1/(?:suggestions|jobs)/[^ ?]+\?(?:[^ ]*&)?wait=")
_HEALTH = re.compile(rb"(?:GET|HEAD) /(?:livez|health)")
_MAX_KNOWN = 20_000
# How the names of senders begin who are one person; others are addresses, behind which there may be many.
PERSON = b"person "


@dataclass(frozen=True, slots=True)
class Sender:
    """`name` identifies whose processor time a request takes; `credentials` is a digest of the given credentials.

    A request that only waits (`is_waiting`) doesn't use up a turn of its sender.
    """

    name: bytes
    credentials: bytes | None
    is_waiting: bool


class Senders:
    """Recognizes the sender of a request by its head, without verifying anything.

    Unverified credentials count for their address: made-up ones cost nothing, and would be as many senders.
    """

    def __init__(self) -> None:
        # In the order of last use.
        self._people: dict[bytes, bytes] = {}

    def find(self, request: bytes, remote: str) -> Sender:
        head = request[: request.find(b"\r\n\r\n") + 2]
        found = _CREDENTIALS.search(head)
        credentials = hashlib.blake2b(found[1], digest_size=16).digest() if found else None
        person = self._known(credentials) if credentials else None
        is_waiting = _WAITING.match(head) is not None
        if person is not None:
            return Sender(PERSON + person, credentials, is_waiting)
        forwarded = b",".join(_FORWARDED.findall(head)).decode("latin-1")
        # Health checks are a sender of their own: they are answered whatever else comes from their address.
        kind = b"health " if _HEALTH.match(head) else b"address "
        return Sender(kind + address_of(remote, forwarded).encode("utf-8", "replace"), credentials, is_waiting)

    def learn(self, credentials: bytes, person: str) -> None:
        """Record whose the credentials are, after the service has verified them."""
        self._people.pop(credentials, None)
        self._people[credentials] = person.encode()
        if len(self._people) > _MAX_KNOWN:
            del self._people[next(iter(self._people))]

    def _known(self, credentials: bytes) -> bytes | None:
        person = self._people.pop(credentials, None)
        if person is not None:
            self._people[credentials] = person
        return person
