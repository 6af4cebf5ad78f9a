"""A worker whose connection to SQS breaks or stalls recovers by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from smartcooking.contract import queues
from tests.support import images
from tests.support import processes as start
from tests.support.processes import quieten, until
from tests.support.proxy import UNAVAILABLE, Cuttable

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]


@pytest.fixture
def way() -> Iterator[Cuttable]:
    """The worker's proxy to AWS."""
    way = Cuttable(settings.AWS_ENDPOINT_URL)
    yield way
    way.close()


@pytest.fixture
def worker(processes: Path, way: Cuttable) -> Iterator[Any]:
    quieten(queues.MEDIA, visible_after=5)
    running = start.worker(processes, queues.MEDIA, AWS_ENDPOINT_URL=way.url)
    yield running
    running.stop()


def is_ready(api: Any, person: Any, upload_id: str) -> bool:
    return bool(images.status(api, person, upload_id)["status"] == "ready")


def test_an_answer_that_never_comes_is_not_waited_for(server: Any, ana: Any, way: Cuttable, worker: Any) -> None:
    way.silent = True
    upload_id = images.posted(server.api, ana)
    until(lambda: way.swallowed, worker)
    way.silent = False

    until(lambda: is_ready(server.api, ana, upload_id), worker)


def test_a_worker_outlives_its_connections(server: Any, ana: Any, way: Cuttable, worker: Any) -> None:
    way.cut()
    upload_id = images.posted(server.api, ana)
    until(lambda: worker.output().count("queue_not_reached") > 1, worker)
    way.mend()

    until(lambda: is_ready(server.api, ana, upload_id), worker)


def test_a_worker_outlives_errors_of_the_queue(server: Any, ana: Any, way: Cuttable, worker: Any) -> None:
    way.answer, way.refused = UNAVAILABLE, b"AmazonSQS"
    upload_id = images.posted(server.api, ana)
    until(lambda: worker.output().count("queue_not_reached") > 1, worker)
    way.refused = None

    until(lambda: is_ready(server.api, ana, upload_id), worker)
