"""Names mean what people mean by them, and never another food."""

from itertools import product

import pytest

from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.matching import Match, Matcher
from tests.support.ingredients import listed, matcher
from tests.support.matching import match, meant, offered


def food(vi: str, en: str, *aliases: str, category: Category = Category.PROCESSED) -> Ingredient:
    key = f"{vi}/{en}"
    return Ingredient(key, key, vi, en, category, {"vi": aliases}, frozenset(), frozenset())


def test_a_name_with_its_diacritics_is_exact() -> None:
    assert match("Cà  CHUA") == Match("exact", matcher().resolve("cà chua"), 1.0)
    assert (meant("dứa"), meant("dừa")) == ("pineapple", "coconut")


def test_decomposed_diacritics_are_the_same() -> None:
    assert match("ca\u0300 chua").confidence == 1.0


def test_either_place_of_a_tone_and_either_final_i_are_the_same_word() -> None:
    few = Matcher([food("khoai hoà", "one"), food("bánh mì", "bread")])

    assert few.match("khoai hòa").confidence == few.match("bánh mỳ").confidence == 1.0


def test_a_name_without_any_diacritics_is_exact_with_less_confidence() -> None:
    assert (match("thit bo").status, match("thit bo").confidence, meant("thit bo")) == ("exact", 0.95, "beef")


def test_a_name_with_some_diacritics_is_exact_where_they_agree() -> None:
    assert (match("thit bò").status, match("nước tuong").status) == ("exact", "exact")


def test_what_several_foods_are_called_without_diacritics_is_ambiguous() -> None:
    assert (match("dua").status, offered("dua")) == ("ambiguous", {"pineapple", "coconut"})
    assert match("dua").ingredient is None


def test_without_diacritics_a_name_that_has_none_is_no_surer_than_others() -> None:
    few = Matcher([food("me", "tamarind"), food("mè", "sesame")])

    assert few.match("me").status == "ambiguous"
    assert few.match("mè").status == "exact"


def test_a_name_that_several_foods_share_is_ambiguous_the_shorter_name_first() -> None:
    few = Matcher([food("quả bơ sáp", "avocado", "bơ"), food("bơ lạt", "butter", "bơ")])

    assert [one.en for one in few.match("bơ").suggestions] == ["butter", "avocado"]


def test_at_most_three_are_suggested() -> None:
    few = Matcher([food(f"dầu {number}", f"oil {number}", "dầu") for number in "abcde"])

    assert len(few.match("dầu").suggestions) == 3


@pytest.mark.parametrize("name", ["tomatoes", "eggs", "bay leaves", "strawberries", "radishes", "chicken breasts"])
def test_english_plurals_are_exact(name: str) -> None:
    assert (match(name).status, match(name).confidence) == ("exact", 1.0)


def test_a_plural_that_is_a_name_itself_is_that_food() -> None:
    few = Matcher([food("tép tỏi", "clove"), food("đinh hương", "cloves")])

    resolved = few.resolve("cloves")

    assert resolved is not None
    assert resolved.vi == "đinh hương"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("tomatoe", "tomato"),
        ("tomtao", "tomato"),
        ("brocolli", "broccoli"),
        ("corriander seed", "coriander seed"),
        ("thịt heoo", "pork"),
        ("nuoc mamm", "fish sauce"),
        ("cà chùa", "tomato"),
        ("fishsauce", "fish sauce"),
    ],
)
def test_typos_are_corrected_and_said_to_be(typed: str, name: str) -> None:
    answer = match(typed)

    assert (answer.status, meant(typed)) == ("corrected", name)
    assert 0.8 <= answer.confidence < 1


@pytest.mark.parametrize("typed", ["mẽ", "mỏ", "bq", "gaa", "mèo"])
def test_names_of_three_letters_are_never_corrected(typed: str) -> None:
    few = Matcher([food("mè", "sesame"), food("mơ", "apricot"), food("bơ", "butter"), food("gà", "hen")])

    assert few.match(typed).ingredient is None


def test_typed_diacritics_are_not_ignored() -> None:
    few = Matcher([food("mứt dừa", "coconut jam"), food("dứa", "pineapple"), food("dừa", "coconut")])

    assert few.match("mứt dứa").ingredient is None
    assert [one.en for one in few.match("mứt dứa").suggestions] == ["coconut jam"]


