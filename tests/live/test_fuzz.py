"""A fuzzer with the OpenAPI document finds no failure and no undocumented response."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support import recipes

pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]
FEWEST_EXAMPLES = 2000
SEARCHED = ["--generation-database", "none"]
CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
# What responses hold differs from run to run: fresh ids, today's date, the order in which two workers ask. Random
# examples must not be drawn from them. The phases before take ids from responses, but draw nothing at random.
FROM_NO_RESPONSE = """
[phases.fuzzing]
extra-data-sources = { responses = false }
error-feedback = { enabled = false }
"""
SAME_EXAMPLES = SEARCHED if "SEARCH" in os.environ else ["--seed", "1", "--generation-deterministic"]


def test_a_fuzzer_with_all_checks_finds_nothing(server: Any, worker: Any, person: Any, tmp_path: Path) -> None:
    somebody = person()
    recipes.publish_on(server, somebody)
    configuration = tmp_path / CONFIGURATION.name
    configuration.write_text(CONFIGURATION.read_text() + ("" if "SEARCH" in os.environ else FROM_NO_RESPONSE))
    # Most of the eight thousand requests are of the phase that covers every bound and kind of each schema.
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", str(configuration),
        "run", f"{server.url}/v1/schema", "--checks", "all", "--max-examples", "5", "--workers", "2",
        "--phases", "examples,coverage,fuzzing", *SAME_EXAMPLES,
        "--suppress-health-check", "all",
        "--header", f"Authorization: Bearer {somebody.token}", "--no-color", "--continue-on-failure",
    ]  # fmt: skip

    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    # Bodies that it sends can be of a hundred kilobytes; what it advises comes after the failures.
    found = result.stdout.partition("= WARNINGS =")[0].splitlines()
    assert result.returncode == 0, "\n".join(line[:300] for line in found)[-20_000:] + result.stderr[-2000:]
    generated = re.search(r"(\d+) generated", result.stdout)
    assert generated is not None
    assert int(generated[1]) >= FEWEST_EXAMPLES
    assert "unhandled" not in server.output()
