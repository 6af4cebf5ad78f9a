"""Corrections to the emulator's Cognito where it differs from AWS in ways that the service depends on."""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

import threading
from typing import Any

from ministack.services import cognito

OK = 200
# Held while the users of a pool are read or changed.
_pools = threading.Lock()


def apply() -> None:
    _serialise_requests()
    _verify_the_address_that_was_confirmed()
    _keep_the_time_of_the_login()


def _serialise_requests() -> None:
    """Serialize requests that read a pool's users, and require the client secret.

    The emulator answers each on its own thread, and a look-up during another person's sign-up fails with "Invalid
    access token". It checks the client secret only in a mode that also checks all of IAM.
    """
    original = cognito._run_idp_handler

    def run_one_at_a_time(handler: Any, action: str, data: dict[str, Any]) -> Any:
        with _pools:
            return cognito._validate_client_secret_hash(action, data) or original(handler, action, data)

    cognito._run_idp_handler = run_one_at_a_time


def _verify_the_address_that_was_confirmed() -> None:
    """Mark the address verified when its code confirms a sign-up, as Cognito does: only then can it sign in."""
    original = cognito._confirm_sign_up

    def confirm_and_verify(data: dict[str, Any]) -> Any:
        answer = original(data)
        if answer[0] == OK:
            pool = next(pool for pool in cognito._user_pools.values() if data["ClientId"] in pool["_clients"])
            user, _ = cognito._resolve_user(pool, data["Username"])
            attributes = cognito._attr_list_to_dict(user["Attributes"])
            attributes |= {f"{name}_verified": "true" for name in pool["AutoVerifiedAttributes"] if name in attributes}
            user["Attributes"] = cognito._dict_to_attr_list(attributes)
        return answer

    cognito._confirm_sign_up = confirm_and_verify


def _keep_the_time_of_the_login() -> None:
    """Give refreshed tokens the `auth_time` of their login, as Cognito does (OpenID Connect Core 1.0, section 12.2)."""
    refresh, complete = cognito._refresh_auth_result, cognito._apply_pretoken_trigger
    began = threading.local()

    def refresh_login(pool: Any, pool_id: str, client_id: str, refresh_token: str) -> Any:
        began.at = cognito._token_claims(refresh_token).get("iat")
        try:
            return refresh(pool, pool_id, client_id, refresh_token)
        finally:
            began.at = None

    def complete_claims(**options: Any) -> Any:
        claims = complete(**options)
        return {**claims, "auth_time": began.at} if getattr(began, "at", None) else claims

    cognito._refresh_auth_result, cognito._apply_pretoken_trigger = refresh_login, complete_claims
