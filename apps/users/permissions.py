"""What an account may do as a whole, asked before any view runs."""

from typing import Any, cast

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from apps.core.authentication import Actor
from apps.users import suspensions


class MayWrite(BasePermission):
    """Whoever is not suspended writes; reading is open to all, and so is what views call `open_to_suspended`.

    One consistent read unit for each request that writes, none for one that reads: a suspension holds on every server
    from the moment on at which it is written, and nothing has to be told to anybody when it ends.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.method not in SAFE_METHODS and not getattr(view, "open_to_suspended", False):
            suspensions.require_not_suspended(cast("Actor", request.user).id)
        return True
