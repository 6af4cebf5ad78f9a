"""Killed workers: in every kind of job nothing is lost or doubled, and no job hangs."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import urllib3
from django.conf import settings

from apps.core import aws, clock, keys
from apps.imports import repositories as imports
from apps.jobs import repositories, services
from apps.jobs.models import ABANDONED_AFTER
from apps.plans import services as plans
from apps.rights import erasing
from apps.users.repositories import stored_people
from smartcooking.contract import queues
from smartcooking.contract.queues import Queue
from tests.support import catalogues, images, people, recipes, tasks
from tests.support import processes as start
from tests.support.archives import JSON_LD, NEXTCLOUD, zipped
from tests.support.erasure import a_life, leave, rows_of_partition
from tests.support.fetching import answer
from tests.support.imports import TEXT, accept, begin, job, read
from tests.support.processes import kill_and_resume, quieten, until
from tests.support.proxy import Cuttable
from tests.support.web import Site

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded"), pytest.mark.timeout(600)]

RECIPES = 70


@pytest.fixture(autouse=True)
def _quiet_queues() -> None:
    """Empty the queues of other tests' messages, and let messages of killed workers return soon."""
    quieten(queues.IMPORTS, queues.MEDIA, queues.DEFAULT, visible_after=10)


@pytest.fixture
def slow() -> Iterator[str]:
    way = Cuttable(settings.DYNAMODB_ENDPOINT_URL, delay=0.05)
    yield way.url
    way.close()


def state(person: Any, job_id: str) -> tuple[str, float]:
    row = repositories.read_job(person.id, job_id)
    assert row is not None
    return row.state, float(row.progress)


def runs(person: Any, job_id: str, *, beyond: float = 0.0) -> Callable[[], bool]:
    def look() -> bool:
        now, progress = state(person, job_id)
        return now == "running" and progress >= beyond

    return look


def is_done(person: Any, job_id: str) -> Callable[[], bool]:
    return lambda: state(person, job_id)[0] == "done"


def test_an_import_of_a_text_is_read_once(api: Any, ana: Any, processes: Path, slow: str) -> None:
    begun = begin(api, ana, text=TEXT)["id"]

    kill_and_resume(processes, slow, runs(ana, begun), is_done(ana, begun), queue=queues.IMPORTS)

    assert [draft["recipe"]["title"] for draft in read(api, ana, begun)["recipes"]] == ["Canh cà chua trứng"]
    assert len(api.get("/v1/imports", token=ana.token).json()["items"]) == 1


def test_an_import_of_an_archive_has_every_recipe_once(api: Any, ana: Any, processes: Path, slow: str) -> None:
    names = [f"Rice {number:02d}" for number in range(RECIPES)]
    content = zipped(**{f"{name}_dot_json": {**NEXTCLOUD, "name": name} for name in names})
    form = images.request_upload(api, ana, purpose="import", content_type="application/zip", size=len(content))
    assert images.post(form, content) == 204
    assert images.complete(api, ana, form["id"]).status_code == 200
    begun = begin(api, ana, upload_id=form["id"])["id"]

    half_way = runs(ana, begun, beyond=0.6)
    kill_and_resume(processes, slow, half_way, is_done(ana, begun), queue=queues.IMPORTS)

    drafts = read(api, ana, begun)["recipes"]
    assert sorted(draft["recipe"]["title"] for draft in drafts) == names
    chosen = [{"draft_id": draft["draft_id"]} for draft in drafts[:3]]
    first, again = (accept(api, ana, begun, *chosen).json()["recipes"] for _ in range(2))
    assert [one["id"] for one in first] == [one["id"] for one in again]
    assert len(api.get("/v1/users/me/recipes", token=ana.token).json()["items"]) == len(chosen)


def test_an_import_of_a_page_whose_worker_dies_while_it_waits_is_fetched_again(
    api: Any, ana: Any, processes: Path
) -> None:
    document = json.dumps(JSON_LD).replace("https://e.com/a.jpg", "http://recipes.com/a.jpg")
    page = f'<script type="application/ld+json">{document}</script>'.encode()
    picture = images.encoded(images.picture((64, 48)))
    with Site({"/a": answer(page), "/a.jpg": answer(picture, kind="image/jpeg")}) as site:
        program = ["tests.support.worker_on_a_web", str(site.port)]
        site.hold()
        begun = begin(api, ana, url="http://recipes.com/a")["id"]
        doomed = start.worker(processes, queues.IMPORTS, program=program)
        until(lambda: site.asked, doomed)
        doomed.kill()
        assert state(ana, begun)[0] == "running"
        site.release()

        heir = start.worker(processes, queues.IMPORTS, queues.MEDIA, queues.DEFAULT, program=program)
        until(is_done(ana, begun), heir)
        (made,) = accept(api, ana, begun).json()["recipes"]
        path = f"/v1/recipes/{made['id']}"
        until(lambda: api.get(path, token=ana.token).json()["image"], heir)
        heir.stop()

    assert len(read(api, ana, begun)["recipes"]) == 1
    assert site.asked.count("/a") == 2
    assert len(api.get("/v1/users/me/recipes", token=ana.token).json()["items"]) == 1


