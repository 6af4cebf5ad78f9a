"""A request's trace covers the queue, the task and calls of AWS, and is sent to a collector."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from smartcooking.contract import queues
from tests.support import processes as start
from tests.support.otlp import Collector, Recorded
from tests.support.processes import Running, until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

SECRET = "bi-mat-khong-ai-biet"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


def traced(collector: Collector, share: str = "1") -> dict[str, Any]:
    # The SDK's own variable: milliseconds between exports.
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": collector.url,
        "OTEL_TRACES_SAMPLER_ARG": share,
        "OTEL_BSP_SCHEDULE_DELAY": "200",
        # With a model configured, the worker has something to do; its first provider is the rules.
        "AI_PROVIDERS": "rules,bedrock",
    }


def ask(server: Running, person: Any, headers: dict[str, str] | None = None) -> Any:
    wanted = {"ingredients": ["thịt nai", "khoai môn"], "recipe_count": 2, "max_minutes": 66}
    answer = server.api.post("/v1/suggestions", json=wanted, token=person.token, headers=headers)
    assert answer.status_code == 202, answer.content
    return answer


def one(spans: list[Recorded], name: str) -> Recorded:
    (found,) = [span for span in spans if span.name == name]
    return found


def test_a_trace_goes_from_the_request_to_its_task_and_their_calls(
    processes: Path, collector: Collector, ana: Any
) -> None:
    env = traced(collector)
    start.quieten(queues.AI)
    server, worker = start.gunicorn(processes, **env), start.worker(processes, queues.AI, **env)
    theirs = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    answer = ask(server, ana, {"traceparent": theirs, "X-Request-Id": "request-of-ana-1"})
    server.api.get(f"/v1/recipes?q={SECRET}", token=ana.token)
    until(lambda: any(span.name == "run/suggestions.generate" for span in collector.spans), worker)
    server.stop()
    worker.stop()

    spans = collector.spans
    request, task = one(spans, "POST v1/suggestions"), one(spans, "run/suggestions.generate")
    assert (request.program, task.program) == ("smart-cooking-api", "smart-cooking-worker")
    assert request.parent == ""
    assert request.trace not in theirs
    assert (task.trace, task.parent) == (request.trace, request.id)
    assert request.attributes["http.response.status_code"] == 202
    assert request.attributes["smartcooking.request_id"] == answer.headers["X-Request-Id"]
    for parent in (request, task):
        calls = [span.name for span in spans if span.parent == parent.id and span.name.startswith("DynamoDB.")]
        assert "DynamoDB.TransactWriteItems" in calls
    roots = {span.name.partition(" ")[0].partition("/")[0] for span in spans if not span.parent}
    assert roots <= {"GET", "POST", "run"}


def test_traces_have_nothing_private(processes: Path, collector: Collector, ana: Any) -> None:
    server = start.gunicorn(processes, **traced(collector))

    assert server.api.get(f"/v1/recipes?q={SECRET}", token=ana.token).status_code == 200
    wrong = {"username": ana.email, "password": SECRET}
    assert server.api.post("/v1/auth/login", json=wrong).status_code == 401
    assert server.api.get("/v1/users/me", token=ana.token).status_code == 200
    until(lambda: any(span.name == "GET v1/users/me" for span in collector.spans), server)
    server.stop()

    sent = b"".join(collector.bodies)
    assert b"v1/auth/login" in sent
    for private in (SECRET, ana.email, ana.username, ana.id, ana.token):
        assert private.encode() not in sent


def test_no_share_no_traces(processes: Path, collector: Collector, ana: Any) -> None:
    server = start.gunicorn(processes, **traced(collector, share="0"))
    assert server.api.get("/v1/users/me", token=ana.token).status_code == 200
    server.stop()

    assert collector.spans == []


def test_a_collector_that_is_away_harms_nobody(processes: Path, ana: Any) -> None:
    away = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9", "OTEL_TRACES_SAMPLER_ARG": "1"}
    server = start.gunicorn(processes, **away, OTEL_BSP_SCHEDULE_DELAY="200")

    assert server.api.get("/v1/users/me", token=ana.token).status_code == 200
    server.stop()
    assert server.process.returncode == 0


@pytest.mark.parametrize("on", [True, False])
def test_libraries_are_loaded_only_where_they_are_used(collector: Collector, on: bool) -> None:  # noqa: FBT001
    """They take 7 MB of memory."""
    code = "import sys, smartcooking.wsgi, smartcooking.celery; print(*sys.modules, sep='\\n')"
    env = {**os.environ, **(traced(collector) if on else {})}
    loaded = subprocess.run([sys.executable, "-c", code], cwd=start.ROOT, env=env, capture_output=True, check=True)
    modules = set(loaded.stdout.decode().split())

    assert "smartcooking.celery" in modules
    assert ("opentelemetry.sdk.trace" in modules) is on
    assert "aws_lambda_powertools" not in modules
