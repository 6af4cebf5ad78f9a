"""The authored master list: reading and checking the files of `data/`."""

from pathlib import Path
from typing import Any

import yaml

from apps.core import ids
from apps.ingredients.entry import Category, Ingredient

DATA = Path(__file__).parent / "data"


def load(directory: Path = DATA) -> tuple[Ingredient, ...]:
    found = []
    for path in sorted(directory.glob("*.yaml")):
        for written in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader):
            found.append(_entry(path, written))
    return tuple(found)


def _entry(path: Path, written: dict[str, Any]) -> Ingredient:
    return Ingredient(
        id=ids.derived_id("ingredient", written["key"]), key=written["key"], vi=written["vi"], en=written["en"],
        category=Category(path.stem), aliases={k: tuple(v) for k, v in (written.get("aliases") or {}).items()},
        allergens=frozenset(written.get("allergens") or ()), breaks=frozenset(written.get("breaks") or ()),
        staple=bool(written.get("staple")),
    )
