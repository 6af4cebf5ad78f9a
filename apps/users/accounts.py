"""Accounts: registering, logging in and out, passwords, one-time codes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus

from django.core import signing

from apps.core import authentication, ids
from apps.core.authentication import Actor
from apps.core.errors import DomainError, NotAuthenticated
from apps.core.telemetry import emf
from apps.users import (
    account_events,
    activity,
    cognito,
    cognito_accounts,
    cognito_admin,
    consents,
    erasures,
    name_claims,
    reauthentication,
    registrations,
    repeats,
    second_factor,
    services,
    sign_outs,
    throttling,
)
from apps.users.account_lookup import Account, find_account, find_latest, find_unconfirmed
from apps.users.cognito import Challenge, Tokens
from apps.users.errors import (
    InvalidCode,
    InvalidCredentials,
    InvalidRefreshToken,
    NotConfirmed,
    SessionExpired,
    TooManyAttempts,
    UsernameTaken,
    WrongPassword,
)
from apps.users.models import User
from apps.users.reauthentication import Proof
from apps.users.repositories import stored_accounts, stored_people
from apps.users.throttling import Origin
from smartcooking.contract import metrics

_SESSION_SALT = "users.challenge"
# How long Cognito waits for the code (AuthSessionValidity of the app client; Cognito's default is 3 minutes).
_SESSION_SECONDS = 180


def register(*, username: str, email: str, password: str, full_name: str, address: str) -> str:
    """Create an account, to be confirmed with the code sent to `email`, and return its id.

    Cognito decides who is first: of two sign-ups for one username only one succeeds there. The claim row keeps a
    username from being given out again after its account is deleted. If the process dies in between, the next login
    writes what is missing (`services.restore_profile`). An unconfirmed account expires (`registrations`). Repeating a
    registration, for example after its response got lost, returns the same unconfirmed account and sends no more mail.
    """
    if name_claims.is_taken(username):
        return _registered_before(username, email, password)
    throttling.count_code_mail(email)
    account, sign_up = username, partial(cognito.sign_up, email=email, password=password, full_name=full_name)
    registrations.begin(account)
    try:
        user_id = sign_up(username=account)
    except UsernameTaken:
        if not _was_given_up(username):
            raise
        account = f"{username}{registrations.SUFFIX}{ids.new_id().lower()}"
        registrations.begin(account)
        user_id = sign_up(username=account)
    registrations.describe(account, email=email, password=password)
    throttling.remember_origin(user_id, Origin(address))
    user = services.fresh_profile(user_id=user_id, username=username, email=email, full_name=full_name, account=account)
    name_claims.create_profile(user, consent=consents.fresh_consent(user_id))
    return user_id


def _registered_before(username: str, email: str, password: str) -> str:
    """Return the id of the unconfirmed account with exactly these details; raise `UsernameTaken` if there is none."""
    account = registrations.find_account(email, password)
    user_id = name_claims.find_claimant(username)
    if account is None or registrations.username_of(account) != username or user_id is None:
        raise UsernameTaken
    return user_id


def _was_given_up(username: str) -> bool:
    """Return whether the Cognito account with this username belongs to somebody who has since chosen another one."""
    found = cognito_admin.find_status(username)
    holder = stored_people.find_profile(found[0]) if found else None
    return holder is not None and holder.username != username


def confirm(*, username: str, code: str, address: str) -> None:
    """Confirm an account with the code that was mailed to its address.

    An e-mail address works only if a single unconfirmed account has it: if there are several, a stranger may have
    created one of them, and its code would give them the address. Repeating the code that confirmed the account
    succeeds.
    """
    person = find_unconfirmed(username)
    origin = throttling.find_origin(person.user_id, address)
    with throttling.limit_attempts(throttling.CONFIRMATION, person=person.name, origin=origin):
        try:
            registrations.require_open(person.name)
            cognito.confirm(username=person.name, code=code)
        except InvalidCode:
            if repeats.was_done(repeats.CONFIRMATION, person.name, code):
                return
            raise
    _claim_email(person)
    registrations.end(person.name)
    repeats.record(repeats.CONFIRMATION, person.name, code)


def name_of(given: str) -> str:
    """Return the account with this e-mail address, so that a person's username and address are counted as one.

    Anything else is returned as it is. 1 read unit for an address.
    """
    return find_account(given).name if "@" in given else given


def _claim_email(person: Account) -> None:
    """Ensure that an address confirms only one account, even if the pool does not; `EmailTaken` for the second."""
    user = stored_people.find_profile(person.user_id) if person.user_id else None
    if user is not None:
        _claim_address_of(user)


def _claim_address_of(user: User) -> None:
    address = throttling.hash_address(user.email.casefold())
    if user.email:
        stored_accounts.claim_email(address, user_id=user.user_id, username=user.account_name)


def resend_code(*, username: str) -> None:
    """Send the code of a registration again; succeed silently if there is nobody to send it to.

    If several unconfirmed accounts have the e-mail address, the latest gets the code.
    """
    _send(cognito.resend_code, username, find_latest)


def log_in(*, username: str, password: str, address: str) -> Tokens | tuple[Challenge, str]:
    """Return tokens, or the challenge of a second factor and the session that `answer_challenge` takes."""
    person = find_account(username)
    origin, signed_out = _find_history(person, address)
    with (
        _failures_counted(),
        throttling.limit_logins(person=person.name, origin=origin),
        throttling.equalize_duration(),
    ):
        found = _try_password(person, password)
        if isinstance(found, Tokens):
            _require_current_name(found, person)
    if isinstance(found, Challenge):
        return found, _seal(found, username, person, signed_out)
    throttling.remember_origin(person.user_id, origin)
    return _welcome(found, signed_out)


def _find_history(person: Account, address: str) -> tuple[Origin, str | None]:
    """Return where a login comes from, and the id of the person's last sign-out for `_welcome`: 2 read units."""
    if person.user_id is None:
        return Origin(address), None
    is_known, row = stored_accounts.find_login_history(person.user_id, throttling.hash_address(address))
    return Origin(address, is_known), str(row.event_id) if row else None


