"""The local AWS is killed in the middle of traffic.

DynamoDB loses no acknowledged write and restores no deleted row. The emulator of the rest loses at most the last
second.
"""

import base64
import hashlib
import hmac
import platform
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from deploy.environments import REGION
from deploy.local import dynamodb, servers
from deploy.local.servers import LocalAws
from tests.support.processes import PATIENCE

pytestmark = pytest.mark.long

PASSWORD = "Secret-Soup1"
MakeStep = Callable[["Account"], Callable[["Writer", str], None]]
# Acknowledged writes of each kind before the kill: enough for several to be in progress at that moment.
ANSWERED = 25


@dataclass
class Writer:
    """A client that writes continuously and records which writes and deletions were acknowledged."""

    step: Callable[["Writer", str], None]
    written: dict[str, str] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)
    count: int = 0
    thread: threading.Thread | None = None
    failure: Exception | None = None

    def start(self) -> None:
        self.thread = threading.Thread(target=self._write, daemon=True)
        self.thread.start()

    def _write(self) -> None:
        try:
            while True:
                self.step(self, uuid.uuid4().hex)
        except BotoCoreError:
            # The server was killed, as intended.
            return
        except Exception as error:  # noqa: BLE001
            self.failure = error

    def finish(self) -> None:
        assert self.thread is not None
        self.thread.join(10)
        assert self.failure is None

    def delete_every_third(self, name: str, delete: Callable[[], object]) -> None:
        """Delete every third row; until the deletion is acknowledged, the row may exist or not."""
        self.count += 1
        if self.count % 3 == 0:
            del self.written[name]
            delete()
            self.deleted.add(name)


