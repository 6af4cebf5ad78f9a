"""`manage.py probe` against a running service: what it tells CloudWatch when it works and when it does not."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from smartcooking import metrics
from tests.support.processes import ROOT, free_port

pytestmark = pytest.mark.xdist_group("live")


def probe(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """Return the exit code, the line of metrics, and everything that was written."""
    done = subprocess.run(
        [sys.executable, "manage.py", "probe", *arguments],
        cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    (line,) = [json.loads(one) for one in done.stdout.splitlines() if '"_aws"' in one]
    return done.returncode, line, done.stdout + done.stderr


def _environment() -> dict[str, str]:
    import os  # noqa: PLC0415

    return {**os.environ, "METRICS": "emf"}


def told(line: dict[str, Any], metric: metrics.Metric) -> float:
    (value,) = line[metric.name]
    return float(value)


@pytest.mark.parametrize("check", ["sign-in", "journey"])
def test_a_check_that_works_is_told_by_its_name(server: Any, worker: Any, check: str) -> None:
    # Not how long it takes here: that would be a test of the machine.
    code, line, written = probe(check, "--url", server.url, "--most-ms", "60000")

    assert code == 0, written
    assert (line["Check"], told(line, metrics.CHECKS), told(line, metrics.CHECK_FAILURES)) == (check, 1, 0)
    assert told(line, metrics.CHECK_LATENCY) > 0


def test_a_check_that_fails_twice_is_told_once() -> None:
    code, line, written = probe("sign-in", "--url", f"http://127.0.0.1:{free_port()}")

    assert code == 1
    assert written.count("no answer") == 3
    assert (told(line, metrics.CHECKS), told(line, metrics.CHECK_FAILURES)) == (1, 1)


def test_a_step_that_takes_too_long_is_a_failure(server: Any) -> None:
    code, line, written = probe("sign-in", "--url", server.url, "--most-ms", "0")

    assert (code, told(line, metrics.CHECK_FAILURES)) == (1, 1)
    assert "login took" in written


def test_signing_in_again_finds_the_same_account(server: Any) -> None:
    from tests.deploy.test_verify import usernames  # noqa: PLC0415

    for _ in range(2):
        assert probe("sign-in", "--url", server.url, "--most-ms", "60000")[0] == 0

    assert usernames().count("canary_sign_in") == 1


def test_the_passwords_of_checks_are_written_nowhere(server: Any, tmp_path: Path) -> None:
    _, _, written = probe("sign-in", "--url", server.url, "--most-ms", "60000")

    assert "Aa1-" not in written
