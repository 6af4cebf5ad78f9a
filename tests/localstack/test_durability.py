"""The local AWS is killed in the middle of traffic.

DynamoDB loses no acknowledged write and restores no deleted row. The emulator of the rest loses at most the last
second.
"""

import platform
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import boto3
import pytest
import urllib3

from deploy.environments import REGION
from deploy.local import dynamodb, servers
from deploy.local.servers import LocalAws
from tests.support.aws_writers import (
    Account,
    Writer,
    put_item,
    put_objects,
    read_labels,
    read_messages,
    read_objects,
    read_people,
    secret_hash,
    send_messages,
    sign_in,
    sign_people_up,
    sign_up,
    write_items,
    write_transactions,
)
from tests.support.processes import PATIENCE

pytestmark = pytest.mark.long

MakeStep = Callable[["Account"], Callable[["Writer", str], None]]
# Acknowledged writes of each kind before the kill: enough for several to be in progress at that moment.
ANSWERED = 25


class Starter(Protocol):
    def __call__(self, *, again: LocalAws | None = None) -> LocalAws: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Start a local AWS with its data in the test's directory. `again` is a stopped one whose ports to reuse."""
    started: list[LocalAws] = []

    def start_one(*, again: LocalAws | None = None) -> LocalAws:
        ports = {"port": _port(again.url), "dynamodb_port": _port(again.dynamodb.url)} if again else {}
        started.append(servers.start_local_aws(tmp_path, is_saved=True, **ports))
        return started[-1]

    yield start_one
    for running in started:
        running.kill()


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


def _deploy(running: LocalAws, name: str) -> "Account":
    return Account(servers.deploy_into(running.url, running.dynamodb.url, name))


def test_a_kill_loses_no_answered_item_and_revives_nothing(start: Starter) -> None:
    running = start()
    earlier: list[Writer] | None = None
    for _ in range(2):
        account = _deploy(running, "kill")
        writers = _writers(account, (write_items, write_transactions), earlier)
        _write_until_killed(writers, running)
        running = start(again=running)

        items, transactions = writers
        _compare(items, read_labels(account, "ITEM"))
        assert read_labels(account, "LEFT") == read_labels(account, "RIGHT")
        _compare(transactions, read_labels(account, "LEFT"))
        earlier = writers


def test_a_kill_loses_nothing_that_is_older_than_the_last_snapshots(start: Starter) -> None:
    running = start()
    account = _deploy(running, "snapshots")
    writers = _writers(account, (send_messages, sign_people_up, put_objects))
    for writer in writers:
        for number in range(6):
            writer.step(writer, f"settled{number}")
    _wait_for_snapshots(running)
    running.kill()

    start(again=running)
    messages, people, objects = writers
    assert set(messages.written) <= read_messages(account)
    _compare(people, read_people(account))
    _compare(objects, read_objects(account))


def test_a_kill_under_load_leaves_a_local_aws_that_starts_and_takes_writes(start: Starter) -> None:
    running = start()
    account = _deploy(running, "load")
    _wait_for_snapshots(running)
    steps = (write_items, send_messages, sign_people_up, put_objects)
    _write_until_killed(_writers(account, steps), running)

    again = start(again=running)
    assert _deploy(again, "load").env["COGNITO_POOL_ID"] == account.env["COGNITO_POOL_ID"]
    for writer in _writers(account, steps):
        writer.step(writer, "afterwards")


def test_an_orderly_stop_keeps_everything(start: Starter) -> None:
    running = start()
    account = _deploy(running, "stop")
    writers = _writers(account, (write_items, send_messages, sign_people_up, put_objects))
    for writer in writers:
        writer.step(writer, "last")
    running.stop()

    start(again=running)
    items, messages, people, objects = writers
    _compare(items, read_labels(account, "ITEM"))
    assert set(messages.written) <= read_messages(account)
    _compare(people, read_people(account))
    _compare(objects, read_objects(account))


def test_the_table_is_the_one_that_the_data_stack_describes(start: Starter) -> None:
    running = start()
    account = _deploy(running, "table")
    name = account.env["TABLE_NAME"]
    emulated = boto3.client(
        "dynamodb", endpoint_url=running.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test"
    )

    described, ours = (one.describe_table(TableName=name)["Table"] for one in (emulated, account.client("dynamodb")))

    assert ours["KeySchema"] == described["KeySchema"]
    assert _indexes(ours) == _indexes(described)
    ttl = account.client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "ttl")


