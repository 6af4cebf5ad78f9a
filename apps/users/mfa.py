"""Two-factor authentication: enrol an authenticator app, and require its codes or stop requiring them."""

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from apps.core.authentication import Actor
from apps.users import account_events, cognito, cognito_accounts, reauthentication, repeats, sign_outs, throttling
from apps.users.errors import MfaEnabled
from apps.users.reauthentication import Proof
from apps.users.repositories import stored_accounts

_ISSUER = "Smart Cooking"


@dataclass(frozen=True, slots=True)
class Secret:
    """What an authenticator app needs: the secret itself, or a URI to show as a QR code."""

    secret: str
    otpauth_uri: str

    def __repr__(self) -> str:
        return "Secret(…)"


def begin(*, actor: Actor, access_token: str, proof: Proof) -> Secret:
    """Return the secret for an authenticator app; nothing changes until one of its codes is verified."""
    reauthentication.require_password_alone(actor=actor, proof=proof)
    return begin_after_login(actor=actor, access_token=access_token)


def begin_after_login(*, actor: Actor, access_token: str) -> Secret:
    """Do the same for a person who has just obtained this token with a password and no code."""
    secret = cognito.begin_mfa(access_token)
    label = f"{quote(_ISSUER)}:{quote(actor.username)}"
    return Secret(secret, f"otpauth://totp/{label}?{urlencode({'secret': secret, 'issuer': _ISSUER}, quote_via=quote)}")


def verify(*, actor: Actor, access_token: str, proof: Proof, code: str) -> None:
    """Require codes of the new authenticator from now on, and end all other sessions.

    Asks for the password again: with a stolen token, an attacker can get a secret from Cognito directly. Repeating the
    request with the same code succeeds until something else ends the person's sessions.
    """
    try:
        reauthentication.require_password_alone(actor=actor, proof=proof)
    except MfaEnabled:
        if repeats.was_done(repeats.ENROLMENT, actor.account, code, sign_outs.last_event(actor.id)):
            return
        raise
    verify_after_login(actor=actor, access_token=access_token, code=code, address=proof.address)
    repeats.record(repeats.ENROLMENT, actor.account, code, sign_outs.last_event(actor.id))


def verify_after_login(*, actor: Actor, access_token: str, code: str, address: str) -> None:
    """Do the same with the token of `begin_after_login`; `NotAuthenticated` if that login has ended."""
    sign_outs.require_signed_in_by(actor, stored_accounts.find_sign_out(actor.id))
    origin = throttling.find_origin(actor.id, address)
    with throttling.limit_attempts(throttling.ENROLMENT, person=actor.id, origin=origin):
        cognito.verify_mfa(access_token=access_token, code=code)
    _switch(actor, is_on=True)


def end(*, actor: Actor, proof: Proof) -> None:
    """Stop requiring codes, after both factors are proven once more, and end all other sessions."""
    reauthentication.require_proof(actor=actor, proof=proof)
    _switch(actor, is_on=False)


def _switch(actor: Actor, *, is_on: bool) -> None:
    cognito_accounts.set_mfa(actor.account, is_on=is_on)
    sign_outs.end_sessions(actor.id, keep=actor)
    change = account_events.MFA_ENABLED if is_on else account_events.MFA_DISABLED
    account_events.publish_account_change(actor.id, change)
