"""Metrics and logs on standard output: real processes handle typical requests, and their output is checked."""

import json
import re
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.core import aws, ids
from apps.recipes import repositories as recipe_rows
from apps.suggestions.repositories import breakers
from deploy.environments import DEV, PROD, STAGING, Environment
from smartcooking.contract import metrics, queues
from tests.deploy.metric_reads import read_of_ours
from tests.support import bedrock_stub, model_stub, recipes
from tests.support import processes as start
from tests.support.processes import PATIENCE, Running, until

pytestmark = pytest.mark.long

OURS = {metric.name: metric for metric in metrics.METRICS}
_FORMAT = {"Namespace", "Dimensions", "Metrics"}


@dataclass
class Told:
    """The output of processes with metrics, and everything that must not be in it."""

    lines: list[dict[str, Any]]
    private: list[str]
    # The lines of requests in the access log.
    requests: list[dict[str, Any]]

    def values(self, metric: metrics.Metric, **dimensions: str) -> list[float]:
        return [
            value
            for line in self.lines
            if metric.name in line and line.items() >= dimensions.items()
            for value in line[metric.name]
        ]


@pytest.fixture(scope="module")
def own_queues() -> dict[str, str]:
    """Settings of separate queues, since messages of other tests may return for minutes."""
    sqs, urls = aws.client("sqs"), {}
    for queue in queues.QUEUES:
        timeout = {"VisibilityTimeout": str(queue.visibility_timeout)}
        name = f"told-{queue.name}-{ids.new_id()}"
        urls[f"QUEUE_URL_{queue.name.upper()}"] = sqs.create_queue(QueueName=name, Attributes=timeout)["QueueUrl"]
    return urls


@pytest.fixture(scope="module")
def told(processes: Path, seeded: None, person: Any, own_queues: dict[str, str]) -> Told:
    """Play a small day of the service.

    Requests, refusals, an outage, a failing login, a generation with a timeout, a reused answer, an approval and a
    scheduled check.
    """
    breakers.reset("bedrock")
    ana, ben, *others = (person() for _ in range(5))
    with bedrock_stub.start() as stub:
        # No tags, so that only calls for suggestions are counted.
        model = {
            "AI_PROVIDERS": "bedrock,rules", "AI_BEDROCK_ENDPOINT": stub.url, "AI_DEADLINE": "6",
            "AI_TAGS_DAILY_QUOTA": "0",
        }  # fmt: skip
        env: dict[str, Any] = {"METRICS": "emf", **own_queues, **model}
        server = start.gunicorn(processes, **env)
        blind = start.gunicorn(processes, COGNITO_JWKS_URL="http://127.0.0.1:9/none", **env)
        worker = start.worker(processes, **env)
        running = [server, blind, worker]

        recipe = recipes.create(server.api, ana)["id"]
        assert server.api.get(f"/v1/recipes/{recipe}", token=ana.token).status_code == 200
        assert server.api.get(f"/v1/nothing/{ana.id}").status_code == 404
        assert blind.api.get("/v1/users/me", token=ana.token).status_code == 503
        wrong = {"username": ana.email, "password": "Khong-phai-1!"}
        assert server.api.post("/v1/auth/login", json=wrong).status_code == 401
        first = _suggested(server, ana, worker, minutes=77)
        # The answer is stored shortly after it is complete.
        until(lambda: '"generation_done"' in worker.output(), worker)
        suggestions = [first, _suggested(server, ben, worker, minutes=77)]
        stub.then(model_stub.slow(30))
        suggestions.append(_suggested(server, ana, worker, minutes=78))
        _approve(server, recipe, others)
        wrong_call = ["call", "suggestions.generate", "--args", json.dumps(["too", "many", ana.id])]
        start.start(
            "call", [sys.executable, "-m", *start.CELERY, *wrong_call, "--queue", queues.AI.name], processes, **env
        )
        until(lambda: '"TaskFailures"' in worker.output(), worker)
        until(lambda: worker.output().count('"TaskDuration"') >= 3, worker)
        check = start.start("probe", [sys.executable, "manage.py", "probe", "upkeep"], processes, METRICS="emf")
        running.append(check)
        check.process.wait(PATIENCE)
        for one in running:
            one.stop()

    people = [value for one in (ana, ben, *others) for value in (one.id, one.username, one.email)]
    requests = [line for one in (server, blind) for line in _requests(one)]
    return Told([line for one in running for line in _metrics(one)], [*people, recipe, *suggestions], requests)


