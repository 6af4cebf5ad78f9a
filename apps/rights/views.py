"""HTTP resources of people's rights over their data."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.api import Endpoint
from apps.core.idempotency import idempotent
from apps.jobs import serializers as job_serializers
from apps.jobs.responses import accepted
from apps.rights import archives, recipe_archives, serializers


class Exports(Endpoint):
    open_to_suspended = True

    @extend_schema(request=None, responses={202: job_serializers.JobOut})
    @idempotent
    def post(self, request: Request) -> Response:
        """Export all data held about you as a zip. The job says when it is ready."""
        row = archives.request_export(actor=self.actor, job_id=request.new_id)  # type: ignore[attr-defined]  # of `idempotent`
        headers = {"Location": f"/v1/jobs/{row.id}"}
        return Response(job_serializers.render(row), status=202, headers=headers)


class RecipeArchive(Endpoint):
    open_to_suspended = True

    @extend_schema(responses={202: job_serializers.JobOut})
    def get(self, request: Request) -> Response:
        """Export your recipes as a zip of JSON-LD and pictures, which can be imported again.

        The job's result is the id of an archive at `/v1/users/me/export/{archive_id}`. Repeating the request within a
        minute returns the same job.
        """
        return accepted(recipe_archives.request_archive(actor=self.actor))


class ExportDetail(Endpoint):
    @extend_schema(responses=serializers.ArchiveOut)
    def get(self, request: Request, archive_id: str) -> Response:
        """Get a link to your archive, by the id in the job's result. Available for a day."""
        return Response({"url": archives.link(archive_id, actor=self.actor)})
