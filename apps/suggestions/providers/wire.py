"""What HTTP providers share: responses of limited size, read before a deadline, and timing."""

import time
from contextlib import suppress

import urllib3
from urllib3.exceptions import HTTPError, ReadTimeoutError

# Connect timeout in seconds; a slower endpoint counts as down.
CONNECT_TIMEOUT = 1.0
# A recipe has 4 to 8 KB; a response a hundred times as large is not one.
MAX_ANSWER_BYTES = 512 * 1024
# As many calls at once as a process ever has recipes under way.
CONNECTIONS = 32

_CHUNK = 16 * 1024


class NotTried(Exception):
    """The deadline had passed before anything was sent."""


class TooLate(Exception):
    """The deadline passed during the response; the model may have done the work all the same."""


class TooLong(Exception):
    """The answer is larger than any recipe."""


def left(deadline: float) -> float:
    """Return the seconds that are left, never none: a timeout of 0 would mean another thing."""
    return max(0.001, deadline - time.monotonic())


def timeout(deadline: float) -> urllib3.Timeout:
    return urllib3.Timeout(connect=min(CONNECT_TIMEOUT, left(deadline)), read=left(deadline))


def read(response: urllib3.BaseHTTPResponse, *, deadline: float) -> bytes:
    """Return the body. TooLate and TooLong, with the connection closed: what is still to come is not waited for.

    A socket's timeout is for each piece that arrives; a body that drips would outlast any deadline without this.
    """
    body = bytearray()
    try:
        while chunk := _next(response, deadline):
            body += chunk
            _check(len(body), deadline)
    except ReadTimeoutError as error:
        raise TooLate from error
    finally:
        # A connection whose answer was read to its end has gone back to the pool by itself; another is of no use.
        response.close()
    return bytes(body)


def _next(response: urllib3.BaseHTTPResponse, deadline: float) -> bytes:
    _hurry(response, deadline)
    return response.read1(_CHUNK)


def _check(size: int, deadline: float) -> None:
    if size > MAX_ANSWER_BYTES:
        raise TooLong
    if time.monotonic() >= deadline:
        raise TooLate


def _hurry(response: urllib3.BaseHTTPResponse, deadline: float) -> None:
    """Let the next read wait no longer than until the deadline, where the connection still has a socket of its own."""
    with suppress(AttributeError, OSError, HTTPError):
        response.connection.sock.settimeout(left(deadline))  # type: ignore[union-attr]


def milliseconds(since: float) -> int:
    return round((time.monotonic() - since) * 1000)
