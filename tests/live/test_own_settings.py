"""Programs of the tests have the settings of their own environment, whatever process they are forked from."""

import os
from pathlib import Path

import pytest

from tests.support import warm

pytestmark = pytest.mark.usefixtures("seeded")
ELSEWHERE = "http://127.0.0.1:9"
# What a program reads, with whoever keeps it from the moment in which they were imported.
PRINTED = """
from apps.core import rate_limits
from apps.core.models import Item
from apps.core.telemetry import emf
from smartcooking.celery import app
from smartcooking.worker_health import TOUCHED

queues = app.conf.broker_transport_options["predefined_queues"].values()
kept = {
    "AI_PROVIDERS": ",".join(settings.AI_PROVIDERS),
    "AWS_ENDPOINT_URL": {queue["endpoint_url"] for queue in queues}.pop(),
    "DYNAMODB_ENDPOINT_URL": Item.Meta.host,
    "METRICS": "emf" if emf.is_on() else "",
    "TABLE_NAME": Item.Meta.table_name,
    "TMPDIR": str(TOUCHED.parent),
}
print("kept", sorted(kept.items()))
"""


def kept(directory: Path, **env: str) -> str:
    log = directory / "printed.log"
    code = f"from django.conf import settings\n{PRINTED}"
    program = warm.begin("django", ["shell", "--no-imports", "-c", code], env={**os.environ, **env}, log=log)
    assert program.wait(200) == 0, log.read_text()
    return log.read_text()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AI_PROVIDERS", "bedrock,rules"),
        ("AWS_ENDPOINT_URL", ELSEWHERE),
        ("DYNAMODB_ENDPOINT_URL", ELSEWHERE),
        ("METRICS", "emf"),
        ("TABLE_NAME", "another"),
        ("TMPDIR", "/var/tmp"),
    ],
)
def test_a_program_has_the_settings_of_its_own_environment_and_the_next_has_not(
    tmp_path: Path, name: str, value: str
) -> None:
    assert f"('{name}', '{value}')" in kept(tmp_path, **{name: value})
    (tmp_path / "after").mkdir()
    assert f"('{name}', '{value}')" not in kept(tmp_path / "after")
