"""The storage stack: people's images, snapshots of the search index, and who read them."""

from troposphere import AccountId, GetAtt, If, Join, NoValue, Output, Ref, Sub, Template
from troposphere.s3 import (
    AbortIncompleteMultipartUpload,
    Bucket,
    BucketEncryption,
    BucketPolicy,
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

ACCESS_LOG_DAYS = 90
