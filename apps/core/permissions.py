"""Authentication as a permission. Services decide who may see or change a resource."""

from typing import Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from apps.core.authentication import Actor


class IsActor(BasePermission):
    """Allows callers with a valid access token."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return isinstance(request.user, Actor)
