"""List prices in US dollars for ap-southeast-1, before taxes and discounts, each with source, date and certainty.

`high`: read in AWS's Price List, the file from which bills are made (the usage type follows the offer), in a
publication that quotes it, or on the named page. `medium`: AWS's price for us-east-1, scaled by the usual surcharge in
Singapore, or quoted from memory. `low`: changes daily, or is a guess. A price without a month is from memory:
`aws pricing get-products --service-code OFFER --region us-east-1` confirms it before money depends on it.
"""

import math
from dataclasses import dataclass

from smartcooking.contract import ai_model

REGION = "ap-southeast-1"
HOURS = 730
# The newest month in the table below; a test enforces that.
AS_OF = "2026-11"
GB, MILLION = 1_000_000, 1_000_000  # kilobytes in a gigabyte, and a million


@dataclass(frozen=True)
class Price:
    """The price of one unit in US dollars."""

    usd: float
    unit: str
    source: str
    # Year and month in which the price was checked; empty if it is from memory.
    seen: str
    confidence: str


def _listed(usd: float, unit: str, offer: str, usage: str, seen: str = "2026-09") -> Price:
    return Price(usd, unit, f"Price List, {offer}: {usage}", seen, "high")


def _page(usd: float, unit: str, page: str, seen: str, confidence: str) -> Price:
    return Price(usd, unit, f"aws.amazon.com/{page}", seen, confidence)


def _model(usd_per_million: float, where: str) -> Price:
    seen = ai_model.LOOKED_UP[:7]
    return _page(usd_per_million / 1e6, f"token {where} {ai_model.MODEL}", "bedrock/pricing", seen, "high")


_DYNAMO = "dynamodb/pricing, × 1.139: that of a provisioned unit in Singapore to one in us-east-1"

