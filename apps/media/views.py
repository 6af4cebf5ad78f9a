"""HTTP resources of uploads."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.media import serializers, services
from apps.media.models import Purpose, Status, UploadRow

# Checking a picture takes about a second if no others are queued.
_LOOK_AGAIN = {"Retry-After": "1"}


class Uploads(Endpoint):
    budget = "uploads"

    @extend_schema(request=serializers.UploadIn, responses={201: serializers.UploadFormOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Create an upload. Pictures that nothing uses are deleted after 24 hours."""
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
        """Read the state of an upload of yours."""
        return Response(serializers.render(services.get_upload(upload_id, actor=self.actor)))


class UploadCompletion(Endpoint):
    @extend_schema(request=None, responses={200: serializers.UploadOut, 202: serializers.UploadOut})
    def post(self, request: Request, upload_id: str) -> Response:
        """Report that the file was uploaded. It is checked in the background; 200 if that is done already."""
        return _respond(services.complete_upload(upload_id, actor=self.actor))


def _respond(row: UploadRow) -> Response:
    if row.status == Status.WAITING:
        return Response(serializers.render(row), status=202, headers=_LOOK_AGAIN)
    return Response(serializers.render(row))
