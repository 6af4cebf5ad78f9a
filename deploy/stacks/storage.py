"""The storage stack: buckets for the client, people's images, search snapshots and access logs."""

from collections.abc import Sequence
from dataclasses import dataclass

from troposphere import AccountId, GetAtt, Join, Output, Ref, Sub, Template
from troposphere.s3 import (
    AbortIncompleteMultipartUpload,
    Bucket,
    BucketEncryption,
    BucketPolicy,
    CorsConfiguration,
    CorsRules,
    DeleteMarkerReplication,
    LifecycleConfiguration,
    LifecycleRule,
    LifecycleRuleTransition,
    LoggingConfiguration,
    Metrics,
    NoncurrentVersionExpiration,
    OwnershipControls,
    OwnershipControlsRule,
    PublicAccessBlockConfiguration,
    ReplicationConfiguration,
    ReplicationConfigurationRules,
    ReplicationConfigurationRulesDestination,
    ReplicationRuleFilter,
    ServerSideEncryptionByDefault,
    ServerSideEncryptionRule,
    VersioningConfiguration,
)

from deploy import names
from deploy.environments import Environment
from deploy.resources import accepted_findings, policies, roles

LOG_DAYS = 365
# `incoming/` contains files as they were posted, including where they were taken. A worker makes pictures of them and
# deletes them; this expires what it left, and old versions of what it deleted.
INCOMING_DAYS = 1
# A person's data export can be downloaded for a day.
EXPORT_DAYS = 2
# Public pictures, which CloudFront serves: never those of posts or recipes.
PUBLIC_PICTURES = ("media/avatar/*",)
# Prefixes that replicate to the second region: neither raw uploads nor data exports.
COPIED = "media/"
COPY_RULE = "copy"


@dataclass(frozen=True)
class BucketSpec:
    """A bucket with its retention rules; `public` are the keys that CloudFront may read."""

    title: str
    old_version_days: int
    public: tuple[str, ...] = ()
    # Prefixes of keys, and the days after which their objects expire.
    expiring: tuple[tuple[str, int], ...] = ()
    uploads: bool = False
    tells_absence: bool = False
    infrequent: bool = True
    # Irreplaceable: each object is replicated to the second region.
    copied: bool = False


BUCKETS = (
    # Earlier versions of the client, to roll back the releases of the last months.
    BucketSpec("Frontend", 90, public=("*",), tells_absence=True),
    BucketSpec("Avatars", 30, public=("*",), uploads=True),
    # A deleted image can be restored for a month.
    BucketSpec(
        "Images",
        30,
        public=PUBLIC_PICTURES,
        expiring=(("incoming/", INCOMING_DAYS), ("exports/", EXPORT_DAYS)),
        uploads=True,
        copied=True,
    ),
    # Only the newest snapshot is useful.
    BucketSpec("Snapshots", 3, infrequent=False),
)


def build(env: Environment) -> Template:
    template = Template(Description=f"Buckets of {env.prefix}")
    logs = template.add_resource(bucket(env, BucketSpec("Logs", 1, expiring=(("", LOG_DAYS),)), None))
    template.add_resource(policy(logs, tls_only(logs), *_written_by_aws(env, logs)))
    for spec in BUCKETS:
        made = template.add_resource(bucket(env, spec, logs))
        shown = _shown_by_cloudfront(made, spec) if spec.public and not env.emulated else []
        template.add_resource(policy(made, tls_only(made), *shown))
        if spec.copied and not env.emulated:
            made.ReplicationConfiguration = _copying(template, env, spec)
        template.add_output(Output(f"{spec.title}Bucket", Value=Ref(made)))
        template.add_output(Output(f"{spec.title}BucketDomain", Value=GetAtt(made, "RegionalDomainName")))
    template.add_output(Output("LogsBucket", Value=Ref(logs)))
    template.add_output(Output("LogsBucketArn", Value=GetAtt(logs, "Arn")))
    return template


def copies_of(what: str) -> str:
    """Return the name of a bucket's replica in the second region."""
    return f"{what}-copies"


