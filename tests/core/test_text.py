"""Folding and cleaning."""

import re

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


@pytest.mark.parametrize(
    "written",
    [
        "\u3164",
        "\u00ad\u034f",
        "\u061c\u180e",
        "\u115f\u1160\uffa0",
        "\ufff9\ufffb\ufeff",
        "\u2800 \u2800",
        "\ufe0f",
        "\u0301",
    ],
)
def test_of_text_that_cannot_be_seen_nothing_is_left_and_the_schema_says_so(written: str) -> None:
    assert text.clean(written) == ""
    assert re.search(text.VISIBLE, written) is None


def test_a_letter_of_old_fonts_stays_though_others_read_it_as_a_soft_hyphen() -> None:
    assert text.clean("n\u00ad\u00edc m\u00bem") == "n\u00ad\u00edc m\u00bem"


@pytest.mark.parametrize(
    "written", ["👩\u200d🍳", "👨\u200d👩\u200d👧\u200d👦 ăn cơm", "❤\ufe0f\u200d🔥", "می\u200cخواهم"]
)
def test_joiners_that_make_one_picture_or_spell_a_word_stay(written: str) -> None:
    assert text.clean(written) == written


def test_joiners_between_letters_go() -> None:
    assert text.clean("bu\u200dt\u200cter 🍳\u200d") == "butter 🍳"
