"""HTTP resources of jobs."""

from functools import partial

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import api, fields
from apps.core.api import Endpoint
from apps.core.schema import list_of
from apps.jobs import serializers, services
from apps.jobs.responses import POLL_AGAIN

JobList = list_of(serializers.JobOut)


class Jobs(Endpoint):
    @extend_schema(parameters=[fields.PageQuery], responses=JobList)
    def get(self, request: Request) -> Response:
        """List your jobs, newest first. They are kept for 30 days."""
        page, _ = api.read_page(request, "jobs")
        return api.page_of(page, partial(services.list_jobs, actor=self.actor), serializers.render)


class JobDetail(Endpoint):
    waits = True

    @extend_schema(parameters=[serializers.WaitQuery], responses=serializers.JobOut)
    def get(self, request: Request, job_id: str) -> Response:
        """Read a job of yours, waiting up to `wait` seconds for it to end."""
        seconds = api.read_query(request, serializers.WaitQuery)["wait"]
        row = services.wait(job_id, actor=self.actor, seconds=seconds)
        return Response(serializers.render(row), headers=POLL_AGAIN if row.is_open else None)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, job_id: str) -> Response:
        """Cancel a job that has not started; 409 `job_begun` otherwise."""
        services.cancel(job_id, actor=self.actor)
        return Response(status=204)
