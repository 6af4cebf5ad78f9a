"""Access tokens of the Cognito pool, verified by the pool's published keys."""

import base64
import hashlib
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import jwt
import orjson
import structlog
import urllib3
from django.conf import settings
from jwt.algorithms import RSAAlgorithm
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from apps.core.errors import NotAuthenticated, Unavailable

log = structlog.get_logger()

# An unknown key id triggers a fetch of new keys, but a flood of made-up ids must not flood Cognito.
_REFETCH_SECONDS = 60.0
_LONGEST_TOKEN = 8192
# Verified tokens that are remembered, some 700 bytes each.
MAX_VERIFIED = 5_000


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes the request: the Cognito `sub`, the username, the groups.

    `account` is their username in Cognito, which stays when they change theirs. `authenticated_at` is when they logged
    in (seconds since 1970), `token_id` that of the access token, `login_id` that of all tokens of the login.
    """

    id: str
    username: str
    groups: frozenset[str] = frozenset()
    authenticated_at: int = 0
    token_id: str = ""
    login_id: str = ""
    account: str = ""
    is_authenticated: ClassVar[bool] = True


class KeySet:
    """The pool's public keys by id. Tokens with cached keys are accepted even if Cognito is unreachable."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._keys: dict[str, Any] = {}
        self._fetched_at = -_REFETCH_SECONDS
        self._lock = threading.Lock()
        self._http = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1.0, read=3.0), retries=False)

    def key(self, key_id: str) -> Any:
        """Return the key, or raise `NotAuthenticated`; `Unavailable` if we have no keys and cannot get them."""
        if key_id not in self._keys:
            self._refetch(key_id)
        try:
            return self._keys[key_id]
        except KeyError:
            raise NotAuthenticated from None

    def _refetch(self, key_id: str) -> None:
        with self._lock:
            if key_id in self._keys or time.monotonic() - self._fetched_at < _REFETCH_SECONDS:
                return
            try:
                answer = self._http.request("GET", self._url)
                found = {key["kid"]: RSAAlgorithm.from_jwk(key) for key in answer.json()["keys"]}
            except (urllib3.exceptions.HTTPError, ValueError, KeyError) as error:
                self._not_fetched(error)
                return
            # Counted from the last success: a failed fetch may be tried again by the next request.
            self._keys, self._fetched_at = found, time.monotonic()

    def _not_fetched(self, error: Exception) -> None:
        log.warning("jwks_not_fetched", error=type(error).__name__)
        if not self._keys:
            raise Unavailable from error
        self._fetched_at = time.monotonic()


key_set = KeySet(settings.COGNITO_JWKS_URL)


class Verified(NamedTuple):
    """What verifying a token has found: whose it is, until when (seconds since 1970), and by which key."""

    actor: Actor
    expires_at: int
    key_id: str
    key: Any


class VerifiedTokens:
    """Tokens that were verified, by their SHA-256: verifying again what has not changed is half of a small answer.

    A token is as good as on the first time until it expires or its key is replaced (docs/decisions/0191). What was
    refused is not remembered. Safe for threads, which verify a token twice at worst.
    """

    def __init__(self) -> None:
        # In the order of the last use.
        self._found: dict[bytes, Verified] = {}

    def find(self, digest: bytes) -> Actor | None:
        found = self._found.pop(digest, None)
        if found is None or found.expires_at <= time.time() or key_set.key(found.key_id) is not found.key:
            return None
        self._found[digest] = found
        return found.actor

    def add(self, digest: bytes, verified: Verified) -> None:
        self._found[digest] = verified
        if len(self._found) > MAX_VERIFIED:
            with suppress(KeyError, RuntimeError, StopIteration):
                del self._found[next(iter(self._found))]


_verified = VerifiedTokens()


def verify(token: str) -> Actor:
    """Return whom a token speaks for; `NotAuthenticated` unless signature, issuer, client, use and expiry hold."""
    if len(token) > _LONGEST_TOKEN or not token.isascii():
        raise NotAuthenticated
    digest = hashlib.sha256(token.encode()).digest()
    actor = _verified.find(digest)
    if actor is None:
        verified = _verify(token)
        _verified.add(digest, verified)
        actor = verified.actor
    return actor


def _verify(token: str) -> Verified:
    key_id = _key_id(token)
    key = key_set.key(key_id)
    try:
        claims = jwt.decode(
            token,
            key,
            algorithms=["RS256"],
            issuer=settings.COGNITO_ISSUER,
            options={"require": ["exp", "iss", "sub"], "verify_aud": False},
        )
    except (jwt.PyJWTError, ValueError, UnicodeError) as error:
        raise NotAuthenticated from error
    return Verified(_actor(claims), int(claims["exp"]), key_id, key)


def _key_id(token: str) -> str:
    """Return the id of the key that a token says it is signed with. Whether its header may be believed is jwt's to say.

    `jwt.get_unverified_header` would decode the whole token, which verifying it does once more.
    """
    segment = token.partition(".")[0]
    try:
        header = orjson.loads(base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4)))
    except ValueError as error:
        raise NotAuthenticated from error
    key_id = header.get("kid") if isinstance(header, dict) and header.get("alg") == "RS256" else None
    if not isinstance(key_id, str):
        raise NotAuthenticated
    return key_id


def _actor(claims: dict[str, Any]) -> Actor:
    if claims.get("token_use") != "access" or claims.get("client_id") != settings.COGNITO_CLIENT_ID:
        raise NotAuthenticated
    return Actor(
        id=claims["sub"],
        username=str(claims.get("username", "")),
        account=str(claims.get("username", "")),
        groups=frozenset(claims.get("cognito:groups") or ()),
        authenticated_at=int(claims.get("auth_time") or claims.get("iat") or 0),
        token_id=str(claims.get("jti", "")),
        login_id=str(claims.get("origin_jti", "")),
    )


class CognitoAccessToken(BaseAuthentication):
    """`Authorization: Bearer <access token>`."""

    def authenticate(self, request: Request) -> tuple[Actor, str] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        if scheme.lower() != "bearer" or not token.strip():
            raise NotAuthenticated
        return verify(token.strip()), token.strip()

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
