"""Which recipes words find, and in which order."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.search.index import SearchQuery, Sort, Term
from tests.search.index_entries import catalogue, entry, titles


@pytest.mark.parametrize("q", ["lóc", "chua", "thơm", "miền", "CÁ LÓC", "canh thơm miền tây"])
def test_words_match_in_title_description_ingredients_and_tags(q: str) -> None:
    searched = catalogue(
        entry("Canh cá lóc", "thơm", description="Vị chua thanh", tags=("miền tây",)), entry("Cơm gà", "gà")
    )

    assert titles(searched, q) == ["Canh cá lóc"]


@pytest.mark.parametrize("q", ["đậu phụ", "dau phu", "ĐẬU PHỤ", "da\u0323\u0302u phu\u0323", "đau  phu"])
def test_words_match_with_or_without_diacritics(q: str) -> None:
    searched = catalogue(entry("Đậu phụ sốt cà"), entry("Thịt kho"))

    assert titles(searched, q) == ["Đậu phụ sốt cà"]


def test_typed_diacritics_rank_pineapple_over_coconut() -> None:
    searched = catalogue(
        entry("Mực xào", description="với dứa"), entry("Dừa nướng", "dừa", tags=("dừa",)), entry("Dưa leo", "dừa")
    )

    assert titles(searched, "dứa")[0] == "Mực xào"
    assert titles(searched, "dừa")[:2] == ["Dừa nướng", "Dưa leo"]
    assert set(titles(searched, "dua")) == {"Mực xào", "Dừa nướng", "Dưa leo"}


def test_every_word_must_match() -> None:
    searched = catalogue(entry("Gà xào sả"), entry("Gà luộc"), entry("Mực xào"))

    assert titles(searched, "xào gà") == ["Gà xào sả"]
    assert titles(searched, "gà tôm") == []


@pytest.mark.parametrize("q", ["thiit", "hit kho", "thjt kho", "thti", "thitk", "Thiṭṭ"])
def test_one_typo_is_forgiven_in_words_of_four_letters(q: str) -> None:
    searched = catalogue(entry("Thịt kho"), entry("Rau muống"))

    assert titles(searched, q) == ([] if q == "hit kho" else ["Thịt kho"])


@pytest.mark.parametrize("q", ["thhiit", "gaa", "khi", "bún2023"])
def test_two_typos_short_words_and_numbers_are_not_forgiven(q: str) -> None:
    searched = catalogue(entry("Thịt kho gà"), entry("bún2024"))

    assert titles(searched, q) == []


def test_guesses_are_made_only_where_nobody_writes_a_word_as_typed() -> None:
    searched = catalogue(entry("Món ngon", description="ăn với canh"), entry("Cảnh báo"), entry("Hành", "hành"))

    assert titles(searched, "canh") == ["Cảnh báo", "Món ngon"]
    assert titles(searched, "cánh") == ["Món ngon"]
    assert titles(searched, "hánh") == ["Hành", "Cảnh báo", "Món ngon"]
    assert titles(searched, "hành") == ["Hành"]


def test_the_title_weighs_most_then_tags_names_of_ingredients_and_description() -> None:
    searched = catalogue(
        entry("Bốn", description="tôm"), entry("Ba", "tôm"), entry("Tôm một"), entry("Hai", tags=("tôm",))
    )

    assert titles(searched, "tôm") == ["Tôm một", "Hai", "Ba", "Bốn"]


def test_a_title_outweighs_all_other_places_together() -> None:
    everywhere = entry("Món", "tôm", tags=("tôm",), description="tôm")

    assert titles(catalogue(entry("Tôm hấp nước dừa kiểu miền tây nam bộ"), everywhere), "tôm")[1] == "Món"


def test_a_short_title_says_more_than_a_long_one() -> None:
    searched = catalogue(entry("Phở bò"), entry("Phở bò tái nạm gầu gân kiểu nam định"))

    assert titles(searched, "phở bò")[0] == "Phở bò"


def test_a_rare_word_decides_more_than_a_common_one() -> None:
    common = [entry(f"Gà {n}") for n in range(20)]
    searched = catalogue(entry("Gà", description="nghệ"), entry("Nghệ", description="gà"), *common)

    assert titles(searched, "gà nghệ") == ["Nghệ", "Gà"]


def test_equally_relevant_recipes_come_newest_first() -> None:
    searched = catalogue(entry("Chè", document=b"old"), entry("Chè", document=b"new"))

    assert titles(searched, "chè") == ["new", "old"]


def test_a_list_by_date_forgives_only_words_that_no_recipe_has() -> None:
    searched = catalogue(entry("Canh chua"), entry("Hành phi"), entry("Canh gà"))

    assert titles(searched, "canh", sort=Sort.NEWEST) == ["Canh gà", "Canh chua"]
    assert titles(searched, "cahn", sort=Sort.NEWEST) == ["Canh gà", "Canh chua"]


def test_a_long_query_forgives_only_words_that_no_recipe_has() -> None:
    searched = catalogue(entry("Hành xào tôm cá mực gà"), entry("Canh"))

    assert titles(searched, "canh xào tôm cá mực") == ["Hành xào tôm cá mực gà"]
    assert titles(searched, "canh xào tôm cá mực gà") == []
    assert titles(searched, "hnàh xào tôm cá mực gà") == ["Hành xào tôm cá mực gà"]


def test_only_the_first_sixteen_words_are_asked_for() -> None:
    words = " ".join(f"{letter}{letter}" for letter in "abcdefghijklmnop")

    assert titles(catalogue(entry(words)), f"{words} qq") == [words]


def test_words_are_known_again_when_their_last_recipe_is_gone() -> None:
    searched, gone = catalogue(entry("Hành phi")), entry("Canh chua")
    searched.apply([gone])
    searched.apply(removals=[gone.recipe_id])

    assert titles(searched, "canh", sort=Sort.NEWEST) == ["Hành phi"]


@pytest.mark.parametrize(
    ("q", "meant"),
    [
        ("thiitt bo", "thịt bo"),
        ("bof", "bò"),
        ("nuowngs", None),
        ("dứaaa", "dứa"),
        ("duaaa", "dừa"),
        ("xzxzxzxz", None),
        ("C++", None),
    ],
)
def test_nothing_found_suggests_the_nearest_words_as_they_are_written(q: str, meant: str | None) -> None:
    searched = catalogue(entry("Thịt bò", "nước dừa"), entry("Nước dừa"), entry("Mứt dứa"), entry("Bồ câu"))

    page = searched.search(SearchQuery(q), limit=5)

    assert (page.hits, page.did_you_mean) == ((), meant)


def test_suggested_words_stand_in_titles_tags_or_ingredients() -> None:
    searched = catalogue(entry("Món", description="nguyên"))

    assert searched.search(SearchQuery("nguyênnn"), limit=5).did_you_mean is None


def test_a_suggestion_finds_something_under_the_same_conditions() -> None:
    searched = catalogue(entry("Thịt kho", method="braise"), entry("Gà xào"))

    assert searched.search(SearchQuery("thiitt"), limit=5).did_you_mean == "thịt"
    assert searched.search(SearchQuery("thiitt", method="salad"), limit=5).did_you_mean is None
    assert searched.search(SearchQuery("thiitt kho"), limit=5).did_you_mean == "thịt kho"


def test_words_that_no_recipe_has_together_suggest_one_of_them() -> None:
    searched = catalogue(entry("Thịt kho"), entry("Gà xào"))

    assert searched.search(SearchQuery("thịt gà"), limit=5).did_you_mean in {"thịt", "gà"}
    assert searched.search(SearchQuery("thiitt xào"), limit=5).did_you_mean in {"thịt", "xào"}


def test_words_next_to_each_other_in_a_title_come_before_scattered_ones() -> None:
    searched = catalogue(entry("Gà nướng sả kho"), entry("Gà kho"), entry("Món gà kho sả ớt"), entry("Kho cá và gà"))

    assert titles(searched, "gà kho")[:2] == ["Gà kho", "Món gà kho sả ớt"]


def test_typed_diacritics_count_before_words_without_any() -> None:
    searched = catalogue(entry("Dua"), entry("Dứa"), entry("Dưa"))

    assert titles(searched, "dứa") == ["Dứa", "Dua"]


@pytest.mark.parametrize(("typed", "written"), [("mỳ", "mì"), ("kỷ tử", "kỉ tử"), ("hoà", "hòa"), ("thuỷ", "thủy")])
def test_both_spellings_of_a_syllable_are_one_word(typed: str, written: str) -> None:
    assert titles(catalogue(entry(written), entry("Khác")), typed) == [written]
    assert titles(catalogue(entry(typed), entry("Khác")), written) == [typed]


@pytest.mark.parametrize(("typed", "written"), [("eggs", "Egg"), ("tomato", "Tomatoes"), ("berry", "Berries")])
def test_singular_and_plural_are_one_word(typed: str, written: str) -> None:
    assert titles(catalogue(entry(written), entry("Other")), typed) == [written]


def test_a_term_is_what_was_typed_or_anything_that_means_the_same() -> None:
    searched = catalogue(
        entry("Canh bắp", "corn", title_ingredients=frozenset({"corn"})),
        entry("Gỏi ngó sen"),
        entry("Chả giò"),
        entry("Xôi", "corn"),
    )

    assert titles(searched, "ngô", terms=(Term("ngô", ingredient_ids=frozenset({"corn"})),)) == ["Canh bắp", "Xôi"]
    assert titles(searched, "nem", terms=(Term("nem", ("chả giò",)),)) == ["Chả giò"]


def test_an_optional_term_keeps_nothing_out() -> None:
    searched = catalogue(entry("Canh"), entry("Canh ngon"))

    assert titles(searched, "canh ngon", terms=(Term("canh"), Term("ngon", optional=True))) == ["Canh ngon", "Canh"]


def test_interpreted_terms_leave_out_the_commonest_where_nothing_has_all() -> None:
    searched = catalogue(entry("Ốc xào"), entry("Cá hấp"), entry("Gà hấp"))

    assert titles(searched, "ốc hấp", terms=(Term("ốc"), Term("hấp"))) == ["Ốc xào"]


@pytest.mark.parametrize("q", ["!!!", "\0", "🍕", "\ud800", '"', "((", "*", "AND", "title:", "\u0301"])
def test_text_without_words_that_recipes_have_finds_nothing(q: str) -> None:
    assert titles(catalogue(entry("Canh")), q) == []


@pytest.mark.parametrize("q", ["", "  ", "\n"])
def test_a_blank_query_is_none(q: str) -> None:
    assert titles(catalogue(entry("Canh")), q) == ["Canh"]


_ODD = st.text(st.characters() | st.sampled_from("\"\\'*?~^:()[]{}+-&|!\0\ud800\udfffđa\u0301 "), max_size=200)


@settings(max_examples=200)
@given(q=_ODD, sort=st.sampled_from([None, *Sort]))
def test_any_text_is_a_query(q: str, sort: Sort | None) -> None:
    searched = catalogue(entry("Canh chua"), entry('Bánh "mì" (chay)'))

    assert len(searched.search(SearchQuery(q, sort=sort), limit=5).hits) <= 2


@settings(max_examples=50)
@given(title=_ODD, name=_ODD)
def test_any_text_is_a_recipe(title: str, name: str) -> None:
    searched = catalogue(entry(title, f"~{name}", description=name, tags=(name,), cuisine=name))

    assert len(searched) == 1
    assert len(searched.search(SearchQuery(cuisine=name), limit=5).hits) == 1


def test_a_variant_that_was_not_asked_for_comes_after_the_dish_itself() -> None:
    searched = catalogue(
        entry("Thịt kho tàu chay"), entry("Thịt kho tàu nồi cơm điện"), entry("Peanut dip for thịt kho tàu")
    )

    assert titles(searched, "thịt kho tàu")[0] == "Thịt kho tàu nồi cơm điện"
    assert titles(searched, "thịt kho tàu chay")[0] == "Thịt kho tàu chay"


def test_a_diet_that_was_asked_for_in_other_words_is_no_variant() -> None:
    searched = catalogue(entry("Spring rolls of the day", description="vegetarian"), entry("Vegan spring rolls"))

    assert titles(searched, "vegetarian spring rolls") == ["Spring rolls of the day"]
    assert titles(searched, "vegan spring rolls") == ["Vegan spring rolls"]


def test_a_title_with_a_longer_name_does_not_name_what_the_longer_name_contains() -> None:
    searched = catalogue(entry("Bắp xào"), entry("Đậu bắp xào tỏi"), entry("Đậu bắp xào"))
    corn = Term("bắp", within=("đậu bắp",))

    found = titles(searched, "bắp xào", terms=(corn, Term("xào")))

    assert found[0] == "Bắp xào"
    assert set(found[1:]) == {"Đậu bắp xào tỏi", "Đậu bắp xào"}


def test_a_synonym_that_is_a_whole_title_is_the_dish() -> None:
    searched = catalogue(entry("Thịt kho trứng"), entry("Thịt kho tàu nồi cơm điện"))

    found = titles(searched, "thịt kho tàu", terms=(Term("thịt kho tàu", ("thịt kho trứng",)),))

    assert found[0] == "Thịt kho trứng"


@pytest.mark.parametrize(
    ("typed", "written"),
    [("caramelized", "Caramelised pork"), ("caramelised", "Caramelized pork"), ("flavor", "Full of flavour"),
     ("flavours", "Flavors of Hue")],
)  # fmt: skip
def test_british_and_american_spellings_are_the_same_word(typed: str, written: str) -> None:
    assert titles(catalogue(entry(written), entry("Gà luộc")), typed) == [written]


def test_a_title_that_begins_with_the_dish_comes_before_one_that_has_it_further_on() -> None:
    searched = catalogue(entry("Thịt kho măng"), entry("Bánh mì thịt kho"), entry("Bánh mì thịt kho trứng"))

    assert titles(searched, "thịt kho")[0] == "Thịt kho măng"


def test_a_name_with_diacritics_is_not_in_a_title_with_other_ones() -> None:
    searched = catalogue(entry("Bánh xèo"), entry("Bánh khoai"), entry("Banh khoai"))

    found = titles(searched, "bánh xèo", terms=(Term("bánh xèo", ("bánh khoái",)),))

    assert found == ["Bánh xèo"]


def test_words_without_diacritics_are_read_as_the_names_that_are_known() -> None:
    searched = catalogue(entry("Phô mai"), entry("Phở gà"), entry("Beef pho"))

    assert set(titles(searched, "pho", terms=(Term("pho", readings=("phở", "pho")),))) == {"Phở gà", "Beef pho"}
    assert titles(catalogue(entry("Phô mai")), "pho", terms=(Term("pho", readings=("phở",)),)) == ["Phô mai"]


def test_a_synonym_is_hardly_a_word_with_other_diacritics() -> None:
    searched = catalogue(entry("Cháo vịt nấu đậu xanh cho cả nhà"), entry("Vịt chao"))

    found = titles(searched, "duck porridge", terms=(Term("vịt"), Term("porridge", ("cháo",))))

    assert found == ["Cháo vịt nấu đậu xanh cho cả nhà"]


def test_a_title_that_names_all_parts_of_a_phrase_comes_after_the_phrase_and_before_others() -> None:
    searched = catalogue(entry("Gà", tags=("cà ri",)), entry("Cà ri đậu và gà"), entry("Cà ri gà"))

    found = titles(searched, "cà ri gà", terms=(Term("cà ri gà", parts=(Term("cà ri"), Term("gà"))),))

    assert found == ["Cà ri gà", "Cà ri đậu và gà", "Gà"]


def test_where_nothing_has_all_terms_a_word_is_left_out_rather_than_a_food() -> None:
    searched = catalogue(entry("Caramel"), entry("Tôm hấp", "shrimp"), entry("Tôm luộc", "shrimp"))

    found = titles(searched, "caramel tôm", terms=(Term("caramel"), Term("tôm", ingredient_ids=frozenset({"shrimp"}))))

    assert set(found) == {"Tôm hấp", "Tôm luộc"}


def test_a_title_names_an_ingredient_by_any_of_its_names() -> None:
    named = entry("Trứng chiên", "egg", title_ingredients=frozenset({"egg"}))
    searched = catalogue(named, entry("Cốt lết chiên", "egg"))

    found = titles(searched, "hột gà chiên", terms=(Term("hột gà", ingredient_ids=frozenset({"egg"})), Term("chiên")))

    assert found == ["Trứng chiên", "Cốt lết chiên"]


@pytest.mark.parametrize(
    ("q", "is_guess"), [("thịt kho", False), ("thit kho", False), ("thitt kho", True), ("thịt kho gà", True)]
)
def test_a_page_says_whether_it_is_a_guess(q: str, *, is_guess: bool) -> None:
    searched = catalogue(entry("Thịt kho"), entry("Gà"))

    assert searched.search(SearchQuery(q), limit=5).is_guess is is_guess


@pytest.mark.parametrize(("q", "meant"), [("paella", None), ("xuonn", "sườn")])
def test_a_suggested_word_begins_like_the_one_typed(q: str, meant: str | None) -> None:
    assert catalogue(entry("Sườn sốt alla")).search(SearchQuery(q), limit=5).did_you_mean == meant


def test_a_known_name_that_no_recipe_has_is_no_typo() -> None:
    searched = catalogue(entry("Cải thảo luộc"))

    assert titles(searched, "phảo", terms=(Term("phảo"),)) == ["Cải thảo luộc"]
    assert titles(searched, "phảo", terms=(Term("phảo", ingredient_ids=frozenset({"pháo"})),)) == []


def test_of_two_foods_that_no_recipe_has_together_the_first_one_stays() -> None:
    corn, shrimp = (Term(name, ingredient_ids=frozenset({name})) for name in ("bắp", "tép"))
    searched = catalogue(entry("Bắp xào", "bắp"), entry("Tép rang", "tép"))

    assert titles(searched, "bắp tép", terms=(corn, shrimp)) == ["Bắp xào"]


def test_a_variant_comes_before_recipes_whose_titles_say_nothing_of_the_query() -> None:
    searched = catalogue(entry("Rau thập cẩm", "nấm", "bông cải"), entry("Nấm bông cải chay"))

    assert titles(searched, "nấm bông cải") == ["Nấm bông cải chay", "Rau thập cẩm"]


def test_an_optional_term_in_a_title_is_less_than_a_phrase_in_it() -> None:
    searched = catalogue(entry("Cơm chiên bò"), entry("Vietnamese patties", tags=("cơm chiên",)))

    found = titles(searched, "vietnamese cơm chiên", terms=(Term("vietnamese", optional=True), Term("cơm chiên")))

    assert found == ["Cơm chiên bò", "Vietnamese patties"]
