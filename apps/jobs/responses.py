"""The response to a request that starts a job, for the views of other apps too."""

from rest_framework.response import Response

from apps.jobs import serializers
from apps.jobs.services import JobRow

# Most jobs take seconds.
POLL_AGAIN = {"Retry-After": "1"}


def accepted(row: JobRow) -> Response:
    """Return a 202 response with the job and its URL."""
    headers = {"Location": f"/v1/jobs/{row.id}", **POLL_AGAIN}
    return Response(serializers.render(row), status=202, headers=headers)
