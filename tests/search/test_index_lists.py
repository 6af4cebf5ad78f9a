"""Filters, sort orders and pages."""

from dataclasses import replace
from typing import Any

import pytest

from apps.search.index import Figures, Line, Position, SearchQuery, Sort
from tests.search.index_entries import catalogue, entry, recipe_id, titles, walked


@pytest.mark.parametrize(
    "condition",
    [
        {"cuisine": "viet nam"},
        {"cuisine": "Việt Nam"},
        {"method": "grill"},
        {"meal": "lunch"},
        {"difficulty": "easy"},
        {"max_minutes": 30},
        {"diets": frozenset({"vegan", "halal"})},
        {"without_allergens": frozenset({"milk", "eggs"})},
        {"ingredient_ids": frozenset({"tofu", "salt"})},
    ],
)
@pytest.mark.parametrize("q", ["", "món"])
def test_a_condition_keeps_the_recipes_that_meet_it(condition: dict[str, Any], q: str) -> None:
    meets: dict[str, Any] = {
        "cuisine": "Việt Nam", "method": "grill", "meal": "lunch", "difficulty": "easy", "total_minutes": 30,
        "diets": frozenset({"vegan", "halal", "no_pork"}), "allergens": frozenset({"soy"}),
    }  # fmt: skip
    near_misses = {
        "cuisine": "Thái", "method": "soup", "meal": None, "difficulty": "hard", "total_minutes": 31,
        "diets": frozenset({"vegan"}), "allergens": frozenset({"soy", "eggs"}),
    }  # fmt: skip
    searched = catalogue(entry("Món có", "tofu", "salt!", **meets), entry("Món không", "tofu", **near_misses))

    assert titles(searched, q, **condition) == ["Món có"]


@pytest.mark.parametrize(
    "condition",
    [{"cuisine": "mars"}, {"method": "x"}, {"diets": frozenset({"x"})}, {"ingredient_ids": frozenset({"x"})}],
)
def test_a_name_that_no_recipe_has_finds_nothing(condition: dict[str, Any]) -> None:
    assert titles(catalogue(entry("Món", "tofu", diets=frozenset({"vegan"}))), **condition) == []


def test_allergens_that_are_not_all_known_are_not_safe() -> None:
    searched = catalogue(entry("Known"), entry("Unknown", allergens_complete=False))

    assert titles(searched, without_allergens=frozenset({"lupin"})) == ["Known"]


def test_time_that_is_not_known_is_within_no_limit() -> None:
    searched = catalogue(entry("Unknown"), entry("Long", total_minutes=100_000), entry("None", total_minutes=0))

    assert titles(searched, max_minutes=10**9) == ["None", "Long"]
    assert titles(searched, max_minutes=0) == ["None"]


def test_an_optional_or_staple_ingredient_is_an_ingredient() -> None:
    searched = catalogue(entry("Optional", "basil?"), entry("Staple", "basil!"), entry("Other", "mint"))

    assert titles(searched, ingredient_ids=frozenset({"basil"})) == ["Staple", "Optional"]


def test_lists_come_newest_first() -> None:
    searched = catalogue(entry("B", created_at=2), entry("C", created_at=3), entry("A", created_at=1))

    assert titles(searched) == titles(searched, sort=Sort.RELEVANCE) == ["C", "B", "A"]


def test_rated_recipes_come_by_average_then_number_and_before_unrated_ones() -> None:
    searched = catalogue(
        entry("None"),
        entry("4 by 2", rating_sum=8, rating_count=2),
        entry("4 by 3", rating_sum=12, rating_count=3),
        entry("5 by 1", rating_sum=5, rating_count=1),
        entry("1 by 9", rating_sum=9, rating_count=9),
    )

    assert titles(searched, sort=Sort.RATING) == ["5 by 1", "4 by 3", "4 by 2", "1 by 9", "None"]


