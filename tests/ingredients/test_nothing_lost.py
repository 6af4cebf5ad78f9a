"""No food of a line is lost, and none is taken for another: lists, brackets, colours, brands, herbs, whole animals."""

import pytest

from apps.ingredients.lines import Language
from apps.ingredients.matching import LineFood
from tests.support.ingredients import matcher
from tests.support.matching import match, meant


def read(text: str, language: Language | None = None) -> list[LineFood]:
    return matcher().read_line(text, language)


def names(text: str, language: Language | None = "en") -> list[str | None]:
    return [food.ingredient.en if food.ingredient else None for food in read(text, language)]


@pytest.mark.parametrize(
    ("line", "foods"),
    [
        ("hành, tỏi. Nước mắm", ["scallion", "garlic", "fish sauce"]),
        ("Cà rốt, ớt. Hạt nêm. Dầu ăn", ["carrot", "chilli", "seasoning powder", "vegetable oil"]),
        ("gừng thái chỉ, hành hoa chẻ sợi mảnh, ớt", ["ginger", "scallion", "chilli"]),
        ("Gia vị cơ bản như muối, đường, nước mắm", ["salt", "sugar", "fish sauce"]),
    ],
)
def test_each_food_of_a_vietnamese_list_is_kept(line: str, foods: list[str]) -> None:
    found = names(line, "vi")

    assert len(found) == len(foods)
    assert found[-1] == foods[-1]
    assert found[0] == foods[0]


@pytest.mark.parametrize("line", ["giò lụa, chả xyz, tiêu", "cà rốt, 1 nhúm tôm khô lạ lùng kỳ khôi, muối"])
def test_what_is_not_understood_in_a_vietnamese_list_stays_in_it_as_unknown(line: str) -> None:
    assert None in names(line.replace("xyz", "quẩy lăn"), "vi")


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("2 thìa mỡ heo (hoặc bơ lạt), 1 thìa nước mắm, tiêu", "vi"),
        ("2 tbsp lard (or butter), 1 tsp salt, pepper", "en"),
    ],
)
def test_another_choice_in_brackets_belongs_to_the_food_before_it(line: str, language: Language) -> None:
    first, *others = read(line, language)

    assert len(first.alternatives) == 1
    assert "milk" in first.alternatives[0].allergens
    assert not any(other.alternatives for other in others)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("½ tbsp black rice vinegar", "chinese black vinegar"),
        ("1 cup sweet potato starch", None),
        ("2 tbsp purple potato starch", "potato starch"),
        ("1 tbsp red wine vinegar", "red wine vinegar"),
        ("2 tbsp white rice flour", "rice flour"),
    ],
)
def test_a_colour_or_taste_of_the_first_word_of_a_product_is_not_dropped(line: str, expected: str | None) -> None:
    assert names(line) == [expected]


@pytest.mark.parametrize("line", ["zorbo fish", "Quixley chicken", "1 lb zorblax pork"])
def test_an_unknown_word_before_a_general_meat_may_be_a_dish(line: str) -> None:
    assert names(line) == [None]


@pytest.mark.parametrize(
    ("line", "foods"),
    [
        ("2 cups of whatever (such as barley, quinoa, or rice)", {"barley", "quinoa", "rice"}),
        ("noodles of sorts (such as penne, fusilli)", {"penne", "fusilli"}),
    ],
)
def test_examples_of_what_has_no_name_of_its_own_are_a_choice(line: str, foods: set[str]) -> None:
    (found,) = read(line, "en")

    assert found.ingredient
    assert {found.ingredient.en, *(one.en for one in found.alternatives)} == foods


@pytest.mark.parametrize(
    ("text", "food"),
    [
        ("tuong ot chinsu", "chilli sauce"),
        ("hat nem knorr", "seasoning powder"),
        ("dau an neptune", "vegetable oil"),
        ("nuoc tuong maggi", "soy sauce"),
        ("khoai tây frozen", "potato"),
    ],
)
def test_a_brand_or_a_foreign_state_behind_a_name_leaves_it_known(text: str, food: str) -> None:
    assert (match(text).status, meant(text)) == ("exact", food)


@pytest.mark.parametrize("bird", ["gà", "vịt", "ngỗng"])
@pytest.mark.parametrize("line", ["1 con {}", "{} 1 con", "nửa con {}"])
def test_an_animal_that_is_counted_is_a_whole_one_wherever_its_number_stands(line: str, bird: str) -> None:
    (found,) = read(line.format(bird))

    assert found.ingredient
    assert found.ingredient.en.startswith("whole ")


@pytest.mark.parametrize("line", ["con mực khô", "1 con mực khô", "2 quả táo đỏ"])
def test_a_longer_name_behind_a_counter_is_meant_and_not_a_shorter_one_with_it(line: str) -> None:
    assert names(line, "vi")[0] in {"dried squid", "dried jujube"}


@pytest.mark.parametrize("line", ["tía tô, quế, ngò gai", "quế, húng lủi", "1 bó quế", "1 nắm quế"])
def test_basil_is_meant_by_its_short_name_among_herbs_and_by_the_bunch(line: str) -> None:
    assert "thai basil" in names(line, "vi")


@pytest.mark.parametrize("line", ["quế, hoa hồi, thảo quả", "1 thanh quế", "quế", "rau mùi, hoa hồi, quế"])
def test_cinnamon_is_meant_beside_spices_and_alone(line: str) -> None:
    assert not {"thai basil"} & set(names(line, "vi"))


@pytest.mark.parametrize(
    ("one", "other"), [("hủ tíu", "hủ tiếu"), ("hu tiu", "hu tieu"), ("hủ tíu khô", "hủ tiếu khô")]
)
def test_two_spellings_of_one_word_are_completed_alike(one: str, other: str) -> None:
    found, expected = ([food.key for food in matcher().complete(text, limit=8)] for text in (one, other))

    assert found == expected
    assert meant(one) == meant(other)


@pytest.mark.parametrize(
    ("line", "food"),
    [
        ("400g chopped tomatoes", "canned tomato"),
        ("1 can diced tomatoes", "canned tomato"),
        ("2 tbsp chopped tomato", "tomato"),
        ("1 inch piece of turmeric", "fresh turmeric"),
    ],
)
def test_the_measure_says_which_form_is_meant(line: str, food: str) -> None:
    (found,) = names(line)

    assert found == food or (food == "fresh turmeric" and found and found != "turmeric powder")


@pytest.mark.parametrize("text", ["bắp xào tép", "rau muống xào tép", "bí đỏ xào tép", "bầu nấu tép", "khoai mỡ tép"])
def test_what_a_food_is_cooked_with_is_no_counter_of_it(text: str) -> None:
    found = match(text)

    assert found.ingredient is None or "crustaceans" in found.ingredient.allergens


@pytest.mark.parametrize(
    ("text", "food"), [("tỏi tép", "garlic"), ("hành tím 2 tép", "shallot"), ("bưởi tép", "pomelo")]
)
def test_cloves_and_pulp_are_counted_of_what_has_them(text: str, food: str) -> None:
    assert meant(text) == food
