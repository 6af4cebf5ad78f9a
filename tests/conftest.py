"""One local AWS for the run, one environment in it for each process of the run, one cast of people for each test."""

import gc
import os
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from deploy.local import offline, servers
from tests.support import once

# How long an example takes says how busy the machine is, not whether a rule holds; and which examples are tried must
# not change from run to run, or a change is refused for what it has not done. `SEARCH=1` looks for others.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize="SEARCH" not in os.environ
)
settings.load_profile("busy")

_AWS_URL, _DYNAMODB_URL = "TEST_AWS_URL", "TEST_DYNAMODB_URL"
_DAY = 24 * 3600
_running: list[Any] = []
_temporary: list[str] = []
# What `--quick` leaves out: tests that use one of these fixtures, also by way of another one, and these folders.
_NEEDS_PROCESSES = {"api", "person", "seeded", "authored", "processes", "chromium", "mod", "chief", "needs_aws"}
_ALL_NEED_PROCESSES = {"browser", "image", "live", "load", "localstack"}
# What modules have for themselves at no cost: others need not wait for their process.
_OF_ALL = {"_catalogue_of_the_module"}
# Nobody listens there: a test that needs AWS after all fails at once.
_NO_AWS = {
    "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "DYNAMODB_ENDPOINT_URL": "http://127.0.0.1:1",
    "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none", "SECRET_KEY": secrets.token_urlsafe(48),
}  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quick", action="store_true", help="run the tests that need neither AWS nor another process")
    parser.addoption("--write-capacity", type=Path, metavar="FILE", help="write what actions cost (`make capacity`)")


def pytest_configure(config: pytest.Config) -> None:
    """Start the local AWS where no parent process has, and build this process's own environment in it."""
    if once.DIRECTORY not in os.environ:
        _temporary.append(tempfile.mkdtemp(prefix="smartcooking-shared-"))
        os.environ[once.DIRECTORY] = _temporary[-1]
    if config.getoption("quick"):
        os.environ.update(offline.environment(), **_NO_AWS)
        _set_up_django()
        return
    if _AWS_URL not in os.environ:
        directory = Path(tempfile.mkdtemp(prefix="smartcooking-tests-"))
        aws = servers.start_local_aws(directory)
        _running.append((aws, directory))
        os.environ[_AWS_URL], os.environ[_DYNAMODB_URL] = aws.url, aws.dynamodb.url
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    if worker != "main" or not config.getoption("numprocesses", None):
        urls = (os.environ[_AWS_URL], os.environ[_DYNAMODB_URL])
        os.environ.update(servers.deploy_into(*urls, f"test-{worker}"))
        # Failing logins take this long on purpose; tests need not wait for it.
        os.environ.setdefault("LOGIN_SECONDS", "0.05")
        # All people of the tests are new and come from one address: only tests of this rule want it.
        os.environ.setdefault("YOUNG_ACCOUNT_HOURS", "0")
        os.environ.setdefault("SAME_ADDRESS_SECONDS", "0")
        os.environ.setdefault("THROTTLE_PER_ADDRESS", "1000000")
        # Fifty writers of one row on a busy machine need longer than a request usually has.
        os.environ.setdefault("REQUEST_RETRY_SECONDS", "20")
        # Tests ask more of the service than people do; those of the limits set their own.
        os.environ.setdefault("RATE_LIMIT_SCALE", "1000")
        os.environ.setdefault("IN_FLIGHT_PER_PERSON", "1000")
        os.environ.setdefault("SENDER_CPU_SHARE", "0")
        # They share the month: some book more of it than there would be for the models of others.
        os.environ.setdefault("AI_MONTHLY_BUDGET_USD", "1000000")
        # Links are signed anew each half of this; answers that are compared must not fall on both sides of that moment.
        os.environ.setdefault("MEDIA_URL_SECONDS", "604800")
        _set_up_django()


