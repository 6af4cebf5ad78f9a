"""What an error of Bedrock means to an operator: a retired model is not a network outage."""

import re

from botocore.exceptions import ClientError, ReadTimeoutError
from django.conf import settings

from apps.suggestions.providers.port import Failure
from apps.suggestions.providers.wire import NotTried, TooLate

_BY_CODE = {
    "ThrottlingException": Failure.THROTTLED,
    "TooManyRequestsException": Failure.THROTTLED,
    "ServiceQuotaExceededException": Failure.THROTTLED,
    "ModelTimeoutException": Failure.TIMEOUT,
    "ModelNotReadyException": Failure.UNAVAILABLE,
    "ModelErrorException": Failure.UNAVAILABLE,
    "InternalServerException": Failure.UNAVAILABLE,
    "ServiceUnavailableException": Failure.UNAVAILABLE,
    # The next request says the same: somebody has to change a setting, a policy or an account.
    "ResourceNotFoundException": Failure.MODEL_UNAVAILABLE,
    "ValidationException": Failure.MODEL_UNAVAILABLE,
    "AccessDeniedException": Failure.MODEL_UNAVAILABLE,
}

# Bedrock says these things in sentences only; they are quoted in the reports of those who met them.
_MEANINGS = (
    (r"end of its life", "the model is retired: set BEDROCK_MODEL_ID to an active one"),
    (
        r"marked by provider as Legacy|not been actively using the model",
        "the model is being retired and closed to accounts that have not used it lately: choose an active one",
    ),
    (
        r"on-demand throughput isn.t supported|doesn.t support on-demand throughput",
        "the model is called through an inference profile only: put its prefix before the id ({profiles})",
    ),
    (
        r"model identifier is invalid|resolve the foundation model|model ID.{0,40}(invalid|not found)",
        "there is no such model in {region}",
    ),
    (
        r"not authorized to perform the required AWS Marketplace",
        "the model is not enabled: no right to subscribe",
    ),
    (r"use case details", "the model is not enabled: its provider wants the use case form, once for the account"),
    (r"don.t have access to the model|access to the model", "the model is not enabled for this account in {region}"),
    (r"not authorized to perform.*bedrock:", "the task's role lacks bedrock:InvokeModel on the model"),
    (r"guardrail", "the guardrail does not exist in {region}, or not in this version"),
    (r"toolChoice|tool use|toolConfig", "the model cannot be made to use a tool, or not that one"),
    (r"temperature", "the model takes no temperature"),
)
_LONGEST = 200


def explain(error: Exception, model: str) -> tuple[Failure, str]:
    """Return what failed, and a sentence for the log and for who runs the service."""
    if isinstance(error, ClientError):
        return _of_answer(error, model)
    if isinstance(error, NotTried | TooLate | ReadTimeoutError):
        return Failure.TIMEOUT, "no answer by the deadline"
    # Refused, reset, no credentials, an unknown region: the class says which, the message has addresses in it.
    return Failure.UNAVAILABLE, type(error).__name__


def _of_answer(error: ClientError, model: str) -> tuple[Failure, str]:
    said = error.response.get("Error", {})
    code, message = said.get("Code", ""), said.get("Message", "")
    failure = _BY_CODE.get(code) or _by_status(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if failure != Failure.MODEL_UNAVAILABLE:
        return failure, code
    region = settings.AI_BEDROCK_REGION
    for pattern, meaning in _MEANINGS:
        if re.search(pattern, message, re.IGNORECASE):
            return failure, f"{model}: {meaning.format(region=region, profiles=profiles(model, region))}"
    return failure, f"{model}: {code}: {' '.join(message.split())[:_LONGEST]}"


def _by_status(status: int) -> Failure:
    """Judge an error that has no name of Bedrock's: from a proxy, from STS, of a signature that is not accepted."""
    return {429: Failure.THROTTLED, 408: Failure.TIMEOUT}.get(status, Failure.UNAVAILABLE)


_GEOGRAPHIES = {"us": "us", "eu": "eu", "ap": "apac", "ca": "ca", "us-gov": "us-gov"}


def profiles(model: str, region: str) -> str:
    """Return the ids of inference profiles under which a model is usually offered in a region."""
    geography = "us-gov" if region.startswith("us-gov") else region.split("-", 1)[0]
    prefixes = [_GEOGRAPHIES[geography]] if geography in _GEOGRAPHIES else []
    return " or ".join(f"{prefix}.{model}" for prefix in [*prefixes, "global"])
