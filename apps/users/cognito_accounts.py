"""Account changes that the service makes in Cognito with its own permissions, for the account's owner.

A user's own token cannot do any of this: the pool's firewall blocks such calls (docs/decisions/0102).
"""

from typing import Any

from django.conf import settings

from apps.core.errors import NotAuthenticated
from apps.users import cognito

# The account was deleted after the token was issued.
_GONE: cognito.Refusals = {"UserNotFoundException": NotAuthenticated}


def attributes(account: str) -> dict[str, str]:
    """Return the attributes of an account: `email`, `email_verified`, `name`, `sub`."""
    return {one["Name"]: one["Value"] for one in _get(account)["UserAttributes"]}


def groups_of(account: str) -> frozenset[str]:
    """Return the account's current groups, whatever its tokens say; none if the account is gone."""
    try:
        found = _call("admin_list_groups_for_user", account)
    except NotAuthenticated:
        return frozenset()
    return frozenset(str(one["GroupName"]) for one in found["Groups"])


def set_mfa(account: str, *, is_on: bool) -> None:
    """Require one-time codes at login, or stop requiring them."""
    _call("admin_set_user_mfa_preference", account, SoftwareTokenMfaSettings={"Enabled": is_on, "PreferredMfa": is_on})


def set_password(account: str, password: str) -> None:
    _call("admin_set_user_password", account, Password=password, Permanent=True)


def sign_out_everywhere(account: str) -> None:
    """Revoke every refresh token of an account."""
    _call("admin_user_global_sign_out", account)


def _get(account: str) -> dict[str, Any]:
    return _call("admin_get_user", account)


def _call(operation: str, account: str, **parameters: Any) -> dict[str, Any]:
    return cognito.call(operation, _GONE, UserPoolId=settings.COGNITO_POOL_ID, Username=account, **parameters)
