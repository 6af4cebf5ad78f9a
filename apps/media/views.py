"""HTTP resources of uploads."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.media import serializers, services
from apps.media.models import Purpose, Status, UploadRow

# A picture is checked in about a second, where no others are in front of it.
_LOOK_AGAIN = {"Retry-After": "1"}


class Uploads(Endpoint):
    budget = "uploads"

    @extend_schema(request=serializers.UploadIn, responses={201: serializers.UploadFormOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Ask to post a picture; what nothing uses is removed after 24 hours."""
        body = api.read_body(request, serializers.UploadIn)
        row, form = services.request_upload(
            upload_id=request.new_id,  # type: ignore[attr-defined]
            purpose=Purpose(body["purpose"]),
            content_type=body["content_type"],
            size=body["size"],
            actor=self.actor,
        )
        headers = {"Location": f"/v1/uploads/{row.id}"}
        return Response(serializers.render_form(row, form), status=201, headers=headers)


class UploadDetail(Endpoint):
    @extend_schema(responses=serializers.UploadOut)
    def get(self, request: Request, upload_id: str) -> Response:
        """Read how one's own upload stands."""
        return Response(serializers.render(services.get_upload(upload_id, actor=self.actor)))


class UploadCompletion(Endpoint):
    @extend_schema(request=None, responses={200: serializers.UploadOut, 202: serializers.UploadOut})
    def post(self, request: Request, upload_id: str) -> Response:
        """Say that the file has been posted: it is checked in the background. 200 where that is done already."""
        return _respond(services.complete_upload(upload_id, actor=self.actor))


def _respond(row: UploadRow) -> Response:
    if row.status == Status.WAITING:
        return Response(serializers.render(row), status=202, headers=_LOOK_AGAIN)
    return Response(serializers.render(row))
