"""Clients of AWS: one of a kind per process, with timeouts on everything."""

from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from django.conf import settings


@cache
def client(service: str, attempts: int = 3) -> Any:
    """Return the shared, thread-safe client of `service`, with adaptive retries within the request's budget.

    One attempt is for calls that must not be made twice where nobody knows what became of the first.
    """
    config = Config(
        connect_timeout=settings.AWS_CONNECT_TIMEOUT,
        read_timeout=settings.AWS_READ_TIMEOUT,
        retries={"total_max_attempts": attempts, "mode": "adaptive"},
        max_pool_connections=32,
        s3={"addressing_style": "path"} if settings.AWS_ENDPOINT_URL else {},
    )
    return boto3.client(
        service,  # type: ignore[call-overload]  # the name is not a literal here
        region_name=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL or None,
        config=config,
    )
