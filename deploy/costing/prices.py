"""List prices in US dollars, before taxes and without discounts, with where they are from and how sure they are.

They were written down from AWS's price pages as remembered and rounded, not fetched: `aws pricing get-products` or the
page named confirms one before money depends on it. `high`: unchanged for years, or the same in all regions. `medium`:
right to about 10 %. `low`: moves by the day, or is derived.
"""

from dataclasses import dataclass

AS_OF = "2026-11"
REGION = "ap-southeast-1"
HOURS = 730


@dataclass(frozen=True)
class Price:
    """Dollars for one unit."""

    usd: float
    unit: str
    source: str
    confidence: str = "medium"


_PAGE = "aws.amazon.com/{}/pricing"


def _of(usd: float, unit: str, page: str, confidence: str = "medium") -> Price:
    return Price(usd, unit, _PAGE.format(page), confidence)


PRICES = {
    "fargate-vcpu": _of(0.04045, "vCPU-hour, ARM64", "fargate"),
    "fargate-gb": _of(0.00442, "GB-hour, ARM64", "fargate"),
    # The spot price moves; AWS promises up to 70 % off.
    "spot-share": _of(0.35, "of the on-demand price", "fargate", "low"),
    "balancer": _of(0.0252, "hour", "elasticloadbalancing"),
    "balancer-lcu": _of(0.008, "LCU-hour", "elasticloadbalancing", "high"),
    "nat": _of(0.059, "hour", "vpc", "high"),
    "nat-gb": _of(0.059, "GB", "vpc", "high"),
    "address": _of(0.005, "hour of a public IPv4 address", "vpc", "high"),
    "table-read": _of(0.1425e-6, "read unit, on demand", "dynamodb"),
    "table-write": _of(0.7125e-6, "write unit, on demand", "dynamodb"),
    "table-gb": _of(0.285, "GB-month", "dynamodb"),
    "table-pitr-gb": _of(0.228, "GB-month of point-in-time recovery", "dynamodb"),
    "backup-gb": _of(0.12, "GB-month of a copy", "backup"),
    "bucket-gb": _of(0.025, "GB-month", "s3", "high"),
    "bucket-put": _of(5e-6, "request", "s3", "high"),
    "images-gb": _of(0.10, "GB-month", "ecr", "high"),
    "edge-gb": _of(0.12, "GB to Asia, above 1 TB free", "cloudfront", "high"),
    "edge-request": _of(1.2e-6, "request, above 10 million free", "cloudfront"),
    "waf-acl": _of(5.0, "month", "waf", "high"),
    "waf-rule": _of(1.0, "month", "waf", "high"),
    "waf-request": _of(0.6e-6, "request", "waf", "high"),
    "key": _of(1.0, "month", "kms", "high"),
    "secret": _of(0.40, "month", "secrets-manager", "high"),
    "alarm-metric": _of(0.10, "month of a metric that an alarm reads, above 10 free", "cloudwatch", "high"),
    "alarm-composite": _of(0.50, "month", "cloudwatch", "high"),
    "dashboard": _of(3.0, "month, above 3 free", "cloudwatch", "high"),
    "metric": _of(0.30, "month, above 10 free", "cloudwatch", "high"),
    "log-gb": _of(0.70, "GB taken in, above 5 free", "cloudwatch"),
    "zone": _of(0.50, "month", "route53", "high"),
    "health-check": _of(2.75, "month, HTTPS outside of AWS", "route53"),
    "queue-request": _of(0.40e-6, "request, above 1 million free", "sqs", "high"),
    "mail": _of(0.0001, "message", "ses", "high"),
    "cache-gb": _of(0.084 * 1.2, "GB-hour of Valkey, serverless, 100 MB at least", "elasticache", "low"),
    "identity": _of(0.0055, "monthly active user of Cognito Lite, above 10,000 free", "cognito", "high"),
    "ai-input": _of(0.25e-6, "token of Claude 3 Haiku", "bedrock"),
    "ai-output": _of(1.25e-6, "token of Claude 3 Haiku", "bedrock"),
}


def usd(name: str) -> float:
    return PRICES[name].usd
