"""Accepted findings of checkov, each at its resource and with its reason."""

from typing import Any

_OWN_KEY = "Encrypted with AWS's key. One of ours is 1 USD a month and one more thing whose loss loses everything; "
_GIVES_NOTHING = "A boundary: it takes away from what other policies give, and gives nothing"
REASONS = {
    "CKV_AWS_18": "The bucket of the logs would log into itself, for ever; copies are read once, after a disaster",
    "CKV_AWS_26": "Names of alarms and their figures, nothing of people; a key of ours is 1 USD a month in each region",
    "CKV_AWS_27": "Encrypted by SQS itself (SqsManagedSseEnabled), which the check does not know",
    "CKV_AWS_65": "Container Insights is 22 USD a month for counts that free metrics have (docs/decisions/0063)",
    "CKV_AWS_68": "Ours alone use this environment: the firewall is 8 USD a month and would guard nobody",
    "CKV_AWS_86": "Logged in the second way (AWS::Logs::Delivery); the first one needs ACLs on the bucket",
    **{f"CKV_AWS_{number}": _GIVES_NOTHING for number in range(107, 112)},
    "CKV_AWS_119": _OWN_KEY + "who may read the table is decided by IAM",
    "CKV_AWS_136": _OWN_KEY + "images hold code and no secrets",
    "CKV_AWS_149": _OWN_KEY + "who may read the secret is decided by IAM",
    "CKV_AWS_158": _OWN_KEY + "logs hold no content of people and no tokens",
    "CKV_AWS_192": (
        "Counts until firewall_blocks is set: two weeks show whom AWS's rules would refuse by mistake. "
        "Before the user pool stands no program of ours"
    ),
    "CKV_AWS_284": "Thirty runs of ten steps a month need no traces",
    "CKV_AWS_285": "Step Functions keeps the history of each run for 90 days itself",
}


def because(*checks: str) -> dict[str, Any]:
    """Return the metadata with which checkov skips these checks for a resource."""
    return {"checkov": {"skip": [{"id": check, "comment": REASONS[check]} for check in checks]}}
