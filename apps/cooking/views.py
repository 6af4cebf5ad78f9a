"""HTTP resources of cooking."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.cooking import serializers, services
from apps.cooking.models import SessionRow, Status
from apps.core import api, fields, http
from apps.core.api import Endpoint
from apps.core.authentication import Actor
from apps.core.idempotency import idempotent
from apps.core.schema import IF_MATCH, list_of

SessionList = list_of(serializers.SessionBriefOut)
CookedList = list_of(serializers.CookedOut)


class Sessions(Endpoint):
    @extend_schema(request=serializers.SessionIn, responses={201: serializers.SessionOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Start cooking a recipe. The session keeps a copy of the recipe as it is now."""
        body = api.read_body(request, serializers.SessionIn)
        row = services.start_session(
            session_id=request.new_id,  # type: ignore[attr-defined]
            recipe_id=body["recipe_id"],
            servings=body.get("servings"),
            actor=self.actor,
        )
        response = _respond(row, actor=self.actor, status=201)
        response["Location"] = f"/v1/cooking/sessions/{response.data['id']}"
        return response

    @extend_schema(parameters=[serializers.SessionQuery], responses=SessionList)
    def get(self, request: Request) -> Response:
        """List your sessions, newest first."""
        page, query = api.read_page(request, "cooking", serializers.SessionQuery)
        status = Status(query["status"]) if "status" in query else None
        read = partial(services.list_shown_sessions, actor=self.actor, status=status)
        return api.page_of(page, read, lambda shown: serializers.render_brief(*shown))


class SessionDetail(Endpoint):
    @extend_schema(responses=serializers.SessionOut)
    def get(self, request: Request, session_id: str) -> Response:
        """Read one of your sessions."""
        return _respond(services.get_session(session_id, actor=self.actor), actor=self.actor)

    @extend_schema(request=serializers.SessionChangeIn, responses=serializers.SessionOut, parameters=[IF_MATCH])
    def patch(self, request: Request, session_id: str) -> Response:
        """Change the notes or the current step."""
        changes = api.read_body(request, serializers.SessionChangeIn)
        check = http.version_check(request)
        row = services.edit_session(session_id, actor=self.actor, changes=changes, check=check)
        return _respond(row, actor=self.actor)

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, session_id: str) -> Response:
        """Delete a session from your history."""
        services.delete_session(session_id, actor=self.actor, check=http.version_check(request))
        return Response(status=204)


class SessionCompletion(Endpoint):
    @extend_schema(request=serializers.CompletionIn, responses=serializers.CompletedSessionOut)
    @idempotent
    def post(self, request: Request, session_id: str) -> Response:
        """Complete a session. Stars become your rating of the recipe. The response offers to update the pantry."""
        body = api.read_body(request, serializers.CompletionIn)
        row = services.complete_session(
            session_id,
            actor=self.actor,
            notes=body.get("notes"),
            stars=body.get("stars"),
            comment=body.get("comment") or None,
        )
        offers = services.pantry_offers(row, actor=self.actor)
        answer = serializers.render_completed(row, services.find_shown(row, actor=self.actor), offers)
        return Response(answer, headers={"ETag": serializers.etag(row)})


class SessionAbandonment(Endpoint):
    @extend_schema(request=None, responses=serializers.SessionOut)
    @idempotent
    def post(self, request: Request, session_id: str) -> Response:
        """Abandon a session."""
        return _respond(services.abandon_session(session_id, actor=self.actor), actor=self.actor)


class Stats(Endpoint):
    @extend_schema(responses=serializers.CookingStatsOut)
    def get(self, request: Request) -> Response:
        """Read statistics of what you have cooked."""
        return Response(serializers.render_stats(services.get_stats(actor=self.actor)))


class PersonsCooking(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=CookedList)
    def get(self, request: Request, user_id: str) -> Response:
        """List what somebody has cooked, if their privacy settings show it."""
        page, _ = api.read_page(request, f"cooking:{user_id}")
        read = partial(services.list_completed_sessions, user_id, actor=self.actor)
        return api.page_of(page, read, serializers.render_cooked)


def _respond(row: SessionRow, *, actor: Actor, status: int = 200) -> Response:
    shown = services.find_shown(row, actor=actor)
    return Response(serializers.render(row, shown), status=status, headers={"ETag": serializers.etag(row)})
