"""HTTP resources of people's rights over their data."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, clock
from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.jobs import serializers as job_serializers
from apps.rights import archives, serializers
from apps.users import erasures
from apps.users.views import people


class Exports(Endpoint):
    open_to_suspended = True

    @extend_schema(request=None, responses={202: job_serializers.JobOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Have everything that is held about oneself put together as a zip; the job says when it is done."""
        row = archives.request_export(actor=self.actor, job_id=request.new_id)
        headers = {"Location": f"/v1/jobs/{row.id}"}
        return Response(job_serializers.render(row), status=202, headers=headers)


class ExportDetail(Endpoint):
    @extend_schema(responses=serializers.ArchiveOut)
    def get(self, request: Request, archive_id: str) -> Response:
        """Get a link to one's own archive, by the id in the job's result; for a day."""
        return Response({"url": archives.link(archive_id, actor=self.actor)})


class OwnProfile(people.OwnProfile):
    """One's own profile, as the users app has it, and the end of it."""

    open_to_suspended = True

    @extend_schema(request=serializers.ErasureIn, responses={202: serializers.ErasureOut})
    def delete(self, request: Request) -> Response:
        """Have one's account erased in seven days, or at once, and end every login."""
        body = api.read_body(request, serializers.ErasureIn)
        due = erasures.request_erasure(actor=self.actor, access_token=str(request.auth), **body)
        return Response({"due": clock.iso(due)}, status=202)