def _try_password(person: Account, password: str) -> Tokens | Challenge:
    """Check the password with Cognito. `NotConfirmed` only for the right password; Cognito reports it for any."""
    is_address = person.user_id is None and "@" in person.name
    account = (registrations.find_account(person.name, password) if is_address else None) or person.name
    try:
        return cognito.log_in(username=account, password=password)
    except NotConfirmed as error:
        if registrations.has_password(account, password):
            raise NotConfirmed(username=registrations.username_of(account)) from error
        raise InvalidCredentials from error


def _require_current_name(tokens: Tokens, person: Account) -> None:
    """Refuse a username that its owner gave up but Cognito still knows; half a read unit for unclaimed names."""
    if person.user_id is None:
        user = stored_people.find_profile(authentication.verify(tokens.access_token).id)
        if user is not None and user.username != person.name and user.email.casefold() != person.name:
            cognito.revoke(tokens.refresh_token)
            raise InvalidCredentials


def answer_challenge(*, session: str, username: str, code: str, address: str) -> Tokens:
    """Complete a login with a code of the authenticator.

    The session is Cognito's, sealed: only somebody who gave the right password for this username has one, even if the
    pool does not check that.
    """
    challenge, person, signed_out = _open(session, username)
    origin = throttling.find_origin(person.user_id, address)
    with _failures_counted(), throttling.limit_attempts(throttling.CODE, person=challenge.username, origin=origin):
        tokens = cognito.answer_challenge(challenge, code=code)
        _require_current_name(tokens, person)
    throttling.remember_origin(person.user_id, origin)
    second_factor.record_login(tokens.access_token)
    return _welcome(tokens, signed_out)


def refresh(refresh_token: str) -> Tokens:
    """Return new tokens for a login, and count its owner as active."""
    tokens, actor = renew(refresh_token)
    activity.count_as_active(actor.id)
    return tokens


def renew(refresh_token: str) -> tuple[Tokens, Actor]:
    """Return new tokens for a login, and its owner: 1 read unit.

    `InvalidRefreshToken` if the login was ended, whether by a sign-out or by a change of the sign-in methods.
    """
    tokens = cognito.refresh(refresh_token)
    try:
        actor = authentication.verify(tokens.access_token)
        sign_outs.require_signed_in_by(actor, stored_accounts.find_sign_out(actor.id))
    except NotAuthenticated as error:
        revoke_refresh_token(refresh_token)
        raise InvalidRefreshToken from error
    return tokens, actor


def log_out(*, actor: Actor, refresh_token: str | None) -> None:
    """End the login of `refresh_token`, or all logins of the person without one.

    Access tokens stay valid until they expire, at most an hour: they are verified without asking Cognito.
    """
    if refresh_token is None:
        cognito_accounts.sign_out_everywhere(actor.account)
    else:
        cognito.revoke(refresh_token)


def revoke_refresh_token(refresh_token: str) -> None:
    """End the login of a refresh token; do nothing if it has already ended."""
    with suppress(InvalidRefreshToken):
        cognito.revoke(refresh_token)


def send_reset_code(*, username: str) -> None:
    """Send a code for a new password; succeed silently if there is nobody to send it to."""
    _send(cognito.send_reset_code, username, find_account)


