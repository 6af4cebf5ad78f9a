"""Captions and free texts: the dish, its ingredients and its steps, however people lay them out."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from apps.core.text import fold
from apps.imports.reading.captions import language_of, read_text

CAPTIONS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("captions.yaml").read_text("utf-8"))
MORE: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("captions_more.yaml").read_text("utf-8"))


@pytest.mark.parametrize("caption", [*CAPTIONS, *MORE], ids=lambda caption: caption["title"])
def test_a_caption_is_read_as_people_read_it(caption: dict[str, Any]) -> None:
    draft = read_text(caption["text"])

    titles = {fold(caption["title"]), fold(caption.get("alias", caption["title"]))}
    assert fold(draft.title) in titles
    assert len(draft.lines) == caption["ingredients"], draft.lines
    assert len(draft.steps) == caption["steps"], draft.steps


def test_half_of_the_captions_are_vietnamese() -> None:
    assert sum(language_of(caption["text"]) == "vi" for caption in CAPTIONS) == len(CAPTIONS) / 2 == 30


def test_hashtags_become_tags_and_leave_the_text() -> None:
    draft = read_text(CAPTIONS[0]["text"])

    assert draft.tags == ("canh", "comnha")
    assert not any("#" in text for text in (draft.title, *draft.lines, *draft.steps))


def test_servings_and_times_are_found() -> None:
    pork = next(read_text(one["text"]) for one in CAPTIONS if "PULLED PORK" in one["text"])
    balls = next(read_text(one["text"]) for one in CAPTIONS if one["title"] == "Thịt viên sốt nấm")

    assert (pork.prep_minutes, pork.cook_minutes) == (10, 480)
    assert (balls.cook_minutes, balls.servings) == (40, 4)


@given(st.text(max_size=400))
def test_no_text_is_too_strange(text: str) -> None:
    draft = read_text(text)

    assert len(draft.lines) <= 50
    assert all(draft.lines)


@pytest.mark.parametrize(
    "text", ["1. " * 5000, "nguyên liệu: " * 1500, "a, " * 6000, "(" * 19_000, "- \n" * 6000, "1️⃣" * 3000]
)
def test_long_nonsense_takes_no_time(text: str) -> None:
    assert len(read_text(text).steps) <= 50
