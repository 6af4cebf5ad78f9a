"""`verify` against a running gunicorn, its workers and its pool of users."""

import json
import os
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from django.conf import settings

from apps.core import keys
from apps.core.models import Item
from deploy import __main__ as command
from deploy.commands import console
from deploy.commands import verify as verbs
from smartcooking.probes.accounts import Accounts, NotOurs
from smartcooking.probes.http import Unexpected
from smartcooking.probes.journey import Journey
from tests.support.processes import free_port
from tests.support.proxy import Cuttable
from tests.support.verification import usernames

# Named like an account of a journey, but somebody else's, so it has to stay.
LOOKALIKE = "verify0123456789ab"


def verify(server: Any, *options: str) -> int:
    place = ["--env", "local", "--endpoint-url", os.environ["AWS_ENDPOINT_URL"]]
    prefix = ["--prefix", f"smart-cooking-{settings.ENVIRONMENT}"]
    return command.main(["verify", *place, *prefix, "--url", server.url, *options])


def about_people() -> set[str]:
    """Return the keys of all rows in which an id or a name of somebody stands.

    Not those of recipes that were generated for somebody: they are the service's, and stay.
    """
    client = boto3.client("dynamodb", region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
    pages = client.get_paginator("scan").paginate(TableName=settings.TABLE_NAME)
    return {
        f"{item['pk']['S']} {item['sk']['S']}"
        for page in pages
        for item in page["Items"]
        if PERSON.search(json.dumps(item, default=str)) and not GENERATED & {item["kind"]["S"], *item}
    }


def ours() -> Accounts:
    cognito, dynamodb = (
        boto3.client(name, region_name=settings.AWS_REGION, endpoint_url=settings.AWS_ENDPOINT_URL)
        for name in ("cognito-idp", "dynamodb")
    )
    return Accounts(cognito, dynamodb, settings.COGNITO_POOL_ID, settings.TABLE_NAME)


STEPS = [
    "livez", "health", "auth",
    "register", "confirm", "login", "suggest", "cook", "abandon", "write", "complete", "rate", "post",
    "register", "confirm", "login", "react", "notify", "clean",
]  # fmt: skip
GENERATED = {"generation_record", "made_for"}
# Ids are those of the pool.
PERSON = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|verify[0-9a-f]{12}")


def test_a_journey_goes_all_the_way_and_leaves_nothing_behind(
    server: Any, worker: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    before = about_people()

    code = verify(server)

    printed = capsys.readouterr()
    assert code == 0, printed.err
    done = [line.split()[1] for line in printed.out.splitlines() if line.startswith("  ok")]
    assert done == STEPS
    assert "everything is removed again" in printed.out
    assert not [name for name in usernames() if name.startswith("verify") and name != LOOKALIKE]
    assert about_people() <= before


def test_two_journeys_at_once_do_not_meet(server: Any, worker: Any) -> None:
    before = about_people()

    with ThreadPoolExecutor(2) as threads:
        journeys = [Journey(server.url, ours()) for _ in range(2)]
        done = list(threads.map(lambda journey: [step.name for step in journey.run()], journeys))

    assert done[0] == done[1]
    assert done[0][-1] == "clean up"
    assert [journey.left for journey in journeys] == [[], []]
    assert about_people() <= before


def test_a_journey_that_fails_names_the_step_and_tidies_up(server: Any, worker: Any) -> None:
    before = about_people()
    proxy = Cuttable(server.url)
    proxy.refused = b"GET /v1/notifications"
    journey = Journey(proxy.url, ours())

    with pytest.raises(Unexpected, match="GET /v1/notifications: no answer"):
        list(journey.run())

    proxy.close()
    assert journey.left == []
    assert about_people() <= before
    assert not [name for name in usernames() if name.startswith("verify") and name != LOOKALIKE]


def test_whoever_may_not_remove_accounts_says_which_stay(server: Any, worker: Any) -> None:
    class Confirming(Accounts):
        def remove(self, username: str) -> bool:
            # What IAM leaves of a removal to the workflow's role.
            return False

    known = ours()
    journey = Journey(server.url, Confirming(known.cognito, known.dynamodb, known.pool, known.table))

    *_, last = journey.run()

    assert last.note.count("which the hourly check removes") == 2
    left = [name for name in usernames() if name.startswith("verify") and name != LOOKALIKE]
    assert len(left) == 2
    assert known.sweep() == []
    assert sorted(known.sweep(datetime.now(UTC) + timedelta(hours=2))) == sorted(left)
    assert not [name for name in usernames() if name.startswith("verify") and name != LOOKALIKE]


def test_nobody_elses_account_is_removed(person: Any) -> None:
    somebody = person()
    lookalike = person(LOOKALIKE)

    for one in (somebody, lookalike):
        with pytest.raises(NotOurs):
            ours().remove(one.username)
    assert ours().sweep(datetime.now(UTC) + timedelta(hours=2)) == []
    assert Item.read(keys.user(lookalike.id)) is not None


def test_a_right_that_is_missing_is_no_error() -> None:
    client = boto3.client("cognito-idp", region_name=settings.AWS_REGION)
    with Stubber(client) as stubber:
        stubber.add_client_error("admin_get_user", "AccessDeniedException")

        assert Accounts(client, None, "pool", "table").remove(LOOKALIKE) is False


def test_an_address_that_is_none_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["verify", "--url", "api.example.com", "--quick"]) == console.WRONG_USAGE
    assert "--url is an address such as" in capsys.readouterr().err


def test_what_could_not_be_removed_is_told_when_a_step_fails(
    server: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "Journey", _Left)

    assert verify(server) == console.FAILED
    assert "  left: verify0123456789ab" in capsys.readouterr().out


class _Left(Journey):
    """Fails at once and leaves somebody behind."""

    def run(self) -> Iterator[Any]:
        self.left.append(LOOKALIKE)
        yield from ()
        message = "broken"
        raise Unexpected(message)


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
