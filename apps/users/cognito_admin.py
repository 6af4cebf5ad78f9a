"""Account administration in Cognito, for operators. The API's role lacks some of these permissions."""

from typing import Any

import structlog
from botocore.exceptions import ClientError, ParamValidationError
from django.conf import settings

from apps.core import aws
from apps.core.errors import Unavailable

log = structlog.get_logger()


class Refused(Exception):
    """The pool refused; the message can be shown to an operator."""


def create_confirmed(*, username: str, email: str, full_name: str) -> bool:
    """Create an account with a verified e-mail address without sending mail; False if it exists."""
    attributes = {"email": email, "email_verified": "true", "name": full_name}
    try:
        _call(
            "admin_create_user",
            Username=username,
            UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
            MessageAction="SUPPRESS",
        )
    except ClientError as error:
        if _code(error) == "UsernameExistsException":
            return False
        raise _refused(error) from None
    return True


def set_password(*, username: str, password: str) -> None:
    try:
        _call("admin_set_user_password", Username=username, Password=password, Permanent=True)
    except ClientError as error:
        raise _refused(error) from None


def add_to_group(*, username: str, group: str) -> None:
    try:
        _call("admin_add_user_to_group", Username=username, GroupName=group)
    except ClientError as error:
        raise _refused(error) from None


def delete(username: str) -> None:
    """Delete an account; do nothing if it is gone."""
    try:
        _call("admin_delete_user", Username=username)
    except ClientError as error:
        if _code(error) != "UserNotFoundException":
            raise


def attributes_of(username: str) -> dict[str, str]:
    """Return the attributes of an account: `sub`, `email`, `name`."""
    return {one["Name"]: one["Value"] for one in _call("admin_get_user", Username=username)["UserAttributes"]}


def set_email(account: str, email: str) -> None:
    """Set an account's verified e-mail address. Idempotent.

    Does nothing if the account is gone. If another account in the pool has the address, it stays unchanged: the claim
    in the table decides whose it is, and logins use the claim.
    """
    proven = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
    try:
        _call("admin_update_user_attributes", Username=account, UserAttributes=proven)
    except ClientError as error:
        if _code(error) not in {"UserNotFoundException", "AliasExistsException"}:
            raise
        log.warning("email_not_set", error=_code(error))


def find_email(account: str) -> str | None:
    """Return an account's e-mail address, verified or not; None if it has none."""
    try:
        return attributes_of(account).get("email")
    except ParamValidationError:
        # People may type a name that Cognito rejects as malformed.
        return None
    except ClientError as error:
        if _code(error) in {"UserNotFoundException", "InvalidParameterException"}:
            return None
        # Only the code is logged: the message may repeat the input.
        log.warning("pool_refused", error=_code(error))
        raise Unavailable from None


def find_status(account: str) -> tuple[str, str] | None:
    """Return an account's `sub` and its status, such as UNCONFIRMED; None if there is no such account."""
    try:
        found = _call("admin_get_user", Username=account)
    except ClientError as error:
        if _code(error) != "UserNotFoundException":
            raise
        return None
    sub = next(one["Value"] for one in found["UserAttributes"] if one["Name"] == "sub")
    return sub, str(found["UserStatus"])


def _call(operation: str, **parameters: Any) -> dict[str, Any]:
    method = getattr(aws.client("cognito-idp"), operation)
    answer: dict[str, Any] = method(UserPoolId=settings.COGNITO_POOL_ID, **parameters)
    return answer


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code"))


def _refused(error: ClientError) -> Refused:
    return Refused(f"{_code(error)}: {error.response.get('Error', {}).get('Message', '')}")
