"""AWS clients: one for each service and process, with timeouts on every call."""

import os
import threading
from functools import cache
from typing import Any

import boto3
import botocore
from botocore.config import Config
from botocore.session import Session, get_session
from django.conf import settings

from apps.core import aws_descriptions

_making = threading.Lock()


@cache
def client(service: str, attempts: int = 3) -> Any:
    """Return the shared, thread-safe client of `service`, which tries a call three times.

    Use one attempt for calls that must not be repeated when the outcome of the first is unknown.
    """
    with _making:
        return _made(_wrapped(), service, attempts)


# Connections must not be shared with child processes: those that Celery forks create their own clients.
os.register_at_fork(after_in_child=client.cache_clear)


@cache
def session() -> Session:
    """Return the one session of all clients that stay, PynamoDB's included.

    Each session holds the descriptions of its services for itself. Making clients of one session is nothing for two
    threads at once.
    """
    made = _described(get_session())
    # A name of our own: botocore cleans the one that it makes up, letter by letter, twice for each call.
    name = f"smart-cooking/{settings.VERSION} Botocore/{botocore.__version__}"
    made.set_default_client_config(Config(user_agent=name))
    return made


@cache
def _wrapped() -> boto3.Session:
    """Return boto3's view of the session; a second one would add boto3's methods to each client twice."""
    return boto3.Session(botocore_session=session())


def short_lived_client(service: str) -> Any:
    """Return a client that is not cached: the service description of S3 alone takes 1 MB of a process for good."""
    return _made(boto3.Session(botocore_session=_described(get_session())), service)


def _described(session: Session) -> Session:
    session.register_component("data_loader", aws_descriptions.loader())
    return session


def _made(session: boto3.Session, service: str, attempts: int = 3) -> Any:
    # Forms and links that others use: signed by version 4 for the bucket's own address, which no redirect replaces.
    addressing = "path" if settings.AWS_ENDPOINT_URL else "virtual"
    of_storage: dict[str, Any] = {"signature_version": "s3v4", "s3": {"addressing_style": addressing}}
    config = Config(
        connect_timeout=settings.AWS_CONNECT_TIMEOUT,
        read_timeout=settings.AWS_READ_TIMEOUT,
        # Not "adaptive": after one throttled call, that mode delays all others, without a limit.
        retries={"total_max_attempts": attempts, "mode": "standard"},
        max_pool_connections=32,
        **(of_storage if service == "s3" else {}),
    )
    return session.client(
        service,  # type: ignore[call-overload]  # the name is not a literal here
        region_name=settings.AWS_REGION,
        endpoint_url=(settings.DYNAMODB_ENDPOINT_URL if service == "dynamodb" else settings.AWS_ENDPOINT_URL) or None,
        config=config,
    )
