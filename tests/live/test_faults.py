"""Under faults between the service and its table, no acknowledged write is lost or doubled, and nobody gets a 500."""

import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from apps.core import ids, outbox
from smartcooking.contract import queues
from tests.support import processes as start
from tests.support import society
from tests.support.fault_proxy import KINDS, FaultProxy
from tests.support.processes import quieten, until

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

_PEOPLE_AT_ONCE = 6
_POSTS = 12
_TRIES = 40


@pytest.fixture(scope="module")
def proxy() -> Iterator[FaultProxy]:
    """The proxy between the API, the worker and the table. At the end every kind of fault has occurred."""
    running = FaultProxy(settings.DYNAMODB_ENDPOINT_URL)
    yield running
    running.close()
    assert {kind for kind, count in running.injected.items() if count} == set(KINDS)


@pytest.fixture(scope="module")
def service(processes: Path, proxy: FaultProxy) -> Iterator[Any]:
    """An API and a worker behind the proxy."""
    quieten(queues.DEFAULT, visible_after=5)
    api = start.gunicorn(processes, DYNAMODB_ENDPOINT_URL=proxy.url, REQUEST_RETRY_SECONDS="3")
    worker = start.worker(processes, queues.DEFAULT, DYNAMODB_ENDPOINT_URL=proxy.url)
    yield api
    worker.stop()
    api.stop()


class Audit:
    """The writes that the service has acknowledged, for comparison with what is stored."""

    def __init__(self, api: Any) -> None:
        self._api = api
        self.statuses: Counter[int] = Counter()

    def write(self, method: str, path: str, person: Any, **body: Any) -> Any:
        """Retry until acknowledged, with one Idempotency-Key, as a client should; return the response."""
        key = ids.new_id()
        for _ in range(_TRIES):
            answer = self._api.request(
                method, path, json=body or None, token=person.token, headers={"Idempotency-Key": key}
            )
            self.statuses[answer.status_code] += 1
            if answer.status_code < 300:
                return answer.json() if answer.content else None
            assert answer.status_code in {409, 503}, answer.content
            assert answer.status_code == 409 or int(answer.headers["Retry-After"]) >= 1
            # The key of a killed request is free after its lease; the client waits as told by Retry-After.
            time.sleep(0.2)
        raise AssertionError(f"{method} {path} was never acknowledged: {self.statuses}")


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.3])
def test_what_is_acknowledged_is_stored_once_and_reaches_friends(
    service: Any, person: Any, proxy: FaultProxy, rate: float
) -> None:
    ana, ben = person(), person()
    society.befriend(ana, ben)
    audit = Audit(service.api)
    discussed = society.post(service.api, ana)["id"]

    proxy.rate = rate
    with ThreadPoolExecutor(_PEOPLE_AT_ONCE) as people:
        posts = list(people.map(lambda n: audit.write("POST", "/v1/posts", ana, content=f"Món {n}"), range(_POSTS)))
        comments = list(
            people.map(
                lambda n: audit.write("POST", f"/v1/posts/{discussed}/comments", ben, content=f"Ngon {n}"),
                range(_POSTS),
            )
        )
        audit.write("PUT", f"/v1/posts/{discussed}/reaction", ben, reaction="love")
    proxy.rate = 0.0

    wanted = {one["id"] for one in posts} | {discussed}
    api = service.api
    assert 500 not in audit.statuses
    assert listed(api, ana, f"/v1/users/{ana.id}/posts") == Counter(wanted)
    assert listed(api, ben, f"/v1/posts/{discussed}/comments") == Counter(one["id"] for one in comments)
    post = api.get(f"/v1/posts/{discussed}", token=ana.token).json()
    assert (post["comment_count"], post["reactions"]["love"]) == (_POSTS, 1)
    outbox.sweep()
    until(lambda: set(listed(api, ben, "/v1/feed")) >= wanted, service)
    assert max(listed(api, ben, "/v1/feed").values()) == 1


def listed(api: Any, person: Any, path: str) -> Counter[str]:
    """Return how often each id is in a list."""
    items = api.get(f"{path}?limit=100", token=person.token).json()["items"]
    return Counter(one["id"] for one in items)
