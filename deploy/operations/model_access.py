"""Check that the configured Bedrock model can be called: offered in the region, not retired, enabled."""

import re
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

# Raised if the caller lacks a permission: then nothing is known about the model.
_NO_RIGHT = {"AccessDeniedException", "UnrecognizedClientException"}
_NOT_THERE = {"ResourceNotFoundException", "ValidationException"}
_FORM = "send the provider's use case form once for the account (docs/first-deployment.md)"


@dataclass(frozen=True)
class Finding:
    """The result for a model: `usable` is None if the permission to check is missing."""

    usable: bool | None
    explanation: str


def check(bedrock: Any, model: str, region: str) -> Finding:
    """Ask Bedrock's control plane about a model or an inference profile; nothing is generated and nothing charged."""
    try:
        base = _model_of(bedrock, model)
        if base is None:
            return Finding(False, f"{model} is not offered in {region}: name a profile or model that is")
        lifecycle = bedrock.get_foundation_model(modelIdentifier=base)["modelDetails"].get("modelLifecycle", {})
        availability = bedrock.get_foundation_model_availability(modelId=base)
    except ClientError as error:
        return _explain(error, model, region)
    return _judge(model, str(lifecycle.get("status", "ACTIVE")), availability)


def _model_of(bedrock: Any, model: str) -> str | None:
    """Return the id of the model behind a profile; None if the profile is not active."""
    if not re.match(r"(global|apac|us|eu|au|jp)\.", model):
        return model
    profile = bedrock.get_inference_profile(inferenceProfileIdentifier=model)
    if profile["status"] != "ACTIVE" or not profile["models"]:
        return None
    return str(profile["models"][0]["modelArn"]).rpartition("/")[2]


def _judge(model: str, lifecycle: str, availability: dict[str, Any]) -> Finding:
    if lifecycle == "LEGACY":
        return Finding(True, f"{model} is announced to be retired (LEGACY): choose its successor soon")
    if availability.get("authorizationStatus") == "NOT_AUTHORIZED":
        return Finding(False, f"{model} is not enabled: the account may not subscribe to it in AWS Marketplace")
    if availability.get("agreementAvailability", {}).get("status") != "AVAILABLE":
        return Finding(False, f"{model} is not enabled: {_FORM}, then call it once with the rights to subscribe")
    return Finding(True, f"{model} is active and enabled")


def _explain(error: ClientError, model: str, region: str) -> Finding:
    code, message = error.response["Error"]["Code"], error.response["Error"].get("Message", "")
    if code in _NO_RIGHT:
        return Finding(None, f"{model}: not checked, the caller has no right to ask Bedrock")
    if "end of its life" in message:
        return Finding(False, f"{model} is retired: set `bedrock_model` to an active one")
    if code in _NOT_THERE:
        return Finding(
            False, f"{model} is retired or was never offered in {region}: set `bedrock_model` to an active one"
        )
    raise error