def _set_up_django() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartcooking.settings"
    os.environ["ALLOWED_HOSTS"] = "127.0.0.1,localhost,testserver"
    import django  # noqa: PLC0415  only now is the environment complete

    django.setup()
    from tests.support import catalogues, economies  # noqa: PLC0415

    catalogues.install()
    economies.sign_nothing()
    economies.derive_at_once()
    economies.read_static_files_once()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Keep what stays to the end, seven thousand tests and all modules, out of every later garbage collection."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Generator[None]:
    """Let one process have all tests that share what is built once for their module, and begin with the longest.

    Each other process would build it as well; and what takes minutes, begun last, is waited for by all.
    """
    if config.getoption("quick"):
        left_out = [item for item in items if _needs_processes(item)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not _needs_processes(item)]
    for item in items:
        fixtures = item._fixtureinfo.name2fixturedefs  # type: ignore[attr-defined]
        if "authored" in fixtures:
            # Two thousand recipes, which would be derived and written in each process.
            item.add_marker(pytest.mark.xdist_group("authored"))
        elif any(one.scope == "module" for name in fixtures.keys() - _OF_ALL for one in fixtures[name]):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    yield
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _needs_processes(item: pytest.Item) -> bool:
    folder = item.path.relative_to(Path(__file__).parent).parts[0]
    fixtures: list[str] = item.fixturenames  # type: ignore[attr-defined]
    return folder in _ALL_NEED_PROCESSES or not _NEEDS_PROCESSES.isdisjoint(fixtures)


def pytest_unconfigure() -> None:
    for aws, directory in _running:
        aws.stop()
        shutil.rmtree(directory, ignore_errors=True)
    for name in _temporary:
        shutil.rmtree(name, ignore_errors=True)


@pytest.fixture(scope="session")
def seeded() -> None:
    """The master list of ingredients, as operators seed it."""
    from tests.support import ingredients  # noqa: PLC0415

    ingredients.seed()


@pytest.fixture(scope="module", autouse=True)
def _catalogue_of_the_module() -> Iterator[None]:
    from tests.support import catalogues  # noqa: PLC0415

    with catalogues.scope():
        yield


@pytest.fixture(autouse=True)
def _catalogue_of_the_test() -> Iterator[None]:
    from tests.support import catalogues  # noqa: PLC0415

    with catalogues.scope(), catalogues.questions_of_its_own():
        yield


@pytest.fixture(autouse=True)
def _no_limit_ends_within_a_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hold the windows of limits still, at the start of tomorrow's first: attempts of a test are all in one."""
    from apps.users import throttling  # noqa: PLC0415

    tomorrow = (int(time.time()) // _DAY + 1) * _DAY
    monkeypatch.setattr(throttling, "_now", lambda: tomorrow)


@pytest.fixture(scope="session")
def _authored_entries(seeded: None) -> Any:
    from tests.support import catalogues  # noqa: PLC0415

    return catalogues.seed_authored()


@pytest.fixture(scope="module")
def authored(_authored_entries: Any) -> Iterator[None]:
    """The authored recipes in the catalogue: for tests of what is chosen from a whole one."""
    from tests.support import catalogues  # noqa: PLC0415

    with catalogues.shown(_authored_entries):
        yield


@pytest.fixture(scope="session")
def needs_aws() -> None:
    """Say that a test speaks to the local AWS though it uses no other fixture: `pytest.mark.usefixtures`."""


@pytest.fixture
def api() -> Any:
    """The application in this process."""
    from tests.support.client import InProcess  # noqa: PLC0415

    return InProcess()


@pytest.fixture(scope="session")
def person() -> Callable[..., Any]:
    """Make somebody: `person()`, `person(group="moderators")`."""
    from tests.support import people  # noqa: PLC0415

    return people.make


@pytest.fixture
def ana(person: Callable[..., Any]) -> Any:
    """Owns what the test is about."""
    return person()


@pytest.fixture
def ben(person: Callable[..., Any]) -> Any:
    """Another person."""
    return person()


@pytest.fixture
def cyd(person: Callable[..., Any]) -> Any:
    """A stranger."""
    return person()


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What would go to the worker from this process, for tests that play it (tests/support/tasks.py)."""
    from apps.core import outbox  # noqa: PLC0415

    sent: list[Any] = []
    monkeypatch.setattr(outbox, "dispatch", sent.extend)
    return sent


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where real processes write their logs; whatever still runs at the end is stopped."""
    from tests.support.processes import stop_all  # noqa: PLC0415

    yield tmp_path_factory.mktemp("processes")
    stop_all()


@pytest.fixture(scope="session")
def server(processes: Path, seeded: None) -> Iterator[Any]:
    """A running gunicorn: `server.api` speaks to it."""
    from tests.support.processes import gunicorn  # noqa: PLC0415

    running = gunicorn(processes)
    yield running
    running.stop()


@pytest.fixture(scope="module")
def worker(processes: Path, seeded: None) -> Iterator[Any]:
    """A running Celery worker; for a module, since it would take the messages that others wait for.

    It begins with empty queues: what tests before have left can be the work of minutes.
    """
    from smartcooking.contract.queues import QUEUES  # noqa: PLC0415
    from tests.support import processes as start  # noqa: PLC0415

    start.quieten(*QUEUES)
    running = start.worker(processes)
    yield running
    running.stop()
