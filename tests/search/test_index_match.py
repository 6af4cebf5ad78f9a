"""Matching recipes with ingredients at hand."""

from typing import Any

import pytest

from apps.search.index import Catalogue, Entry, MatchQuery, Wanted
from tests.search.index_entries import catalogue, entry


def matched(searched: Catalogue, *have: str, **conditions: Any) -> list[str]:
    return [each.title for each in searched.match(MatchQuery(dict.fromkeys(have, 1.0), **conditions))]


def test_half_of_what_counts_is_enough() -> None:
    searched = catalogue(entry("Half", "egg", "rice"), entry("Third", "egg", "rice", "ham"))

    assert matched(searched, "egg") == ["Half"]
    assert matched(searched, "egg", min_coverage=1 / 3) == ["Half", "Third"]
    assert matched(searched, "egg", min_coverage=0.51) == []


def test_optional_and_staple_ingredients_do_not_count() -> None:
    searched = catalogue(entry("Rice", "rice", "egg", "basil?", "salt!"))

    [found] = searched.match(MatchQuery(dict.fromkeys({"rice", "basil", "salt"}, 1.0)))

    assert (found.coverage, found.have, found.missing) == (0.5, ("rice",), ("egg",))


def test_a_recipe_of_staples_alone_does_not_qualify() -> None:
    searched = catalogue(entry("Brine", "water!", "salt!", "dill?"))

    assert matched(searched, "water", "salt", "dill", min_coverage=0.0) == []


def test_nothing_at_hand_is_no_match() -> None:
    assert matched(catalogue(entry("Egg", "egg")), min_coverage=0.0) == []
    assert matched(catalogue(entry("Egg", "egg")), "unheard-of", min_coverage=0.0) == []


def test_an_ingredient_that_is_named_twice_counts_once() -> None:
    searched = catalogue(entry("Garlic", "garlic", "garlic?", "rice", "~Lá É", "~la e"))

    [found] = searched.match(MatchQuery(dict.fromkeys({"garlic", "rice"}, 1.0)))

    assert (found.coverage, found.have, found.missing) == (2 / 3, ("garlic", "rice"), ("Lá É",))


def test_ingredients_that_nobody_knows_are_missing_by_name() -> None:
    searched = catalogue(entry("Odd", "~lá gì", "egg", "ham"))

    [found] = searched.match(MatchQuery(dict.fromkeys({"egg"}, 1.0), min_coverage=0.3))

    assert found.missing == ("ham", "lá gì")


@pytest.mark.parametrize("name", ["peanut", "peanut?", "peanut!"])
def test_an_excluded_ingredient_excludes_in_every_role(name: str) -> None:
    searched = catalogue(entry("With", "egg", name), entry("Without", "egg", "rice"))

    assert matched(searched, "egg", excluded_ingredients=frozenset({"peanut"})) == ["Without"]


def test_an_excluded_allergen_excludes_and_so_does_not_knowing() -> None:
    searched = catalogue(
        entry("Fish", "egg", allergens=frozenset({"fish", "eggs"})),
        entry("Unknown", "egg", allergens_complete=False),
        entry("Safe", "egg", allergens=frozenset({"eggs"})),
    )

    assert matched(searched, "egg", excluded_allergens=frozenset({"fish"})) == ["Safe"]
    assert matched(searched, "egg", excluded_allergens=frozenset({"lupin"})) == ["Safe", "Fish"]
    assert matched(searched, "egg", needs_complete=True) == ["Safe", "Fish"]
    assert matched(searched, "egg") == ["Safe", "Unknown", "Fish"]


def test_conditions_hold() -> None:
    kept: dict[str, Any] = {
        "method": "fry", "meal": "lunch", "cuisine": "Ý", "total_minutes": 20, "diets": frozenset({"halal"})
    }  # fmt: skip
    searched = catalogue(entry("Kept", "egg", **kept), entry("Other", "egg"))

    for condition in ({"method": "fry"}, {"meal": "lunch"}, {"cuisine": "ý"}, {"max_minutes": 20}):
        assert matched(searched, "egg", **condition) == ["Kept"]
    assert matched(searched, "egg", required_diets=frozenset({"halal"})) == ["Kept"]
    assert matched(searched, "egg", required_diets=frozenset({"halal", "vegan"})) == []


def test_candidates_come_by_coverage_then_fewest_missing_then_rating() -> None:
    rated: dict[str, Any] = {"rating_sum": 50, "rating_count": 10}
    searched = catalogue(
        entry("4 of 6", "a", "b", "c", "d", "x", "y", **rated),
        entry("2 of 3", "a", "b", "x"),
        entry("unrated", "a"),
        entry("one 5", "a", rating_sum=5, rating_count=1),
        entry("ten 5", "a", **rated),
        entry("bad", "a", rating_sum=20, rating_count=10),
    )

    assert matched(searched, "a", "b", "c", "d") == ["ten 5", "one 5", "unrated", "bad", "2 of 3", "4 of 6"]


