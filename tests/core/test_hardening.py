"""Django's deployment checks pass."""

import io
from typing import Any

import pytest
from django.core.management import call_command


def test_there_is_nothing_to_say_before_a_deployment() -> None:
    out = io.StringIO()

    call_command("check", deploy=True, fail_level="WARNING", stdout=out, stderr=out)

    assert "no issues" in out.getvalue()


@pytest.mark.parametrize("path", ["/livez", "/docs", "/v1/users/me"])
def test_no_answer_is_guessed_at_or_framed(api: Any, path: str) -> None:
    headers = api.get(path).headers

    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
