"""The Cognito user pool: calls that people authorise with a password, a code or a token.

Errors of the pool become domain errors. These calls are made as the pool's client and carry a hash of its secret: every
token contains the client's id, which alone must permit nothing. Calls with the service's own permissions are in
`cognito_accounts`, those of operators in `cognito_admin`.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import jwt
import structlog
from botocore.exceptions import ClientError, ParamValidationError
from django.conf import settings

from apps.core import aws
from apps.core.errors import DomainError, FieldError, NotAuthenticated, Unavailable, ValidationFailed
from apps.core.language import Text
from apps.users.errors import (
    AccountNotReady,
    EmailTaken,
    InvalidCode,
    InvalidCredentials,
    InvalidRefreshToken,
    MfaNotBegun,
    NotConfirmed,
    PasswordResetRequired,
    SessionExpired,
    TooManyAttempts,
    UsernameTaken,
)

log = structlog.get_logger()

SOFTWARE_TOKEN_MFA = "SOFTWARE_TOKEN_MFA"  # noqa: S105  the name of a challenge
# Cognito does not report how long it locks an account; its documentation says up to 15 minutes.
_LOCKED_SECONDS = 900
_WEAK = Text("Mật khẩu không đạt yêu cầu.", "The password does not meet the rules.")

# Separates the account from the pool's token in a refresh token.
_OF = ":"
# Malformed names and codes are treated like wrong ones.
_NO_SUCH = ("UserNotFoundException", "InvalidParameterException", "ResourceNotFoundException")
# Not left to `problems.is_outage`, which logs the message too.
_OUTAGES = {
    "CodeDeliveryFailureException", "InternalErrorException", "ServiceUnavailable", "ThrottlingException",
    "TooManyRequestsException",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Tokens:
    """The tokens of a login; times in seconds. `repr` hides them, so that they are never logged."""

    access_token: str
    id_token: str
    refresh_token: str
    expires_in: int

    def __repr__(self) -> str:
        return "Tokens(…)"


@dataclass(frozen=True, slots=True)
class Challenge:
    """The password was correct and a one-time code is required; `username` is the account's username in Cognito."""

    session: str
    username: str

    def __repr__(self) -> str:
        return "Challenge(…)"


def sign_up(*, username: str, email: str, password: str, full_name: str) -> str:
    """Create an unconfirmed account, have a code sent to `email`, and return the new `sub`.

    An address that belongs to somebody else passes here and is refused by `confirm`: only the owner of the mailbox may
    learn that it is taken.
    """
    attributes = [{"Name": "email", "Value": email}, {"Name": "name", "Value": full_name}]
    answer = call(
        "sign_up",
        {"UsernameExistsException": UsernameTaken},
        **_client(username),
        Password=password,
        UserAttributes=attributes,
    )
    return str(answer["UserSub"])


def confirm(*, username: str, code: str) -> None:
    refusals = _as(InvalidCode, "CodeMismatchException", "ExpiredCodeException", "NotAuthorizedException", *_NO_SUCH)
    call(
        "confirm_sign_up",
        {**refusals, "AliasExistsException": EmailTaken},
        **_client(username),
        ConfirmationCode=code,
    )


def resend_code(*, username: str) -> None:
    refusals = _as(InvalidCode, "NotAuthorizedException", *_NO_SUCH)
    call("resend_confirmation_code", refusals, **_client(username))


def log_in(*, username: str, password: str) -> Tokens | Challenge:
    """Check a password. `InvalidCredentials` for a wrong password, an unknown name or a locked account.

    `NotConfirmed` comes before Cognito has checked the password, and says nothing about it.
    """
    refusals = {
        **_as(InvalidCredentials, "NotAuthorizedException", *_NO_SUCH),
        "UserNotConfirmedException": NotConfirmed,
        "PasswordResetRequiredException": PasswordResetRequired,
    }
    answer = call(
        "initiate_auth",
        refusals,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password, "SECRET_HASH": _hash(username)},
        ClientId=settings.COGNITO_CLIENT_ID,
    )
    if "AuthenticationResult" in answer:
        return _tokens(answer["AuthenticationResult"])
    if answer.get("ChallengeName") != SOFTWARE_TOKEN_MFA:
        raise AccountNotReady
    return Challenge(answer["Session"], answer["ChallengeParameters"].get("USER_ID_FOR_SRP", username))


def answer_challenge(challenge: Challenge, *, code: str) -> Tokens:
    refusals = {
        **_as(InvalidCode, "CodeMismatchException", "ExpiredCodeException"),
        **_as(SessionExpired, "NotAuthorizedException", *_NO_SUCH),
    }
    answer = call(
        "respond_to_auth_challenge",
        refusals,
        ChallengeName=SOFTWARE_TOKEN_MFA,
        Session=challenge.session,
        ChallengeResponses={
            "USERNAME": challenge.username,
            "SOFTWARE_TOKEN_MFA_CODE": code,
            "SECRET_HASH": _hash(challenge.username),
        },
        ClientId=settings.COGNITO_CLIENT_ID,
    )
    return _tokens(answer["AuthenticationResult"])


