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


def printed(command: str, *options: str) -> str:
    out = StringIO()
    call_command(command, *options, stdout=out)
    return out.getvalue()


def delete_ingredient(ingredient_id: str) -> IngredientRow:
    row = IngredientRow.read(keys.ingredient(ingredient_id))
    assert row is not None
    row.delete(add_version_condition=False)
    return row


def test_missing_ingredients_are_written_and_no_others(monkeypatch: pytest.MonkeyPatch) -> None:
    entries, fingerprint = master.load(), ids.new_id()
    monkeypatch.setattr(master, "compute_fingerprint", lambda: fingerprint)
    row = delete_ingredient(entries[-1].id)

    assert printed("seed_ingredients") == f"1 of {len(entries)} ingredients written\n"

    again = IngredientRow.read(keys.ingredient(entries[-1].id))
    assert again is not None
    assert (again.entry(), again.seed_hash) == (row.entry(), row.seed_hash)


def test_ingredients_are_compared_again_if_their_files_change_or_an_operator_asks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entries, fingerprint = master.load(), ids.new_id()
    monkeypatch.setattr(master, "compute_fingerprint", lambda: fingerprint)
    assert printed("seed_ingredients") == f"0 of {len(entries)} ingredients written\n"

    assert printed("seed_ingredients") == "ingredients are as they were written last\n"
    assert printed("seed_ingredients", "--force") == f"0 of {len(entries)} ingredients written\n"

    fingerprint = ids.new_id()
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
