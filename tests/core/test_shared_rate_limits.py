"""Processes with a common Valkey share rate limits. Without it each counts for itself, and requests still work."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import structlog
from valkey import Valkey
from valkey.exceptions import ConnectionError as ValkeyConnectionError

from apps.core import ids, rate_limits, shared_levels
from apps.core.rate_limits import Buckets, Level, LocalLevels, RateLimited
from apps.core.shared_levels import SharedLevels
from tests.support import processes as start
from tests.support import valkey
from tests.support.client import OverHttp

pytestmark = pytest.mark.long

Process = Callable[[], Buckets]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[valkey.Server]:
    running = valkey.serve(tmp_path_factory.mktemp("valkey"))
    yield running
    running.kill()


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[valkey.Server]:
    """A Valkey server that the test may kill."""
    running = valkey.serve(tmp_path)
    yield running
    running.kill()


@pytest.fixture(autouse=True)
def _five_a_minute(settings: Any) -> None:
    settings.RATE_LIMIT_SCALE = 1
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 5)


def another_process(server: valkey.Server) -> Buckets:
    """The buckets of another process, with their own connections and levels."""
    return Buckets(SharedLevels(server.url, fallback=LocalLevels().draw).draw)


def is_allowed(buckets: Buckets, subject: str) -> bool:
    try:
        return buckets.take("writes", subject) is not None
    except RateLimited:
        return False


def test_processes_together_allow_no_more_than_one_would(server: valkey.Server) -> None:
    first, second, subject = another_process(server), another_process(server), ids.new_id()

    taken = [is_allowed(process, subject) for process in (first, second) * 5]

    assert taken == [True] * 5 + [False] * 5
    assert is_allowed(second, ids.new_id())


def test_takes_at_the_same_moment_are_counted_one_by_one(server: valkey.Server) -> None:
    several, subject = [another_process(server) for _ in range(4)], ids.new_id()

    with ThreadPoolExecutor(16) as threads:
        taken = list(threads.map(lambda number: is_allowed(several[number % 4], subject), range(80)))

    assert taken.count(True) == 5


def test_standing_and_refusal_read_as_those_of_one_process(server: valkey.Server) -> None:
    shared, local, subject = another_process(server), Buckets(), ids.new_id()

    standings = [(shared.take("writes", subject), local.take("writes", subject)) for _ in range(5)]
    refusals = []
    for buckets in (shared, local):
        with pytest.raises(RateLimited) as refused:
            buckets.take("writes", subject)
        refusals.append(refused.value)

    assert [one.remaining for one, _ in standings if one] == [4, 3, 2, 1, 0]
    assert all(one == other for one, other in standings)
    assert refusals[0].headers == refusals[1].headers
    assert refusals[0].retry_after == refusals[1].retry_after == 12


def test_a_bucket_fills_at_its_rate_and_is_forgotten_once_it_is_full(server: valkey.Server, settings: Any) -> None:
    buckets, subject = another_process(server), ids.new_id()
    client = Valkey.from_url(server.url)
    for _ in range(5):
        is_allowed(buckets, subject)
    key = shared_levels._key("writes", subject)
    since = float(client.hget(key, "since"))  # type: ignore[arg-type]

    kept_ms = client.pttl(key)
    # As if the last request had been 24 s ago, two fifths of a window.
    client.hset(key, "since", f"{since - 24:.6f}")

    assert 0 < int(kept_ms) <= rate_limits.WINDOW_SECONDS * 1000  # type: ignore[arg-type]
    assert [is_allowed(buckets, subject) for _ in range(3)] == [True, True, False]


def test_nothing_in_valkey_says_who_asked(server: valkey.Server) -> None:
    subject = ids.new_id()
    another_process(server).take("writes", subject)
    client = Valkey.from_url(server.url)

    stored = [(key, client.hgetall(key)) for key in client.scan_iter()]

    assert stored
    assert subject not in str(stored)


def test_a_valkey_that_has_forgotten_the_script_is_told_it_again(server: valkey.Server) -> None:
    buckets, subject = another_process(server), ids.new_id()
    is_allowed(buckets, subject)
    Valkey.from_url(server.url).script_flush()

    assert [is_allowed(buckets, subject) for _ in range(5)] == [True] * 4 + [False]


def test_without_valkey_each_process_goes_on_by_itself_and_says_so_once(
    mortal: valkey.Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [1000.0]
    monkeypatch.setattr("apps.core.shared_levels.time.monotonic", lambda: now[0])
    buckets, subject = another_process(mortal), ids.new_id()
    is_allowed(buckets, subject)

    with structlog.testing.capture_logs() as logs:
        mortal.kill()
        away = [is_allowed(buckets, subject) for _ in range(6)]
        now[0] += shared_levels.PAUSE_SECONDS
        still_away = is_allowed(buckets, ids.new_id())
        mortal.start()
        now[0] += shared_levels.PAUSE_SECONDS
        back = [is_allowed(buckets, subject) for _ in range(6)]

    assert away == [True] * 5 + [False]
    assert still_away
    assert back == [True] * 5 + [False]
    assert [one["event"] for one in logs] == ["valkey_away", "valkey_back"]


def test_while_valkey_is_away_it_is_asked_once_in_a_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def answers_nothing(*_: Any) -> Any:
        asked.append(1)
        raise ValkeyConnectionError

    levels = SharedLevels("valkey://127.0.0.1:1", fallback=lambda *_: Level(allowed=True, tokens=4.0))
    monkeypatch.setattr(levels, "_run", answers_nothing)

    for _ in range(100):
        levels.draw("writes", "ana", 5)

    assert len(asked) == 1


def test_two_servers_of_one_service_share_a_persons_limit(
    server: valkey.Server, processes: Path, ana: Any, ben: Any
) -> None:
    shared = {"VALKEY_URL": server.url, "RATE_LIMIT_SCALE": "0.007"}
    both = [start.gunicorn(processes, **shared) for _ in range(2)]
    apis: list[OverHttp] = [one.api for one in both]

    # 0.007 of 300 writes a minute are 2, so the next one is allowed after half a minute.
    answers = [
        apis[number % 2].request("DELETE", f"/v1/recipes/{ids.new_id()}/favorite", token=ana.token).status_code
        for number in range(4)
    ]
    other = apis[0].request("DELETE", f"/v1/recipes/{ids.new_id()}/favorite", token=ben.token).status_code

    assert answers[2:] == [429] * 2
    assert 429 not in answers[:2]
    assert other != 429
    for one in both:
        one.stop()


def test_a_service_whose_valkey_is_away_answers_as_one_without(processes: Path, ana: Any) -> None:
    running = start.gunicorn(processes, VALKEY_URL=f"valkey://127.0.0.1:{start.free_port()}", RATE_LIMIT_SCALE="1")

    answers = [running.api.get("/v1/pantry", token=ana.token) for _ in range(3)]

    assert [one.status_code for one in answers] == [200] * 3
    assert all("r=" in one.headers["RateLimit"] for one in answers)
    assert running.output().count("valkey_away") == 1
    running.stop()
