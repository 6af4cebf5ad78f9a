"""Programs that write to the local AWS until it is killed, and what can be read from it afterwards."""

import base64
import hashlib
import hmac
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError

PASSWORD = "Secret-Soup1"


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


def write_items(account: Account) -> Callable[[Writer, str], None]:
    client, table = account.client("dynamodb"), account.env["TABLE_NAME"]

    def step(writer: Writer, name: str) -> None:
        client.put_item(TableName=table, Item=_item("ITEM", name))
        writer.written[name] = name
        writer.delete_every_third(name, lambda: client.delete_item(TableName=table, Key=_key("ITEM", name)))

    return step


def write_transactions(account: Account) -> Callable[[Writer, str], None]:
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


def send_messages(account: Account) -> Callable[[Writer, str], None]:
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


def sign_people_up(account: Account) -> Callable[[Writer, str], None]:
    cognito, pool = account.client("cognito-idp"), account.env["COGNITO_POOL_ID"]

    def step(writer: Writer, name: str) -> None:
        sign_up(account, cognito, name)
        writer.written[name] = name
        writer.delete_every_third(name, lambda: cognito.admin_delete_user(UserPoolId=pool, Username=name))

    return step


def put_objects(account: Account) -> Callable[[Writer, str], None]:
    s3, bucket = account.client("s3"), account.env["IMAGES_BUCKET"]

    def step(writer: Writer, name: str) -> None:
        s3.put_object(Bucket=bucket, Key=f"images/{name}", Body=name.encode(), ContentType="image/png")
        writer.written[name] = name
        writer.delete_every_third(name, lambda: s3.delete_object(Bucket=bucket, Key=f"images/{name}"))

    return step


def _key(kind: str, name: str) -> dict[str, Any]:
    return {"pk": {"S": f"{kind}#{name}"}, "sk": {"S": "META"}}


def _item(kind: str, name: str) -> dict[str, Any]:
    return {**_key(kind, name), "gsi1pk": {"S": kind}, "gsi1sk": {"S": name}, "body": {"S": "x" * 500}}


def put_item(account: Account, name: str) -> None:
    account.client("dynamodb").put_item(TableName=account.env["TABLE_NAME"], Item=_item("ITEM", name))


def read_labels(account: Account, kind: str) -> set[str]:
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


def read_messages(account: Account) -> set[str]:
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


def secret_hash(account: Account, name: str) -> str:
    """Return the secret hash with which a client of the pool authenticates requests about this name."""
    secret, client = (account.env[f"COGNITO_CLIENT_{what}"] for what in ("SECRET", "ID"))
    digest = hmac.new(secret.encode(), f"{name}{client}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def sign_up(account: Account, cognito: Any, name: str) -> None:
    cognito.sign_up(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        SecretHash=secret_hash(account, name),
        Username=name,
        Password=PASSWORD,
        UserAttributes=[{"Name": "email", "Value": f"{name}@example.com"}],
    )


def sign_in(account: Account, cognito: Any) -> dict[str, str]:
    answer = cognito.initiate_auth(
        ClientId=account.env["COGNITO_CLIENT_ID"],
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={
            "USERNAME": "ana@example.com",
            "PASSWORD": PASSWORD,
            "SECRET_HASH": secret_hash(account, "ana@example.com"),
        },
    )
    tokens: dict[str, str] = answer["AuthenticationResult"]
    return tokens


def read_people(account: Account) -> set[str]:
    pages = (
        account.client("cognito-idp").get_paginator("list_users").paginate(UserPoolId=account.env["COGNITO_POOL_ID"])
    )
    return {user["Username"] for page in pages for user in page["Users"]}


def read_objects(account: Account) -> set[str]:
    """Return the objects whose bodies match what was written."""
    s3, bucket = account.client("s3"), account.env["IMAGES_BUCKET"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [item["Key"] for page in pages for item in page.get("Contents", [])]
    return {s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}
