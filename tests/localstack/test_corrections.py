"""What the local AWS answers as AWS does, where the emulator alone would not."""

import json
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from django.conf import settings

from apps.core import aws, ids

_POLL = {"X-Amz-Target": "AmazonSQS.ReceiveMessage", "Content-Type": "application/x-amz-json-1.0"}


def test_people_are_found_while_others_sign_up() -> None:
    # In a process of its own: the emulator starts threads when imported, and the script has threads take turns oddly.
    crowd = subprocess.run([sys.executable, "-m", "tests.localstack.crowd"], capture_output=True, text=True, check=True)

    assert crowd.stdout.strip() == "0"


def test_a_poll_that_nobody_waits_for_any_more_takes_no_message() -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=f"left-{ids.new_id()}", Attributes={"VisibilityTimeout": "600"})["QueueUrl"]
    body = json.dumps({"QueueUrl": url, "WaitTimeSeconds": 10})
    request = AWSRequest("POST", settings.AWS_ENDPOINT_URL + "/", data=body, headers=_POLL)
    SigV4Auth(aws.session().get_credentials(), "sqs", settings.AWS_REGION).add_auth(request)
    address = urlsplit(settings.AWS_ENDPOINT_URL)
    lines = [f"{name}: {value}" for name, value in {"Host": address.netloc, **request.headers}.items()]
    with socket.create_connection((address.hostname, address.port)) as killed:
        killed.sendall("\r\n".join(["POST / HTTP/1.1", *lines, f"Content-Length: {len(body)}", "", body]).encode())
        killed.settimeout(0.5)
        with pytest.raises(TimeoutError):
            killed.recv(1)

    time.sleep(0.5)
    sqs.send_message(QueueUrl=url, MessageBody="heard")

    answer = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    assert [message["Body"] for message in answer["Messages"]] == ["heard"]


def test_a_poll_waits_for_a_message_that_comes_later() -> None:
    sqs = aws.client("sqs")
    url = sqs.create_queue(QueueName=f"later-{ids.new_id()}")["QueueUrl"]

    with ThreadPoolExecutor(1) as threads:
        poll = threads.submit(sqs.receive_message, QueueUrl=url, WaitTimeSeconds=2)
        time.sleep(0.3)
        sqs.send_message(QueueUrl=url, MessageBody="heard")

    assert [message["Body"] for message in poll.result()["Messages"]] == ["heard"]