def reset_password(*, username: str, code: str, password: str, address: str) -> None:
    """Set a new password with the mailed code, and end every session. Repeating the same request succeeds."""
    person = find_account(username)
    origin = throttling.find_origin(person.user_id, address)
    attempts = throttling.limit_attempts(throttling.RESET, person=person.name, origin=origin)
    with attempts, throttling.equalize_duration():
        try:
            cognito.reset_password(username=person.name, code=code, password=password)
        except InvalidCode:
            if _was_done(repeats.RESET, person, code, password):
                return
            raise
    if person.user_id is not None:
        cognito_accounts.sign_out_everywhere(person.name)
        sign_outs.end_sessions(person.user_id)
        account_events.publish_account_change(person.user_id, account_events.PASSWORD_RESET)
        repeats.record(repeats.RESET, person.name, code, password, sign_outs.last_event(person.user_id))


def _was_done(act: str, person: Account, *given: str) -> bool:
    """Return whether this person did exactly this, and it was the last act that ended their sessions."""
    if person.user_id is None:
        return False
    return repeats.was_done(act, person.name, *given, sign_outs.last_event(person.user_id))


def change_password(*, actor: Actor, proof: Proof, proposed: str) -> None:
    """Change a password and end all other sessions: their tokens are refused, those of this login stay valid.

    Repeating the request succeeds until something else ends the person's sessions.
    """
    person, passwords = Account(actor.account, actor.id), (proof.password, proposed)
    try:
        reauthentication.require_proof(actor=actor, proof=proof)
    except WrongPassword:
        if _was_done(repeats.PASSWORD_CHANGE, person, *passwords):
            return
        raise
    cognito_accounts.set_password(actor.account, proposed)
    sign_outs.end_sessions(actor.id, keep=actor)
    account_events.publish_account_change(actor.id, account_events.PASSWORD_CHANGED)
    repeats.record(repeats.PASSWORD_CHANGE, person.name, *passwords, sign_outs.last_event(actor.id))


@contextmanager
def _failures_counted() -> Iterator[None]:
    """Count refused logins, including those refused for too many attempts, but not those that failed in an outage."""
    try:
        yield
    except DomainError as refusal:
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            emf.count(metrics.FAILED_LOGINS)
        raise


def _welcome(tokens: Tokens, signed_out: str | None) -> Tokens:
    """Ensure that a person who logs in has a profile and owns their e-mail address.

    `EmailTaken` if the confirmed address belongs to somebody else, `SessionExpired` if the sessions were ended after
    the password was checked. 4 read units in three requests.
    """
    actor = authentication.verify(tokens.access_token)
    sign_out, erasure = stored_accounts.find_sign_out_and_erasure(actor.id)
    try:
        if sign_outs.must_be_named(actor, signed_out, sign_out):
            sign_outs.admit_login(actor, signed_out)
    except NotAuthenticated as error:
        raise SessionExpired from error
    if erasure is not None:
        erasures.call_off(actor.id)
    user, last_active = stored_accounts.find_profile_and_active_day(actor.id)
    if user is None:
        user = services.restore_profile(actor=actor)
    _claim_address_of(user)
    activity.count_since(last_active, actor.id)
    return tokens


def _send(send: Callable[..., None], username: str, find: Callable[[str], Account]) -> None:
    """Have Cognito send mail, within the mailbox's limit; a refusal looks the same to the caller as success."""
    with suppress(InvalidCode, TooManyAttempts), throttling.equalize_duration(always=True):
        person = find(username)
        throttling.count_code_mail(_find_email(person) or username)
        send(username=person.name)


def _find_email(person: Account) -> str | None:
    """Return the address to which Cognito would mail a code; if there is no profile yet, from Cognito's own record."""
    user = stored_people.find_profile(person.user_id) if person.user_id else None
    return user.email if user is not None else cognito_admin.find_email(person.name)


def _seal(challenge: Challenge, given: str, person: Account, signed_out: str | None) -> str:
    content = {
        "session": challenge.session, "username": challenge.username, "given": given, "account": person.name,
        "user_id": person.user_id, "signed_out": signed_out,
    }  # fmt: skip
    return signing.dumps(content, salt=_SESSION_SALT, compress=True)


def _open(session: str, username: str) -> tuple[Challenge, Account, str | None]:
    try:
        content = signing.loads(session, salt=_SESSION_SALT, max_age=_SESSION_SECONDS)
    except (signing.BadSignature, ValueError) as error:
        raise SessionExpired from error
    if username not in {content["username"], content["given"]}:
        raise SessionExpired
    challenge = Challenge(content["session"], content["username"])
    return challenge, Account(content["account"], content["user_id"]), content["signed_out"]
