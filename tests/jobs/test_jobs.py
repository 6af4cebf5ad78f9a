"""Jobs over HTTP and in the worker: run once, resumed, canceled, abandoned."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import clock, ids, outbox
from apps.core.errors import Unavailable
from apps.core.language import Text
from apps.core.transactions import Transaction
from apps.jobs import repositories, services
from apps.jobs.errors import JobExists, JobNotFound
from apps.jobs.models import ABANDONED_AFTER, Kind
from apps.jobs.services import Result, Work
from smartcooking.contract import queues

TASK = outbox.Task("tests.job", queues.DEFAULT)


def create(person: Any, job_id: str | None = None) -> str:
    transaction = Transaction()
    chosen = job_id or ids.new_id()
    services.create(transaction, job_id=chosen, kind=Kind.IMPORT, task=TASK, user_id=person.id, parameters={"url": "x"})
    transaction.commit()
    return chosen


def read(api: Any, person: Any, job_id: str, query: str = "") -> dict[str, Any]:
    answer = api.get(f"/v1/jobs/{job_id}{query}", token=person.token)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


@pytest.fixture(autouse=True)
def _no_queue(messages: list[Any]) -> None:
    """Keep messages out of the queue: the task that they name doesn't exist."""


def test_a_job_is_created_with_the_message_of_its_work(api: Any, ana: Any, messages: list[Any]) -> None:
    job_id = create(ana)

    assert [(message.task, message.args) for message in messages] == [("tests.job", [ana.id, job_id])]
    job = read(api, ana, job_id)
    assert (job["kind"], job["state"], job["progress"], job["result"]) == ("import", "queued", 0, None)


def test_an_id_is_used_for_one_job_only(ana: Any) -> None:
    job_id = create(ana)

    with pytest.raises(JobExists):
        create(ana, job_id)


def test_a_job_ends_with_what_it_made(api: Any, ana: Any) -> None:
    job_id = create(ana)
    seen: list[dict[str, Any]] = []

    def work(job: Work) -> Result:
        assert job.parameters == {"url": "x"}
        job.report(0.5)
        seen.append(read(api, ana, job_id))
        return Result("import", "123")

    services.run(ana.id, job_id, work)

    assert [(one["state"], one["progress"]) for one in seen] == [("running", 0.5)]
    job = read(api, ana, job_id, "?wait=10")
    assert (job["state"], job["progress"], job["result"]) == ("done", 1, {"type": "import", "id": "123"})
    assert job["finished_at"] is not None


def test_a_job_that_has_ended_is_not_run_again(ana: Any) -> None:
    job_id = create(ana)
    runs: list[str] = []

    for _ in range(3):
        services.run(ana.id, job_id, lambda job: runs.append(job.job_id))

    assert runs == [job_id]


def test_work_goes_on_from_its_checkpoint_after_a_crash(api: Any, ana: Any) -> None:
    job_id = create(ana)

    def dies(job: Work) -> None:
        job.report(0.4, checkpoint={"done": 4})
        raise Unavailable

    with pytest.raises(Unavailable):
        services.run(ana.id, job_id, dies)
    assert read(api, ana, job_id)["state"] == "running"
    found: list[Any] = []

    def resumes(job: Work) -> None:
        found.append(job.checkpoint)
        job.report(0.1)
        found.append(read(api, ana, job_id)["progress"])

    services.run(ana.id, job_id, resumes)

    assert found == [{"done": 4}, 0.4]
    assert read(api, ana, job_id)["state"] == "done"


def test_what_the_work_refuses_is_the_jobs_problem_in_the_readers_language(api: Any, ana: Any) -> None:
    job_id = create(ana)

    def refuses(_: Work) -> None:
        raise JobNotFound(Text("Không thấy gì.", "Nothing was found."))

    services.run(ana.id, job_id, refuses)

    job = read(api, ana, job_id)
    assert job["state"] == "failed"
    expected = {"code": "job_not_found", "title": "There is no such job", "detail": "Nothing was found."}
    assert job["problem"] == expected
    spoken = api.get(f"/v1/jobs/{job_id}", token=ana.token, headers={"Accept-Language": "vi"}).json()
    assert spoken["problem"]["detail"] == "Không thấy gì."


def test_a_job_that_has_not_begun_can_be_canceled(api: Any, ana: Any) -> None:
    job_id = create(ana)

    assert api.delete(f"/v1/jobs/{job_id}", token=ana.token).status_code == 204

    assert api.get(f"/v1/jobs/{job_id}", token=ana.token).status_code == 404
    services.run(ana.id, job_id, lambda _: pytest.fail("canceled work was done"))


def test_a_job_that_has_begun_cannot_be_canceled(api: Any, ana: Any) -> None:
    job_id = create(ana)

    def work(_: Work) -> None:
        answer = api.delete(f"/v1/jobs/{job_id}", token=ana.token)
        assert (answer.status_code, answer.json()["code"]) == (409, "job_begun")

    services.run(ana.id, job_id, work)

    assert api.delete(f"/v1/jobs/{job_id}", token=ana.token).status_code == 409


def test_a_job_is_its_owners_alone(api: Any, ana: Any, cyd: Any) -> None:
    job_id = create(ana)

    for verb in ("GET", "DELETE"):
        assert api.request(verb, f"/v1/jobs/{job_id}", token=cyd.token).status_code == 404
    assert api.get("/v1/jobs", token=cyd.token).json()["items"] == []


def test_jobs_are_listed_newest_first_by_pages(api: Any, ana: Any) -> None:
    made = [create(ana) for _ in range(3)]

    first = api.get("/v1/jobs?limit=2", token=ana.token).json()
    rest = api.get(f"/v1/jobs?limit=2&cursor={first['next']}", token=ana.token).json()

    assert [one["id"] for one in first["items"] + rest["items"]] == sorted(made, reverse=True)
    assert rest["next"] is None


def test_a_job_whose_message_is_dead_ends_as_failed(api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    lost, alive = create(ana), create(ana)
    later = clock.now() + ABANDONED_AFTER + timedelta(seconds=1)
    row = repositories.read_job(ana.id, alive)
    assert row is not None
    repositories.show_alive(row, later).save()
    monkeypatch.setattr(clock, "now", lambda: later)

    services.end_abandoned()
    services.end_abandoned()

    job = read(api, ana, lost)
    assert (job["state"], job["problem"]["code"]) == ("failed", "job_interrupted")
    assert "try again" in job["problem"]["title"]
    assert read(api, ana, alive)["state"] == "queued"


def test_work_on_a_job_that_was_given_up_stops(api: Any, ana: Any) -> None:
    job_id = create(ana)

    def work(job: Work) -> None:
        services.fail(ana.id, job_id, JobNotFound())
        job.report(0.5)
        pytest.fail("went on")

    services.run(ana.id, job_id, work)

    assert read(api, ana, job_id)["state"] == "failed"