def _suggested(server: Running, person: Any, worker: Running, *, minutes: int) -> str:
    """Request what the catalogue doesn't have. The second person gets the first one's generated recipes."""
    wanted = {"ingredients": ["thịt nai", "khoai môn"], "recipe_count": 2, "max_minutes": minutes}
    suggestion = server.api.post("/v1/suggestions", json=wanted, token=person.token).json()
    path = f"/v1/suggestions/{suggestion['id']}"
    until(lambda: server.api.get(f"{path}?wait=5", token=person.token).json()["status"] == "complete", worker)
    return str(suggestion["id"])


def _approve(server: Running, recipe: str, guests: list[Any]) -> None:
    from apps.core.transactions import Transaction  # noqa: PLC0415

    for guest in guests:
        transaction = Transaction()
        recipe_rows.grant_access(transaction, recipe, guest.id)
        transaction.commit()
        answer = server.api.put(f"/v1/recipes/{recipe}/rating", json={"stars": 5}, token=guest.token)
    assert answer.json()["approval"] == "approved"


def _metrics(running: Running) -> Iterator[dict[str, Any]]:
    """Yield the lines with metrics. CloudWatch would ignore a line that contains one among other text."""
    names = tuple(f'"{name}":[' for name in OURS)
    for line in running.output().splitlines():
        if any(name in line for name in names):
            yield json.loads(line)


def _requests(running: Running) -> Iterator[dict[str, Any]]:
    for line in running.output().splitlines():
        if '"event":"request"' in line.replace(" ", ""):
            yield json.loads(line)


