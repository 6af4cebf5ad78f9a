"""Folding and cleaning."""

import pytest

from apps.core import text


@pytest.mark.parametrize(
    ("written", "folded"),
    [("Cà  Chua ", "ca chua"), ("ĐẬU ĐỎ", "dau do"), ("nước mắm", "nuoc mam"), ("a\u0300", "a"), ("\udcff", "\udcff")],
)
def test_folding_drops_case_marks_and_double_spaces(written: str, folded: str) -> None:
    assert text.fold(written) == folded


def test_cleaning_drops_what_cannot_be_seen_and_keeps_line_breaks() -> None:
    assert text.clean("phở\u200b\x00 bò\n\u202eab") == "phở bò\nab"
    assert text.clean("p\u200dh\u200cở") == "phở"


def test_cleaning_keeps_emoji_of_several_parts_and_joined_letters_whole() -> None:
    emoji = ["👩\u200d🍳", "👨\u200d👩\u200d👧\u200d👦", "🏳\ufe0f\u200d🌈", "🧑🏽\u200d🍳", "❤\ufe0f\u200d🔥"]

    for whole in (*emoji, "می\u200cخواهم"):
        assert text.clean(whole) == whole
