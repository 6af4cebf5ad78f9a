"""A small HTTP client for benchmarks: persistent connections, one thread, little overhead of its own."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

# A request without a response for so many seconds counts as stalled.
STALL_SECONDS = 10.0
_OK = range(200, 300)


@dataclass
class Outcome:
    """The outcome of some requests; `seconds` has the latencies of successful ones, in the order of completion."""

    seconds: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    stalls: int = 0
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def quantile(self, share: float) -> float:
        """Return the latency in milliseconds below which this share of the responses came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] * 1000 if ordered else float("nan")


def build(method: str, path: str, *, token: str | None = None, body: object = None) -> bytes:
    """Return the bytes of a request."""
    data = orjson.dumps(body) if body is not None else b""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: en"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if data:
        lines += ["Content-Type: application/json", f"Content-Length: {len(data)}"]
    return "\r\n".join([*lines, "", ""]).encode() + data


def drive(port: int, requests: Sequence[bytes], *, connections: int, seconds: float) -> Outcome:
    """Send the requests over so many connections for at most `seconds`; each sends its next one after a response."""
    return asyncio.run(_drive(port, requests, connections, seconds))


def drive_evenly(port: int, requests: Sequence[bytes], *, per_second: float) -> Outcome:
    """Send the requests over one connection at a steady rate, each after the response to the previous one."""

    async def run() -> Outcome:
        outcome, started = Outcome(), time.perf_counter()
        client = _Client(port, iter(()), outcome, 0.0)
        for number, request in enumerate(requests):
            await asyncio.sleep(started + number / per_second - time.perf_counter())
            await client._time(request)
        client._close()
        outcome.elapsed = time.perf_counter() - started
        return outcome

    return asyncio.run(run())


async def _drive(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Outcome:
    outcome, remaining = Outcome(), iter(requests)
    started = time.perf_counter()
    clients = [_Client(port, remaining, outcome, started + seconds) for _ in range(min(connections, len(requests)))]
    await asyncio.gather(*(client.run() for client in clients))
    outcome.elapsed = time.perf_counter() - started
    return outcome


class _Client:
    """One connection."""

    def __init__(self, port: int, remaining: Iterator[bytes], outcome: Outcome, until: float) -> None:
        self._port = port
        self._remaining = remaining
        self._outcome = outcome
        self._until = until
        self._writer: asyncio.StreamWriter | None = None

    async def run(self) -> None:
        for request in self._remaining:
            if time.perf_counter() > self._until:
                break
            await self._time(request)
        self._close()

    async def _time(self, request: bytes) -> None:
        started = time.perf_counter()
        try:
            async with asyncio.timeout(STALL_SECONDS):
                status, body = await self._ask(request)
        except TimeoutError:
            self._outcome.stalls += 1
            self._close()
        except (OSError, EOFError, ValueError) as error:
            self._outcome.errors[type(error).__name__] += 1
            self._close()
        else:
            if status in _OK:
                self._outcome.seconds.append(time.perf_counter() - started)
            else:
                self._outcome.errors[f"{status} {_code(body)}"] += 1

    async def _ask(self, request: bytes) -> tuple[int, bytes]:
        if self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        lower = head.lower()
        body = await self._read_body(lower)
        if b"connection: close" in lower:
            self._close()
        return int(head[9:12]), body

    async def _read_body(self, head: bytes) -> bytes:
        if b"transfer-encoding: chunked" in head:
            return b"".join([chunk async for chunk in self._chunks()])
        if b"content-length:" not in head:
            return b""
        return await self._reader.readexactly(int(head.split(b"content-length:", 1)[1].split(b"\r\n", 1)[0]))

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := int(await self._reader.readuntil(b"\r\n"), 16):
            yield (await self._reader.readexactly(size + 2))[:-2]
        await self._reader.readexactly(2)

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


def _code(body: bytes) -> str:
    try:
        return str(orjson.loads(body).get("code", ""))
    except (orjson.JSONDecodeError, AttributeError):
        return ""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes

    def json(self) -> dict[str, Any]:
        """Return the body of a successful response; RuntimeError with the body of any other."""
        if self.status not in _OK:
            raise RuntimeError(f"{self.status}: {self.body.decode(errors='replace')}")
        return dict(orjson.loads(self.body))


def ask(port: int, request: bytes) -> Answer:
    """Make one request on a connection of its own."""

    async def once() -> Answer:
        client = _Client(port, iter(()), Outcome(), 0.0)
        async with asyncio.timeout(30):
            status, body = await client._ask(request)
        client._close()
        return Answer(status, body)

    return asyncio.run(once())
