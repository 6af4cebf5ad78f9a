"""Judge policies by parliament: `python judge_policies.py DIR`, run by the Python of a place where it is installed.

It knows IAM's own tables of actions, resources and conditions, and looks for ways to more rights. Each finding that
stands is named here with its reason; another one, and one that is not found any more, is an error.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import parliament  # type: ignore[import-not-found]  # in a place of its own


@dataclass(frozen=True)
class Accepted:
    """A finding that stands: its kind, what it is about (in the policy's name, or what is said of it), and why."""

    issue: str
    about: str
    reason: str


ACCEPTED = (
    Accepted(
        "UNKNOWN_CONDITION_FOR_ACTION", "dynamodb:DescribeTable", "ForAllValues holds where an action has no keys"
    ),
    Accepted("MALFORMED", "Statement contains neither Resource", "Whom a role trusts: such a policy names no resource"),
    Accepted("UNKNOWN_FEDERATION_SOURCE", "token.actions.githubusercontent.com", "GitHub's own provider"),
    Accepted(
        "CREDENTIALS_EXPOSURE", "ecr:GetAuthorizationToken", "A task has to pull its image; the token is for pulling"
    ),
    Accepted(
        "PERMISSIONS_MANAGEMENT_ACTIONS", "iam:PassRole", "Handed to named services only (tests/deploy/test_iam.py)"
    ),
    Accepted("PERMISSIONS_MANAGEMENT_ACTIONS", "boundary.", "A boundary gives nothing"),
    Accepted("PERMISSIONS_MANAGEMENT_ACTIONS", "s3:PutObjectAcl", "DynamoDB's exports ask for it, beside s3:PutObject"),
    Accepted("RESOURCE_STAR", "boundary.", "A boundary gives nothing"),
    Accepted(
        "RESOURCE_STAR", "cloudwatch:DescribeAlarms", "Composite alarms, such as `release`, have to be asked for by *"
    ),
    Accepted(
        "RESOURCE_STAR", "wafv2:PutLoggingConfiguration", "Names are CloudFormation's to choose; limited by region"
    ),
    Accepted("MISMATCHED_TYPE_BUT_USABLE", "StringEquals", "Of iam:PermissionsBoundary, as IAM's own examples have it"),
    Accepted(
        "RESOURCE_MISMATCH", "bedrock:GetFoundationModel", "Models have no account in their ARN, which it reads as none"
    ),
    Accepted("RESOURCE_MISMATCH", "bedrock:GetInferenceProfile", "One of the two kinds of profiles is enough"),
    Accepted("RESOURCE_MISMATCH", "bedrock:InvokeModel", "A profile and its model are enough"),
    Accepted(
        "RESOURCE_MISMATCH", "ses:CreateEmailIdentity", "Of an older service by the same name, which has no resources"
    ),
)
# Named by the schemas of CloudFormation of 2026, and younger than the tables of this version.
YOUNGER = {
    "cloudfront:CreateConnectionGroup", "cloudfront:GetConnectionGroup", "cognito-idp:ListUserPoolClientSecrets",
    "dynamodb:AssociateTableReplica", "ec2:CreateVpcEncryptionControl", "ec2:DescribeVpcEncryptionControls",
    "ecs:StopServiceDeployment", "elasticloadbalancing:CreateWebACLAssociation",
    "elasticloadbalancing:DeleteWebACLAssociation", "elasticloadbalancing:GetLoadBalancerWebACL",
    "elasticloadbalancing:ModifyIpPools", "logs:PutBearerTokenAuthentication",
    "logs:PutLogGroupDeletionProtection", "route53:UpdateHostedZoneFeatures", "s3:GetBucketAbac", "s3:PutBucketAbac",
    "s3:UpdateBucketMetadataAnnotationTableConfiguration", "s3:UpdateBucketMetadataInventoryTableConfiguration",
    "s3:UpdateBucketMetadataJournalTableConfiguration",
}  # fmt: skip
# What has to be noticed, or nothing was judged at all.
BROKEN = {"Effect": "Allow", "Action": ["s3:GetObjct"], "Resource": ["arn:aws:s3:::smart-cooking-prod-images/*"]}


def main() -> int:
    if [one.issue for one in _findings({"Version": "2012-10-17", "Statement": [BROKEN]})] != ["UNKNOWN_ACTION"]:
        print("parliament does not notice an action that does not exist")
        return 1
    paths = sorted(Path(sys.argv[1]).glob("*.json"))
    used: set[str] = set()
    left = [said for path in paths for said in _unaccepted(path, used)]
    left += [f"not found any more: {one}" for one in sorted({*(str(one) for one in ACCEPTED), *YOUNGER} - used)]
    print("\n".join([*left, f"{len(paths)} policies, {len(left)} findings"]))
    return int(bool(left) or not paths)


def _unaccepted(path: Path, used: set[str]) -> Iterator[str]:
    """Yield what stands against a policy, and note which reasons were needed."""
    for finding in _findings(json.loads(path.read_text("utf-8"))):
        action = str(finding.detail).removeprefix("Unknown action ")
        if finding.issue == "UNKNOWN_ACTION" and action in YOUNGER:
            used.add(action)
            continue
        told = f"{path.name} {finding.detail} {json.dumps(finding.location)}"
        reasons = {str(one) for one in ACCEPTED if finding.issue == one.issue and one.about.lower() in told.lower()}
        used |= reasons
        if not reasons:
            yield f"{finding.issue} in {path.name}: {finding.detail} {json.dumps(finding.location)[:300]}"


def _findings(document: dict[str, Any]) -> list[Any]:
    judged = parliament.analyze_policy_string(
        json.dumps(document), ignore_private_auditors=True, include_community_auditors=True
    )
    return list(judged.findings)


if __name__ == "__main__":
    sys.exit(main())
