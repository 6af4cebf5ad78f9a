"""A long poll ends with the connection of whoever asked.

The emulator goes on waiting for a message on behalf of a worker that was killed, and hands it to nobody: it comes back
when its visibility timeout ends, minutes later.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from docker.state import Receive, Scope, Send

App = Callable[[Scope, Receive, Send], Awaitable[None]]
TARGET = b".ReceiveMessage"


def attended(app: App) -> App:
    """Return the application with polls that are given up when nobody listens any more."""

    async def listening(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_poll(scope):
            await _answer_while_heard(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return listening


def _is_poll(scope: Scope) -> bool:
    return any(name.lower() == b"x-amz-target" and value.endswith(TARGET) for name, value in scope["headers"])


async def _answer_while_heard(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    was_read = asyncio.Event()

    async def read() -> Any:
        message = await receive()
        if not message.get("more_body"):
            was_read.set()
        return message

    async def hang_up() -> None:
        await was_read.wait()
        while (await receive())["type"] != "http.disconnect":
            pass

    answer, gone = asyncio.ensure_future(app(scope, read, send)), asyncio.ensure_future(hang_up())
    await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
    # Between two looks into the queue; a message that has been taken is on its way.
    answer.cancel()
    gone.cancel()
    results = await asyncio.gather(answer, gone, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
