"""Every environment variable is declared once, in the settings, and documented from there."""

import re
from pathlib import Path

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
