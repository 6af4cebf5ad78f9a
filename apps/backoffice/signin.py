"""Sign in to the admin with Cognito's password and one-time code. Groups are read again; sessions expire."""

import base64
import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

import structlog
from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from apps.backoffice.models import Moderator
from apps.core import authentication, dry_runs
from apps.core.audit import Who
from apps.core.authentication import Actor
from apps.core.errors import DomainError
from apps.dynamo_admin.sessions import USER_ID
from apps.moderation import authority, sign_ins
from apps.moderation.acts import Act
from apps.moderation.errors import NotModerator
from apps.users import accounts, cognito, mfa, second_factor, suspensions
from apps.users.client_address import client_address
from apps.users.cognito import Tokens
from apps.users.errors import SessionExpired

log = structlog.get_logger()

# Seconds after which a session ends, and seconds without a request after which it ends earlier.
LASTS_SECONDS = 8 * 3600
IDLE_SECONDS = 30 * 60
# Seconds for which groups are cached. Actions on other people's rights always read them.
GROUPS_BELIEVED_SECONDS = 5 * 60
# A request within this many seconds of the last one doesn't write the session.
_TOUCH_SECONDS = 60
_SETUP_SECONDS = 600
_SETUP = "setup"
_USERNAME = re.compile(r"[a-z0-9_.@+-]{1,60}")


@dataclass(frozen=True, slots=True)
class CodeNeeded:
    """The password is correct. Pass `session` back with the code."""

    session: str
    username: str


@dataclass(frozen=True, slots=True)
class SetupNeeded:
    """The password is correct, but no authenticator is set up. `secret` is to be scanned."""

    secret: str
    otpauth_uri: str


def begin(request: HttpRequest, *, username: str, password: str) -> CodeNeeded | SetupNeeded:
    """Check a password. A second factor is required; people without one set it up now."""
    name = username.strip().lower()
    with _audited(request, name):
        found = accounts.log_in(username=name, password=password, address=client_address(request))
        if not isinstance(found, Tokens):
            return CodeNeeded(found[1], name)
        actor = _require_moderator(found)
        secret = mfa.begin_after_login(actor=actor, access_token=found.access_token)
    request.session[_SETUP] = {
        "access": seal(found.access_token), "refresh": seal(found.refresh_token), "uri": seal(secret.otpauth_uri),
        "secret": seal(secret.secret), "until": time.time() + _SETUP_SECONDS,
    }  # fmt: skip
    request.session.set_expiry(_SETUP_SECONDS)
    return SetupNeeded(secret.secret, secret.otpauth_uri)


def pending_setup(request: HttpRequest) -> SetupNeeded | None:
    """Return the set-up that was started in this session, unless it has expired."""
    held = request.session.get(_SETUP)
    if not held or held["until"] < time.time():
        return None
    return SetupNeeded(unseal(held["secret"]), unseal(held["uri"]))


def finish_setup(request: HttpRequest, *, code: str) -> Moderator:
    """Enable the authenticator with its first code, and sign in."""
    held = request.session.get(_SETUP)
    if not held or held["until"] < time.time():
        raise SessionExpired
    access, refresh = unseal(held["access"]), unseal(held["refresh"])
    actor = authentication.verify(access)
    with _audited(request, actor.username):
        mfa.verify_after_login(actor=actor, access_token=access, code=code, address=client_address(request))
    sign_ins.record(Act.MFA_ENABLED, Who(actor.id, actor.username))
    second_factor.record_login(access)
    return _sign_in(request, Tokens(access, "", refresh, 0))


def finish(request: HttpRequest, *, session: str, username: str, code: str) -> Moderator:
    """Complete the sign-in with a one-time code."""
    with _audited(request, username):
        tokens = accounts.answer_challenge(
            session=session, username=username, code=code, address=client_address(request)
        )
        _require_moderator(tokens)
    return _sign_in(request, tokens)


