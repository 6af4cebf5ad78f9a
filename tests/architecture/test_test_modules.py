"""Test modules are short and independent: what several need is in tests/support."""

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
MODULES = sorted(TESTS.glob("**/test_*.py"))
# A longer module has more than one subject.
MOST_LINES = 400


def imported_by(module: Path) -> set[str]:
    """Return the modules that a module may import, as dotted names."""
    statements = [node for node in ast.walk(ast.parse(module.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    return {name for one in statements for name in (one.module or "", *(f"{one.module}.{a.name}" for a in one.names))}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(TESTS)))
def test_a_test_module_has_one_subject_and_imports_no_other(module: Path) -> None:
    others = {".".join(("tests", *path.relative_to(TESTS).with_suffix("").parts)) for path in MODULES}

    assert len(module.read_text("utf-8").splitlines()) <= MOST_LINES
    assert imported_by(module) & others == set()
