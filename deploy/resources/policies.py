"""Parts of resource policies that several stacks use."""

import re
from typing import Any

from troposphere import AccountId, AWSHelperFn

VERSION = "2012-10-17"
# The prefix of each log in the log bucket.
FLOW_LOGS, BALANCER_LOGS, CDN_LOGS, BUCKET_LOGS = "flows", "balancer", "cloudfront", "s3"


def document(*statements: dict[str, Any]) -> dict[str, Any]:
    return {"Version": VERSION, "Statement": list(statements)}


def deny_plain_http(actions: str, *resources: AWSHelperFn | str) -> dict[str, Any]:
    """Deny requests without TLS, which S3, SQS and SNS would otherwise accept."""
    return {
        "Sid": "DenyPlainHttp",
        "Effect": "Deny",
        "Principal": "*",
        "Action": actions,
        "Resource": list(resources),
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def trust(service: str) -> dict[str, Any]:
    """Let an AWS service assume the role for this account only, which prevents the confused deputy problem."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"aws:SourceAccount": AccountId}},
        }
    )


def words(title: str) -> str:
    """Return a logical id in kebab case: `ApiTaskRole` becomes api-task-role."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", title).lower()
