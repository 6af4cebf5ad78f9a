"""Playing the worker in this process, with the messages that it would get."""

from typing import Any

from smartcooking.celery import app


def run(message: Any, *, times: int = 1) -> None:
    """Do what a message says, as often as SQS delivers it."""
    app.loader.import_default_modules()
    for _ in range(times):
        app.tasks[message.task](*message.args)
    # Whoever sends a message removes its row; a sweeper of another test must not find it.
    message.delete(add_version_condition=False)


def run_all(messages: list[Any], *, times: int = 1) -> None:
    """Work on messages, and on those that they cause, until there are none."""
    while messages:
        run(messages.pop(0), times=times)
