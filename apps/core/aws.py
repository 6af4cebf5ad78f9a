"""Clients of AWS: one of a kind per process, with timeouts on everything."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from django.conf import settings

_ATTEMPTS = 3


@cache
def client(service: str) -> Any:
    """Return the shared, thread-safe client of `service`, with adaptive retries within the request's budget."""
    return _made(_session(), service)


@cache
def _session() -> boto3.Session:
    """Return the one session of all clients that stay: each loads the list of AWS's endpoints for itself."""
    return boto3.Session()


def passing_client(service: str, *, attempts: int = _ATTEMPTS) -> Any:
    """Return a client that leaves nothing behind: the description of S3 alone takes 4 MB of a process for good."""
    return _made(boto3.Session(), service, attempts)


def _made(session: boto3.Session, service: str, attempts: int = _ATTEMPTS) -> Any:
    config = Config(
        connect_timeout=settings.AWS_CONNECT_TIMEOUT,
        read_timeout=settings.AWS_READ_TIMEOUT,
        retries={"total_max_attempts": attempts, "mode": "adaptive"},
        max_pool_connections=32,
        s3={"addressing_style": "path"} if settings.AWS_ENDPOINT_URL else {},
    )
    return session.client(
        service,  # type: ignore[call-overload]  # the name is not a literal here
        region_name=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL or None,
        config=config,
    )
