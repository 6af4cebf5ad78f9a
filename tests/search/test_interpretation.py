"""Interpretation of queries: conditions, synonyms, exclusions, and optional words."""

from typing import Any

import pytest

from apps.search.index import SearchQuery, Term
from apps.search.interpretation import Interpreter

NAMES = [
    ("bắp", frozenset({"corn"})),
    ("ngô", frozenset({"corn"})),
    ("thịt gà", frozenset({"chicken", "chicken-thigh"})),
    ("chicken", frozenset({"chicken", "chicken-thigh"})),
    ("dứa", frozenset({"pineapple"})),
    ("dừa", frozenset({"coconut"})),
]
INTERPRETER = Interpreter(NAMES, [["phở bò", "beef pho"]])


def interpret(q: str, **conditions: Any) -> SearchQuery:
    return INTERPRETER.interpret(SearchQuery(q, **conditions))


def required(q: str) -> list[Term]:
    return [term for term in interpret(q).terms if not term.optional]


@pytest.mark.parametrize(
    ("q", "conditions"),
    [
        ("món chay", {"diets": frozenset({"vegetarian"})}),
        ("mon chay", {"diets": frozenset({"vegetarian"})}),
        ("dessert", {"meal": "dessert"}),
        ("tráng miệng", {"meal": "dessert"}),
        ("easy dinner", {"meal": "dinner", "difficulty": "easy"}),
        ("20 minute soup", {"max_minutes": 20}),
        ("canh 15 phút", {"max_minutes": 15}),
    ],
)
def test_phrases_that_name_a_field_are_conditions(q: str, conditions: dict[str, Any]) -> None:
    read = interpret(q)

    assert {name: getattr(read, name) for name in conditions} == conditions


def test_a_time_alone_lists_what_takes_no_longer() -> None:
    read = interpret("10 phút")

    assert (read.q, read.max_minutes, read.terms) == ("", 10, ())


def test_a_dish_does_not_end_within_the_name_of_an_ingredient() -> None:
    names = [*NAMES, ("canh bí", frozenset({"pumpkin-soup"})), ("bí xanh", frozenset({"winter-melon"}))]

    read = Interpreter(names).interpret(SearchQuery("canh bí xanh tôm"))

    assert [term.typed for term in read.terms] == ["canh", "bí xanh", "tôm"]


def test_a_term_knows_the_longer_names_that_mean_something_else() -> None:
    names = [*NAMES, ("đậu bắp", frozenset({"okra"})), ("bắp ngọt", frozenset({"corn"}))]
    read = Interpreter(names)

    def within(q: str) -> tuple[str, ...]:
        return read.interpret(SearchQuery(q)).terms[0].within

    assert within("bắp") == ("đậu bắp",)
    assert within("đậu bắp") == ()
    assert "bít tết" in within("tết")


def test_conditions_that_were_given_stay() -> None:
    assert interpret("easy dinner", meal="lunch", difficulty="hard").meal == "lunch"
    assert interpret("20 minute soup", max_minutes=10).max_minutes == 10


@pytest.mark.parametrize("q", ["ngô", "bắp", "ngo"])
def test_every_name_of_an_ingredient_is_that_ingredient(q: str) -> None:
    assert [term.ingredient_ids for term in required(q)] == [frozenset({"corn"})]


def test_diacritics_tell_ingredients_apart_and_their_lack_does_not() -> None:
    assert required("dứa")[0].ingredient_ids == {"pineapple"}
    assert required("dua")[0].ingredient_ids == {"pineapple", "coconut"}


def test_dishes_have_other_names_and_parts() -> None:
    (dish,) = required("beef pho")

    assert "phở bò" in dish.synonyms
    assert [part.typed for part in dish.parts] == ["beef", "pho"]


def test_what_is_unwanted_is_excluded_with_its_kinds() -> None:
    assert interpret("soup without chicken").without_ingredients == {"chicken", "chicken-thigh"}
    assert interpret("canh không thịt gà").without_ingredients == {"chicken", "chicken-thigh"}


def test_words_around_what_is_searched_for_need_not_be_there() -> None:
    assert [term.typed for term in required("how to make the best soup")] == ["soup"]
    assert [term.typed for term in required("cách làm canh ngon")] == ["canh"]


def test_beside_words_with_diacritics_those_without_are_meant_so() -> None:
    assert all(term.exact for term in interpret("cá kho").terms)
    assert not any(term.exact for term in interpret("ca kho").terms)


@pytest.mark.parametrize("q", ["", "   ", "!!!", "không", "without", "0 phút", "\ud800", "a" * 200])
def test_any_text_is_a_query(q: str) -> None:
    interpret(q)


@pytest.mark.parametrize("q", ["potatoe", "mangoe"])
def test_a_plural_without_its_s_is_the_ingredient(q: str) -> None:
    interpreter = Interpreter([(q[:-1], frozenset({"meant"}))])

    [term] = interpreter.interpret(SearchQuery(q)).terms

    assert (term.typed, term.ingredient_ids) == (q[:-1], frozenset({"meant"}))


def test_a_name_is_not_cut_for_a_dish_that_leaves_a_word_without_meaning() -> None:
    names = [*NAMES, ("hột gà", frozenset({"egg"})), ("gà chiên", frozenset({"fried-chicken"}))]

    read = Interpreter(names).interpret(SearchQuery("hột gà chiên"))

    assert [term.typed for term in read.terms] == ["hột gà", "chiên"]


def test_a_term_knows_the_names_that_reach_across_its_beginning() -> None:
    names = [("mì", frozenset({"noodles"})), ("bánh mì", frozenset({"bread"})), ("mì phô mai", frozenset({"mac"}))]

    [term] = Interpreter(names).interpret(SearchQuery("mì phô mai")).terms

    assert "bánh mì" in term.within


def test_words_without_diacritics_have_the_spellings_of_the_names_that_they_may_be() -> None:
    assert set(required("dua")[0].readings) == {"dứa", "dừa"}
    assert required("dứa")[0].readings == ()


def test_the_plural_of_a_name_is_that_name_and_so_are_the_plurals_of_longer_ones() -> None:
    names = [("green onion", frozenset({"scallion"})), ("potato", frozenset({"potato"}))]
    read = Interpreter([*names, ("sweet potato", frozenset({"sweet-potato"}))])

    def term(q: str) -> Term:
        return read.interpret(SearchQuery(q)).terms[0]

    assert term("green onions").ingredient_ids == {"scallion"}
    assert term("potatoes").ingredient_ids == {"potato"}
    assert {"sweet potato", "sweet potatoes"} <= set(term("potatoes").within)


def test_a_dish_does_not_cut_the_name_of_a_food() -> None:
    names = [("đậu", frozenset({"bean"})), ("đậu bắp", frozenset({"okra"})), ("bắp luộc", frozenset({"boiled-corn"}))]

    read = Interpreter(names, [["bắp luộc", "boiled corn"]]).interpret(SearchQuery("dau bap luoc"))

    assert [term.typed for term in read.terms] == ["dau bap", "luoc"]
