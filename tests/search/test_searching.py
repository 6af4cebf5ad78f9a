"""Search as people type: names that they misspell, and what is suggested if nothing is found."""

import pytest

from apps.search.index import SearchQuery
from apps.search.interpretation import Interpreter
from apps.search.searching import search
from tests.search.index_entries import catalogue, entry

INTERPRETER = Interpreter([("bánh trôi", frozenset({"floating-cake"})), ("broccoli", frozenset({"broccoli"}))])
SEARCHED = catalogue(
    entry("Bánh trôi"), entry("Bánh mì tỏi"), entry("Bánh trôi tàu"), entry("Súp lơ xanh", "broccoli"), entry("Gà xyzt")
)


def found(q: str) -> list[str]:
    return [hit.document.decode() for hit in search(SEARCHED, INTERPRETER, SearchQuery(q), limit=5).hits]


def test_a_name_within_one_edit_is_searched_for_instead_of_similar_words() -> None:
    assert set(found("bánh troi")) == {"Bánh trôi", "Bánh trôi tàu"}
    assert set(found("banh trooi")) == {"Bánh trôi", "Bánh trôi tàu"}


def test_words_that_a_recipe_has_are_not_corrected() -> None:
    assert found("xyzt") == ["Gà xyzt"]


def test_a_name_further_away_is_suggested_if_it_finds_something() -> None:
    page = search(SEARCHED, INTERPRETER, SearchQuery("brocolli"), limit=5)
    elsewhere = search(SEARCHED, INTERPRETER, SearchQuery("brocolli", method="bake"), limit=5)

    assert (page.hits, page.did_you_mean) == ((), "broccoli")
    assert (elsewhere.hits, elsewhere.did_you_mean) == ((), None)


@pytest.mark.parametrize("q", ["paella", "qwertyuiop", "!!!"])
def test_nothing_is_suggested_for_what_is_like_nothing(q: str) -> None:
    page = search(SEARCHED, INTERPRETER, SearchQuery(q), limit=5)

    assert (page.hits, page.did_you_mean) == ((), None)


def test_pages_of_a_corrected_query_hold_everything_once() -> None:
    query = SearchQuery("banh trooi")

    first = search(SEARCHED, INTERPRETER, query, limit=1)
    second = search(SEARCHED, INTERPRETER, query, limit=1, after=first.next)

    assert {hit.document.decode() for hit in (*first.hits, *second.hits)} == {"Bánh trôi", "Bánh trôi tàu"}
    assert second.next is None
