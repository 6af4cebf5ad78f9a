"""HTTP resources of friends, requests and blocks."""

from functools import partial
from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import list_of
from apps.friends import blocks, serializers, services
from apps.friends.models import State

FriendList = list_of(serializers.FriendOut)
BlockedList = list_of(serializers.BlockedOut)


class FriendRequests(Endpoint):
    budgets: ClassVar[dict[str, str]] = {"POST": api.MESSAGES}

    @extend_schema(request=serializers.FriendRequestIn, responses={201: serializers.FriendOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Send a friend request. If the other person has already sent you one, you become friends at once.

        Repeating your own request returns what became of it.
        """
        body = api.read_body(request, serializers.FriendRequestIn)
        made = services.send_request(
            user_id=body["user_id"],
            message=body.get("message") or None,
            attempt=request.new_id,  # type: ignore[attr-defined]
            actor=self.actor,
        )
        return Response(serializers.render(made), status=201)

    @extend_schema(parameters=[serializers.FriendRequestQuery], responses=FriendList)
    def get(self, request: Request) -> Response:
        """List the friend requests that you received or sent, latest first."""
        page, query = api.read_page(request, "friend-requests", serializers.FriendRequestQuery)
        read = partial(services.list_requests, State(query["direction"]), actor=self.actor)
        return api.page_of(page, read, serializers.render)


class FriendRequestDetail(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: str) -> Response:
        """Withdraw a friend request that you sent."""
        services.withdraw_request(user_id, actor=self.actor)
        return Response(status=204)


class FriendRequestAcceptance(Endpoint):
    @extend_schema(request=None, responses=serializers.FriendOut)
    @idempotent
    def post(self, request: Request, user_id: str) -> Response:
        """Accept a friend request that you received."""
        made = services.accept_request(user_id, attempt=request.new_id, actor=self.actor)  # type: ignore[attr-defined]
        return Response(serializers.render(made))


class FriendRequestRejection(Endpoint):
    @extend_schema(request=None, responses={204: None})
    @idempotent
    def post(self, request: Request, user_id: str) -> Response:
        """Reject a friend request that you received."""
        services.reject_request(user_id, actor=self.actor)
        return Response(status=204)


class Friends(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=FriendList)
    def get(self, request: Request) -> Response:
        """List your friends, latest first."""
        page, _ = api.read_page(request, "friends")
        return api.page_of(page, partial(services.list_friends, actor=self.actor), serializers.render)


class FriendDetail(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: str) -> Response:
        """End a friendship."""
        services.unfriend(user_id, actor=self.actor)
        return Response(status=204)


class Block(Endpoint):
    @extend_schema(request=None, responses={204: None})
    def put(self, request: Request, user_id: str) -> Response:
        """Block somebody. Neither of you sees the other any more, and a friendship ends."""
        blocks.block(user_id, actor=self.actor)
        return Response(status=204)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, user_id: str) -> Response:
        """Remove your block. The other person's block, if there is one, stays."""
        blocks.unblock(user_id, actor=self.actor)
        return Response(status=204)


class Blocks(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=BlockedList)
    def get(self, request: Request) -> Response:
        """List the people whom you have blocked."""
        page, _ = api.read_page(request, "blocks")
        return api.page_of(page, partial(blocks.list_blocked, actor=self.actor), serializers.render_blocked)