def test_equal_candidates_come_newest_first() -> None:
    assert matched(catalogue(entry("Old", "a"), entry("New", "a")), "a") == ["New", "Old"]


def test_recipes_to_exclude_leave_no_gap() -> None:
    entries = [entry(str(n), "a") for n in range(9)]
    searched = catalogue(*entries)

    excluded = frozenset(each.recipe_id for each in entries[5:])
    assert matched(searched, "a", exclude=excluded, limit=3) == ["4", "3", "2"]


def test_a_candidate_says_what_it_is() -> None:
    made: Entry = entry("Món", "a", "b", method="grill", language="en", rating_sum=9, rating_count=2)

    [found] = catalogue(made).match(MatchQuery(dict.fromkeys({"a"}, 1.0)))

    assert (found.recipe_id, found.title, found.method, found.language) == (made.recipe_id, "Món", "grill", "en")
    assert (found.average, found.count) == (4.5, 2)


def test_without_an_essential_ingredient_it_is_another_dish() -> None:
    searched = catalogue(entry("Fried tofu", "tofu*", "scallion", "tomato"))

    assert matched(searched, "scallion", "tomato") == []
    assert matched(searched, "tofu", "tomato") == ["Fried tofu"]


def test_a_declared_substitute_stands_in_and_the_thing_itself_is_better() -> None:
    searched = catalogue(entry("Salad", "dill/coriander", "carp*/trout"), entry("Soup", "coriander", "trout"))

    found = searched.match(MatchQuery({"coriander": 1.0, "trout": 1.0}))

    assert [each.title for each in found] == ["Soup", "Salad"]
    assert found[1].have == ("dill", "carp")
    assert found[1].substituted == {"dill": "coriander", "carp": "trout"}


def test_what_satisfies_partly_ranks_lower() -> None:
    searched = catalogue(entry("Thigh", "thigh"), entry("Chicken", "chicken"))

    found = searched.match(MatchQuery({"chicken": 1.0, "thigh": 0.8}))

    assert [each.title for each in found] == ["Chicken", "Thigh"]
    assert found[1].coverage == 1.0


def test_recipes_that_use_more_of_what_was_named_come_first() -> None:
    searched = catalogue(entry("Garlic bread", "garlic"), entry("Bolognese", "beef", "tomato", "onion", "wine"))
    wanted = tuple(Wanted(frozenset({name})) for name in ("beef", "tomato", "onion"))
    garlic = Wanted(frozenset({"garlic"}), weight=0.35)
    have = dict.fromkeys(("beef", "tomato", "onion", "garlic"), 1.0)

    found = searched.match(MatchQuery(have, wanted=(*wanted, garlic)))
    strict = searched.match(MatchQuery(have, wanted=(*wanted, garlic), min_used=0.3))

    assert [each.title for each in found] == ["Bolognese", "Garlic bread"]
    assert [each.title for each in strict] == ["Bolognese"]


def test_an_optional_ingredient_and_a_substitute_count_as_used() -> None:
    searched = catalogue(entry("Plain", "rice"), entry("Herbs", "rice", "basil?"), entry("Mint", "rice", "basil?/mint"))

    found = searched.match(
        MatchQuery({"rice": 1.0, "mint": 1.0}, wanted=(Wanted(frozenset({"rice"})), Wanted(frozenset({"mint"}))))
    )

    assert found[0].title == "Mint"


def test_what_expires_is_used_first() -> None:
    searched = catalogue(entry("Fish", "fish"), entry("Milk", "milk"))
    wanted = (Wanted(frozenset({"fish"})), Wanted(frozenset({"milk"}), is_urgent=True))

    assert matched(searched, "fish", "milk", wanted=wanted) == ["Milk", "Fish"]


def test_the_readers_language_comes_first() -> None:
    searched = catalogue(entry("Đủ", "a", language="vi"), entry("Nearly", "a", "b", "c", "d", "x", language="en"))

    assert matched(searched, *"abcd", language="en") == ["Nearly", "Đủ"]
    assert matched(searched, *"abcd", language="vi") == ["Đủ", "Nearly"]


def test_what_has_to_be_bought_is_bounded() -> None:
    searched = catalogue(entry("One", "a", "b", "x"), entry("Two", "a", "b", "x", "y"), entry("None", "a"))

    assert matched(searched, "a", "b", max_missing=1) == ["None", "One"]
    assert matched(searched, "a", "b", max_missing=0) == ["None"]


def test_a_missing_minor_ingredient_matters_less() -> None:
    searched = catalogue(entry("No herb", "a", "b", "herb"), entry("No meat", "a", "b", "meat"))

    assert matched(searched, "a", "b", minor=frozenset({"herb"})) == ["No herb", "No meat"]
