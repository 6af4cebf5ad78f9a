"""The local AWS is killed in the middle of traffic: what it answered for is there again, what it deleted is not."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from deploy import environments, stacks
from deploy.environments import REGION
from docker import stack
from docker.stack import LocalAws

PASSWORD = "Secret-Soup1"
# Answered writes of each kind before the process is killed: enough for several to be under way at that moment.
ANSWERED = 25


@dataclass
class Writer:
    """One client that writes without pause, and what it was told is written and deleted."""

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
            # The server is gone, as it should be.
            return
        except Exception as error:  # noqa: BLE001
            self.failure = error

    def finish(self) -> None:
        assert self.thread is not None
        self.thread.join(10)
        assert self.failure is None

    def delete_every_third(self, name: str, delete: Callable[[], object]) -> None:
        """Delete what was just written, now and then; between request and answer it may be there or not."""
        self.count += 1
        if self.count % 3 == 0:
            del self.written[name]
            delete()
            self.deleted.add(name)


@dataclass
class Account:
    """Clients of the environment under test, each with one try per request."""

    url: str
    env: dict[str, str]

    def client(self, service: str) -> Any:
        config = Config(retries={"total_max_attempts": 1}, connect_timeout=2, read_timeout=10)
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=self.env["AWS_REGION"],
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=config,
        )


class Starter(Protocol):
    def __call__(self, port: int | None = None) -> LocalAws: ...


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Starter]:
    """Start a local AWS in the test's one directory; none of them outlives the test."""
    started: list[LocalAws] = []

    def start_one(port: int | None = None) -> LocalAws:
        started.append(stack.start_local_aws(tmp_path, port))
        return started[-1]

    yield start_one
    for running in started:
        running.kill()


def test_a_kill_loses_no_answered_write_and_revives_nothing(start: Starter) -> None:
    port = stack.free_port()
    expected: list[Writer] | None = None
    for round_ in range(3):
        running = start(port)
        account = Account(running.url, stack.deploy_into(running.url, "kill"))
        if expected is not None:
            _check(account, expected)
        if round_ == 2:
            running.stop()
            return
        writers = _writers(account, expected)
        for writer in writers:
            writer.start()
        _wait_for_answers(writers)
        running.kill()
        for writer in writers:
            writer.finish()
        expected = writers


def test_a_torn_last_line_costs_only_itself(start: Starter) -> None:
    running = start()
    account = Account(running.url, stack.deploy_into(running.url, "torn"))
    _put(account, "before")
    running.kill()
    with (running.directory / "journal").open("ab") as journal:
        journal.write(b'["items",[["half')

    again = start()
    account.url = again.url
    _put(account, "after")
    again.kill()

    third = start()
    account.url = third.url
    assert _items(account) == {"before", "after"}


def test_a_dropped_table_stays_dropped_and_a_new_one_of_its_name_is_empty(start: Starter) -> None:
    running = start()
    account = Account(running.url, stack.deploy_into(running.url, "drop"))
    _put(account, "old")
    account.client("dynamodb").delete_table(TableName=account.env["TABLE_NAME"])
    running.kill()

    again = start()
    account.url = again.url
    assert account.client("dynamodb").list_tables()["TableNames"] == []
    account.client("dynamodb").create_table(
        TableName=account.env["TABLE_NAME"],
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
    )
    again.kill()

    third = start()
    account.url = third.url
    assert _items(account) == set()


def test_a_stack_whose_making_was_answered_for_is_whole_after_a_kill(start: Starter) -> None:
    running = start()
    account = Account(running.url, {"AWS_REGION": REGION})
    template = stacks.render(environments.test("half"), stacks.of(environments.LOCAL, ["storage"])[0])
    account.client("cloudformation").create_stack(StackName="half", TemplateBody=template)
    running.kill()

    account.url = start().url
    (made,) = account.client("cloudformation").describe_stacks(StackName="half")["Stacks"]
    assert made["StackStatus"] == "CREATE_COMPLETE"
    assert len(account.client("s3").list_buckets()["Buckets"]) == 5


def test_a_journal_of_what_is_gone_is_rewritten(start: Starter) -> None:
    running = start()
    account = Account(running.url, stack.deploy_into(running.url, "rewrite"))
    dynamodb = account.client("dynamodb")
    large = {"S": "x" * 390_000}
    for _ in range(100):
        dynamodb.put_item(TableName=account.env["TABLE_NAME"], Item={**_item("ITEM", "one"), "large": large})
    running.kill()
    assert (running.directory / "journal").stat().st_size > 32_000_000

    account.url = start().url
    assert (running.directory / "journal").stat().st_size < 1_000_000
    assert _items(account) == {"one"}


def test_somebody_signed_in_before_a_kill_still_is_afterwards(start: Starter) -> None:
    running = start()
    account = Account(running.url, stack.deploy_into(running.url, "signed-in"))
    cognito = account.client("cognito-idp")
    _sign_up(account, cognito, "ana")
    cognito.confirm_sign_up(ClientId=account.env["COGNITO_CLIENT_ID"], Username="ana", ConfirmationCode="123456")
    tokens = _sign_in(account, cognito)
    running.kill()

    start(running.port)
    assert account.client("cognito-idp").get_user(AccessToken=tokens["AccessToken"])["Username"] == "ana"
    renewed = account.client("cognito-idp").initiate_auth(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
    )
    assert renewed["AuthenticationResult"]["AccessToken"]


def test_one_directory_serves_one_local_aws(start: Starter) -> None:
    aws = start()

    with pytest.raises(RuntimeError, match="another local AWS runs in"):
        stack.start_local_aws(aws.directory)