@pytest.mark.parametrize("others", [1, 90])
def test_stars_without_a_rating_count_for_nothing(others: int) -> None:
    searched = catalogue(entry("Odd", rating_sum=5), *(entry("1", rating_sum=1, rating_count=1) for _ in range(others)))

    assert titles(searched, sort=Sort.RATING)[-1] == "Odd"


def test_popular_recipes_were_cooked_most() -> None:
    searched = catalogue(entry("7", cook_count=7), entry("0"), entry("9", cook_count=9))

    assert titles(searched, sort=Sort.POPULAR) == ["9", "7", "0"]


@pytest.mark.parametrize("q", ["", "món", "moon"])
@pytest.mark.parametrize("sort", Sort)
@pytest.mark.parametrize("limit", [1, 3, 10])
def test_pages_are_full_but_the_last_and_give_each_recipe_once(q: str, sort: Sort, limit: int) -> None:
    entries = [
        entry(f"Món {n % 4}", method=("soup", "grill")[n % 3 == 0], cook_count=n % 5, rating_sum=n % 6, rating_count=2)
        for n in range(30)
    ]
    searched, wanted = catalogue(*entries), {each.recipe_id for each in entries if each.method == "grill"}

    found = walked(searched, SearchQuery(q, method="grill", sort=sort), limit)

    assert len(found) == len(wanted)
    assert set(found) == wanted


@pytest.mark.parametrize("sort", [Sort.NEWEST, Sort.RATING, Sort.POPULAR])
def test_pages_stay_whole_while_other_recipes_come_change_and_go(sort: Sort) -> None:
    entries = [entry(f"Món {n}", cook_count=n % 3, rating_sum=n % 4, rating_count=1) for n in range(20)]
    searched = catalogue(*entries)
    order = walked(searched, SearchQuery(sort=sort), 20)
    page = searched.search(SearchQuery(sort=sort), limit=7)

    last_seen = page.hits[-1].recipe_id
    searched.apply(
        [entry("Mới"), entry("Cũ", created_at=0), replace(entries[0], title="Again")],
        [Figures(last_seen, 5, 1, 99)],
        [order[0], order[10]],
    )
    rest = walked_from(searched, SearchQuery(sort=sort), page.next)

    untouched = set(order) - {last_seen, entries[0].recipe_id, order[0], order[10]}
    assert [each for each in rest if each in untouched] == [each for each in order[7:] if each in untouched]


def walked_from(searched: Any, query: SearchQuery, after: Position | None) -> list[str]:
    ids = []
    while after is not None:
        page = searched.search(query, limit=4, after=after)
        ids += [hit.recipe_id for hit in page.hits]
        after = page.next
    return ids


@pytest.mark.parametrize("sort", Sort)
def test_a_position_of_another_order_is_refused(sort: Sort) -> None:
    searched = catalogue(entry("Món"))

    with pytest.raises(ValueError, match="position"):
        searched.search(SearchQuery("món", sort=sort), limit=1, after=["x", 1, 1, 1])


def test_a_page_says_what_is_shown() -> None:
    made = entry(
        "Món", document=b'{"title": "M\xc3\xb3n"}', content_version=7, rating_sum=9, rating_count=2, cook_count=4
    )

    [found] = catalogue(made).search(SearchQuery(), limit=1).hits

    assert (found.document, found.content_version) == (made.document, 7)
    assert found.figures == Figures(made.recipe_id, 9, 2, 4)
    assert found.figures.average == 4.5


def test_an_empty_catalogue_finds_nothing() -> None:
    searched = catalogue()

    assert titles(searched) == titles(searched, "canh") == titles(searched, method="soup") == []
    assert searched.get(recipe_id(1)) is None


def test_one_unknown_ingredient_does_not_hide_a_recipe_from_lists() -> None:
    made = entry("Món", ingredients=(Line(None, "lá gì đó"),), allergens_complete=False)

    assert titles(catalogue(made), "lá gì") == ["Món"]
