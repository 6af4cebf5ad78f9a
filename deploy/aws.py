"""AWS clients for an environment's account: AWS itself, or the emulator on this machine."""

import os
from functools import cache
from typing import Any

import boto3
from botocore.config import Config

from deploy.environments import Environment

LOCAL_ENDPOINT = "http://127.0.0.1:4566"
# Credentials that only the emulator accepts.
LOCAL_CREDENTIALS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def endpoint(env: Environment, given: str | None = None) -> str | None:
    """Return the endpoint to use; None for AWS's own endpoints."""
    if not env.emulated:
        return given
    return given or os.environ.get("AWS_ENDPOINT_URL") or LOCAL_ENDPOINT


def dynamodb_endpoint(env: Environment) -> str | None:
    """Return the address of the local DynamoDB; None if it is the emulator's."""
    return os.environ.get("DYNAMODB_ENDPOINT_URL") if env.emulated else None


@cache
def client(service: str, env: Environment, endpoint_url: str | None, region: str | None = None) -> Any:
    """Return the cached client: creating another one parses the service's description again, which takes 50 ms."""
    credentials = LOCAL_CREDENTIALS if env.emulated else {}
    # Retries cannot help if a connection on this machine is refused.
    attempts = 1 if env.emulated else 5
    config = Config(connect_timeout=3, read_timeout=30, retries={"mode": "standard", "total_max_attempts": attempts})
    return boto3.client(
        service,  # type: ignore[call-overload]  # the name is not a literal here
        region_name=region or env.region,
        endpoint_url=endpoint_url,
        config=config,
        **credentials,
    )
