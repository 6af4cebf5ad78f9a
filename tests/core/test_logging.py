"""Private data never reaches a log line."""

import pytest

from apps.core.telemetry.logging import redact

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