def refresh(refresh_token: str) -> Tokens:
    """Return new tokens; the refresh token stays the same unless the pool rotates them."""
    account, _, token = refresh_token.partition(_OF)
    answer = call(
        "initiate_auth",
        _as(InvalidRefreshToken, "NotAuthorizedException", "RefreshTokenReuseException", *_NO_SUCH),
        AuthFlow="REFRESH_TOKEN_AUTH",
        AuthParameters={"REFRESH_TOKEN": token, "SECRET_HASH": _hash(account)},
        ClientId=settings.COGNITO_CLIENT_ID,
    )
    return _tokens(answer["AuthenticationResult"], refresh_token=token)


def revoke(refresh_token: str) -> None:
    """End one login: its refresh token yields no more access tokens."""
    refusals = _as(
        InvalidRefreshToken,
        "UnauthorizedException",
        "UnsupportedTokenTypeException",
        "NotAuthorizedException",
        *_NO_SUCH,
    )
    call(
        "revoke_token",
        refusals,
        Token=refresh_token.partition(_OF)[2],
        ClientId=settings.COGNITO_CLIENT_ID,
        ClientSecret=settings.COGNITO_CLIENT_SECRET,
    )


def send_reset_code(*, username: str) -> None:
    refusals = _as(InvalidCode, "NotAuthorizedException", *_NO_SUCH)
    call("forgot_password", refusals, **_client(username))


def reset_password(*, username: str, code: str, password: str) -> None:
    refusals = _as(
        InvalidCode,
        "CodeMismatchException",
        "ExpiredCodeException",
        "NotAuthorizedException",
        "UserNotConfirmedException",
        *_NO_SUCH,
    )
    call(
        "confirm_forgot_password",
        refusals,
        **_client(username),
        ConfirmationCode=code,
        Password=password,
    )


def begin_mfa(access_token: str) -> str:
    """Return the secret for an authenticator app. It takes effect when a code has been verified."""
    return str(call("associate_software_token", _token_refused(), AccessToken=access_token)["SecretCode"])


def verify_mfa(*, access_token: str, code: str) -> None:
    """Verify a code of the secret from `begin_mfa`; afterwards `cognito_accounts.set_mfa` can require codes."""
    refusals = {
        **_token_refused(),
        **_as(InvalidCode, "EnableSoftwareTokenMFAException", "CodeMismatchException"),
        **_as(MfaNotBegun, "SoftwareTokenMFANotFoundException", "InvalidParameterException"),
    }
    answer = call("verify_software_token", refusals, AccessToken=access_token, UserCode=code)
    if answer.get("Status") != "SUCCESS":
        raise InvalidCode


Refusals = dict[str, type[DomainError]]


def _client(username: str) -> dict[str, str]:
    """Return the parameters that identify the client and an account and prove possession of the client secret."""
    return {"ClientId": settings.COGNITO_CLIENT_ID, "Username": username, "SecretHash": _hash(username)}


def _hash(username: str) -> str:
    """Return Cognito's SecretHash for a username."""
    message = f"{username}{settings.COGNITO_CLIENT_ID}".encode()
    digest = hmac.new(settings.COGNITO_CLIENT_SECRET.encode(), message, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _as(error: type[DomainError], *codes: str) -> Refusals:
    return dict.fromkeys(codes, error)


def _token_refused() -> Refusals:
    """Map Cognito's errors for a token that we accepted: signed out everywhere, or of a deleted account."""
    return _as(
        NotAuthenticated, "NotAuthorizedException", "UserNotConfirmedException", "PasswordResetRequiredException",
        "ForbiddenException", *_NO_SUCH,
    )  # fmt: skip


def _tokens(result: dict[str, Any], *, refresh_token: str = "") -> Tokens:
    """Return the tokens of a login. The pool needs the account to refresh them, so the refresh token contains it."""
    claims = jwt.decode(result["AccessToken"], options={"verify_signature": False})
    return Tokens(
        access_token=result["AccessToken"],
        id_token=result["IdToken"],
        refresh_token=f"{claims['username']}{_OF}{result.get('RefreshToken', refresh_token)}",
        expires_in=int(result["ExpiresIn"]),
    )


def call(operation: str, refusals: Refusals, **parameters: Any) -> dict[str, Any]:
    """Call the pool.

    Raise an error that is neither in `refusals` nor common to all calls as it is (500): it is a bug.
    """
    method: Callable[..., dict[str, Any]] = getattr(aws.client("cognito-idp"), operation)
    try:
        return method(**parameters)
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code"))
        # The pool's error message may repeat input; its code does not.
        log.info("cognito_refused", operation=operation, error=code)
        raise _translate(error, code, refusals) from None
    except ParamValidationError:
        refusal = refusals.get("InvalidParameterException", ValidationFailed)
        raise refusal from None


def _translate(error: ClientError, code: str, refusals: Refusals) -> Exception:
    if code in refusals:
        return refusals[code]()
    if code == "InvalidPasswordException":
        return ValidationFailed(errors=(FieldError("password", "weak_password", str(_WEAK)),))
    if code == "InvalidParameterException":
        return ValidationFailed()
    if code in {"LimitExceededException", "TooManyFailedAttemptsException"}:
        return TooManyAttempts(retry_after=_LOCKED_SECONDS)
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    if code in _OUTAGES or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable()
    return error
