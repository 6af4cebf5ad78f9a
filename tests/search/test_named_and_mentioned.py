"""Names and mentions: recipes that name what a query asks for come before those that only mention it."""

from typing import Any

from apps.search.index import SearchQuery, Term
from tests.search.index_entries import catalogue, entry, titles


def _food(name: str, *ids: str, **more: Any) -> Term:
    return Term(name, ingredient_ids=frozenset(ids or {name}), **more)


def test_a_mention_is_no_answer_beside_what_a_title_tag_or_ingredient_names() -> None:
    searched = catalogue(entry("Chả cá", description="như lẩu"), entry("Lẩu"), entry("Món", tags=("lẩu",)))

    assert titles(searched, "lẩu", terms=(Term("lẩu"),)) == ["Lẩu", "Món"]


def test_a_mention_is_found_where_nothing_names_a_word_that_search_does_not_know() -> None:
    searched = catalogue(entry("Chả cá", description="ăn cùng xyz"))

    assert titles(searched, "xyz", terms=(Term("xyz"),)) == ["Chả cá"]
    assert titles(searched, "xyz", terms=(Term("xyz", ("abc",)),)) == []


def test_an_occasion_that_no_recipe_is_named_for_may_be_mentioned() -> None:
    soup = entry("Canh", tags=("canh",), description="cho ngày mưa")
    rain = Term("ngày mưa", ("trời lạnh",), is_occasion=True)

    assert titles(catalogue(soup, entry("Canh bí")), "canh", terms=(Term("canh", ("súp",)), rain)) == ["Canh"]


def test_a_food_is_no_word_in_the_name_of_another_ingredient() -> None:
    searched = catalogue(entry("Bánh mì", "trứng gà"), entry("Cánh chiên", "gà"), entry("Cơm", "nấm"))

    assert titles(searched, "gà", terms=(_food("gà"),)) == ["Cánh chiên"]


def test_parts_of_the_name_of_a_food_are_other_foods() -> None:
    searched = catalogue(entry("Cải xào", "su"), entry("Canh", "su su"))

    term = _food("su su", parts=(_food("su"), _food("su")))

    assert titles(searched, "su su", terms=(term,)) == ["Canh"]


def test_scattered_words_are_no_name_beside_the_name_itself() -> None:
    turkey = Term("gà tây quay", ("roast turkey",))
    searched = catalogue(entry("Gà quay xào khoai tây"), entry("Gà tây quay"))

    assert titles(searched, "gà tây quay", terms=(turkey,)) == ["Gà tây quay"]
    assert titles(catalogue(entry("Gà quay xào khoai tây")), "gà tây quay", terms=(turkey,)) == [
        "Gà quay xào khoai tây"
    ]


def test_a_word_for_a_method_finds_what_is_cooked_so() -> None:
    searched = catalogue(entry("Mực", "mực", method="grill"), entry("Mực xào", "mực", method="stir_fry"))

    assert titles(searched, "mực nướng", terms=(_food("mực"), Term("nướng", methods=frozenset({"grill"})))) == ["Mực"]


def test_unwanted_methods_and_names_are_left_out() -> None:
    searched = catalogue(
        entry("Đậu hũ rán", method="other"), entry("Đậu hũ giòn", method="fry"), entry("Đậu hũ hấp", method="steam")
    )
    fried = Term("chiên", ("rán",))

    found = titles(
        searched, "đậu hũ", terms=(Term("đậu hũ"),), without_methods=frozenset({"fry"}), without_terms=(fried,)
    )

    assert found == ["Đậu hũ hấp"]


def test_an_unfinished_word_is_the_beginning_of_those_that_recipes_have() -> None:
    searched = catalogue(entry("Spaghetti"), entry("Súp"))

    page = searched.search(SearchQuery("spagh", terms=(Term("spagh", is_unfinished=True),)), limit=5)

    assert [hit.document for hit in page.hits] == [b"Spaghetti"]
    assert not page.is_guess


def test_where_nothing_has_all_terms_the_rarest_food_stays() -> None:
    common = [entry("Bánh mì phô mai", "phô mai") for _ in range(3)]
    searched = catalogue(entry("Trứng chiên hàu", "hàu"), *common)

    terms = (_food("hàu"), Term("nướng", methods=frozenset({"grill"})), _food("phô mai"))

    assert titles(searched, "hàu nướng phô mai", terms=terms) == ["Trứng chiên hàu"]


def test_words_that_no_recipe_has_are_left_out_together() -> None:
    searched = catalogue(entry("Đậu que xào", "đậu que"), entry("Nạc", description="dăm"))

    terms = (_food("thịt nạc dăm"), Term("abcd"), Term("efgh"), _food("đậu que"))

    assert titles(searched, "thịt nạc dăm abcd efgh đậu que", terms=terms) == ["Đậu que xào"]


def test_of_the_parts_of_a_dish_one_is_in_a_title_besides_the_method() -> None:
    fried = Term("fried", methods=frozenset({"fry"}))
    dish = Term("fried rice", ("cơm rang",), parts=(fried, _food("rice")))
    searched = catalogue(
        entry("Fried pork", "rice", method="fry"), entry("Rice with egg, fried", "rice"), entry("Cơm rang", "rice")
    )

    assert set(titles(searched, "fried rice", terms=(dish,))) == {"Rice with egg, fried", "Cơm rang"}


def test_of_a_food_that_no_recipe_has_the_one_in_its_name_is_found() -> None:
    term = _food("mực một nắng", parts=(_food("mực"), Term("một"), Term("nắng")))

    page = catalogue(entry("Mực hấp", "mực")).search(SearchQuery("mực một nắng", terms=(term,)), limit=5)

    assert [hit.document.decode() for hit in page.hits] == ["Mực hấp"]
    assert page.is_guess


def test_a_known_name_with_diacritics_is_no_name_with_other_ones() -> None:
    searched = catalogue(entry("Cá kho riềng sấu"))

    assert titles(searched, "sầu riêng", terms=(_food("sầu riêng"),)) == []


def test_a_condition_stays_where_no_recipe_has_the_other_words() -> None:
    searched = catalogue(entry("Cơm tấm", meal="lunch"), entry("Phở", meal="breakfast"))
    lunch, office = Term("bữa trưa", optional=True, is_condition=True), Term("xyzt")

    assert titles(searched, "bữa trưa xyzt", meal="lunch", terms=(lunch, office)) == ["Cơm tấm"]
    assert titles(searched, "xyzt", meal="lunch", terms=(office,)) == []


def test_words_of_a_name_in_different_tags_are_no_name() -> None:
    searched = catalogue(entry("Chả", tags=("món chiên", "cơm nhà")), entry("Cơm chiên"))

    assert titles(searched, "fried rice", terms=(Term("fried rice", ("cơm chiên",)),)) == ["Cơm chiên"]


def test_optional_terms_alone_find_nothing_where_no_recipe_meets_the_conditions() -> None:
    terms = (Term("món", optional=True), Term("chay", optional=True, is_condition=True))

    assert titles(catalogue(entry("Canh")), "món chay", meal="dessert", terms=terms) == []