def _directives(line: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the directives of a line for CloudWatch. Lines whose metrics are not stored have none."""
    found: list[dict[str, Any]] = line.get("_aws", {"CloudWatchMetrics": []})["CloudWatchMetrics"]
    assert found or "_aws" not in line
    return found


def test_every_metric_is_told_and_no_other(told: Told) -> None:
    kept = {metric["Name"] for line in told.lines for directive in _directives(line) for metric in directive["Metrics"]}

    assert {name for line in told.lines for name in line if name in OURS} == set(OURS)
    assert kept == {name for name, metric in OURS.items() if metric.kept or metric.dimensions}


@pytest.mark.parametrize("env", [DEV, STAGING, PROD], ids=lambda env: env.name)
def test_alarms_and_dashboards_read_what_is_told(told: Told, env: Environment) -> None:
    found = {
        (metric["Name"], tuple(names))
        for line in told.lines
        for directive in _directives(line)
        for metric in directive["Metrics"]
        for names in directive["Dimensions"]
    }
    read = read_of_ours(env)

    assert len(read) >= 15
    assert read <= found


def test_lines_have_the_shape_that_cloudwatch_reads(told: Told) -> None:
    """Each name in a directive is a member of the object. At most 30 dimensions, and 100 metrics and values."""
    for line in told.lines:
        for directive in _directives(line):
            assert isinstance(line["_aws"]["Timestamp"], int)
            assert set(directive) == _FORMAT
            assert directive["Namespace"] == metrics.NAMESPACE
            assert 1 <= len(directive["Metrics"]) <= 100
            for name in {name for names in directive["Dimensions"] for name in names}:
                assert re.fullmatch(r"[\x21-\x7e]{1,1024}", line[name]), (name, line[name])
            for metric in directive["Metrics"]:
                assert set(metric) == {"Name", "Unit"}
                assert 1 <= len(line[metric["Name"]]) <= 100
                assert all(isinstance(value, int | float) for value in line[metric["Name"]])


def test_metrics_have_the_unit_the_dimensions_and_the_fields_that_are_described(told: Told) -> None:
    for line in told.lines:
        for directive in _directives(line):
            for told_of in directive["Metrics"]:
                metric = OURS[told_of["Name"]]
                whole = [[metrics.ENVIRONMENT]] if metric.kept else []
                own = [[metrics.ENVIRONMENT, *metric.dimensions]] if metric.dimensions else []
                assert told_of["Unit"] == metric.unit
                assert directive["Dimensions"] == [*whole, *own]
                assert all(line[field] for field in metric.fields)
                assert line[metrics.ENVIRONMENT] == settings.ENVIRONMENT


def test_nothing_in_a_line_is_about_a_person(told: Told) -> None:
    text = json.dumps(told.lines, ensure_ascii=False)

    assert not [one for one in told.private if one in text]
    assert "@" not in text


def test_refused_logins_and_approvals_are_counted(told: Told) -> None:
    assert told.values(metrics.FAILED_LOGINS) == [1]
    assert told.values(metrics.APPROVALS) == [1]


def test_requests_that_wait_are_no_measure_of_what_is_quick(told: Told) -> None:
    """Those that ask for a suggestion, whether it is ready or not, are in no metric; all others are."""
    waiting = [one for one in told.requests if one["route"] == "v1/suggestions/<str:suggestion_id>"]

    assert waiting
    assert len(told.values(metrics.PLAIN_LATENCY)) == len(told.requests) - len(waiting)


def test_dashboards_find_in_a_line_of_a_request_what_they_ask_for(told: Told) -> None:
    assert all({"route", "status", "ms"} <= set(one) for one in told.requests)
    assert {one["route"] for one in told.requests} >= {"v1/recipes/<str:recipe_id>", "v1/auth/login"}
    assert {200, 401, 404, 503} <= {one["status"] for one in told.requests}


def test_generation_tells_calls_tokens_and_cost_by_provider_and_model(told: Told) -> None:
    bedrock = {"Provider": "bedrock", "Model": settings.BEDROCK_MODEL_ID}

    assert told.values(metrics.GENERATIONS, **bedrock) == [1, 1, 1, 1]
    assert told.values(metrics.GENERATION_TIMEOUTS, **bedrock) == [1]
    assert told.values(metrics.GENERATION_FAILURES, **bedrock) == [1]
    assert max(told.values(metrics.GENERATION_LATENCY, **bedrock)) > 1000
    assert all(told.values(metrics.GENERATION_TOKENS_IN, **bedrock))
    assert all(told.values(metrics.GENERATION_COST, **bedrock))


def test_suggestions_tell_where_their_recipes_come_from(told: Told) -> None:
    assert told.values(metrics.SUGGESTIONS) == [1, 1, 1]
    assert told.values(metrics.CATALOGUE_SHARE) == [0, 0, 0]
    assert sorted(told.values(metrics.SUGGESTED_RECIPES, Source="ai")) == [1, 2, 2]
    assert told.values(metrics.CACHE_MISSES, Cache="answers") == [1, 1]
    assert told.values(metrics.CACHE_HITS, Cache="answers") == [1]


def test_work_tells_its_queue_age_and_duration(told: Told) -> None:
    work = {"Queue": "ai", "Task": "suggestions.generate"}

    assert told.values(metrics.TASKS, **work) == [1, 1, 1]
    assert told.values(metrics.TASK_FAILURES, **work) == [1]
    assert max(told.values(metrics.TASK_DURATION, **work)) > 1000
    assert len(told.values(metrics.TASK_AGE, Queue="ai")) == 2
    assert all(0 < age < 60_000 for age in told.values(metrics.TASK_AGE))


def test_lines_stay_whole_among_many_threads(processes: Path, seeded: None, ana: Any) -> None:
    running = start.gunicorn(processes, METRICS="emf")
    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: running.api.get("/v1/users/me", token=ana.token), range(240)))
    running.stop()

    lines = [json.loads(line) for line in running.output().splitlines()]
    told = [line[metrics.PLAIN_LATENCY.name] for line in lines if "_aws" in line]
    assert {answer.status_code for answer in answers} == {200}
    assert sum(map(len, told)) == sum(line.get("event") == "request" for line in lines) == 240


def test_without_the_setting_nothing_is_told(server: Running) -> None:
    assert server.api.get("/v1/recipes").status_code == 401

    assert '"_aws"' not in server.output()
