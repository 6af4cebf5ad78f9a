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
    # Forms and links that others use: signed by version 4 for the bucket's own address, which no redirect replaces.
    addressing = "path" if settings.AWS_ENDPOINT_URL else "virtual"
    of_storage: dict[str, Any] = {"signature_version": "s3v4", "s3": {"addressing_style": addressing}}
    config = Config(
        connect_timeout=settings.AWS_CONNECT_TIMEOUT,
        read_timeout=settings.AWS_READ_TIMEOUT,
        retries={"total_max_attempts": attempts, "mode": "adaptive"},
        max_pool_connections=32,
        **(of_storage if service == "s3" else {}),
    )
    return boto3.client(
        service,  # type: ignore[call-overload]  # the name is not a literal here
        region_name=settings.AWS_REGION,
        endpoint_url=settings.AWS_ENDPOINT_URL or None,
        config=config,
    )
