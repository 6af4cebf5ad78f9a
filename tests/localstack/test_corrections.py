"""Corrections with which the local AWS behaves like AWS where the emulator doesn't."""

import json
import socket
import subprocess
import sys
import time
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from django.conf import settings

from apps.core import authentication, aws, ids
from apps.users import cognito
from tests.support.processes import until

_POLL = {"X-Amz-Target": "AmazonSQS.ReceiveMessage", "Content-Type": "application/x-amz-json-1.0"}


def test_people_are_found_while_others_sign_up() -> None:
    # In a separate process: the emulator starts threads on import, and the script changes how threads are switched.
    crowd = subprocess.run([sys.executable, "-m", "tests.localstack.crowd"], capture_output=True, text=True, check=True)

    assert crowd.stdout.strip() == "0"


def test_refreshed_tokens_tell_when_their_login_was(ana: Any) -> None:
    """Sessions that were ended are known by it."""
    began = authentication.verify(ana.token).authenticated_at
    until(lambda: time.time() >= began + 3)

    refreshed = authentication.verify(cognito.refresh(ana.refresh_token).access_token)

    assert refreshed.authenticated_at - began in {0, 1}
    assert refreshed.login_id == authentication.verify(ana.token).login_id


def begin_to_poll(url: str) -> socket.socket:
    """Start to poll an empty queue; return the connection, which waits for the response."""
    body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 10})
    request = AWSRequest("POST", settings.AWS_ENDPOINT_URL + "/", data=body, headers=_POLL)
    credentials = aws.session().get_credentials()
    assert credentials is not None
    SigV4Auth(credentials, "sqs", settings.AWS_REGION).add_auth(request)
    address = urlsplit(settings.AWS_ENDPOINT_URL)
    lines = [f"{name}: {value}" for name, value in {"Host": address.netloc, **request.headers}.items()]
    connection = socket.create_connection((address.hostname, address.port))
    connection.sendall("\r\n".join(["POST / HTTP/1.1", *lines, f"Content-Length: {len(body)}", "", body]).encode())
    connection.settimeout(0.5)
    with pytest.raises(TimeoutError):
        connection.recv(1)
    connection.settimeout(30)
    return connection


def test_a_poll_that_nobody_waits_for_any_more_takes_no_message() -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=f"left-{ids.new_id()}", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    with begin_to_poll(url) as killed:
        # What the kernel sends for a killed process. The other side closes the connection when it notices.
        killed.shutdown(socket.SHUT_WR)
        assert killed.recv(1) == b""

    sqs.send_message(QueueUrl=url, MessageBody="heard")

    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert [message["Body"] for message in answer["Messages"]] == ["heard"]


def test_a_poll_waits_for_a_message_that_comes_later() -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=f"later-{ids.new_id()}")["QueueUrl"]

    with begin_to_poll(url) as waiting:
        sqs.send_message(QueueUrl=url, MessageBody="heard")

        answer = waiting.recv(10_000)

    assert answer.startswith(b"HTTP/1.1 200")
    assert sqs.receive_message(QueueUrl=url).get("Messages", []) == []