def _indexes(table: Mapping[str, Any]) -> dict[str, Any]:
    return {
        index["IndexName"]: (index["KeySchema"], index["Projection"]["ProjectionType"],
                             sorted(index["Projection"].get("NonKeyAttributes", ())))
        for index in table["GlobalSecondaryIndexes"]
    }  # fmt: skip


def test_somebody_signed_in_before_a_kill_still_is_afterwards(start: Starter) -> None:
    running = start()
    account = _deploy(running, "signed-in")
    cognito = account.client("cognito-idp")
    sign_up(account, cognito, "ana")
    cognito.confirm_sign_up(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        SecretHash=secret_hash(account, "ana"),
        Username="ana",
        ConfirmationCode="123456",
    )
    tokens = sign_in(account, cognito)
    _wait_for_snapshots(running)
    running.kill()

    start(again=running)
    assert account.client("cognito-idp").get_user(AccessToken=tokens["AccessToken"])["Username"] == "ana"
    renewed = account.client("cognito-idp").initiate_auth(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"], "SECRET_HASH": secret_hash(account, "ana")},
    )
    assert renewed["AuthenticationResult"]["AccessToken"]


def test_one_directory_serves_one_local_aws(start: Starter) -> None:
    aws = start()

    with pytest.raises(RuntimeError, match="another local AWS runs in"):
        servers.start_local_aws(aws.directory, is_saved=True)


def test_nobody_can_wipe_it_by_calling_it(start: Starter) -> None:
    aws = start()
    account = _deploy(aws, "wipe")

    assert urllib3.request("POST", f"{aws.url}/_ministack/reset", retries=False).status == 404
    assert account.client("cognito-idp").list_users(UserPoolId=account.env["COGNITO_POOL_ID"])["Users"] == []


def test_a_stack_that_is_deployed_again_keeps_its_data(start: Starter) -> None:
    aws = start()
    first = _deploy(aws, "again")
    put_item(first, "kept")

    second = _deploy(aws, "again")

    assert {**second.env, "SECRET_KEY": ""} == {**first.env, "SECRET_KEY": ""}
    assert read_labels(second, "ITEM") == {"kept"}


def test_a_missing_program_is_refused_with_what_to_install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(dynamodb.Unavailable, match=r"install it from .* and put `dynoxide` on PATH"):
        dynamodb.find_program()


def _wait_for_snapshots(running: LocalAws) -> None:
    """Wait until the emulator has started and finished another snapshot."""
    state, began = running.directory / "state" / "cognito.json", time.time()
    deadline = time.monotonic() + PATIENCE
    seen: set[float] = set()
    while len(seen) < 2:
        assert time.monotonic() < deadline
        if state.exists() and state.stat().st_mtime > began:
            seen.add(state.stat().st_mtime)
        time.sleep(0.02)


def _write_until_killed(writers: list["Writer"], running: LocalAws) -> None:
    for writer in writers:
        writer.start()
    _wait_for_answers(writers)
    running.kill()
    for writer in writers:
        writer.finish()


def _writers(account: Account, steps: Sequence[MakeStep], earlier: list[Writer] | None = None) -> list[Writer]:
    """Create a writer of each kind, which continue from what earlier ones have recorded."""
    writers = [Writer(step(account)) for step in steps]
    for writer, before in zip(writers, earlier or [], strict=False):
        writer.written, writer.deleted = dict(before.written), set(before.deleted)
    return writers


def _wait_for_answers(writers: list[Writer]) -> None:
    enough = {id(writer): len(writer.written) + ANSWERED for writer in writers}
    deadline = time.monotonic() + PATIENCE
    while any(len(writer.written) < enough[id(writer)] for writer in writers):
        assert time.monotonic() < deadline
        assert all(writer.failure is None for writer in writers), [writer.failure for writer in writers]
        time.sleep(0.01)


def _compare(writer: Writer, found: set[str]) -> None:
    assert set(writer.written) <= found, "an answered write is lost"
    assert not writer.deleted & found, "something deleted is back"
