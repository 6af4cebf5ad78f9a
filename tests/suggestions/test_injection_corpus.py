"""The corpus of prompt injections is sound: each text has a marker that nothing else can contain."""

from collections import Counter
from pathlib import Path
from typing import Any

import yaml

from apps.core.text import fold
from tests.support.ingredients import listed

_CORPUS = Path(__file__).parent / "corpora" / "injections.yaml"


def _read() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.load(_CORPUS.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return rows


def test_the_corpus_is_large_and_has_no_duplicates() -> None:
    rows = _read()

    counted = Counter(row["id"] for row in rows) + Counter(row["text"] for row in rows)

    assert len(rows) >= 60
    assert [what for what, times in counted.items() if times > 1] == []


def test_every_marker_occurs_in_its_text_and_survives_escaping() -> None:
    unfit = [
        row["id"]
        for row in _read()
        if row["marker"] not in row["text"] or len(row["marker"]) < 6 or not row["marker"].isascii()
    ]

    assert unfit == []


def test_no_marker_is_part_of_an_ingredient_name() -> None:
    names = {
        fold(name)
        for entry in listed()
        for name in (entry.vi, entry.en, *(alias for names in entry.aliases.values() for alias in names))
    }

    assert [row["id"] for row in _read() if any(fold(row["marker"]) in name for name in names)] == []


def test_most_texts_are_short_enough_for_the_api() -> None:
    lengths = [len(row["text"]) for row in _read()]

    assert sum(length <= 100 for length in lengths) >= 60
    assert max(lengths) > 200