def test_nobody_can_wipe_it_by_calling_it(start: Starter) -> None:
    aws = start()

    account = Account(aws.url, stack.deploy_into(aws.url, "wipe"))
    _put(account, "precious")

    assert urllib3.request("POST", f"{aws.url}/_ministack/reset", retries=False).status == 404
    assert _items(account) == {"precious"}


def test_a_stack_that_is_deployed_again_keeps_its_data(start: Starter) -> None:
    aws = start()

    first = stack.deploy_into(aws.url, "again")
    account = Account(aws.url, first)
    _put(account, "kept")

    second = stack.deploy_into(aws.url, "again")

    assert {**second, "SECRET_KEY": ""} == {**first, "SECRET_KEY": ""}
    assert _items(account) == {"kept"}


def _writers(account: Account, earlier: list[Writer] | None) -> list[Writer]:
    """Make one writer of each kind, which go on from what earlier ones of their kind were told."""
    writers = [
        Writer(step(account)) for step in (_items_step, _transactions_step, _messages_step, _people_step, _objects_step)
    ]
    for writer, before in zip(writers, earlier or [], strict=False):
        writer.written, writer.deleted = dict(before.written), set(before.deleted)
    return writers


def _wait_for_answers(writers: list[Writer]) -> None:
    enough = {id(writer): len(writer.written) + ANSWERED for writer in writers}
    deadline = time.monotonic() + 20
    while any(len(writer.written) < enough[id(writer)] for writer in writers):
        assert time.monotonic() < deadline
        assert all(writer.failure is None for writer in writers), [writer.failure for writer in writers]
        time.sleep(0.01)


def _items_step(account: Account) -> Callable[[Writer, str], None]:
    dynamodb, table = account.client("dynamodb"), account.env["TABLE_NAME"]

    def step(writer: Writer, name: str) -> None:
        dynamodb.put_item(TableName=table, Item=_item("ITEM", name))
        writer.written[name] = name
        writer.delete_every_third(name, lambda: dynamodb.delete_item(TableName=table, Key=_key("ITEM", name)))

    return step


def _transactions_step(account: Account) -> Callable[[Writer, str], None]:
    dynamodb, table = account.client("dynamodb"), account.env["TABLE_NAME"]

    def transact(*operations: dict[str, Any]) -> None:
        dynamodb.transact_write_items(TransactItems=list(operations))

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


def _check(account: Account, expected: list[Writer]) -> None:
    items, transactions, messages, people, objects = expected
    found = _items(account)
    _compare(items, {name for name in found if f"{name}-RIGHT" not in found and not name.endswith("-RIGHT")})
    left = {name.removesuffix("-LEFT") for name in found if name.endswith("-LEFT")}
    right = {name.removesuffix("-RIGHT") for name in found if name.endswith("-RIGHT")}
    assert left == right
    _compare(transactions, left)
    assert set(messages.written) <= _messages(account)
    assert not _deleted_messages(account) & messages.deleted
    _compare(people, _people(account))
    _compare(objects, _objects(account))


def _compare(writer: Writer, found: set[str]) -> None:
    assert set(writer.written) <= found, "an answered write is lost"
    assert not writer.deleted & found, "something deleted is back"


def _key(kind: str, name: str) -> dict[str, Any]:
    return {"pk": {"S": f"{kind}#{name}"}, "sk": {"S": "META"}}


def _item(kind: str, name: str) -> dict[str, Any]:
    label = name if kind == "ITEM" else f"{name}-{kind}"
    return {**_key(kind, name), "gsi1pk": {"S": "ALL"}, "gsi1sk": {"S": label}, "body": {"S": "x" * 500}}


def _put(account: Account, name: str) -> None:
    account.client("dynamodb").put_item(TableName=account.env["TABLE_NAME"], Item=_item("ITEM", name))


def _items(account: Account) -> set[str]:
    pages = account.client("dynamodb").get_paginator("scan").paginate(TableName=account.env["TABLE_NAME"])
    return {item["gsi1sk"]["S"] for page in pages for item in page["Items"]}


def _messages(account: Account) -> set[str]:
    return _received(account, account.env["QUEUE_URL_AI"])


def _deleted_messages(account: Account) -> set[str]:
    return _received(account, account.env["QUEUE_URL_MEDIA"])


def _received(account: Account, queue: str) -> set[str]:
    """Look at all messages of the queue and leave them in it."""
    sqs, bodies, handles = account.client("sqs"), set(), []
    while batch := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0).get("Messages"):
        bodies.update(message["Body"] for message in batch)
        handles += [message["ReceiptHandle"] for message in batch]
    for handle in handles:
        sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=handle, VisibilityTimeout=0)
    return bodies


def _sign_up(account: Account, cognito: Any, name: str) -> None:
    cognito.sign_up(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )


def _sign_in(account: Account, cognito: Any) -> dict[str, str]:
    answer = cognito.initiate_auth(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": "ana@example.com", "PASSWORD": PASSWORD},
    )
    tokens: dict[str, str] = answer["AuthenticationResult"]
    return tokens


def _people(account: Account) -> set[str]:
    pages = (
        account.client("cognito-idp").get_paginator("list_users").paginate(UserPoolId=account.env["COGNITO_POOL_ID"])
    )
    return {user["Username"] for page in pages for user in page["Users"]}


def _objects(account: Account) -> set[str]:
    """Return the objects whose bodies are what was written."""
    s3, bucket = account.client("s3"), account.env["IMAGES_BUCKET"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return {s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}
