"""HTTP resource of reports."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.moderation import serializers, services
from apps.moderation.models import Reason, Target


class Reports(Endpoint):
    @extend_schema(request=serializers.ReportIn, responses={201: serializers.ReportOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Report a post, comment, recipe or person to the moderators, once."""
        body = api.read_body(request, serializers.ReportIn)
        row = services.report_target(
            target=Target(body["target_type"]),
            target_id=body["target_id"],
            reason=Reason(body["reason"]),
            note=body.get("note") or None,
            actor=self.actor,
        )
        return Response(serializers.render(row), status=201)