def bucket(env: Environment, spec: BucketSpec, logs: Bucket | None) -> Bucket:
    made = Bucket(
        spec.title,
        BucketName=names.bucket(env, policies.words(spec.title)),
        BucketEncryption=_encryption(),
        PublicAccessBlockConfiguration=PublicAccessBlockConfiguration(
            BlockPublicAcls=True, BlockPublicPolicy=True, IgnorePublicAcls=True, RestrictPublicBuckets=True
        ),
        OwnershipControls=OwnershipControls(Rules=[OwnershipControlsRule(ObjectOwnership="BucketOwnerEnforced")]),
        VersioningConfiguration=VersioningConfiguration(Status="Enabled"),
        LifecycleConfiguration=LifecycleConfiguration(Rules=_lifecycle(env, spec)),
        DeletionPolicy="Retain" if env.protected else "Delete",
        UpdateReplacePolicy="Retain",
    )
    if logs is not None:
        made.LoggingConfiguration = LoggingConfiguration(
            DestinationBucketName=Ref(logs), LogFilePrefix=f"{policies.BUCKET_LOGS}/{spec.title.lower()}/"
        )
    else:
        made.Metadata = accepted_findings.because("CKV_AWS_18")
    if spec.uploads:
        made.CorsConfiguration = _cors(env)
    return made


def _copying(template: Template, env: Environment, spec: BucketSpec) -> ReplicationConfiguration:
    """Return the replication to the second region. It includes deletions, so that erased data is hidden there too.

    Copies are read only after a disaster; their storage class costs a fifth and can still be read immediately.
    """
    what = spec.title.lower()
    role = roles.service_role(
        env,
        f"{spec.title}CopyingRole",
        "s3.amazonaws.com",
        roles.allow("See", ["s3:GetReplicationConfiguration", "s3:ListBucket"], names.bucket_arn(env, what)),
        roles.allow(
            "Take",
            [
                "s3:GetObjectVersionAcl",
                "s3:GetObjectVersionForReplication",
                "s3:GetObjectVersionTagging",
            ],
            names.bucket_arn(env, what, f"{COPIED}*"),
        ),
        roles.allow(
            "Copy",
            ["s3:ReplicateDelete", "s3:ReplicateObject", "s3:ReplicateTags"],
            names.bucket_arn(env, copies_of(what), f"{COPIED}*"),
        ),
    )
    # S3 names no account when it assumes the role; iam:PassRole decides which buckets may use it.
    role.AssumeRolePolicyDocument = policies.document(
        {"Effect": "Allow", "Principal": {"Service": "s3.amazonaws.com"}, "Action": "sts:AssumeRole"}
    )
    rule = ReplicationConfigurationRules(
        Id=COPY_RULE,
        Status="Enabled",
        Priority=1,
        Filter=ReplicationRuleFilter(Prefix=COPIED),
        DeleteMarkerReplication=DeleteMarkerReplication(Status="Enabled"),
        Destination=ReplicationConfigurationRulesDestination(
            Bucket=names.bucket_arn(env, copies_of(what)),
            StorageClass="GLACIER_IR",
            Metrics=Metrics(Status="Enabled"),
        ),
    )
    return ReplicationConfiguration(Role=GetAtt(template.add_resource(role), "Arn"), Rules=[rule])


def _encryption() -> BucketEncryption:
    by_default = ServerSideEncryptionByDefault(SSEAlgorithm="AES256")
    rule = ServerSideEncryptionRule(ServerSideEncryptionByDefault=by_default)
    return BucketEncryption(ServerSideEncryptionConfiguration=[rule])


def _cors(env: Environment) -> CorsConfiguration:
    """Allow only our own pages to post a file with a presigned form."""
    origins = ["*"] if env.emulated else [f"https://{env.domain}"]
    rule = CorsRules(AllowedOrigins=origins, AllowedMethods=["POST", "GET"], AllowedHeaders=["*"], MaxAge=3600)
    return CorsConfiguration(CorsRules=[rule])


