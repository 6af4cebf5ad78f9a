"""Units: one canonical name for all their words, and a word for each in the language of the request."""

import pytest
import yaml

from apps.core import language
from apps.ingredients import grammar_table, units

_ROWS = yaml.safe_load((grammar_table.DATA / "units.yaml").read_text("utf-8"))["units"]
MEANINGS = {word: (row["unit"], row["of"]) for row in _ROWS for word in row["words"]}


def test_every_word_of_the_grammar_has_its_canonical_unit() -> None:
    for word, (unit, of) in MEANINGS.items():
        assert units.canonical(2, word) == (2 * of, unit), word
        assert units.canonical(2, word.capitalize()) == (2 * of, unit), word


def test_without_a_unit_pieces_are_counted_and_an_unknown_unit_stays() -> None:
    assert units.canonical(3, None) == (3, "piece")
    assert units.canonical(3, "") == (3, "piece")
    assert units.canonical(3, "lít rưỡi gì đó") == (3, "lít rưỡi gì đó")


@pytest.mark.parametrize(
    ("code", "quantity", "unit", "expected"),
    [
        ("en", 1, "can", "can"), ("en", 2, "can", "cans"), ("en", 0.5, "cup", "cup"), ("en", 3, "leaf", "leaves"),
        ("vi", 2, "can", "hộp"), ("vi", 2, "tbsp", "muỗng canh"), ("en", 2, "tbsp", "tbsp"), ("vi", 300, "g", "g"),
        ("en", 2, "piece", ""),
    ],
)  # fmt: skip
def test_a_unit_is_written_as_people_write_it(code: str, quantity: float, unit: str, expected: str) -> None:
    token = language.current.set(code)
    try:
        assert units.word(unit, quantity) == expected
    finally:
        language.current.reset(token)
