"""Pictures over HTTP, with gunicorn and Celery workers, some of which are killed."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.media import repositories
from smartcooking.contract import queues
from tests.support import images
from tests.support import processes as start
from tests.support.processes import quieten, until
from tests.support.proxy import Cuttable

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


@pytest.fixture(autouse=True)
def _quiet_queue() -> None:
    """Empty the queue of other tests' messages, and let messages of killed workers return soon."""
    quieten(queues.MEDIA, visible_after=10)


def is_ready(api: Any, person: Any, upload_id: str) -> bool:
    return bool(images.status(api, person, upload_id)["status"] == "ready")


def test_a_picture_is_posted_checked_shown_replaced_and_gone(server: Any, ana: Any, ben: Any, processes: Path) -> None:
    worker = start.worker(processes, queues.MEDIA)
    api = server.api
    first, second = images.posted(api, ana), images.posted(api, ana)
    for upload_id in (first, second):
        until(partial(is_ready, api, ana, upload_id), worker)

    api.patch("/v1/users/me", json={"avatar": first}, token=ana.token)
    shown = api.get(f"/v1/users/{ana.id}", token=ben.token).json()["avatar"]
    assert images.fetch(shown["1024"])[0] == 200
    api.patch("/v1/users/me", json={"avatar": second}, token=ana.token)

    until(lambda: images.fetch(shown["1024"])[0] == 404, worker)
    until(lambda: len(images.objects_of(ana)) == 2, worker)
    assert not [key for key in images.objects_of(ana) if key.startswith("incoming/")]
    worker.stop()


def is_half_written(person: Any, _: str) -> bool:
    return any(key.startswith("media/") for key in images.objects_of(person))


def is_decided(person: Any, upload_id: str) -> bool:
    row = repositories.find_upload(person.id, upload_id)
    return row is not None and row.status == "ready"


@pytest.mark.parametrize("moment", ["half-written", "decided"])
def test_a_worker_killed_at_any_moment_leaves_the_picture_to_the_next(
    server: Any, ana: Any, processes: Path, moment: str
) -> None:
    way = Cuttable(settings.AWS_ENDPOINT_URL, delay=0.15)
    doomed = start.worker(processes, queues.MEDIA, AWS_ENDPOINT_URL=way.url)
    reached: dict[str, Callable[[str], bool]] = {
        "half-written": lambda id_: is_half_written(ana, id_),
        "decided": lambda id_: is_decided(ana, id_),
    }
    upload_id = images.posted(server.api, ana)
    until(lambda: reached[moment](upload_id), doomed)
    doomed.kill()
    way.close()
    if moment != "decided":
        assert images.status(server.api, ana, upload_id)["status"] == "waiting"

    heir = start.worker(processes, queues.MEDIA)
    until(lambda: is_decided(ana, upload_id), heir)
    until(lambda: not [key for key in images.objects_of(ana) if key.startswith("incoming/")], heir)

    assert len(images.objects_of(ana)) == 2
    links = images.status(server.api, ana, upload_id)["links"]
    assert {images.fetch(url)[0] for url in links.values()} == {200}
    assert server.api.patch("/v1/users/me", json={"avatar": upload_id}, token=ana.token).status_code == 200
    heir.stop()


def test_a_hostile_file_costs_neither_the_worker_nor_the_next_picture(server: Any, ana: Any, processes: Path) -> None:
    worker = start.worker(processes, queues.MEDIA)
    hostile = images.posted(server.api, ana, b"\xff\xd8\xff\xe0" + b"\x00" * 100_000)
    good = images.posted(server.api, ana)

    until(lambda: images.status(server.api, ana, good)["status"] == "ready", worker)
    until(lambda: images.status(server.api, ana, hostile)["status"] == "rejected", worker)
    assert worker.process.poll() is None
    worker.stop()
