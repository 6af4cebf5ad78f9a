"""Send requests slower than anybody would, over many connections."""

import asyncio
from contextlib import suppress

# Connections at once, and how often each sends how many bytes.
CONNECTIONS = 400
EVERY_SECONDS = 0.5
BYTES = 20


def send_slowly(port: int, request: bytes, *, seconds: float) -> None:
    """Keep `CONNECTIONS` requests unfinished; whatever connection is closed is opened again."""
    with suppress(TimeoutError):
        asyncio.run(asyncio.wait_for(_send_all(port, request), seconds))


async def _send_all(port: int, request: bytes) -> None:
    await asyncio.gather(*(_send(port, request) for _ in range(CONNECTIONS)))


async def _send(port: int, request: bytes) -> None:
    while True:
        with suppress(OSError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            for start in range(0, len(request), BYTES):
                writer.write(request[start : start + BYTES])
                await writer.drain()
                await asyncio.sleep(EVERY_SECONDS)
            writer.close()
