"""Queries that name a few kinds of rows find all kinds that are stored where they look."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from apps.core import keys
from apps.core.hidden_content import VisibilityRow
from apps.core.models import Item, kinds
from apps.recipes.models import RecipePart
from apps.users.models import AccountRow, TasteRow

STORED = [json.loads(path.read_text("utf-8")) for path in sorted((Path(__file__).parent / "shapes").glob("*.json"))]


def lies_under(key: keys.Key) -> Callable[[dict[str, dict[str, str]]], bool]:
    """Match rows in partitions of the same kind whose sort key begins with that of `key`."""
    partition = key.pk.partition("#")[0]
    return lambda row: row["pk"]["S"].partition("#")[0] == partition and row["sk"]["S"].startswith(key.sk)


@pytest.mark.parametrize(
    ("base", "is_read"),
    [
        (AccountRow, lies_under(keys.suspension("-"))),
        (TasteRow, lies_under(keys.preferences("-"))),
        (RecipePart, lies_under(keys.recipe("-"))),
        (VisibilityRow, lies_under(keys.Key(keys.change("-", "-").pk, ""))),
    ],
)
def test_a_kind_of_row_that_a_narrow_query_meets_derives_from_its_base(
    base: type[Item], is_read: Callable[[dict[str, dict[str, str]]], bool]
) -> None:
    met = {kinds()[row["kind"]["S"]] for row in STORED if is_read(row)}

    assert met
    assert [model.__name__ for model in met if not issubclass(model, base)] == []
