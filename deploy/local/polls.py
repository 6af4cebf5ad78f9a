"""Long polls of SQS that end when the client disconnects, as they do on AWS.

The emulator would keep polling for a worker that was killed and deliver a message to nobody. The message would return
only after its visibility timeout, minutes later.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
TARGET = b".ReceiveMessage"


def cancel_abandoned_polls(app: App) -> App:
    """Wrap an ASGI application so that a poll is cancelled when its client disconnects."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and any(value.endswith(TARGET) for _, value in scope["headers"]):
            await _answer_while_connected(app, scope, receive, send)
        else:
            await app(scope, receive, send)

    return wrapped


async def _answer_while_connected(app: App, scope: Scope, receive: Receive, send: Send) -> None:
    body_is_read = asyncio.Event()

    async def read() -> Any:
        message = await receive()
        if not message.get("more_body"):
            body_is_read.set()
        return message

    async def disconnected() -> None:
        await body_is_read.wait()
        while (await receive())["type"] != "http.disconnect":
            pass

    answer, gone = asyncio.ensure_future(app(scope, read, send)), asyncio.ensure_future(disconnected())
    await asyncio.wait({answer, gone}, return_when=asyncio.FIRST_COMPLETED)
    # The emulator is between two reads of the queue here, so no message that it has taken is lost.
    answer.cancel()
    gone.cancel()
    results = await asyncio.gather(answer, gone, return_exceptions=True)
    if isinstance(results[0], Exception):
        raise results[0]
