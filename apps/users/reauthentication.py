"""Confirm the password again before sign-in methods change: a stolen token is not enough."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

from apps.core.authentication import Actor
from apps.users import cognito, throttling
from apps.users.cognito import Challenge
from apps.users.errors import CodeRequired, InvalidCredentials, MfaEnabled, WrongPassword


@dataclass(frozen=True, slots=True)
class Proof:
    """What a person gives to prove that the account is theirs, and the address from which they do.

    `code` is a code of the authenticator, if the account requires one.
    """

    password: str
    address: str
    code: str | None = None

    def __repr__(self) -> str:
        return "Proof(…)"


def require_proof(*, actor: Actor, proof: Proof) -> None:
    """Raise unless the password is correct, and the code too if the account requires codes.

    `WrongPassword`, `CodeRequired` or `InvalidCode`; failures are counted together over all kinds of changes.
    """
    with _limited(actor, proof.address):
        challenge = _try(actor, proof.password)
        if challenge is not None:
            if proof.code is None:
                raise CodeRequired
            cognito.answer_challenge(challenge, code=proof.code)


def require_password_alone(*, actor: Actor, proof: Proof) -> None:
    """Raise unless the password is correct and the account requires no codes yet.

    `WrongPassword`, or `MfaEnabled`: a stolen token must not replace the owner's authenticator.
    """
    with _limited(actor, proof.address):
        challenge = _try(actor, proof.password)
    if challenge is not None:
        raise MfaEnabled


def _limited(actor: Actor, address: str) -> AbstractContextManager[None]:
    origin = throttling.find_origin(actor.id, address)
    return throttling.limit_attempts(throttling.PASSWORD, person=actor.id, origin=origin)


def _try(actor: Actor, password: str) -> Challenge | None:
    try:
        found = cognito.log_in(username=actor.account, password=password)
    except InvalidCredentials as error:
        raise WrongPassword from error
    if isinstance(found, Challenge):
        return found
    # These tokens are discarded.
    cognito.revoke(found.refresh_token)
    return None