def test_a_real_word_is_not_taken_for_a_misspelling_of_another() -> None:
    few = Matcher([food("a", "blue cheese"), food("b", "brie"), food("c", "soy drink"), food("d", "soft cheese")])

    assert few.match("brie cheese").ingredient is None
    assert few.match("soft drink").ingredient is None


def test_a_word_of_two_letters_is_not_guessed() -> None:
    few = Matcher([food("xúc xích bò", "beef sausage")])

    assert few.match("xúc xích bà").status == "unknown"
    assert few.match("xúc xíchh bò").status == "corrected"


def test_a_typo_as_near_to_two_foods_is_ambiguous() -> None:
    few = Matcher([food("x", "marrow bone"), food("y", "barrow bone")])

    assert few.match("farrow bone").ingredient is None
    assert few.match("marrow bome").status == "corrected"
    assert Matcher([food("x", "pear bread"), food("y", "pear broad")]).match("pear brxad").status == "ambiguous"


def test_a_wrong_first_letter_is_not_forgiven_in_a_short_name() -> None:
    few = Matcher([food("x", "tomato")])

    assert few.match("romato").status == "unknown"
    assert few.match("tomamo").status == "corrected"


@pytest.mark.parametrize(
    "typed", ["cà", "thịt b", "chick", "tomat", "straw", "nước cốt d", "broc", "sầu ri", "bánh", "pinea"]
)
def test_the_beginning_of_a_name_is_not_the_name(typed: str) -> None:
    assert match(typed).ingredient is None


@pytest.mark.parametrize("typed", ["xi măng", "laptop", "asdfghjkl", "kem đánh răng", "bột giặt", "toothpaste"])
def test_what_is_no_food_is_unknown(typed: str) -> None:
    assert (match(typed).status, match(typed).ingredient) == ("unknown", None)


def test_unknown_names_come_with_what_is_nearest() -> None:
    assert (match("thịt b").status, len(match("thịt b").suggestions)) == ("unknown", 3)
    assert "beef" in offered("thịt b")


@pytest.mark.parametrize(
    "text",
    ["", "   ", "123", "1/2", "300g", "2 muỗng canh", "...", "\x00cà chua", "\ud800", "\x1b[0m", "x" * 501],
)
def test_what_can_be_no_name_is_invalid(text: str) -> None:
    assert match(text) == Match("invalid", None, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "c" + "\u0301" * 99,
        "cà\tchua\n",
        "🍅 cà chua",
        "cà\u200bchua",
        "ﬁsh",
        "ß" * 100,
        "(((((",
        "番茄",
        "-,-,-a",
        "٣ gạo",
    ],
)
def test_odd_text_is_answered(text: str) -> None:
    assert 0 <= match(text).confidence <= 1


def test_amounts_are_parsed_off() -> None:
    answer = match("300g thịt bò")

    assert (meant("300g thịt bò"), answer.quantity, answer.unit) == ("beef", 300, "g")


def test_a_unit_is_counted_where_the_food_is_the_same_without_it() -> None:
    few = Matcher([food("cà chua", "tomato", "quả cà chua")])

    assert (few.match("2 quả cà chua").quantity, few.match("2 quả cà chua").unit) == (2, "piece")
    assert few.match("2 quả cà chau").unit == "piece"


def test_a_unit_that_makes_another_food_is_part_of_its_name() -> None:
    few = Matcher(
        [food("dứa", "pineapple"), food("lá dứa", "pandan leaf"), food("củ cải", "radish"), food("cải", "kale")]
    )

    leaf, radish = few.match("2 lá dứa"), few.match("củ cải")

    assert leaf.ingredient is not None
    assert (leaf.ingredient.en, leaf.quantity, leaf.unit) == ("pandan leaf", 2, None)
    assert radish.ingredient is not None
    assert radish.ingredient.en == "radish"


def test_an_amount_alone_is_invalid_although_its_unit_folds_to_a_food() -> None:
    few = Matcher([food("lợn", "pork", "lợn"), food("tép", "tiny shrimp")])

    assert few.match("1 lon").status == "invalid"
    assert few.match("3 tép").status == "exact"


def test_preparations_are_left_out() -> None:
    assert {meant(text) for text in ("hành tây, thái lát", "onion (finely chopped)", "chopped onions")} == {"onion"}


