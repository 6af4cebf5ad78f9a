"""Confirm the password again before sign-in methods change: a stolen token is not enough."""

from apps.core.authentication import Actor
from apps.users import cognito, throttling
from apps.users.cognito import Challenge
from apps.users.errors import CodeRequired, InvalidCredentials, WrongPassword


def require_password(*, actor: Actor, password: str) -> Challenge | None:
    """Let pass whoever knows the password, and return what asks for a code where one is wanted.

    `WrongPassword` otherwise.
    """
    with throttling.limit_attempts(throttling.PASSWORD, person=actor.id):
        return _try(actor, password)


def require_proof(*, actor: Actor, password: str, code: str | None) -> None:
    """Let pass whoever knows the password, and has a code where codes are wanted.

    `WrongPassword`, `CodeRequired` or `InvalidCode` otherwise; failures count like those of changing the password.
    """
    with throttling.limit_attempts(throttling.PASSWORD, person=actor.id):
        challenge = _try(actor, password)
        if challenge is not None:
            if code is None:
                raise CodeRequired
            cognito.answer_challenge(challenge, code=code)


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
