"""The description of the interface on file is that of the code, and is made without a warning."""

from pathlib import Path

import pytest
from django.core.management import call_command

from apps.core import schema

FILE = Path(__file__).resolve().parents[2] / "docs" / "api.yaml"


def test_the_description_on_file_is_current(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`make openapi` writes it anew."""
    monkeypatch.setattr(schema, "_made", {})
    written = tmp_path / "api.yaml"

    call_command("spectacular", "--file", str(written), "--validate", "--fail-on-warn")

    assert capsys.readouterr().err == ""
    assert written.read_text("utf-8") == FILE.read_text("utf-8")
