"""The wire format of households."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields, http
from apps.core.food import DIETS
from apps.households.invitations import Invited, link_of
from apps.households.models import HouseholdRow, InvitationRow, Limits, Role
from apps.households.services import MemberView, View
from apps.users.people import Person
from apps.users.serializers.accounts import ShownName
from apps.users.serializers.people import CardOut, render_card

ROLES = [role.value for role in Role]


class HouseholdIn(fields.Strict):
    name = ShownName(max_length=60)
    bring_pantry = fields.Flag(required=False, default=True, help_text="Move your pantry into the shared one.")


class HouseholdChangeIn(fields.Strict):
    name = ShownName(required=False, max_length=60)


class InvitationIn(fields.Strict):
    username = fields.TextField(
        required=False, allow_null=True, max_length=31, help_text="Without it, a link for anybody."
    )


class InvitationAcceptanceIn(fields.Strict):
    respect_limits = fields.Flag(
        required=False, default=True, help_text="Whether the household's cooking respects your allergies and diets."
    )
    show_limits = fields.Flag(required=False, default=False, help_text="Whether the members see them.")
    bring_pantry = fields.Flag(required=False, default=True)


class MemberChangeIn(fields.Strict):
    """Changes of a member. Owners change roles; everything else each member changes themselves."""

    role = fields.Choice(ROLES, required=False)
    respect_limits = fields.Flag(required=False)
    show_limits = fields.Flag(required=False)


class LimitsOut(serializers.Serializer[Any]):
    allergies = serializers.ListField(child=serializers.CharField())
    diets = serializers.ListField(child=serializers.ChoiceField(DIETS))


class MemberOut(serializers.Serializer[Any]):
    """A member. `limits` is null unless shown or the caller's own; `user` is null once the account is deleted."""

    user = CardOut(allow_null=True)
    role = serializers.ChoiceField(ROLES)
    respect_limits = serializers.BooleanField()
    show_limits = serializers.BooleanField()
    limits = LimitsOut(allow_null=True)
    joined_at = serializers.DateTimeField()


class InvitationOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    link = serializers.CharField()
    user_id = serializers.CharField(allow_null=True, help_text="The invited person; null for a link.")
    expires_at = serializers.DateTimeField()


class HouseholdOut(serializers.Serializer[Any]):
    """A household. Only owners see `invitations`."""

    SENDS_ETAG: ClassVar[bool] = True

    id = fields.Id()
    name = serializers.CharField()
    members = MemberOut(many=True)
    invitations = InvitationOut(many=True)
    created_at = serializers.DateTimeField()


class ReceivedInvitationOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    household_name = serializers.CharField()
    by = CardOut(allow_null=True)
    expires_at = serializers.DateTimeField()


class ReceivedInvitationsOut(serializers.Serializer[Any]):
    items = ReceivedInvitationOut(many=True)


def render(view: View) -> dict[str, Any]:
    return {
        "id": view.row.id,
        "name": view.row.name,
        "members": [_render_member(member) for member in view.members],
        "invitations": [render_invitation(row) for row in view.invitations],
        "created_at": clock.iso(view.row.created_at),
    }


def _render_member(view: MemberView) -> dict[str, Any]:
    return {
        "user": _card(view.user),
        "role": view.member.role,
        "respect_limits": view.member.respects_limits,
        "show_limits": view.member.shows_limits,
        "limits": _render_limits(view.limits) if view.limits else None,
        "joined_at": view.member.joined_at,
    }


def _render_limits(limits: Limits) -> dict[str, Any]:
    return {"allergies": list(limits.allergies), "diets": list(limits.diets)}


def _card(user: Person | None) -> dict[str, Any] | None:
    return render_card(user) if user else None


def render_invitation(row: InvitationRow) -> dict[str, Any]:
    return {"code": row.code, "link": link_of(row), "user_id": row.to_id, "expires_at": clock.iso(row.expires_at)}


def render_received(invited: Invited) -> dict[str, Any]:
    return {
        "code": invited.row.code,
        "household_name": invited.household_name,
        "by": _card(invited.by),
        "expires_at": clock.iso(invited.row.expires_at),
    }


def to_changes(body: dict[str, Any]) -> dict[str, Any]:
    """Convert validated data of `MemberChangeIn` to fields of `Member`."""
    names = {"role": "role", "respect_limits": "respects_limits", "show_limits": "shows_limits"}
    return {names[name]: value for name, value in body.items()}


def etag(row: HouseholdRow) -> str:
    return http.etag(int(row.version or 0))
