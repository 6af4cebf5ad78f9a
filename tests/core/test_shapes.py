"""Rows of every earlier schema version can still be read."""

import json
from pathlib import Path
from typing import Any

import pytest
from pynamodb.attributes import UnicodeAttribute

from apps.core.models import Item, Raw, kinds

SHAPES = Path(__file__).parent / "shapes"
STORED = sorted(SHAPES.glob("*.json"))


class Renamed(Item, discriminator="test_renamed"):
    """A row with `name` in schema 1, `title` in schema 2, and a language in schema 3."""

    SCHEMA = 3
    UPCASTERS = {
        1: lambda raw: {**{key: value for key, value in raw.items() if key != "name"}, "title": raw["name"]},
        2: lambda raw: {**raw, "language": {"S": "vi"}},
    }

    title = UnicodeAttribute()
    language = UnicodeAttribute()


def raw(**attributes: dict[str, Any]) -> Raw:
    return {
        "pk": {"S": "TEST#1"},
        "sk": {"S": "META"},
        "kind": {"S": "test_renamed"},
        "version": {"N": "4"},
        **attributes,
    }


@pytest.mark.parametrize(
    "stored",
    [
        raw(schema={"N": "1"}, name={"S": "Phở"}),
        raw(name={"S": "Phở"}),
        raw(schema={"N": "2"}, title={"S": "Phở"}),
        raw(schema={"N": "3"}, title={"S": "Phở"}, language={"S": "vi"}),
    ],
)
def test_an_older_shape_is_lifted_and_rewritten_in_the_current_one(stored: Raw) -> None:
    row = Item.from_raw_data(stored)

    assert isinstance(row, Renamed)
    assert (row.title, row.language, row.schema, row.version) == ("Phở", "vi", 3, 4)
    assert row.serialize()["schema"] == {"N": "3"}


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_every_stored_shape_is_read_whole(path: Path) -> None:
    stored = json.loads(path.read_text("utf-8"), object_hook=_binary)

    row = Item.from_raw_data(stored)

    expected = json.loads(path.with_name(f"{path.stem}.expected").read_text("utf-8"))
    assert {name: _plain(getattr(row, name)) for name in expected} == expected


def test_every_kind_has_its_current_shape_on_file() -> None:
    ours = {name: model for name, model in kinds().items() if not name.startswith("test_")}

    missing = {f"{name}.{shape}" for name, model in ours.items() for shape in range(1, model.SCHEMA + 1)}
    assert missing == {path.stem for path in STORED}


def _binary(value: dict[str, Any]) -> Any:
    if set(value) == {"B"} and isinstance(value["B"], str):
        return {"B": bytes.fromhex(value["B"])}
    if set(value) == {"BS"}:
        return {"BS": [bytes.fromhex(one) for one in value["BS"]]}
    return value


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