@pytest.fixture
def dishes() -> Iterator[None]:
    with catalogues.copies_of_authored(200):
        yield


@pytest.mark.usefixtures("dishes")
def test_a_plan_with_composed_dishes_is_filled_once(api: Any, ana: Any, processes: Path, slow: str) -> None:
    body = {"start": "2027-03-01", "days": 7, "meals": ["lunch", "dinner"], "max_minutes": {"weekday": 5, "weekend": 5}}
    plan = api.post("/v1/plans", json=body, token=ana.token).json()
    before = {slot["id"]: slot["recipe"]["id"] for slot in plan["slots"] if slot["recipe"]}

    kill_and_resume(processes, slow, runs(ana, plan["job_id"], beyond=0.2), is_done(ana, plan["job_id"]))

    filled = api.get(f"/v1/plans/{plan['id']}", token=ana.token).json()
    planned = {slot["id"]: slot["recipe"]["id"] for slot in filled["slots"] if slot["recipe"]}
    assert filled["status"] == "ready"
    assert len(planned) == 14
    assert {slot_id: planned[slot_id] for slot_id in before} == before
    assert len(set(planned.values())) == 14
    # Every composed recipe is in the plan: killed runs left no orphans.
    composed = {one["recipe"]["id"] for one in filled["slots"] if one["recipe"]} & plans.list_planned_recipes(ana.id)
    assert composed == set(planned.values())


@pytest.mark.parametrize("path", ["/v1/users/me/export", "/v1/users/me/recipes/archive"])
def test_an_export_is_whole(api: Any, ana: Any, processes: Path, slow: str, path: str) -> None:
    made = {recipes.create(api, ana, title=f"Món {number}")["id"] for number in range(5)}
    verb = "POST" if path.endswith("export") else "GET"
    begun = api.request(verb, path, token=ana.token).json()["id"]

    kill_and_resume(processes, slow, runs(ana, begun), is_done(ana, begun), queue=queues.MEDIA)

    result = job(api, ana, begun)["result"]["id"]
    link = api.get(f"/v1/users/me/export/{result}", token=ana.token).json()["url"]
    archive = zipfile.ZipFile(io.BytesIO(urllib3.request("GET", link).data))
    assert archive.testzip() is None
    texts = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".json")).decode()
    assert all(recipe_id in texts for recipe_id in made)


def test_an_erasing_that_is_killed_leaves_no_trace_in_the_end(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any], processes: Path, slow: str
) -> None:
    a_life(api, ana, ben, cyd)
    tasks.run_all(messages)
    leave(api, ana, at_once=True)
    doomed = start.start_warm("erasing", "manage", ["erase_due"], processes, DYNAMODB_ENDPOINT_URL=slow)
    until(lambda: stored_people.find_profile(ana.id) is None, doomed)
    doomed.kill()
    assert rows_of_partition(ana.id) != []

    heir = start.start_warm("erasing", "manage", ["erase_due"], processes)
    assert heir.process.wait(start.PATIENCE) == 0, heir.output()
    tasks.run_all(messages)

    # The sign-out that refuses unexpired access tokens stays until they expire.
    assert rows_of_partition(ana.id) == [keys.signed_out(ana.id).sk]
    assert not erasing.erase(ana.id)
    refused = api.post("/v1/auth/login", json={"username": ana.username, "password": people.PASSWORD})
    assert refused.status_code == 401


def dead_letters(queue: Queue) -> int:
    url = settings.QUEUE_URLS[queue.name] + queues.DEAD_LETTERS_SUFFIX
    found = aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(found["Attributes"]["ApproximateNumberOfMessages"])


def test_a_job_whose_work_always_fails_ends_as_failed_with_a_reason_that_people_understand(
    api: Any, ana: Any, processes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quieten(queues.IMPORTS, visible_after=2)
    begun = begin(api, ana, text=TEXT)["id"]
    row = imports.read_import(ana.id, begun)
    assert row is not None
    # A value that no code writes, so that reading it fails.
    row.body = {}
    row.save()
    before = dead_letters(queues.IMPORTS)
    worker = start.worker(processes, queues.IMPORTS)
    until(lambda: dead_letters(queues.IMPORTS) > before, worker)
    worker.stop()
    assert state(ana, begun)[0] == "running"

    later = clock.now() + ABANDONED_AFTER + timedelta(minutes=1)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert services.end_if_abandoned(ana.id, begun)

    heir = start.worker(processes, queues.DEFAULT)
    until(lambda: imports.read_import(ana.id, begun).status == "failed", heir)  # type: ignore[union-attr]
    heir.stop()
    failed = job(api, ana, begun)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "job_interrupted")
    assert "please try again" in failed["problem"]["title"]
    spoken = api.get(f"/v1/jobs/{begun}", token=ana.token, headers={"Accept-Language": "vi"}).json()
    assert "thử lại" in spoken["problem"]["title"]
    assert read(api, ana, begun)["status"] == "failed"
