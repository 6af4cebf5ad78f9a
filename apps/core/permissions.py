"""Who may call at all; who may see or change a thing is decided in services."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.authentication import Actor


class IsActor(BasePermission):
    """Somebody with a valid access token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Actor)
