"""HTTP resources of households."""

from typing import ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, http
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.core.schema import IF_MATCH
from apps.households import invitations, serializers, services
from apps.households.services import View


class Household(Endpoint):
    @extend_schema(request=serializers.HouseholdIn, responses={201: serializers.HouseholdOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create a household. Its members share pantry, plans and shopping lists. Everybody belongs to at most one.

        Repeating the request returns the household.
        """
        body = api.read_body(request, serializers.HouseholdIn)
        view = services.create(
            household_id=request.new_id,  # type: ignore[attr-defined]
            name=body["name"],
            actor=self.actor,
            brings_pantry=body["bring_pantry"],
        )
        return _respond(view, status=201)

    @extend_schema(responses=serializers.HouseholdOut)
    def get(self, request: Request) -> Response:
        """Read your household; 404 if you belong to none."""
        return _respond(services.get_household(actor=self.actor))

    @extend_schema(request=serializers.HouseholdChangeIn, responses=serializers.HouseholdOut, parameters=[IF_MATCH])
    def patch(self, request: Request) -> Response:
        """Rename your household. Only for owners."""
        name = api.read_body(request, serializers.HouseholdChangeIn).get("name")
        check = http.version_check(request)
        return _respond(services.rename(name=name, actor=self.actor, check=check))

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request) -> Response:
        """Delete your household with everything it shared. Only for owners."""
        services.dissolve(actor=self.actor, check=http.version_check(request))
        return Response(status=204)


class HouseholdMember(Endpoint):
    @extend_schema(request=serializers.MemberChangeIn, responses=serializers.HouseholdOut, parameters=[IF_MATCH])
    def patch(self, request: Request, user_id: str) -> Response:
        """Change a member's role, as an owner, or your own settings."""
        changes = serializers.to_changes(api.read_body(request, serializers.MemberChangeIn))
        check = http.version_check(request)
        return _respond(services.change_member(user_id, actor=self.actor, changes=changes, check=check))

    @extend_schema(responses={204: None}, parameters=[IF_MATCH])
    def delete(self, request: Request, user_id: str) -> Response:
        """Leave the household, or, as an owner, remove a member."""
        services.remove_member(user_id, actor=self.actor, check=http.version_check(request))
        return Response(status=204)


class HouseholdInvitations(Endpoint):
    budgets: ClassVar[dict[str, str]] = {"POST": api.MESSAGES}

    @extend_schema(request=serializers.InvitationIn, responses={201: serializers.InvitationOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Invite somebody by username, or create an invitation link. Valid for 7 days. Only for owners."""
        body = api.read_body(request, serializers.InvitationIn)
        row = invitations.invite(username=body.get("username"), actor=self.actor)
        return Response(serializers.render_invitation(row), status=201)

    @extend_schema(responses=serializers.ReceivedInvitationsOut)
    def get(self, request: Request) -> Response:
        """List your open invitations."""
        received = invitations.list_received(actor=self.actor)
        return Response({"items": [serializers.render_received(one) for one in received]})


class HouseholdInvitation(Endpoint):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, code: str) -> Response:
        """Decline an invitation, or, as an owner, withdraw it."""
        invitations.end_invitation(code, actor=self.actor)
        return Response(status=204)


class HouseholdAcceptance(Endpoint):
    @extend_schema(request=serializers.InvitationAcceptanceIn, responses=serializers.HouseholdOut)
    @idempotent
    def post(self, request: Request, code: str) -> Response:
        """Accept an invitation and join its household."""
        body = api.read_body(request, serializers.InvitationAcceptanceIn)
        choices = {"respects_limits": body["respect_limits"], "shows_limits": body["show_limits"]}
        view = invitations.accept(code, actor=self.actor, brings_pantry=body["bring_pantry"], choices=choices)
        return _respond(view)


def _respond(view: View, status: int = 200) -> Response:
    return Response(serializers.render(view), status=status, headers={"ETag": serializers.etag(view.row)})
