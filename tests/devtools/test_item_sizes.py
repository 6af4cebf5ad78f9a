"""Sizes of items follow AWS's rules: DynamoDB Developer Guide, "DynamoDB item sizes and formats"."""

from typing import Any

import pytest

from devtools.capacity.item_sizes import index_entry, item_size, value_size
from smartcooking.contract import table


@pytest.mark.parametrize(
    ("value", "size"),
    [
        ({"S": "Pho"}, 3),
        ({"S": "Phở"}, 5),
        ({"S": ""}, 0),
        ({"N": "0"}, 1),
        ({"N": "7"}, 2),
        ({"N": "27"}, 2),
        ({"N": "-27"}, 3),
        ({"N": "123"}, 3),
        ({"N": "1000000"}, 2),
        ({"N": "0.5"}, 2),
        ({"N": "7.5"}, 3),
        ({"N": "1.50"}, 3),
        ({"B": b"\x00\xff\x10"}, 3),
        ({"BOOL": False}, 1),
        ({"NULL": True}, 1),
        ({"L": []}, 3),
        ({"L": [{"S": "abc"}, {"N": "1"}]}, 3 + (1 + 3) + (1 + 2)),
        ({"M": {}}, 3),
        ({"M": {"ab": {"S": "xyz"}}}, 3 + 1 + 2 + 3),
        ({"SS": ["a", "bc"]}, 3),
        ({"NS": ["1", "200"]}, 4),
        ({"BS": [b"ab", b"c"]}, 3),
    ],
)
def test_a_value_counts_what_its_type_says(value: dict[str, Any], size: int) -> None:
    assert value_size(value) == size


def test_an_item_is_its_names_and_values() -> None:
    item = {"pk": {"S": "USER#1"}, "tên": {"S": "An"}, "version": {"N": "12"}}

    assert item_size(item) == (2 + 6) + (4 + 2) + (7 + 2)


def test_an_index_holds_keys_and_what_is_projected() -> None:
    item = {
        "pk": {"S": "RECIPE#1"}, "sk": {"S": "META#STATE"}, "gsi1pk": {"S": "CATALOGUE"}, "gsi1sk": {"S": "2026#1"},
        "kind": {"S": "recipe_state"}, "approval": {"S": "approved"}, "gsi4pk": {"S": "PENDING"}, "note": {"S": "-"},
    }  # fmt: skip

    assert set(index_entry(item, table.FEEDS) or {}) == {"pk", "sk", "gsi1pk", "gsi1sk", "kind", "approval"}


def test_an_item_without_both_keys_of_an_index_is_not_in_it() -> None:
    item = {"pk": {"S": "RECIPE#1"}, "sk": {"S": "META#STATE"}, "gsi4pk": {"S": "PENDING"}}

    assert index_entry(item, table.QUEUES) is None
