"""Pieces of resource policies that several stacks use."""

from typing import Any

from troposphere import AWSHelperFn

VERSION = "2012-10-17"
# Where whose logs lie in the bucket of the logs.
FLOW_LOGS, BALANCER_LOGS, CDN_LOGS, BUCKET_LOGS = "flows", "balancer", "cloudfront", "s3"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


def deny_plain_http(actions: str, *resources: AWSHelperFn | str) -> dict[str, Any]:
    """Refuse requests without TLS, which S3, SQS and SNS would otherwise answer."""
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
