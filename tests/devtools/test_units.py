"""Read and write units are computed from sizes by AWS's rules."""

from typing import Any

import pytest

from devtools.capacity import units as capacity
from devtools.capacity.item_sizes import item_size

KB = 1024


def row(size: int, **attributes: str) -> dict[str, Any]:
    """Return an item of exactly `size` bytes."""
    item = {"pk": {"S": "RECIPE#1"}, "sk": {"S": "META"}, **{name: {"S": value} for name, value in attributes.items()}}
    item["filler"] = {"S": ""}
    item["filler"] = {"S": "x" * (size - item_size(item))}
    return item


@pytest.mark.parametrize(
    ("size", "consistent", "units"),
    [(0, True, 1), (0, False, 0.5), (1, True, 1), (4 * KB, True, 1), (4 * KB + 1, True, 2), (4 * KB + 1, False, 1)],
)
def test_reads_take_4_kb_steps_and_half_when_not_consistent(size: int, consistent: bool, units: float) -> None:  # noqa: FBT001
    assert capacity.read_units(size, consistent=consistent) == units


def test_a_transactional_read_costs_twice() -> None:
    assert capacity.read_units(4 * KB + 1, consistent=True, transactional=True) == 4


def test_a_query_adds_sizes_before_it_rounds_up() -> None:
    assert capacity.query_units([row(1500), row(1500)], consistent=True) == 1
    assert capacity.query_units([row(1500)] * 3, consistent=True) == 2


def test_a_write_counts_the_larger_of_before_and_after() -> None:
    assert capacity.write_units(row(3 * KB), row(KB)) == {"table": 3}
    assert capacity.write_units(row(KB), row(2 * KB + 1)) == {"table": 3}


def test_deleting_counts_what_was_there() -> None:
    assert capacity.write_units(row(2 * KB), None) == {"table": 2}


def test_writing_what_is_not_there_counts_the_least() -> None:
    assert capacity.write_units(None, None) == {"table": 1}


def test_a_transaction_doubles_the_table_and_not_the_index() -> None:
    indexed = row(KB, gsi1pk="CATALOGUE", gsi1sk="1")

    assert capacity.write_units(None, indexed, transactional=True) == {"table": 2, "gsi1": 1}


def test_an_index_whose_key_moves_is_written_twice() -> None:
    before, after = row(KB, gsi1pk="CATALOGUE", gsi1sk="1"), row(KB, gsi1pk="CATALOGUE", gsi1sk="2")

    assert capacity.write_units(before, after) == {"table": 1, "gsi1": 2}


def test_an_index_whose_entry_stays_the_same_is_not_written() -> None:
    before, after = row(KB, gsi1pk="CATALOGUE", gsi1sk="1"), row(KB - 9, gsi1pk="CATALOGUE", gsi1sk="1")

    assert capacity.write_units(before, after) == {"table": 1}


def test_leaving_an_index_is_one_write() -> None:
    before, after = row(KB, gsi4pk="PENDING", gsi4sk="1"), row(KB)

    assert capacity.write_units(before, after) == {"table": 1, "gsi4": 1}