def test_what_stands_behind_a_comma_may_be_part_of_the_name() -> None:
    few = Matcher([food("đường", "sugar"), food("đường nâu", "brown sugar"), food("sữa", "milk")])

    brown = few.match("2 cups sugar, brown")

    assert brown.ingredient is not None
    assert (brown.ingredient.en, brown.unit) == ("brown sugar", "cup")


def test_two_foods_in_one_line_are_ambiguous() -> None:
    answer = match("trứng, sữa")

    assert (answer.status, offered("trứng, sữa")) == ("ambiguous", {"egg", "milk"})
    assert matcher().resolve("trứng, sữa") is None


def test_thresholds_can_be_set() -> None:
    entries = [food("x", "broccoli")]

    assert Matcher(entries, accept=0.95).match("broccoly").status == "unknown"
    assert Matcher(entries, accept=0.95, suggest=0.9).match("broccoly").suggestions == ()


def test_an_empty_list_knows_nothing() -> None:
    assert Matcher(()).match("cà chua") == Match("unknown", None, 0.0)
    assert Matcher(()).complete("cà", limit=5) == []


def test_no_name_is_corrected_when_its_food_is_not_in_the_list() -> None:
    """Names of one half of the list, asked of the other half: foods that it does not know."""
    entries = sorted(listed(), key=lambda entry: entry.id)
    known = Matcher(entries[::2])
    asked = [name for entry in entries[1::2] for name in (entry.vi, entry.en)]

    corrected = [name for name in asked if known.match(name).status == "corrected"]

    assert len(corrected) <= 0.01 * len(asked), corrected


def test_recipes_resolve_exact_names_only() -> None:
    resolved = [
        matcher().resolve(name) for name in ("nước mắm", "nuoc mam", "tomatoes", "tomatoe", "dua", "xi măng", "")
    ]

    assert [one.en if one else None for one in resolved] == [
        "fish sauce",
        "fish sauce",
        "tomato",
        None,
        None,
        None,
        None,
    ]


def test_recipes_resolve_a_shared_name_to_the_food_whose_main_name_it_is() -> None:
    few = Matcher([food("kem", "ice cream"), food("kem sữa", "cream", "kem"), food("mắm", "a"), food("nước mắm", "b")])

    resolved = few.resolve("kem")

    assert resolved is not None
    assert resolved.en == "ice cream"
    butter, avocado = food("bơ lạt", "butter", "bơ"), food("quả bơ", "avocado", "bơ", category=Category.FRUIT)
    assert Matcher([butter, avocado]).resolve("bơ") is None


def test_recipes_resolve_a_shared_name_to_the_most_common_food_where_nobody_must_avoid_either() -> None:
    few = Matcher([food("hành tây", "onion", "hành"), food("hành lá", "scallion", "hành")])

    resolved = few.resolve("hành")

    assert few.match("hành").status == "ambiguous"
    assert resolved is not None
    assert resolved.en == "scallion"


def completed(prefix: str, *names: str, limit: int = 10) -> list[str]:
    return [one.vi for one in Matcher([food(name, name) for name in names]).complete(prefix, limit=limit)]


def test_completion_puts_beginnings_before_later_words_before_the_middle() -> None:
    assert completed("chua", "cà chua", "chua me", "bachua") == ["chua me", "cà chua", "bachua"]


def test_completion_puts_typed_diacritics_first_then_shorter_names() -> None:
    assert completed("dừ", "dứa", "dừa sáp", "dừa") == ["dừa", "dừa sáp", "dứa"]
    assert completed("du", "dừa sáp", "dứa") == ["dứa", "dừa sáp"]


def test_completion_offers_names_with_a_typo_last() -> None:
    assert completed("tomt", "tomato soup", "tomtom", "beef") == ["tomtom", "tomato soup"]


def test_completion_of_nothing_lists_all_by_name() -> None:
    assert completed("", "sả", "bơ", "đậu") == ["bơ", "đậu", "sả"]


def test_completion_keeps_to_a_category() -> None:
    few = Matcher([food("cá", "fish", category=Category.SEAFOOD), food("cà", "aubergine", category=Category.VEGETABLE)])

    assert [one.en for one in few.complete("ca", category=Category.SEAFOOD, limit=5)] == ["fish"]


def test_a_longer_completion_starts_with_the_shorter_one() -> None:
    for prefix, limit in product(("c", "ca", "thịt", "tomt", ""), (1, 7, 40)):
        assert matcher().complete(prefix, limit=500)[:limit] == matcher().complete(prefix, limit=limit)
