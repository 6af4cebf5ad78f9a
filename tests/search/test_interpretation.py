"""Interpretation of queries: conditions, synonyms, exclusions, and optional words."""

from typing import Any

import pytest

from apps.search.index import SearchQuery, Term
from apps.search.interpretation import Interpreter

NAMES = [
    ("bắp", frozenset({"corn"})),
    ("ngô", frozenset({"corn"})),
    ("corn", frozenset({"corn"})),
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


@pytest.mark.parametrize(
    "q",
    [
        "soup without corn",
        "soup without any corn",
        "canh không bắp",
        "canh không có bắp",
        "corn free soup",
        "cornless soup",
    ],
)
def test_a_food_is_excluded_in_many_words(q: str) -> None:
    query = interpret(q)

    assert query.without_ingredients == {"corn"}
    assert not [term for term in query.terms if term.ingredient_ids]


def test_several_foods_are_excluded_together() -> None:
    assert interpret("soup without corn or chicken").without_ingredients == {"corn", "chicken", "chicken-thigh"}
    assert interpret("canh không bắp và dừa").without_ingredients == {"corn", "coconut"}


def test_the_longest_phrase_says_what_without_means() -> None:
    names = [*NAMES, ("dầu", frozenset({"oil"}))]

    query = Interpreter(names).interpret(SearchQuery("bắp không dầu mỡ"))

    assert query.without_ingredients == frozenset()
    assert [term.typed for term in query.terms if not term.optional] == ["bắp"]


def test_an_exclusion_alone_lists_what_is_without_it() -> None:
    query = interpret("no corn")

    assert (query.q, query.without_ingredients) == ("", frozenset({"corn"}))


def test_unwanted_ways_of_cooking_are_conditions() -> None:
    assert interpret("món không chiên").without_methods == {"fry"}
    assert [term.typed for term in interpret("gà không chiên").without_terms] == ["chiên"]
    assert interpret("no bake dessert").without_methods == {"bake"}


@pytest.mark.parametrize(
    ("q", "minutes"), [("canh 15p", 15), ("canh 15 ph", 15), ("canh 1 tiếng", 60), ("soup in 2 hours", 120)]
)
def test_times_are_read_in_hours_and_abbreviations(q: str, minutes: int) -> None:
    assert interpret(q).max_minutes == minutes


@pytest.mark.parametrize("q", ["bắp cho 2 người", "corn for two", "corn for 4 people", "bắp 4 người"])
def test_the_number_of_people_is_no_word_of_a_recipe(q: str) -> None:
    assert [term.ingredient_ids for term in required(q)] == [{"corn"}]


def test_one_person_is_an_occasion() -> None:
    assert [term.is_occasion for term in required("bắp cho 1 người")] == [False, True]


def test_wishes_are_hints_and_no_conditions() -> None:
    [term] = interpret("giảm cân").terms

    assert term.optional
    assert "hấp" in term.synonyms


def test_a_wider_name_of_a_dish_is_no_synonym_of_the_dish() -> None:
    read = Interpreter([], [["canh chua cá lóc", "sour fish soup", "canh chua"]])

    assert read.interpret(SearchQuery("sour fish soup")).terms[0].synonyms == ("canh chua cá lóc",)
    assert "sour fish soup" in read.interpret(SearchQuery("canh chua")).terms[0].synonyms


def test_the_last_word_may_be_unfinished_unless_it_is_known() -> None:
    assert [term.is_unfinished for term in interpret("corn xyz").terms] == [False, True]
    assert [term.is_unfinished for term in interpret("xyz corn").terms] == [False, False]
