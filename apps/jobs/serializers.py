"""The wire format of jobs."""

from typing import Any, ClassVar

from rest_framework import serializers

from apps.core import clock, fields
from apps.jobs.models import JobRow, Kind, State
from apps.jobs.services import problem_of

KINDS = [kind.value for kind in Kind]
STATES = [state.value for state in State]


class WaitQuery(fields.Query):
    wait = fields.WholeNumber(
        required=False, min_value=0, max_value=10, default=0, help_text="Seconds to wait for the job to end."
    )


class JobResultOut(serializers.Serializer[Any]):
    type = serializers.CharField(help_text="The type of the result, such as `import`.")
    id = serializers.CharField()


class JobProblemOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    title = serializers.CharField()
    detail = serializers.CharField()


class JobOut(serializers.Serializer[Any]):
    """A job. `progress` is from 0 to 1; `result` is set once the job is done, `problem` once it has failed."""

    SENDS_LOCATION: ClassVar[tuple[int, ...]] = (202,)

    id = fields.Id()
    kind = serializers.ChoiceField(KINDS)
    state = serializers.ChoiceField(STATES)
    progress = serializers.FloatField(min_value=0, max_value=1)
    result = JobResultOut(allow_null=True)
    problem = JobProblemOut(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


def render(row: JobRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "kind": row.job_kind,
        "state": row.state,
        "progress": round(float(row.progress), 3),
        "result": row.result,
        "problem": problem_of(row),
        "created_at": clock.iso(row.created_at),
        "finished_at": clock.iso(row.finished_at) if row.finished_at else None,
    }
