"""Real spellings are matched: nothing is taken for what it is not, and nearly all is recognised."""

from functools import cache

import pytest

from tests.load import spellings
from tests.load.spellings import Answer
from tests.support.ingredients import listed, matcher

pytestmark = pytest.mark.long


@cache
def answers() -> list[Answer]:
    return spellings.ask(matcher(), spellings.read())


@pytest.mark.parametrize("group", ["prefix", "unknown", "invalid", "ambiguous"])
def test_what_is_no_single_ingredient_is_never_accepted_as_one(group: str) -> None:
    asked = [answer for answer in answers() if answer.case.group == group]

    assert asked
    assert [answer.case.input for answer in asked if answer.accepted] == []


def test_nearly_all_that_is_accepted_is_right() -> None:
    assert spellings.precision(answers()) >= 0.99


def test_nearly_all_that_is_an_ingredient_is_recognised() -> None:
    assert spellings.recall(answers()) >= 0.95


def test_every_key_of_the_corpus_is_in_the_master_list() -> None:
    known = {entry.key for entry in listed()}
    expected = {key for answer in answers() for key in (answer.case.key, *answer.case.keys) if key}

    assert expected - known == set()
