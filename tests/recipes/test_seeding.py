"""The commands with which operators fill an environment: what is new is written, and what is there stays."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.core import ids, keys
from apps.ingredients import master
from apps.ingredients.models import IngredientRow
from apps.recipes import catalogue, seeds

pytestmark = pytest.mark.usefixtures("seeded")


def printed(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue()


def test_ingredients_that_are_missing_are_written_and_no_others() -> None:
    entries = master.load()
    key = keys.ingredient(entries[-1].id)
    row = IngredientRow.read(key)
    assert row is not None
    row.delete(add_version_condition=False)

    assert printed("seed_ingredients") == f"1 of {len(entries)} ingredients written\n"

    again = IngredientRow.read(key)
    assert again is not None
    assert (again.entry(), again.seed_hash) == (row.entry(), row.seed_hash)
    assert printed("seed_ingredients") == f"0 of {len(entries)} ingredients written\n"


def test_recipes_are_written_once_and_are_in_the_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    authored: dict[str, Any] = dict(list(seeds.load_file(seeds.DATA / "vi" / "tet.yaml").items())[:3])
    contents = {ids.new_id(): content for content in authored.values()}
    fingerprint = ids.new_id()
    monkeypatch.setattr(seeds, "load_recipes", lambda: contents)
    monkeypatch.setattr(seeds, "compute_fingerprint", lambda: fingerprint)

    assert printed("seed_recipes") == "3 of 3 recipes written\n"

    catalogue.live().refresh()
    index = catalogue.current()
    assert all(recipe_id in index for recipe_id in contents)
    assert printed("seed_recipes") == "authored recipes are as they were written last\n"
    fingerprint = ids.new_id()
    assert printed("seed_recipes") == "0 of 3 recipes written\n"
