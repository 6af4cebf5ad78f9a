"""AWS clients share a session, in whatever order and however often they are created."""

from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.session import Session, get_session
from celery import current_app

from apps.core import aws, aws_descriptions
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


SERVICES = ("bedrock-runtime", "cognito-idp", "dynamodb", "logs", "s3", "sesv2", "sqs", "sts")


def texts(described: Any, name: str) -> list[str]:
    """Return all texts under this name in a description."""
    if isinstance(described, list):
        return [text for one in described for text in texts(one, name)]
    if not isinstance(described, dict):
        return []
    own = [described[name]] if isinstance(described.get(name), str) else []
    return own + [text for one in described.values() for text in texts(one, name)]


@pytest.mark.parametrize("service", SERVICES)
def test_a_described_service_lacks_its_documentation_alone(service: str) -> None:
    whole: Any = Loader().load_service_model(service, "service-2")
    ours: Any = aws_descriptions.loader().load_service_model(service, "service-2")

    assert any(texts(whole, "documentation"))
    assert not any(texts(ours, "documentation"))
    assert texts(ours, "shape") == texts(whole, "shape")
    assert ours["metadata"] == whole["metadata"]
    assert ours["operations"].keys() == whole["operations"].keys()
    for name, shape in whole["shapes"].items():
        assert ours["shapes"][name]["type"] == shape["type"]
        assert ours["shapes"][name].get("members", {}).keys() == shape.get("members", {}).keys()
        assert ours["shapes"][name].get("required") == shape.get("required")


CALLS: dict[str, tuple[str, dict[str, Any]]] = {
    "bedrock-runtime": ("converse", {"modelId": "a", "messages": [{"role": "user", "content": [{"text": "a"}]}]}),
    "cognito-idp": ("admin_get_user", {"UserPoolId": "ap-southeast-1_a", "Username": "a"}),
    "dynamodb": ("get_item", {"TableName": "a", "Key": {"pk": {"S": "a"}, "sk": {"S": "b"}}}),
    "logs": ("describe_log_groups", {}),
    "s3": ("get_object", {"Bucket": "smart-cooking", "Key": "a"}),
    "sesv2": ("get_email_identity", {"EmailIdentity": "a@example.com"}),
    "sqs": ("get_queue_url", {"QueueName": "a"}),
    "sts": ("get_caller_identity", {}),
}


class Sent(Exception):
    """What a call would send."""


def sent(session: Session, service: str, region: str) -> tuple[Any, ...]:
    client: Any = session.create_client(service, region, aws_access_key_id="a", aws_secret_access_key="b")
    name, arguments = CALLS[service]

    def stop(request: Any, **_: Any) -> None:
        scope = request.headers["Authorization"].partition(b",")[0].rpartition(b"/20")[2].partition(b"/")[2]
        raise Sent(request.method, request.url, request.body, sorted(request.headers.keys()), scope)

    client.meta.events.register("before-send", stop)
    with pytest.raises(Sent) as found:
        getattr(client, name)(**arguments)
    return found.value.args


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("region", ["ap-southeast-1", "us-east-1"])
def test_a_call_is_sent_and_signed_as_botocore_would(service: str, region: str) -> None:
    assert sent(aws._described(get_session()), service, region) == sent(get_session(), service, region)
