"""Each task that a service names exists in its queue, and the tasks of each event accept its arguments."""

import importlib
import inspect
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest

import apps
from apps.core import events
from apps.core.outbox import Task
from apps.core.tasks import registered, task
from smartcooking.celery import app
from smartcooking.contract.queues import QUEUES, Queue


def named_tasks() -> set[Task]:
    found: set[Task] = set()
    for module in pkgutil.walk_packages(apps.__path__, "apps."):
        if not module.name.endswith("urls") and ".management" not in module.name:
            values = vars(importlib.import_module(module.name)).values()
            found |= {value for value in values if isinstance(value, Task)}
    return found


def test_every_task_that_is_named_exists() -> None:
    app.loader.import_default_modules()

    assert {task.name for task in named_tasks()} <= set(app.tasks)
    assert len(named_tasks()) > 4


def test_a_task_has_one_queue_wherever_it_is_named() -> None:
    assert len({task.name for task in named_tasks()}) == len(named_tasks())


def published_events() -> list[type[events.Event]]:
    named_tasks()
    # A dataclass with slots creates two classes; the one without slots stays among the subclasses.
    found = {event for event in events.Event.__subclasses__() if event.__module__.startswith("apps.")}
    return [event for event in found if getattr(sys.modules[event.__module__], event.__name__) is event]


def test_every_event_has_a_task_that_takes_its_arguments() -> None:
    for event in published_events():
        told = event(*(field for field in inspect.signature(event).parameters))
        for following in events.subscribed_tasks(event):
            inspect.signature(app.tasks[following.name].run).bind(*told.arguments)

    assert len(published_events()) > 4


def test_an_event_that_nobody_follows_is_an_error_where_it_is_published() -> None:
    class Unheard(events.Event):
        pass

    with pytest.raises(LookupError, match="Unheard"):
        events.subscribed_tasks(Unheard)


def test_every_task_has_the_limits_of_a_queue_and_ends_before_its_message_comes_back() -> None:
    app.loader.import_default_modules()

    ours = {name: found.time_limit for name, found in app.tasks.items() if not name.startswith("celery.")}
    assert ours == {name: found.queue.time_limit for name, found in registered.items()}
    assert {found.queue for found in registered.values()} == set(QUEUES)
    with pytest.raises(ValueError, match="outlive"):
        task(Queue("slow", visibility_timeout=60, time_limit=60), name="tests.slow")


_LOADED = """
import sys, django
django.setup()
import smartcooking.urls, smartcooking.subscriptions
api = set(sys.modules)
from smartcooking.celery import app
app.loader.import_default_modules()
print(*api, "|", *sys.modules)
"""


def test_the_api_sends_tasks_without_the_libraries_that_only_workers_use() -> None:
    """Those that read pages take 16 MB of each process."""
    command = [sys.executable, "-c", _LOADED]
    root = Path(apps.__path__[0]).parent
    loaded = subprocess.run(command, cwd=root, capture_output=True, check=True, text=True).stdout
    api, worker = (set(names.split()) for names in loaded.split("|"))

    heavy = {"recipe_scrapers", "bs4", "lxml"}
    assert "apps.imports.tasks" in api
    assert not api & heavy
    assert heavy <= worker
