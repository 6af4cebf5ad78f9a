"""Clients of AWS share a session, in whatever order and however often they are made."""

from apps.core import aws


def test_a_client_of_storage_is_made_after_others_and_in_several_kinds() -> None:
    aws.client.cache_clear()

    others = [aws.client(name) for name in ("sqs", "cognito-idp")]
    storage = [aws.client("s3"), aws.client("s3", attempts=1)]

    assert [one.meta.service_model.service_name for one in others] == ["sqs", "cognito-idp"]
    assert [one.meta.config.retries["total_max_attempts"] for one in storage] == [3, 1]


def test_a_client_is_made_once() -> None:
    assert aws.client("sqs") is aws.client("sqs")
