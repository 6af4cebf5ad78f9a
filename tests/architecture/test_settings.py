"""Every environment variable is read in one place, documented, and set by the local stack."""

import ast
import re
from pathlib import Path

from smartcooking import env

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def read_by_settings() -> set[str]:
    """Return the names read through `env`, as text: those made of the queues' names are spelt out by what was read."""
    tree = ast.parse((ROOT / "smartcooking" / "settings.py").read_text("utf-8"))
    constants = {
        node.args[0].value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "env"
        and isinstance(node.args[0], ast.Constant)
    }
    return constants | {name for name in env.READ if name.startswith("QUEUE_URL_")}


def test_every_variable_is_in_the_example_and_no_other() -> None:
    documented = set(re.findall(r"^#? ?([A-Z][A-Z0-9_]+)=", EXAMPLE, re.MULTILINE))

    assert documented == read_by_settings() | {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}


def test_every_variable_is_in_the_readmes_table() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    documented = set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", readme, re.MULTILINE))

    optional = {name for name in read_by_settings() if not name.startswith("QUEUE_URL_")}
    assert documented >= optional


def test_the_environment_is_read_in_settings_only() -> None:
    allowed = {"smartcooking/env.py"}
    # What libraries read, not we.
    told = r"\.setdefault\(\"(DJANGO_SETTINGS_MODULE|CELERY_SKIP_CHECKS)\""
    readers = {
        str(path.relative_to(ROOT))
        for folder in ("apps", "smartcooking")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(rf"os\.environ(?!{told})|os\.getenv", path.read_text("utf-8"))
    }

    assert readers <= allowed
