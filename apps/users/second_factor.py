"""Record which logins used a one-time code: moderators need one, and access tokens don't tell."""

from datetime import timedelta
from typing import Any

import jwt

from apps.core import authentication, clock, keys
from apps.core.models import Item
from apps.core.transactions import claim
from apps.users.errors import LoginRecorded

# As long as a refresh token is valid (RefreshTokenValidity of the client).
_KEPT = timedelta(days=30)


class SecondFactor(Item, discriminator="second_factor"):
    """Records that one login used a one-time code."""


def record_login(access_token: str) -> None:
    """Record that a token's login used a code: 1 write unit, for people in a group only."""
    actor = authentication.verify(access_token)
    login_id = _login_id(access_token)
    if not actor.groups or not login_id:
        return
    key = keys.second_factor(actor.id, login_id)
    ttl = clock.epoch(clock.now() + _KEPT)
    try:
        claim(SecondFactor(pk=key.pk, sk=key.sk, ttl=ttl), otherwise=LoginRecorded())
    except LoginRecorded:
        return


def was_given(user_id: str, access_token: str) -> bool:
    """Say whether a verified token comes from a login with a one-time code: 1 read unit."""
    login_id = _login_id(access_token)
    return bool(login_id) and SecondFactor.read(keys.second_factor(user_id, login_id)) is not None


def _login_id(access_token: str) -> str:
    """Return the id that all tokens of one login share, also after a refresh."""
    claims: dict[str, Any] = jwt.decode(access_token, options={"verify_signature": False})
    return str(claims.get("origin_jti", ""))
