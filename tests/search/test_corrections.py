"""Corrections of misspelt queries by the names that search knows."""

import pytest

from apps.core.text import fold
from apps.search.corrections import Corrections


def corrections(*names: str) -> Corrections:
    return Corrections({folded: [name for name in names if fold(name) == folded] for folded in map(fold, names)})


CORRECTIONS = corrections(
    "bánh trôi", "bánh mì", "phở bò", "sầu riêng", "broccoli", "spaghetti bolognese", "tỏi", "bánh", "chicken", "soup"
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bánh troi", (0, "bánh trôi")),
        ("bahn mi", (1, "bánh mì")),
        ("phoo bo", (1, "phở bò")),
        ("xầu riêng", (1, "sầu riêng")),
        ("brocolli", (2, "broccoli")),
        ("spagheti bolonese", (2, "spaghetti bolognese")),
        ("chickn suop", (1, "chicken soup")),
    ],
)
def test_the_nearest_name_comes_first_with_its_edits(typed: str, meant: tuple[int, str]) -> None:
    assert next(CORRECTIONS.nearest(typed)) == meant


@pytest.mark.parametrize("typed", ["", "paella", "qwerty", "tỏi", "toi banh", "soup chicken", "\ud800", "a" * 200])
def test_what_is_known_or_like_nothing_is_not_corrected(typed: str) -> None:
    assert list(CORRECTIONS.nearest(typed)) == []


def test_words_that_are_right_stay() -> None:
    assert list(corrections("canh chua", "canh", "cay").nearest("cay chhua")) == []
