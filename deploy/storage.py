"""The storage stack: people's images, and snapshots of the search index."""

from troposphere import AccountId, GetAtt, Join, Output, Ref, Template
from troposphere.s3 import (
    AbortIncompleteMultipartUpload,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    CorsConfiguration,
    CorsRules,
    LifecycleConfiguration,
    LifecycleRule,
    LoggingConfiguration,
    NoncurrentVersionExpiration,
    OwnershipControls,
    OwnershipControlsRule,
    PublicAccessBlockConfiguration,
    ServerSideEncryptionByDefault,
    ServerSideEncryptionRule,
    VersioningConfiguration,
)

from deploy import policies
from deploy.environments import Environment

# A deleted image can be brought back for a month; of a snapshot only the newest is of use.
IMAGE_VERSION_DAYS = 30
SNAPSHOT_VERSION_DAYS = 3
ACCESS_LOG_DAYS = 90
# Files as people posted them, with where they were taken: what the workers have not removed, and old versions of it.
INCOMING = "incoming/"
INCOMING_DAYS = 1
CORS_SECONDS = 3600


def build(env: Environment) -> Template:
    template = Template(Description=f"Buckets of {env.prefix}")
    logs = template.add_resource(_bucket(env, "Logs", _expire_after(ACCESS_LOG_DAYS)))
    images = template.add_resource(_images(env, logs))
    snapshots = template.add_resource(_bucket(env, "Snapshots", _drop_old_versions(SNAPSHOT_VERSION_DAYS), logs))
    for bucket in (images, snapshots):
        template.add_resource(_policy(bucket, _tls_only(bucket)))
    template.add_resource(_policy(logs, _tls_only(logs), _access_logs(logs)))
    template.add_output(Output("ImagesBucket", Value=Ref(images)))
    template.add_output(Output("SnapshotsBucket", Value=Ref(snapshots)))
    template.add_output(Output("LogsBucket", Value=Ref(logs)))
    return template


def _images(env: Environment, logs: Bucket) -> Bucket:
    bucket = _bucket(env, "Images", _drop_old_versions(IMAGE_VERSION_DAYS), logs)
    bucket.LifecycleConfiguration.Rules.append(_expire_after(INCOMING_DAYS, INCOMING))
    bucket.CorsConfiguration = CorsConfiguration(
        CorsRules=[
            CorsRules(
                AllowedMethods=["GET", "POST"],
                AllowedOrigins=list(env.web_origins),
                AllowedHeaders=["*"],
                MaxAge=CORS_SECONDS,
            )
        ]
    )
    return bucket


def _bucket(env: Environment, title: str, expiry: LifecycleRule, logs: Bucket | None = None) -> Bucket:
    bucket = Bucket(
        title,
        # Bucket names are shared by all accounts of AWS.
        BucketName=Join("-", [env.prefix, title.lower(), AccountId]),
        BucketEncryption=_encryption(),
        PublicAccessBlockConfiguration=PublicAccessBlockConfiguration(
            BlockPublicAcls=True, BlockPublicPolicy=True, IgnorePublicAcls=True, RestrictPublicBuckets=True
        ),
        OwnershipControls=OwnershipControls(Rules=[OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]),
        VersioningConfiguration=VersioningConfiguration(Status="Enabled"),
        LifecycleConfiguration=LifecycleConfiguration(Rules=[expiry, _drop_unfinished_uploads()]),
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
    )
    if logs is not None:
        bucket.LoggingConfiguration = LoggingConfiguration(
            DestinationBucketName=Ref(logs), LogFilePrefix=f"s3/{title.lower()}/"
        )
    return bucket


def _encryption() -> BucketEncryption:
    by_default = ServerSideEncryptionByDefault(SSEAlgorithm="AES256")
    rule = ServerSideEncryptionRule(ServerSideEncryptionByDefault=by_default)
    return BucketEncryption(ServerSideEncryptionConfiguration=[rule])


def _expire_after(days: int, prefix: str | None = None) -> LifecycleRule:
    rule = LifecycleRule(
        Id="expire",
        Status="Enabled",
        ExpirationInDays=days,
        NoncurrentVersionExpiration=NoncurrentVersionExpiration(NoncurrentDays=1),
    )
    if prefix:
        rule.Prefix = prefix
    return rule


def _drop_old_versions(days: int) -> LifecycleRule:
    return LifecycleRule(
        Id="drop-old-versions",
        Status="Enabled",
        ExpiredObjectDeleteMarker=True,
        NoncurrentVersionExpiration=NoncurrentVersionExpiration(NoncurrentDays=days),
    )


def _drop_unfinished_uploads() -> LifecycleRule:
    return LifecycleRule(
        Id="drop-unfinished-uploads",
        Status="Enabled",
        AbortIncompleteMultipartUpload=AbortIncompleteMultipartUpload(DaysAfterInitiation=1),
    )


def _access_logs(logs: Bucket) -> dict[str, object]:
    return {
        "Sid": "LetS3WriteAccessLogs",
        "Effect": "Allow",
        "Principal": {"Service": "logging.s3.amazonaws.com"},
        "Action": "s3:PutObject",
        "Resource": Join("", [GetAtt(logs, "Arn"), "/s3/*"]),
        "Condition": {"StringEquals": {"aws:SourceAccount": AccountId}},
    }


def _policy(bucket: Bucket, *statements: dict[str, object]) -> BucketPolicy:
    return BucketPolicy(f"{bucket.title}Policy", Bucket=Ref(bucket), PolicyDocument=policies.document(*statements))


def _tls_only(bucket: Bucket) -> dict[str, object]:
    arn = GetAtt(bucket, "Arn")
    return policies.deny_plain_http("s3:*", arn, Join("", [arn, "/*"]))
