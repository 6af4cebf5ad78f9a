"""AWS clients share a session, in whatever order and however often they are created."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from celery import current_app

from apps.core import aws
from smartcooking.contract import queues


def test_a_client_of_storage_is_made_after_others_and_in_several_kinds() -> None:
    aws.client.cache_clear()

    others = [aws.client(name) for name in ("sqs", "cognito-idp")]
    storage = [aws.client("s3"), aws.client("s3", attempts=1)]

    assert [one.meta.service_model.service_name for one in others] == ["sqs", "cognito-idp"]
    assert [one.meta.config.retries["total_max_attempts"] for one in storage] == [3, 1]


def test_a_client_is_made_once() -> None:
    assert aws.client("sqs") is aws.client("sqs")


def test_messages_go_to_all_queues_through_the_one_client() -> None:
    with current_app.connection_for_write() as one, current_app.connection_for_write() as other:
        channels: list[Any] = [one.channel(), other.channel()]

        assert {channel.sqs(queue.name) for channel in channels for queue in queues.QUEUES} == {aws.client("sqs")}


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_child_makes_clients_of_its_own() -> None:
    client = aws.client("sqs")

    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as child:
        assert child.submit(_number_of_client).result() != id(client)

    assert aws.client("sqs") is client


def _number_of_client() -> int:
    return id(aws.client("sqs"))
