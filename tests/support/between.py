"""Something that happens in the middle of a request: between two of the requests that it makes to the table."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from apps.core.models import Item


@contextmanager
def between(step: int, act: Callable[[], Any]) -> Iterator[None]:
    """Have `act` happen before the request to the table with this number (from 0), or at the end where it has fewer.

    Requests of this thread count: others follow feeds at any time, and must not be who acts.
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
