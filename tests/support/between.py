"""Run code in the middle of a request: between two of its requests to the table."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from apps.core.models import Item


@contextmanager
def between(step: int, act: Callable[[], Any]) -> Iterator[None]:
    """Call `act` before the request to the table with this number (from 0), or at the end if there are fewer.

    Only requests of this thread count, since other threads poll change feeds at any time.
    """
    events = Item._get_connection().connection.client.meta.events
    left, thread = [step], threading.get_ident()

    def count(**_kwargs: Any) -> None:
        if threading.get_ident() == thread:
            left[0] -= 1
            if left[0] == -1:
                act()

    events.register("before-call.dynamodb", count)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb", count)
        if left[0] >= 0:
            act()
