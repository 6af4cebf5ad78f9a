"""Services name the tasks that they cause, without importing them: each name must be that of a task, in its queue."""

import importlib
import pkgutil

import apps
from apps.core.outbox import Task
from smartcooking.celery import app


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
