"""Tell an outage of AWS, which is temporary, from a bug of ours."""

from http import HTTPStatus
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectTimeoutError, EndpointConnectionError
from botocore.parsers import ResponseParserError
from pynamodb.exceptions import PynamoDBException

# Error codes of DynamoDB and other services that are worth a retry.
_PASSING = {
    "InternalServerError", "LimitExceededException", "ProvisionedThroughputExceededException", "RequestLimitExceeded",
    "ServiceUnavailable", "ThrottlingException", "TooManyRequestsException", "TransactionConflictException",
    "TransactionInProgressException", "InternalErrorException", "SlowDown", "500", "502", "503",
    "InternalError", "OperationAborted", "RequestTimeout", "Throttling", "RequestThrottled",
}  # fmt: skip
# Reasons of a cancelled transaction that would succeed a moment later.
_PASSING_REASONS = {"ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded", "InternalServerError"}


def is_outage(error: BaseException) -> bool:
    """Say whether AWS is unreachable, fails or throttles: no response, or one that asks to retry."""
    cause = _cause(error)
    if isinstance(cause, ClientError):
        return _says_so(cause)
    return isinstance(cause, BotoCoreError | ResponseParserError)


def is_worth_a_retry(error: BaseException) -> bool:
    """Say whether the next attempt may succeed within a second: not where no connection could be made at all."""
    return is_outage(error) and not isinstance(_cause(error), EndpointConnectionError | ConnectTimeoutError)


def _cause(error: BaseException) -> BaseException | None:
    return error.cause if isinstance(error, PynamoDBException) else error


def _says_so(error: ClientError) -> bool:
    if error.response.get("Error", {}).get("Code") in _PASSING or _status(error) >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return True
    reasons = getattr(error, "cancellation_reasons", ())
    return any(reason.code in _PASSING_REASONS for reason in reasons if reason is not None)


def _status(error: Any) -> int:
    """Return the HTTP status of the answer. PynamoDB's own error leaves it out and has botocore's as its cause."""
    for one in (error, error.__cause__):
        status = getattr(one, "response", {}).get("ResponseMetadata", {}).get("HTTPStatusCode")
        if status is not None:
            return int(status)
    return 0
