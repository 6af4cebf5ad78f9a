"""An app's models, repositories, views, paths, tasks and commands are private: other apps call its public modules."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = sorted(path.name for path in (ROOT / "apps").iterdir() if (path / "__init__.py").exists())
PRIVATE = {"models", "repositories", "views", "urls", "tasks", "admin", "management"}
# The app on which all others depend. Its models are the base of theirs.
SHARED = "core"


def imported(source: Path) -> Iterator[str]:
    """Yield the dotted name of everything that a module imports, at its top or inside of functions."""
    for node in ast.walk(ast.parse(source.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source}: relative imports hide which app is meant"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def private_parts(name: str, *, of_others_than: str) -> set[str]:
    package, *rest = name.split(".")
    if package != "apps" or not rest or rest[0] in {of_others_than, SHARED}:
        return set()
    return PRIVATE & set(rest[1:2])


@pytest.mark.parametrize("app", APPS)
def test_an_app_imports_nothing_private_of_another(app: str) -> None:
    found = {
        f"{source.relative_to(ROOT)}: {name}"
        for source in (ROOT / "apps" / app).rglob("*.py")
        for name in imported(source)
        if private_parts(name, of_others_than=app)
    }

    assert found == set()


def test_the_rule_finds_what_it_forbids() -> None:
    assert private_parts("apps.users.models.User", of_others_than="posts") == {"models"}
    assert private_parts("apps.users.models.User", of_others_than="users") == set()
    assert private_parts("apps.users.serializers.people.CardOut", of_others_than="posts") == set()
    assert private_parts("apps.core.models.Item", of_others_than="posts") == set()
