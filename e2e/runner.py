"""Runs the suites and reports them: a heading for each suite, a line for each test, and what was left behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from e2e.conftest import CAST
from e2e.people import Cast
from e2e.registrars import Registrar

FOLDER = Path(__file__).parent
SUITES = {path.stem.split("_", 2)[2].replace("_", "-"): path for path in sorted(FOLDER.glob("test_*.py"))}
# pytest's answer where no test was chosen.
NOTHING_RAN = 5


class Reporter:
    """Tells of each test as it ends; pytest's own report is silent."""

    def __init__(self, tell: Callable[[str], object]) -> None:
        self._tell, self._suite = tell, ""
        self.passed, self.failed = 0, 0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not (report.when == "call" or report.failed):
            return
        path, _, name = report.nodeid.partition("::")
        suite = Path(path).stem.split("_", 2)[2].replace("_", " ")
        if suite != self._suite:
            self._suite = suite
            self._tell(f"\n{suite.capitalize()}")
        self.passed += report.passed
        self.failed += report.failed
        words = name.removeprefix("test_").replace("_", " ")
        self._tell(f"  {'ok    ' if report.passed else 'FAILED'} {report.duration * 1000:7.0f} ms  {words}")
        if report.failed:
            for line in str(report.longrepr).strip().splitlines()[-4:]:
                self._tell(f"           {line}")

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        for item in items:
            words = item.name.removeprefix("test_").replace("_", " ")
            self._tell(f"  left out, no raters: {words} (python -m e2e --help says how to get some)")


class Plugin:
    """Hands the cast to the fixtures, and has everybody leave in the end."""

    def __init__(self, cast: Cast, most_ms: float) -> None:
        self._cast, self._most_ms = cast, most_ms

    def pytest_configure(self, config: pytest.Config) -> None:
        config.stash[CAST] = self._cast

    def pytest_sessionfinish(self) -> None:
        self._cast.leave()

    @pytest.fixture
    def most_ms(self) -> float:
        return self._most_ms


def run(
    url: str,
    registrar: Registrar,
    *,
    suites: list[str] | None = None,
    most_ms: float = 1000.0,
    tell: Callable[[str], Any] = print,
) -> bool:
    """Run the named suites, or all of them; True when each test passed."""
    cast, reporter = Cast(url, registrar), Reporter(tell)
    paths = [str(SUITES[name]) for name in suites or SUITES]
    # In an order of their own, in this process, and without what the project's own tests are set up with.
    options = ["-c", str(FOLDER / "pytest.ini"), f"--rootdir={FOLDER}"]
    without = [
        word for name in ("terminal", "cacheprovider", "randomly", "django", "xdist") for word in ("-p", f"no:{name}")
    ]
    code = pytest.main([*options, *without, *paths], plugins=[reporter, Plugin(cast, most_ms)])
    tell(f"\n{reporter.passed} passed, {reporter.failed} failed against {url}")
    for left in cast.left:
        tell(f"left: {left}")
    return code == 0 and reporter.failed == 0
