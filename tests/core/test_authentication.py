"""Authentication: only access tokens of our pool, signed with RS256 by its keys, are accepted."""

import base64
import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings
from jwt.algorithms import RSAAlgorithm

from apps.core import authentication
from apps.core.authentication import KeySet
from apps.core.errors import NotAuthenticated, Unavailable

PATH = "/v1/pantry"


class Keys:
    """A pool's published keys, served over HTTP with a count of requests."""

    def __init__(self) -> None:
        self.private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.asked = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.asked += 1
                body = json.dumps({"keys": [outer.published()]}).encode()
                self.send_response(200)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None: ...

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/jwks.json"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def published(self) -> dict[str, Any]:
        return {**RSAAlgorithm.to_jwk(self.private.public_key(), as_dict=True), "kid": "ours", "alg": "RS256"}

    def token(self, *, kid: str = "ours", **claims: Any) -> str:
        whole = {
            "sub": "5f0c",
            "iss": settings.COGNITO_ISSUER,
            "client_id": settings.COGNITO_CLIENT_ID,
            "token_use": "access",
            "username": "ana",
            "exp": int(time.time()) + 60,
            **claims,
        }
        return jwt.encode(whole, self.private, algorithm="RS256", headers={"kid": kid})

    def close(self) -> None:
        if not self._thread.is_alive():
            return
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Keys]:
    """Keys of a pool of our own, so that tests can sign tokens that no real pool would issue."""
    served = Keys()
    monkeypatch.setattr(authentication, "key_set", KeySet(served.url))
    yield served
    served.close()


def test_an_access_token_of_the_pool_gets_in(api: Any, ana: Any) -> None:
    assert api.get(PATH, token=ana.token).status_code == 200


def test_an_id_token_does_not(api: Any, ana: Any) -> None:
    assert api.get(PATH, token=ana.id_token).status_code == 401


def test_a_token_that_we_would_issue_gets_in(keys: Keys) -> None:
    actor = authentication.verify(keys.token(kid="ours", **{"cognito:groups": ["moderators"]}))

    assert (actor.id, actor.username, actor.groups) == ("5f0c", "ana", frozenset({"moderators"}))


@pytest.mark.parametrize(
    "claims",
    [
        {"exp": 1},
        {"iss": "https://cognito-idp.ap-southeast-1.amazonaws.com/another-pool"},
        {"client_id": "another-client"},
        {"token_use": "id"},
        {"exp": None},
        {"sub": None},
    ],
)
def test_an_expired_token_or_one_of_another_pool_client_or_use_is_refused(keys: Keys, claims: dict[str, Any]) -> None:
    present = {name: value for name, value in claims.items() if value is not None}
    token = keys.token(**present)
    if None in claims.values():
        payload = jwt.decode(token, options={"verify_signature": False})
        for name in claims:
            del payload[name]
        token = jwt.encode(payload, keys.private, algorithm="RS256", headers={"kid": "ours"})

    with pytest.raises(NotAuthenticated):
        authentication.verify(token)


def unsigned(keys: Keys, algorithm: str) -> str:
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm, "kid": "ours"}).encode()).rstrip(b"=").decode()
    return f"{header}.{keys.token().split('.')[1]}."


def test_unsigned_tokens_are_refused(keys: Keys) -> None:
    for algorithm in ("none", "None", "HS256", "RS256"):
        with pytest.raises(NotAuthenticated):
            authentication.verify(unsigned(keys, algorithm))


def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(keys: Keys) -> None:
    """HS256 with the bytes of the RSA key: the classic algorithm confusion."""
    payload = jwt.decode(keys.token(), options={"verify_signature": False})
    token = jwt.encode(payload, "x" * 32, algorithm="HS256", headers={"kid": "ours"})

    with pytest.raises(NotAuthenticated):
        authentication.verify(token)


def test_a_token_signed_by_somebody_else_is_refused(keys: Keys) -> None:
    stranger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    payload = jwt.decode(keys.token(), options={"verify_signature": False})
    forged = jwt.encode(payload, stranger, algorithm="RS256", headers={"kid": "ours"})

    with pytest.raises(NotAuthenticated):
        authentication.verify(forged)


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é.é.é", "x" * 10_000, "..", "e30.e30.e30"])
def test_what_is_not_a_token_is_refused(api: Any, token: str) -> None:
    answer = api.get(PATH, headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("header", ["Basic dXNlcjpwYXNz", "Bearer", "bearer ", "Token x"])
def test_another_scheme_is_refused(api: Any, header: str) -> None:
    assert api.get(PATH, headers={"Authorization": header}).status_code == 401


def test_a_flood_of_unknown_key_ids_asks_for_the_keys_once(keys: Keys) -> None:
    for number in range(50):
        with pytest.raises(NotAuthenticated):
            authentication.verify(keys.token(kid=f"made-up-{number}"))

    assert keys.asked == 1


def test_tokens_with_known_keys_pass_while_the_keys_cannot_be_fetched(keys: Keys) -> None:
    authentication.verify(keys.token())
    keys.close()

    assert authentication.verify(keys.token()).id == "5f0c"
    with pytest.raises(NotAuthenticated):
        authentication.verify(keys.token(kid="unknown"))


def test_without_any_keys_the_caller_is_asked_to_come_again(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "key_set", KeySet("http://127.0.0.1:9/jwks.json"))

    with pytest.raises(Unavailable):
        authentication.verify(keys.token())


def test_a_token_is_verified_once(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    token = keys.token()
    first = authentication.verify(token)

    monkeypatch.setattr(jwt, "decode", lambda *_, **__: pytest.fail("verified again"))

    assert authentication.verify(token) == first


def test_a_verified_token_is_refused_once_its_key_is_replaced(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    token = keys.token()
    authentication.verify(token)
    later = Keys()

    monkeypatch.setattr(authentication, "key_set", KeySet(later.url))

    with pytest.raises(NotAuthenticated):
        authentication.verify(token)
    later.close()


def test_a_verified_token_is_good_until_it_expires(keys: Keys) -> None:
    actor, known = authentication.verify(keys.token()), authentication.VerifiedTokens()
    key = authentication.key_set.key("ours")
    for name, expires_at in ((b"good", int(time.time()) + 1000), (b"expired", int(time.time()))):
        known.add(name, authentication.Verified(actor, expires_at, "ours", key))

    assert known.find(b"good") == actor
    assert known.find(b"expired") is None


def test_the_tokens_used_last_are_remembered(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(authentication, "MAX_VERIFIED", 2)
    actor, known = authentication.verify(keys.token()), authentication.VerifiedTokens()
    verified = authentication.Verified(actor, int(time.time()) + 1000, "ours", authentication.key_set.key("ours"))

    known.add(b"first", verified)
    known.add(b"second", verified)
    known.find(b"first")
    known.add(b"third", verified)

    assert [known.find(name) for name in (b"first", b"second", b"third")] == [actor, None, actor]
