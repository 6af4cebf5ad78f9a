"""Accounts: registering, logging in and out, passwords, one-time codes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote, urlencode

from django.core import signing

from apps.core import authentication
from apps.core.authentication import Actor
from apps.core.errors import DomainError, NotAuthenticated
from apps.core.telemetry import emf
from apps.users import account_events, cognito, erasures, repositories, second_factor, services, sign_outs, throttling
from apps.users.cognito import Challenge, Tokens
from apps.users.errors import (
    InvalidCode,
    InvalidCredentials,
    InvalidRefreshToken,
    MfaEnabled,
    SessionExpired,
    TooManyAttempts,
    UsernameTaken,
    WrongPassword,
)
from apps.users.models import User
from apps.users.people import USERNAME
from smartcooking.contract import metrics

_ISSUER = "Smart Cooking"
_SESSION_SALT = "users.challenge"
# How long Cognito waits for the code (AuthSessionValidity of the client, whose default is 3 minutes).
_SESSION_SECONDS = 180


@dataclass(frozen=True, slots=True)
class Secret:
    """What an authenticator app takes: the secret itself, or the URI of a QR code."""

    secret: str
    otpauth_uri: str

    def __repr__(self) -> str:
        return "Secret(…)"


def register(*, username: str, email: str, password: str, full_name: str) -> str:
    """Create an account that is to be confirmed with the code sent to `email`, and return its id.

    Cognito decides who is first: two sign-ups of one name cannot both succeed there. The claim row keeps a name from
    being given again after its account is gone. Where the process dies in between, the next login writes what is
    missing (`services.heal`).
    """
    if repositories.find_claimant(username) is not None:
        raise UsernameTaken
    user_id = cognito.sign_up(username=username, email=email, password=password, full_name=full_name)
    repositories.create_profile(
        services.fresh_profile(user_id=user_id, username=username, email=email, full_name=full_name)
    )
    return user_id


def confirm(*, username: str, code: str, address: str) -> None:
    name = _account_name(username)
    with throttling.limit_attempts(throttling.CONFIRMATION, person=name, address=address):
        cognito.confirm(username=name, code=code)
    _claim_email(name)


def _account_name(given: str) -> str:
    """Return the username of whoever has this e-mail address or username; what nobody has stays as it is.

    So both names of a person are counted as one, and work wherever one of them is taken. 1 read unit for an address.
    """
    claim = repositories.find_email_claim(throttling.hash_address(given)) if "@" in given else None
    return claim.username if claim else given


def _claim_email(username: str) -> None:
    """Hold that an address confirms one account only, also where the pool does not; `EmailTaken` for the second."""
    user_id = repositories.find_claimant(username)
    user = repositories.find_profile(user_id) if user_id else None
    if user is not None:
        _claim_address_of(user)


def _claim_address_of(user: User) -> None:
    address = throttling.hash_address(user.email.casefold())
    if user.email:
        repositories.claim_email(address, user_id=user.user_id, username=user.username)


def resend_code(*, username: str) -> None:
    """Send the code of a registration again; says nothing when there is nobody to send it to."""
    _send(cognito.resend_code, username)


def log_in(*, username: str, password: str, address: str) -> Tokens | tuple[Challenge, str]:
    """Return tokens, or the challenge of a second factor and the session that `answer_challenge` takes."""
    name = _account_name(username)
    user_id = (repositories.find_claimant(name) if USERNAME.fullmatch(name) else None) or None
    hashed = throttling.hash_address(address)
    is_known = user_id is not None and repositories.is_known_address(user_id, hashed)
    with (
        _failures_counted(),
        throttling.limit_logins(person=name, address=address, is_known=is_known),
        throttling.equalize_duration(),
    ):
        found = cognito.log_in(username=name, password=password)
    if user_id is not None and not is_known:
        repositories.save_known_address(user_id, hashed)
    if isinstance(found, Challenge):
        return found, _seal(found, username)
    return _welcome(found)


def answer_challenge(*, session: str, username: str, code: str, address: str) -> Tokens:
    """Finish a login with a code of the authenticator.

    The session is Cognito's, sealed: only who has given the right password for this very username holds one, whatever
    the pool itself checks of it.
    """
    challenge = _open(session, username)
    with _failures_counted(), throttling.limit_attempts(throttling.CODE, person=challenge.username, address=address):
        tokens = cognito.answer_challenge(challenge, code=code)
    second_factor.record_login(tokens.access_token)
    return _welcome(tokens)


def refresh(refresh_token: str) -> Tokens:
    """Return new tokens of a login; `InvalidRefreshToken` where it was ended, by whoever or by a new password."""
    tokens = cognito.refresh(refresh_token)
    try:
        sign_outs.require_signed_in(authentication.verify(tokens.access_token))
    except NotAuthenticated as error:
        raise InvalidRefreshToken from error
    return tokens


def log_out(*, access_token: str, refresh_token: str | None) -> None:
    """End the login of `refresh_token`, or every login of the person where none is named.

    Access tokens stay good until they expire, an hour at most: verifying them asks nobody.
    """
    if refresh_token is None:
        cognito.sign_out_everywhere(access_token)
    else:
        cognito.revoke(refresh_token)


def revoke_refresh_token(refresh_token: str) -> None:
    """End the login of a refresh token; nothing happens where it has ended already."""
    with suppress(InvalidRefreshToken):
        cognito.revoke(refresh_token)


def send_reset_code(*, username: str) -> None:
    """Send a code for a new password; says nothing when there is nobody to send it to."""
    _send(cognito.send_reset_code, username)


def reset_password(*, username: str, code: str, password: str, address: str) -> None:
    name = _account_name(username)
    with throttling.limit_attempts(throttling.RESET, person=name, address=address), throttling.equalize_duration():
        cognito.reset_password(username=name, code=code, password=password)
    user_id = repositories.find_claimant(name) if USERNAME.fullmatch(name) else None
    if user_id is not None:
        _revoke_refresh_tokens(name, password)
        sign_outs.end_sessions(user_id)
        account_events.publish_account_change(user_id, account_events.PASSWORD_RESET)


def _revoke_refresh_tokens(username: str, password: str) -> None:
    """Have Cognito forget all logins, for which it takes a token of one.

    Where a second factor is wanted as well there is none: then `refresh` refuses the old logins by their time.
    """
    found = cognito.log_in(username=username, password=password)
    if isinstance(found, Tokens):
        cognito.sign_out_everywhere(found.access_token)


def change_password(*, actor: Actor, access_token: str, current: str, proposed: str) -> None:
    """Change a password and end every other session: refresh tokens are revoked, access tokens refused.

    The access token of the caller stays good until it expires; their refresh token is revoked with the others.
    """
    with throttling.limit_attempts(throttling.PASSWORD, person=actor.id):
        cognito.change_password(access_token=access_token, current=current, proposed=proposed)
    cognito.sign_out_everywhere(access_token)
    sign_outs.end_sessions(actor.id, keep=actor)
    account_events.publish_account_change(actor.id, account_events.PASSWORD_CHANGED)


def begin_mfa(*, actor: Actor, access_token: str) -> Secret:
    """Give the secret for an authenticator app; nothing changes until a code of it is verified.

    `MfaEnabled` where codes are wanted already: a stolen token must not replace the owner's authenticator.
    """
    if cognito.has_mfa(access_token):
        raise MfaEnabled
    secret = cognito.begin_mfa(access_token)
    label = f"{quote(_ISSUER)}:{quote(actor.username)}"
    return Secret(secret, f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': _ISSUER}, quote_via=quote)}")


def verify_mfa(*, actor: Actor, access_token: str, code: str) -> None:
    with throttling.limit_attempts(throttling.CODE, person=actor.id):
        cognito.verify_mfa(access_token=access_token, code=code)
    account_events.publish_account_change(actor.id, account_events.MFA_ENABLED)


def end_mfa(*, actor: Actor, access_token: str, password: str, code: str) -> None:
    """Turn one-time codes off, for whoever proves both factors once more: a stolen token is not enough."""
    with throttling.limit_attempts(throttling.PASSWORD, person=actor.id):
        try:
            found = cognito.log_in(username=actor.username, password=password)
        except InvalidCredentials as error:
            raise WrongPassword from error
        if isinstance(found, Challenge):
            cognito.answer_challenge(found, code=code)
    cognito.end_mfa(access_token)
    account_events.publish_account_change(actor.id, account_events.MFA_DISABLED)


@contextmanager
def _failures_counted() -> Iterator[None]:
    """Count a login that was refused, were it for too many attempts; not one that an outage prevented."""
    try:
        yield
    except DomainError as refusal:
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            emf.count(metrics.FAILED_LOGINS)
        raise


def _welcome(tokens: Tokens) -> Tokens:
    """See that whoever logs in has a profile and their e-mail address for themselves.

    `EmailTaken` for whoever confirmed an address that is another person's. Half a read unit, and 1 write unit.
    """
    actor = authentication.verify(tokens.access_token)
    erasures.call_off(actor.id)
    user = repositories.find_profile(actor.id, consistent=False)
    if user is None:
        user = services.restore_profile(actor=actor, token=tokens.access_token)
    _claim_address_of(user)
    return tokens


def _send(send: Callable[..., None], username: str) -> None:
    """Ask Cognito for a mail, as often as a person may; every refusal looks as if one had been sent."""
    name = _account_name(username)
    try:
        throttling.count_attempt(throttling.MAIL, person=name)
        with throttling.equalize_duration(always=True):
            send(username=name)
    except (InvalidCode, TooManyAttempts):
        return


def _seal(challenge: Challenge, given: str) -> str:
    content = {"session": challenge.session, "username": challenge.username, "given": given}
    return signing.dumps(content, salt=_SESSION_SALT, compress=True)


def _open(session: str, username: str) -> Challenge:
    try:
        content = signing.loads(session, salt=_SESSION_SALT, max_age=_SESSION_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise SessionExpired from error
    if username not in {content["username"], content["given"]}:
        raise SessionExpired
    return Challenge(content["session"], content["username"])