PRICES = {
    # --- Tasks and the network
    "fargate-vcpu": _listed(0.04045, "vCPU-hour, ARM64", "AmazonECS", "APS1-Fargate-ARM-vCPU-Hours:perCPU"),
    "fargate-gb": _listed(0.00442, "GB-hour, ARM64", "AmazonECS", "APS1-Fargate-ARM-GB-Hours"),
    "spot-share": _page(0.35, "of the price on demand; AWS says up to 70 % off", "fargate/pricing", "2026-03", "low"),
    "plan-share": _page(0.80, "of the price on demand, for a year without prepayment", "savingsplans", "", "low"),
    "balancer": _listed(0.0252, "hour", "AWSELB", "APS1-LoadBalancerUsage"),
    "balancer-lcu": _listed(0.008, "LCU-hour", "AWSELB", "APS1-LCUUsage"),
    "nat": _listed(0.059, "hour", "AmazonEC2", "APS1-NatGateway-Hours"),
    "nat-gb": _listed(0.059, "GB", "AmazonEC2", "APS1-NatGateway-Bytes"),
    "address": _listed(0.005, "hour of a public IPv4 address", "AmazonVPC", "APS1-PublicIPv4:InUseAddress"),
    "out-gb": _listed(0.12, "GB to the internet, above 100 free", "AWSDataTransfer", "APS1-DataTransfer-Out-Bytes"),
    "region-gb": _page(0.09, "GB from Singapore to another region", "ec2/pricing/on-demand", "", "medium"),
    # --- The table
    "table-read": _page(0.1424e-6, "read unit, on demand, since November 2024", _DYNAMO, "2025-07", "medium"),
    "table-write": _page(0.7118e-6, "write unit, on demand, since November 2024", _DYNAMO, "2025-07", "medium"),
    "table-gb": _page(0.285, "GB-month, above 25 free", _DYNAMO, "", "medium"),
    "table-recovery-gb": _page(0.228, "GB-month of a table with point-in-time recovery", _DYNAMO, "2026-06", "medium"),
    "table-export-gb": _page(0.114, "GB exported, or of changes exported", _DYNAMO, "", "medium"),
    "table-backup-gb": _page(0.114, "GB-month of a backup, each of them whole", _DYNAMO, "2026-06", "medium"),
    # --- Files
    "bucket-gb": _listed(0.025, "GB-month", "AmazonS3", "APS1-TimedStorage-ByteHrs"),
    "bucket-seldom-gb": _listed(
        0.0138, "GB-month, infrequent access", "AmazonS3", "APS1-TimedStorage-SIA-ByteHrs", "2026-08"
    ),
    "bucket-archive-gb": _listed(
        0.005, "GB-month, Glacier instant", "AmazonS3", "APS1-TimedStorage-GIR-ByteHrs", "2026-08"
    ),
    "bucket-put": _listed(5e-6, "request", "AmazonS3", "APS1-Requests-Tier1", "2026-08"),
    "bucket-archive-put": _listed(20e-6, "request, Glacier instant", "AmazonS3", "APS1-Requests-GIR-Tier1", "2026-08"),
    "bucket-get": _listed(0.4e-6, "request", "AmazonS3", "APS1-Requests-Tier2", "2026-08"),
    "bucket-backup-gb": _page(0.06, "GB-month of a bucket in a vault", "backup/pricing", "", "low"),
    "images-gb": _listed(0.10, "GB-month", "AmazonECR", "APS1-TimedStorage-ByteHrs"),
    # --- The edge
    "edge-gb": _page(0.12, "GB to Viet Nam, above 1,000 free, less in steps", "cloudfront/pricing", "2026-03", "high"),
    "edge-origin-gb": _page(0.06, "GB from people to the balancer", "cloudfront/pricing", "", "medium"),
    "edge-request": _page(
        1.2e-6, "request from Viet Nam, above 10 million free", "cloudfront/pricing", "2026-08", "high"
    ),
    "edge-function": _page(0.1e-6, "run of a function, above 2 million free", "cloudfront/pricing", "", "medium"),
    "waf-acl": _listed(5.0, "month", "awswaf", "APS1-WebACLV2"),
    "waf-rule": _listed(1.0, "month of a rule or managed group", "awswaf", "APS1-RuleV2"),
    "waf-request": _listed(0.6e-6, "request", "awswaf", "APS1-RequestV2-48KB"),
    "zone": _listed(0.50, "month", "AmazonRoute53", "HostedZone"),
    "health-check": _page(
        4.75, "month, HTTPS, by the text of the answer, as of an address outside AWS", "route53/pricing", "", "medium"
    ),
    # --- Watching
    "metric": _listed(
        0.30, "month of a custom metric, above 10 free", "AmazonCloudWatch", "APS1-CW:MetricMonitorUsage"
    ),
    "alarm-metric": _listed(
        0.10, "month of a metric that an alarm reads, above 10 free", "AmazonCloudWatch", "APS1-CW:AlarmMonitorUsage"
    ),
    "alarm-composite": _page(0.50, "month", "cloudwatch/pricing", "2026-08", "high"),
    "dashboard": _page(3.0, "month, above 3 free of 50 metrics each", "cloudwatch/pricing", "2026-08", "high"),
    "log-gb": _listed(0.70, "GB taken in, above 5 free", "AmazonCloudWatch", "APS1-DataProcessing-Bytes"),
    "log-kept-gb": _listed(0.03, "GB-month kept, compressed", "AmazonCloudWatch", "APS1-TimedStorage-ByteHrs"),
    "log-to-bucket-gb": _page(0.70, "GB of flow logs written to a bucket", "cloudwatch/pricing", "", "low"),
    "trace": _page(5e-6, "trace, above 100,000 free", "xray/pricing", "", "medium"),
    # --- The rest
    "secret": _listed(0.40, "month", "AWSSecretsManager", "APS1-AWSSecretsManager-Secret"),
    "secret-read": _listed(5e-6, "request", "AWSSecretsManager", "APS1-AWSSecretsManagerAPIRequest", "2026-08"),
    "queue-request": _page(0.40e-6, "request, above 1 million free", "sqs/pricing", "", "medium"),
    "transition": _listed(25e-6, "step, above 4,000 free", "AmazonStates", "APS1-StateTransition", "2026-08"),
    "mail": _listed(0.0001, "message", "AmazonSES", "APS1-Recipients"),
    "cache-gb": _page(0.101, "GB-hour of Valkey, serverless, 0.1 at least", "elasticache/pricing", "", "low"),
    "cache-unit": _page(2.7e-9, "processing unit of Valkey, serverless", "elasticache/pricing", "", "low"),
    # --- What the goal excludes
    "identity": _page(0.0055, "person, Lite, above 10,000 free, less in steps", "cognito/pricing", "2026-07", "high"),
    "ai-input": _model(ai_model.INPUT_USD, "into"),
    "ai-output": _model(ai_model.OUTPUT_USD, "out of"),
}
# Prices that fall with the quantity: the size of each step and its price per unit; the last step has no end.
Steps = tuple[tuple[float, float], ...]
# Cognito Lite, people who sign in within a month.
IDENTITY: Steps = ((10_000, 0.0), (90_000, 0.0055), (900_000, 0.0046), (9_000_000, 0.00325), (math.inf, 0.0025))
# CloudFront, GB to people in Viet Nam and its neighbours.
EDGE_GB: Steps = ((1_000, 0.0), (10_000, 0.12), (40_000, 0.10), (100_000, 0.095), (math.inf, 0.09))


def usd(name: str) -> float:
    return PRICES[name].usd


def in_steps(steps: Steps, quantity: float) -> float:
    """Return the cost of a quantity whose price falls from step to step."""
    cost = 0.0
    for size, each in steps:
        taken = min(quantity, size)
        cost += taken * each
        quantity -= taken
    return cost


def above(free: float, quantity: float) -> float:
    """Return the billable part of a quantity whose first part is free."""
    return max(0.0, quantity - free)
