"""`manage.py probe` against a running service: its metrics in case of success and failure."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from smartcooking.contract import metrics
from tests.support.processes import ROOT, free_port
from tests.support.verification import usernames


def probe(*arguments: str) -> tuple[int, dict[str, Any], str]:
    """Return the exit code, the line of metrics, and everything that was written."""
    done = subprocess.run(
        [sys.executable, "manage.py", "probe", *arguments],
        cwd=ROOT, env={**os.environ, "METRICS": "emf"}, capture_output=True, text=True, check=False, timeout=100,
    )  # fmt: skip
    (line,) = [json.loads(one) for one in done.stdout.splitlines() if '"_aws"' in one]
    return done.returncode, line, done.stdout + done.stderr


def told(line: dict[str, Any], metric: metrics.Metric) -> float:
    (value,) = line[metric.name]
    return float(value)


@pytest.mark.parametrize("check", ["sign-in", "journey"])
def test_a_check_that_works_is_told_by_its_name(server: Any, worker: Any, check: str) -> None:
    # The duration is not checked: that would test the machine.
    code, line, written = probe(check, "--url", server.url, "--most-ms", "60000")

    assert code == 0, written
    assert (line["Check"], told(line, metrics.CHECKS), told(line, metrics.CHECK_FAILURES)) == (check, 1, 0)
    assert told(line, metrics.CHECK_LATENCY) > 0
    # How its passwords begin.
    assert "Aa1-" not in written


def test_a_check_that_fails_twice_is_told_once() -> None:
    code, line, written = probe("sign-in", "--url", f"http://127.0.0.1:{free_port()}")

    assert code == 1
    assert written.count("no answer") == 3
    assert (told(line, metrics.CHECKS), told(line, metrics.CHECK_FAILURES)) == (1, 1)


def test_a_step_that_takes_too_long_is_a_failure_of_the_same_account(server: Any) -> None:
    code, line, written = probe("sign-in", "--url", server.url, "--most-ms", "0")

    assert (code, told(line, metrics.CHECK_FAILURES)) == (1, 1)
    # Signing in may take a second longer because of the pool.
    assert "act took" in written
    assert usernames().count("canary_sign_in") == 1
