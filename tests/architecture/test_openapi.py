"""docs/api.yaml is up to date with the code and is generated without warnings."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from apps.core import schema
from tests.support.interface import document

pytestmark = pytest.mark.long

FILE = Path(__file__).resolve().parents[2] / "docs" / "api.yaml"


def test_the_description_on_file_is_current(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run `make openapi` if this fails."""
    monkeypatch.setattr(schema, "_made", {})
    written = tmp_path / "api.yaml"

    call_command("spectacular", "--file", str(written), "--validate", "--fail-on-warn")

    assert capsys.readouterr().err == ""
    assert written.read_text("utf-8") == FILE.read_text("utf-8")


def operations() -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in document()["paths"].items():
        for method, operation in item.items():
            if "responses" in operation:
                yield f"{method.upper()} {path}", operation


def bodies(operation: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the JSON schemas of request bodies and successful responses."""
    answers = (answer for status, answer in operation["responses"].items() if str(status).startswith("2"))
    for body in (operation.get("requestBody", {}), *answers):
        if "application/json" in body.get("content", {}):
            yield body["content"]["application/json"]


def test_every_operation_says_in_a_sentence_what_it_does() -> None:
    silent = [name for name, operation in operations() if len(operation.get("summary", "")) < 8]

    assert silent == []


def test_every_body_has_an_example() -> None:
    bare = [
        name
        for name, operation in operations()
        for body in bodies(operation)
        if not {"example", "examples"} & set(body)
    ]

    assert bare == []


def test_every_example_is_valid() -> None:
    wrong = {}
    for name, operation in operations():
        for body in bodies(operation):
            validator = jsonschema.Draft202012Validator({**body["schema"], "components": document()["components"]})
            for error in validator.iter_errors(body["example"]) if "example" in body else ():
                wrong[f"{name} {error.json_path}"] = error.message[:100]

    assert wrong == {}


def test_what_can_be_changed_with_if_match_is_answered_with_its_version() -> None:
    """Whoever may send If-Match has to read an ETag first."""
    matched, versioned = set(), set()
    for path, item in document()["paths"].items():
        for operation in item.values():
            answers = [answer for status, answer in operation.get("responses", {}).items() if str(status)[0] == "2"]
            if any(one["name"] == "If-Match" for one in operation.get("parameters", ())):
                matched.add(path)
            if any("ETag" in answer.get("headers", {}) for answer in answers):
                versioned.add(path)

    assert {path for path in matched if "/moderation/" not in path} <= versioned
    assert "/v1/recipes/{recipe_id}" in versioned


def test_what_was_made_and_can_be_read_says_where() -> None:
    readable = {path.rpartition("/{")[0] for path, item in document()["paths"].items() if "get" in item}
    silent = [
        path
        for path, item in document()["paths"].items()
        if path in readable
        if "201" in (answers := item.get("post", {}).get("responses", {}))
        if "Location" not in answers["201"].get("headers", {})
    ]

    assert silent == []
    assert "/v1/recipes" in readable
