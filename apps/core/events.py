"""Typed events: lower apps publish what happened, and `smartcooking/subscriptions.py` says which tasks follow.

An app never names a task of an app above it. It publishes an event in the transaction that makes it true; each
subscribed task then becomes one outbox row of that transaction, so that both are stored or neither is.
"""

from dataclasses import dataclass, fields
from functools import cache
from importlib import import_module

from apps.core.outbox import Task

_tasks: dict[type["Event"], list[Task]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Base of events. Fields are texts, ids where they name something: messages lie in queues outside of the table."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """The arguments of the subscribed tasks: the fields in their order, unless an event says otherwise."""
        return tuple(getattr(self, field.name) for field in fields(self))


def subscribe(event: type[Event], task: Task) -> None:
    """Run `task` after each transaction that publishes `event`."""
    tasks = _tasks.setdefault(event, [])
    if task not in tasks:
        tasks.append(task)


def subscribed_tasks(event: type[Event]) -> tuple[Task, ...]:
    """Return the tasks that follow an event; LookupError where there is none, since somebody forgot to subscribe."""
    _load_subscriptions()
    if event not in _tasks:
        raise LookupError(f"no task is subscribed to {event.__qualname__}: see smartcooking/subscriptions.py")
    return tuple(_tasks[event])


@cache
def _load_subscriptions() -> None:
    """Import the subscriptions, which import the tasks of all apps: only once something is published."""
    import_module("smartcooking.subscriptions")
