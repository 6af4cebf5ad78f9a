"""Private data never reaches a log line."""

import pytest
from celery.worker.consumer import consumer

from apps.core.telemetry.logging import leave_out_arguments, redact

TOKEN = "eyJraWQiOiJhYmMifQ.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("event", "kept"),
    [
        ({"event": "login", "password": "Secret-1!"}, "[redacted]"),
        ({"event": "login", "access_token": TOKEN}, "[redacted]"),
        ({"event": "sent", "email": "ana@example.com"}, "[redacted]"),
    ],
)
def test_values_under_private_names_are_taken_out(event: dict[str, str], kept: str) -> None:
    assert kept in redact(None, "info", dict(event)).values()
    assert not {TOKEN, "Secret-1!", "ana@example.com"} & set(redact(None, "info", dict(event)).values())


def test_addresses_and_tokens_inside_of_texts_are_taken_out() -> None:
    event = {"event": f"failed for ana.le+x@mail.example.vn with {TOKEN}", "status": 401}

    redacted = redact(None, "info", event)

    assert redacted == {"event": "failed for [email] with [token]", "status": 401}


def test_lines_of_celery_name_the_task_and_none_of_its_arguments() -> None:
    said = {"args": "['01ABC', 'lan.nguyen']", "kwargs": "{}", "name": "posts.mention"}
    event = {"event": "Task posts.mention[1] received", "logger": "celery.worker.strategy", "data": said}

    assert leave_out_arguments(None, "info", event) == {
        "event": "Task posts.mention[1] received",
        "logger": "celery.worker.strategy",
    }


@pytest.mark.parametrize("name", ["UNKNOWN_FORMAT", "UNKNOWN_TASK_ERROR", "INVALID_TASK_ERROR"])
def test_lines_of_celery_about_a_message_that_it_cannot_read_leave_out_the_message(name: str) -> None:
    text: str = getattr(consumer, name)
    places = text.count("%s")
    event = {"event": text % tuple(["lan.nguyen"] * places), "logger": "celery.worker.consumer.consumer"}
    before = text.partition("The full contents")[0].count("%s")

    said = leave_out_arguments(None, "error", event)["event"]

    assert said.startswith("Received")
    assert said.count("lan.nguyen") == before < places
