"""`verify` against a running gunicorn, its workers and its pool of users."""

import os
from typing import Any

import boto3
import pytest
from django.conf import settings

from apps.core import keys
from apps.core.models import Item
from deploy import __main__ as command
from deploy import console
from tests.support.processes import free_port

pytestmark = [pytest.mark.xdist_group("live")]


def verify(server: Any, *options: str) -> int:
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    prefix = ["--prefix", f"smart-cooking-{settings.ENVIRONMENT}"]
    return command.main(["verify", *place, *prefix, "--url", server.url, *options])


def usernames() -> list[str]:
    client = boto3.client("cognito-idp", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    pages = client.get_paginator("list_users").paginate(UserPoolId=settings.COGNITO_POOL_ID)
    return [user["Username"] for page in pages for user in page["Users"]]


def test_a_journey_leaves_no_account_behind(server: Any, worker: Any, capsys: pytest.CaptureFixture[str]) -> None:
    code = verify(server)

    printed = capsys.readouterr()
    assert code == 0, printed.err
    done = [line.split()[1] for line in printed.out.splitlines() if line.startswith("  ok")]
    assert done[:9] == ["livez", "health", "auth", "register", "confirm", "login", "suggest", "cook", "complete"]
    assert done[9] == "rate"
    assert not [name for name in usernames() if name.startswith("verify")]


def test_a_user_that_is_given_stays_and_has_nothing_left(
    server: Any, worker: Any, person: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    canary = person()
    monkeypatch.setenv("VERIFY_PASSWORD", canary.password)

    assert verify(server, "--user", canary.username) == 0

    assert "register" not in capsys.readouterr().out
    assert server.api.get("/v1/cooking/sessions", token=canary.token).json()["items"] == []
    assert Item.read(keys.user(canary.id)) is not None


def test_a_wrong_password_is_said_plainly(
    server: Any, person: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("VERIFY_PASSWORD", "not this one")

    assert verify(server, "--user", person().username) == console.FAILED
    assert "POST /v1/auth/login answered 401 instead of 200: invalid_credentials" in capsys.readouterr().err


def test_the_quick_checks_need_no_account(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "--url", server.url, "--quick"]) == 0

    assert "3 steps in" in capsys.readouterr().out


def test_a_check_that_takes_too_long_fails(server: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert verify(server, "--quick", "--max-ms", "0") == console.FAILED
    assert "livez took" in capsys.readouterr().err


def test_nobody_there_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "--url", f"http://127.0.0.1:{free_port()}", "--quick"]) == console.FAILED

    (line,) = capsys.readouterr().err.splitlines()
    assert "GET /livez: no answer" in line


def test_a_user_without_a_password_is_wrong_usage(server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VERIFY_PASSWORD", raising=False)

    assert verify(server, "--user", "canary") == console.WRONG_USAGE
