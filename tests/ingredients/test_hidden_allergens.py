"""What hides an allergen is found wherever a recipe names it, in both languages."""

from functools import cache
from pathlib import Path

import pytest
import yaml

from apps.ingredients import carrier_table
from apps.ingredients.lines import Language
from apps.ingredients.scanning import Mention, Scanner
from tests.support.ingredients import matcher

PHRASES: dict[str, dict[Language, list[str]]] = yaml.safe_load(
    Path(__file__).with_name("hidden_allergens.yaml").read_text("utf-8")
)
CASES = [
    (allergen, language, phrase)
    for allergen, languages in PHRASES.items()
    for language, phrases in languages.items()
    for phrase in phrases
]


@cache
def scanner() -> Scanner:
    return Scanner(matcher(), carrier_table.table())


def mentions(text: str, language: Language) -> list[Mention]:
    return scanner().mentions(text, language)


def warned_of(text: str, language: Language) -> set[str]:
    return {each for mention in mentions(text, language) for each in mention.allergens | mention.may_contain}


def contained(text: str, language: Language = "en") -> set[str]:
    return {each for mention in mentions(text, language) for each in mention.allergens}


def test_there_are_phrases_enough_to_show_a_gap() -> None:
    assert len(CASES) >= 150


@pytest.mark.parametrize(("allergen", "language", "phrase"), CASES)
def test_a_hidden_allergen_is_warned_of(allergen: str, language: Language, phrase: str) -> None:
    assert allergen in warned_of(phrase, language)
    sentence = f"Serve with {phrase}." if language == "en" else f"Dọn kèm {phrase}."
    assert allergen in warned_of(sentence, language)


@pytest.mark.parametrize(
    "text",
    [
        "Marinate for an hour, then happen to wrinkle the foil with a mallet.",
        "Your favourite brand, Basque style, at 180 °C or 175 ºC.",
        "Stir until the mixture is smooth and let it rest.",
        "Press the lemon, strain, and add ice.",
        "This soup has no gluten, no nuts and no dairy.",
    ],
)
def test_plain_english_holds_no_allergen(text: str) -> None:
    assert warned_of(text, "en") == set()


@pytest.mark.parametrize("text", ["Phi thơm 3 tép tỏi băm.", "Ướp gia vị: muối, tiêu, đường."])
def test_units_and_verbs_of_vietnamese_are_no_food(text: str) -> None:
    assert contained(text, "vi") == set()


@pytest.mark.parametrize(
    ("text", "language", "lacking"),
    [
        ("Melt the vegan butter.", "en", "milk"),
        ("Add gluten-free soy sauce.", "en", "gluten"),
        ("Use coconut cream instead of butter.", "en", "milk"),
        ("Dùng nước tương thay cho nước mắm.", "vi", "fish"),
        ("Xào mực chay.", "vi", "molluscs"),
        ("Made without eggs.", "en", "eggs"),
    ],
)
def test_what_is_denied_imitated_or_replaced_is_not_contained(text: str, language: Language, lacking: str) -> None:
    assert lacking not in warned_of(text, language)


def test_a_substitute_counts_where_the_food_that_it_replaces_does_not() -> None:
    assert contained("Dùng nước tương thay cho nước mắm.", "vi") >= {"soy"}
    assert "milk" in contained("Use butter instead of oil.")


def test_english_words_are_not_read_as_vietnamese_without_marks_in_an_english_recipe() -> None:
    assert contained("Stir in the long, mild chillies and the men can eat.", "en") == set()
    assert "fish" in contained("Add 2 tbsp nuoc mam.", "en")


def test_what_a_word_may_mean_besides_is_a_warning_not_a_fact() -> None:
    [bo] = [mention for mention in mentions("Phết bơ.", "vi") if mention.ingredient_ids]

    assert ("milk" in bo.allergens, "milk" in bo.may_contain) == (False, True)