@dataclass
class Account:
    """Clients of the tested environment, without retries."""

    env: dict[str, str]

    def client(self, service: str) -> Any:
        url = self.env["DYNAMODB_ENDPOINT_URL" if service == "dynamodb" else "AWS_ENDPOINT_URL"]
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10)
        # The service is a variable, for which the stubs have no overload.
        create: Callable[..., Any] = boto3.client
        return create(
            service,
            endpoint_url=url,
            region_name=self.env["AWS_REGION"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )


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
        writers = _writers(account, (_items_step, _transactions_step), earlier)
        _write_until_killed(writers, running)
        running = start(again=running)

        items, transactions = writers
        _compare(items, _labels(account, "ITEM"))
        assert _labels(account, "LEFT") == _labels(account, "RIGHT")
        _compare(transactions, _labels(account, "LEFT"))
        earlier = writers


def test_a_kill_loses_nothing_that_is_older_than_the_last_snapshots(start: Starter) -> None:
    running = start()
    account = _deploy(running, "snapshots")
    writers = _writers(account, (_messages_step, _people_step, _objects_step))
    for writer in writers:
        for number in range(6):
            writer.step(writer, f"settled{number}")
    _wait_for_snapshots(running)
    running.kill()

    start(again=running)
    messages, people, objects = writers
    assert set(messages.written) <= _messages(account)
    _compare(people, _people(account))
    _compare(objects, _objects(account))


def test_a_kill_under_load_leaves_a_local_aws_that_starts_and_takes_writes(start: Starter) -> None:
    running = start()
    account = _deploy(running, "load")
    _wait_for_snapshots(running)
    steps = (_items_step, _messages_step, _people_step, _objects_step)
    _write_until_killed(_writers(account, steps), running)

    again = start(again=running)
    assert _deploy(again, "load").env["COGNITO_POOL_ID"] == account.env["COGNITO_POOL_ID"]
    for writer in _writers(account, steps):
        writer.step(writer, "afterwards")


def test_an_orderly_stop_keeps_everything(start: Starter) -> None:
    running = start()
    account = _deploy(running, "stop")
    writers = _writers(account, (_items_step, _messages_step, _people_step, _objects_step))
    for writer in writers:
        writer.step(writer, "last")
    running.stop()

    start(again=running)
    items, messages, people, objects = writers
    _compare(items, _labels(account, "ITEM"))
    assert set(messages.written) <= _messages(account)
    _compare(people, _people(account))
    _compare(objects, _objects(account))


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
    _sign_up(account, cognito, "ana")
    cognito.confirm_sign_up(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        SecretHash=_hash(account, "ana"),
        Username="ana",
        ConfirmationCode="123456",
    )
    tokens = _sign_in(account, cognito)
    _wait_for_snapshots(running)
    running.kill()

    start(again=running)
    assert account.client("cognito-idp").get_user(AccessToken=tokens["AccessToken"])["Username"] == "ana"
    renewed = account.client("cognito-idp").initiate_auth(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"], "SECRET_HASH": _hash(account, "ana")},
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
    _put(first, "kept")

    second = _deploy(aws, "again")

    assert {**second.env, "SECRET_KEY": ""} == {**first.env, "SECRET_KEY": ""}
    assert _labels(second, "ITEM") == {"kept"}


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


def _items_step(account: Account) -> Callable[[Writer, str], None]:
    client, table = account.client("dynamodb"), account.env["TABLE_NAME"]

    def step(writer: Writer, name: str) -> None:
        client.put_item(TableName=table, Item=_item("ITEM", name))
        writer.written[name] = name
        writer.delete_every_third(name, lambda: client.delete_item(TableName=table, Key=_key("ITEM", name)))

    return step


def _transactions_step(account: Account) -> Callable[[Writer, str], None]:
    client, table = account.client("dynamodb"), account.env["TABLE_NAME"]

    def transact(*operations: dict[str, Any]) -> None:
        client.transact_write_items(TransactItems=list(operations))

    def step(writer: Writer, name: str) -> None:
        transact(*({"Put": {"TableName": table, "Item": _item(side, name)}} for side in ("LEFT", "RIGHT")))
        writer.written[name] = name
        keys = [_key(side, name) for side in ("LEFT", "RIGHT")]
        writer.delete_every_third(
            name, lambda: transact(*({"Delete": {"TableName": table, "Key": key}} for key in keys))
        )

    return step


def _messages_step(account: Account) -> Callable[[Writer, str], None]:
    sqs, send_to, take_from = account.client("sqs"), account.env["QUEUE_URL_AI"], account.env["QUEUE_URL_MEDIA"]

    def take() -> str:
        message = sqs.receive_message(QueueUrl=take_from, WaitTimeSeconds=0)["Messages"][0]
        sqs.delete_message(QueueUrl=take_from, ReceiptHandle=message["ReceiptHandle"])
        return str(message["Body"])

    def step(writer: Writer, name: str) -> None:
        sqs.send_message(QueueUrl=send_to, MessageBody=name)
        writer.written[name] = name
        sqs.send_message(QueueUrl=take_from, MessageBody=name)
        writer.deleted.add(take())

    return step


def _people_step(account: Account) -> Callable[[Writer, str], None]:
    cognito, pool = account.client("cognito-idp"), account.env["COGNITO_POOL_ID"]

    def step(writer: Writer, name: str) -> None:
        _sign_up(account, cognito, name)
        writer.written[name] = name
        writer.delete_every_third(name, lambda: cognito.admin_delete_user(UserPoolId=pool, Username=name))

    return step


def _objects_step(account: Account) -> Callable[[Writer, str], None]:
    s3, bucket = account.client("s3"), account.env["IMAGES_BUCKET"]

    def step(writer: Writer, name: str) -> None:
        s3.put_object(Bucket=bucket, Key=f"images/{name}", Body=name.encode(), ContentType="image/png")
        writer.written[name] = name
        writer.delete_every_third(name, lambda: s3.delete_object(Bucket=bucket, Key=f"images/{name}"))

    return step


def _compare(writer: Writer, found: set[str]) -> None:
    assert set(writer.written) <= found, "an answered write is lost"
    assert not writer.deleted & found, "something deleted is back"


def _key(kind: str, name: str) -> dict[str, Any]:
    return {"pk": {"S": f"{kind}#{name}"}, "sk": {"S": "META"}}


def _item(kind: str, name: str) -> dict[str, Any]:
    return {**_key(kind, name), "gsi1pk": {"S": kind}, "gsi1sk": {"S": name}, "body": {"S": "x" * 500}}


def _put(account: Account, name: str) -> None:
    account.client("dynamodb").put_item(TableName=account.env["TABLE_NAME"], Item=_item("ITEM", name))


def _labels(account: Account, kind: str) -> set[str]:
    pages = (
        account.client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=account.env["TABLE_NAME"],
            IndexName="gsi1",
            KeyConditionExpression="gsi1pk = :kind",
            ExpressionAttributeValues={":kind": {"S": kind}},
        )
    )
    return {item["gsi1sk"]["S"] for page in pages for item in page["Items"]}


def _messages(account: Account) -> set[str]:
    return _received(account, account.env["QUEUE_URL_AI"])


def _received(account: Account, queue: str) -> set[str]:
    """Read all messages of the queue without deleting them."""
    sqs = account.client("sqs")
    bodies: set[str] = set()
    handles: list[str] = []
    while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages"):
        bodies.update(message["Body"] for message in batch)
        handles += [message["ReceiptHandle"] for message in batch]
    for handle in handles:
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
    return bodies


def _hash(account: Account, name: str) -> str:
    """Return the secret hash with which a client of the pool authenticates requests about this name."""
    secret, client = (account.env[f"COGNITO_CLIENT_{what}"] for what in ("SECRET", "ID"))
    digest = hmac.new(secret.encode(), f"{name}{client}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _sign_up(account: Account, cognito: Any, name: str) -> None:
    cognito.sign_up(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        SecretHash=_hash(account, name),
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )


def _sign_in(account: Account, cognito: Any) -> dict[str, str]:
    answer = cognito.initiate_auth(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={
            "USERNAME": "ana@example.com",
            "PASSWORD": PASSWORD,
            "SECRET_HASH": _hash(account, "ana@example.com"),
        },
    )
    tokens: dict[str, str] = answer["AuthenticationResult"]
    return tokens


def _people(account: Account) -> set[str]:
    pages = (
        account.client("cognito-idp").get_paginator("list_users").paginate(UserPoolId=account.env["COGNITO_POOL_ID"])
    )
    return {user["Username"] for page in pages for user in page["Users"]}


def _objects(account: Account) -> set[str]:
    """Return the objects whose bodies match what was written."""
    s3, bucket = account.client("s3"), account.env["IMAGES_BUCKET"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return {s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}