def _require_moderator(tokens: Tokens) -> Actor:
    actor = authentication.verify(tokens.access_token)
    if not authority.is_moderator(actor):
        cognito.revoke(tokens.refresh_token)
        raise NotModerator
    return actor


def _sign_in(request: HttpRequest, tokens: Tokens) -> Moderator:
    """Start a session under a new key, which prevents session fixation, and log it."""
    actor, now = authentication.verify(tokens.access_token), time.time()
    request.session.flush()
    request.session.update(
        {
            USER_ID: actor.id, "username": actor.username, "groups": sorted(actor.groups), "groups_at": now,
            "refresh": seal(tokens.refresh_token), "begun_at": now, "seen_at": now,
        }
    )  # fmt: skip
    request.session.set_expiry(IDLE_SECONDS)
    rotate_token(request)
    sign_ins.record(Act.SIGN_IN, Who(actor.id, actor.username), address=client_address(request))
    return moderator_of(actor)


def user_of(request: HttpRequest) -> Moderator | AnonymousUser:
    """Return the signed-in person; anonymous if the session has ended, or the person lost the groups or is suspended.

    2 read units per request: the session and the suspension.
    """
    session = request.session
    user_id = session.get(USER_ID)
    if not user_id:
        return AnonymousUser()
    now = time.time()
    if now - session["begun_at"] > LASTS_SECONDS or now - session["seen_at"] > IDLE_SECONDS:
        return _end(request)
    if now - session["groups_at"] > GROUPS_BELIEVED_SECONDS and not read_groups(request):
        return _end(request)
    if suspensions.find_suspension(user_id) is not None:
        return _end(request)
    if now - session["seen_at"] > _TOUCH_SECONDS:
        session["seen_at"] = now
        session.set_expiry(int(min(IDLE_SECONDS, LASTS_SECONDS - (now - session["begun_at"]))))
    return moderator_of(Actor(user_id, session["username"], frozenset(session["groups"])))


def read_groups(request: HttpRequest) -> bool:
    """Read the current groups from Cognito; False if the refresh token was revoked or the groups are gone."""
    try:
        tokens, actor = accounts.renew(unseal(request.session["refresh"]))
    except DomainError as refusal:
        # An outage of Cognito doesn't end the session.
        if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise
        return False
    request.session["groups"], request.session["groups_at"] = sorted(actor.groups), time.time()
    if tokens.refresh_token:
        request.session["refresh"] = seal(tokens.refresh_token)
    return authority.is_moderator(actor)


def require_current_groups(request: Any) -> Actor:
    """Return the actor with their current groups from Cognito, for each action on somebody else's rights.

    A page that only tries an action uses the groups in the session.
    """
    if dry_runs.is_on():
        held: Actor = request.user.actor
        return held
    if not read_groups(request):
        _end(request)
        raise NotModerator
    session = request.session
    return Actor(session[USER_ID], session["username"], frozenset(session["groups"]))


def _end(request: HttpRequest) -> AnonymousUser:
    request.session.flush()
    return AnonymousUser()


def moderator_of(actor: Actor) -> Moderator:
    made = Moderator.from_attributes({"id": actor.id, "username": actor.username})
    made.groups = actor.groups
    return made


@contextmanager
def _audited(request: HttpRequest, username: str) -> Iterator[None]:
    """Record refused sign-ins: by which name, from which address, and why."""
    try:
        yield
    except DomainError as refusal:
        if refusal.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            name = accounts.name_of(username) if _USERNAME.fullmatch(username) else sign_ins.OTHER_NAMES
            sign_ins.record_refusal(name, address=client_address(request), code=refusal.code)
        raise


@cache
def _box() -> Fernet:
    digest = hashlib.sha256(b"backoffice.signin\n" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def seal(text: str) -> str:
    """Encrypt the content of a session, so that the table contains no tokens in plain text."""
    return _box().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    """Decrypt the content of a session; `SessionExpired` if it was encrypted with another key."""
    try:
        return _box().decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise SessionExpired from error
