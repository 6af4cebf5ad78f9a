"""Cursors belong to one caller, one list and one set of filters."""

from typing import Any

import pytest

from apps.core import cursors
from apps.core.errors import InvalidCursor

MINE: dict[str, Any] = {"caller": "ana", "listing": "favorites", "filters": {"q": "bò"}}


def test_a_cursor_returns_its_position_to_whom_it_was_given() -> None:
    assert cursors.decode_cursor(cursors.encode_cursor(["x", 1], **MINE), **MINE) == ["x", 1]


@pytest.mark.parametrize(
    "other", [{"caller": "ben"}, {"listing": "pantry"}, {"filters": {"q": "gà"}}, {"filters": None}]
)
def test_a_cursor_of_another_caller_list_or_filter_is_refused(other: dict[str, Any]) -> None:
    cursor = cursors.encode_cursor("x", **MINE)

    with pytest.raises(InvalidCursor):
        cursors.decode_cursor(cursor, **{**MINE, **other})


@pytest.mark.parametrize("forged", ["", "x", "a:b:c", "\udcff", "é" * 50])
def test_a_forged_cursor_is_refused(forged: str) -> None:
    with pytest.raises(InvalidCursor):
        cursors.decode_cursor(forged, **MINE)


def test_a_tampered_cursor_is_refused() -> None:
    cursor = cursors.encode_cursor(["position"], **MINE)

    with pytest.raises(InvalidCursor):
        cursors.decode_cursor(("A" if cursor[0] != "A" else "B") + cursor[1:], **MINE)
