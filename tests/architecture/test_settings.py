"""Every environment variable is declared once, in the settings, and documented from there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from smartcooking import configuration, env

ROOT = Path(__file__).resolve().parents[2]


def test_the_example_and_the_reference_are_current() -> None:
    """Run `make configuration` if this fails."""
    assert configuration.EXAMPLE.read_text("utf-8") == configuration.render_example()
    assert configuration.REFERENCE.read_text("utf-8") == configuration.render_reference()


def test_every_variable_says_what_it_means_and_a_required_one_has_an_example() -> None:
    assert [one.name for one in env.VARIABLES.values() if not (one.meaning and one.section)] == []
    assert [one.name for one in env.VARIABLES.values() if one.default is None and not one.example] == []
    assert len(env.VARIABLES) > 50


def test_the_environment_is_read_in_settings_only() -> None:
    allowed = {"smartcooking/env.py"}
    # Variables that libraries read.
    told = r"\.setdefault\(\"(DJANGO_SETTINGS_MODULE|CELERY_SKIP_CHECKS)\""
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("apps", "smartcooking")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(rf"os\.environ(?!{told})|os\.getenv", path.read_text("utf-8"))
    }

    assert readers <= allowed


@pytest.mark.parametrize("key", ["", "short", "x" * 31])
def test_a_short_secret_stops_the_process_and_is_not_repeated(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    monkeypatch.setenv("SECRET_KEY", key)
    monkeypatch.setattr(env, "VARIABLES", {})

    with pytest.raises(ImproperlyConfigured, match="SECRET_KEY must have at least 32 bytes") as refusal:
        env.secret("SECRET_KEY", at_least=32, meaning="a key", example="x" * 40)

    assert not key or key not in str(refusal.value)


def test_the_service_does_not_start_with_a_short_key() -> None:
    environment = {**os.environ, "SECRET_KEY": "short"}

    ended = subprocess.run(
        [sys.executable, "-c", "import smartcooking.settings"],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )

    assert ended.returncode != 0
    assert "The environment variable SECRET_KEY must have at least 32 bytes, not 5." in ended.stderr
