"""The registry stack: the repository of the service's images."""

import json

from troposphere import GetAtt, Output, Template
from troposphere.ecr import EncryptionConfiguration, ImageScanningConfiguration, LifecyclePolicy, Repository

from deploy.environments import Environment
from deploy.resources import accepted_findings

# Enough to roll back several months of weekly releases; an image costs about 0.02 USD a month.
IMAGES_KEPT = 30
UNTAGGED_DAYS = 7


def build(env: Environment) -> Template:
    template = Template(Description=f"Images of {env.prefix}")
    repository = template.add_resource(
        Repository(
            "Repository",
            RepositoryName=f"{env.prefix}-service",
            # Tasks refer to images by digest; an immutable tag says which commit an image was built from.
            ImageTagMutability="IMMUTABLE",
            ImageScanningConfiguration=ImageScanningConfiguration(ScanOnPush=True),
            EncryptionConfiguration=EncryptionConfiguration(EncryptionType="AES256"),
            LifecyclePolicy=LifecyclePolicy(LifecyclePolicyText=json.dumps(_lifecycle(), sort_keys=True)),
            DeletionPolicy="Retain" if env.protected else "Delete",
            UpdateReplacePolicy="Retain",
            Metadata=accepted_findings.because("CKV_AWS_136"),
        )
    )
    template.add_output(Output("RepositoryUri", Value=GetAtt(repository, "RepositoryUri")))
    return template


def _lifecycle() -> dict[str, object]:
    untagged = {
        "tagStatus": "untagged",
        "countType": "sinceImagePushed",
        "countUnit": "days",
        "countNumber": UNTAGGED_DAYS,
    }
    newest = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": IMAGES_KEPT}
    return {
        "rules": [
            {"rulePriority": 1, "description": "Untagged", "selection": untagged, "action": {"type": "expire"}},
            {"rulePriority": 2, "description": "Old", "selection": newest, "action": {"type": "expire"}},
        ]
    }