def _lifecycle(env: Environment, spec: BucketSpec) -> Sequence[LifecycleRule]:
    old = LifecycleRule(
        Id="drop-old-versions",
        Status="Enabled",
        ExpiredObjectDeleteMarker=True,
        NoncurrentVersionExpiration=NoncurrentVersionExpiration(NoncurrentDays=spec.old_version_days),
    )
    unfinished = LifecycleRule(
        Id="drop-unfinished-uploads",
        Status="Enabled",
        AbortIncompleteMultipartUpload=AbortIncompleteMultipartUpload(DaysAfterInitiation=1),
    )
    rules = [old, unfinished]
    if spec.infrequent:
        move = LifecycleRuleTransition(StorageClass="STANDARD_IA", TransitionInDays=env.infrequent_after_days)
        rules.append(LifecycleRule(Id="seldom-read", Status="Enabled", Transitions=[move]))
    for prefix, days in spec.expiring:
        rule = LifecycleRule(Id=f"expire-{prefix.strip('/') or 'all'}", Status="Enabled", ExpirationInDays=days)
        if prefix:
            rule.Prefix = prefix
            rule.NoncurrentVersionExpiration = NoncurrentVersionExpiration(NoncurrentDays=1)
        rules.append(rule)
    return rules


def _written_by_aws(env: Environment, logs: Bucket) -> list[dict[str, object]]:
    """Allow AWS's log services to write for this account, each to its own prefix."""
    writers = {
        "Buckets": ("logging.s3.amazonaws.com", policies.BUCKET_LOGS),
        "Balancer": ("logdelivery.elasticloadbalancing.amazonaws.com", policies.BALANCER_LOGS),
        "Flows": ("delivery.logs.amazonaws.com", policies.FLOW_LOGS),
        "Cdn": ("delivery.logs.amazonaws.com", policies.CDN_LOGS),
    }
    if env.emulated:
        writers = {"Buckets": writers["Buckets"]}
    account = {"StringEquals": {"aws:SourceAccount": AccountId}}
    # The balancer's delivery names the balancer, but no account.
    balancers = Sub("arn:${AWS::Partition}:elasticloadbalancing:${AWS::Region}:${AWS::AccountId}:loadbalancer/*")
    conditions = {"Balancer": {"ArnLike": {"aws:SourceArn": balancers}}}
    statements: list[dict[str, object]] = [
        {
            "Sid": f"Let{who}Write",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "s3:PutObject",
            "Resource": Join("", [GetAtt(logs, "Arn"), f"/{prefix}/*"]),
            "Condition": conditions.get(who, account),
        }
        for who, (service, prefix) in writers.items()
    ]
    if not env.emulated:
        statements.append(
            {
                "Sid": "LetDeliveryLook",
                "Effect": "Allow",
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
                "Action": ["s3:GetBucketAcl", "s3:ListBucket"],
                "Resource": GetAtt(logs, "Arn"),
                "Condition": account,
            }
        )
    return statements


def _shown_by_cloudfront(bucket: Bucket, spec: BucketSpec) -> list[dict[str, object]]:
    """Allow any distribution of this account to read: the buckets are created before the distributions."""
    common = {
        "Effect": "Allow",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Condition": {
            "ArnLike": {"aws:SourceArn": Sub("arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*")}
        },
    }
    objects = [Join("", [GetAtt(bucket, "Arn"), f"/{key}"]) for key in spec.public]
    read = {"Sid": "LetCloudFrontRead", "Action": "s3:GetObject", "Resource": objects}
    # S3 answers 404 for a missing file only to callers that may list; others get 403.
    look = {"Sid": "LetCloudFrontMiss", "Action": "s3:ListBucket", "Resource": GetAtt(bucket, "Arn")}
    statements = [common | read, common | look] if spec.tells_absence else [common | read]
    return [dict(statement) for statement in statements]


def policy(bucket: Bucket, *statements: dict[str, object]) -> BucketPolicy:
    return BucketPolicy(f"{bucket.title}Policy", Bucket=Ref(bucket), PolicyDocument=policies.document(*statements))


def tls_only(bucket: Bucket) -> dict[str, object]:
    arn = GetAtt(bucket, "Arn")
    return policies.deny_plain_http("s3:*", arn, Join("", [arn, "/*"]))
