"""Permissions of an account as a whole, checked before any view runs."""

from typing import Any, cast

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.core.authentication import Actor
from apps.users import sign_outs, suspensions


class MayWrite(BasePermission):
    """Signed-in people may read; those who are not suspended may write. `open_to_suspended` names the exceptions.

    One consistent read unit for each request that writes, none for one that reads: a suspension or sign-out applies on
    every server at once for writes, and within two seconds for reads.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        actor = cast("Actor", request.user)
        if request.method in SAFE_METHODS:
            sign_outs.require_signed_in(actor)
        else:
            allowed = _is_open(view, str(request.method))
            # Tokens contain the username of the registration; what people write is shown under their current one.
            named: Any = suspensions.require_active(actor, open_to_suspended=allowed)
            request.user = named
        return True


def _is_open(view: Any, method: str) -> bool:
    """Say whether a view admits suspended people: for all of its methods, or only for some."""
    open_to_suspended = getattr(view, "open_to_suspended", False)
    return method in open_to_suspended if isinstance(open_to_suspended, frozenset) else bool(open_to_suspended)
