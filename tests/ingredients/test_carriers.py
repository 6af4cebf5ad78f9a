"""Free text names what is in the food: longest names first, diacritics decide, and what is in doubt counts."""

import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.core.food import ALLERGENS
from apps.ingredients import carrier_table
from apps.ingredients.carrier_table import CarriersError
from apps.ingredients.scanning import Mention, Scanner
from tests.support.ingredients import listed, matcher


@cache
def scanner() -> Scanner:
    """Return a scanner of the authored list and table."""
    return Scanner(matcher(), carrier_table.table())


def mentions(text: str) -> list[Mention]:
    return scanner().mentions(text)


def named(text: str) -> list[str]:
    return [text[mention.start : mention.end] for mention in mentions(text)]


def allergens(text: str) -> set[str]:
    """Return what a text warns of, surely or perhaps."""
    return {allergen for mention in mentions(text) for allergen in mention.allergens | mention.may_contain}


def broken(text: str) -> set[str]:
    return {diet for mention in mentions(text) for diet in mention.breaks}


CARRIERS = {
    "gluten": ["mì căn", "bột chiên giòn", "bột xù", "seitan", "couscous", "xì dầu", "roux", "panko", "malt vinegar"],
    "crustaceans": ["mắm tôm", "mắm ruốc", "bánh phồng tôm", "belacan", "lobster bisque", "crab stick", "gạch tôm"],
    "eggs": ["lòng trắng", "albumin", "sốt mayonnaise", "hột vịt lộn", "meringue", "aioli", "E1105"],
    "fish": ["nước mắm", "mắm nêm", "Worcestershire", "dashi", "katsuobushi", "surimi", "kho quẹt", "bottarga"],
    "peanuts": ["dầu lạc", "satay", "bơ đậu phộng", "arachis oil", "muối mè đậu phộng", "groundnut paste"],
    "soy": ["nước tương", "tương hột", "lecithin", "tàu hũ ky", "chao", "miso", "liquid aminos", "hoisin"],
    "milk": ["whey", "sodium caseinate", "ghee", "bột kem béo", "béchamel", "sữa Ông Thọ", "brown butter", "paneer"],
    "nuts": ["marzipan", "praline", "nougat", "frangipane", "pesto", "orgeat", "nutella", "sữa hạt điều"],
    "celery": ["muối cần tây", "celery salt", "mirepoix", "viên súp", "stock cube", "remoulade of celeriac"],
    "mustard": ["mù tạt", "wasabi", "piccalilli", "karashi", "Dijon", "mù tạc"],
    "sesame": ["tahini", "dầu mè", "muối vừng", "halva", "gomasio", "baba ganoush"],
    "sulphites": ["rượu vang", "giấm balsamic", "mứt vỏ cam", "E220", "cider", "dried apricots"],
    "lupin": ["lupin flour", "bột đậu lupin", "lupini", "altramuces"],
    "molluscs": ["dầu hào", "squid ink", "escargot", "nước luộc nghêu", "conpoy", "mực một nắng", "clam juice"],
}


@pytest.mark.parametrize(
    ("allergen", "name"), [(allergen, name) for allergen in CARRIERS for name in CARRIERS[allergen]]
)
def test_a_carrier_is_found_however_it_stands_in_a_text(allergen: str, name: str) -> None:
    for text in (
        name,
        name.upper(),
        unicodedata.normalize("NFD", name),
        name.replace(" ", "\u00a0"),
        name.replace(" ", "-"),
        f"{name[:2]}\u200b{name[2:]}",
        f"Cho 2 muỗng {name}, đảo đều.",
        f"Add the {name}, then stir for 2 minutes.",
    ):
        assert allergen in allergens(text), text


@pytest.mark.parametrize(
    ("allergen", "typed"),
    [
        ("fish", "nuoc mam"),
        ("crustaceans", "cho mam tom vao"),
        ("peanuts", "rac dau phong len tren"),
        ("sesame", "me rang"),
        ("milk", "200 ml sua tuoi"),
        ("molluscs", "xao voi dau hao"),
        ("gluten", "bot mi"),
        ("eggs", "dap 2 qua trung"),
        ("crustaceans", "tom"),
        ("fish", "ca kho to"),
    ],
)
def test_without_marks_everything_that_a_word_can_be_counts(allergen: str, typed: str) -> None:
    assert allergen in allergens(typed)


@pytest.mark.parametrize(
    "typed", ["ca chua", "nuoc cot dua", "khoai mi", "bot gao", "qua bo", "sua dau nanh", "mi chinh"]
)
def test_without_marks_a_longer_harmless_phrase_covers_a_dangerous_word(typed: str) -> None:
    assert not allergens(typed) & {"fish", "milk", "gluten"}


@pytest.mark.parametrize(
    "text", ["Rắc hạt dẻ rang lên trên.", "Stir in the chestnut flour.", "hat de", "roasted chestnuts"]
)
def test_chestnuts_count_as_the_master_list_has_them(text: str) -> None:
    assert "nuts" in allergens(text)


def test_marks_decide_where_they_are_written() -> None:
    assert "fish" in allergens("Thêm cá vào nồi.")
    assert "fish" not in allergens("Thêm cà vào nồi.")
    assert "sesame" in allergens("Rắc mè lên trên.")
    assert "sesame" not in allergens("Dầm me với nước.")
    assert "molluscs" not in allergens("Đổ nước đến mức vừa phải, so với nồi.")


def test_in_a_sentence_with_marks_a_forgotten_one_is_no_excuse() -> None:
    assert "crustaceans" in allergens("Cho tom vào xào với tỏi.")
    assert "fish" in allergens("Nêm thêm nuoc mam rồi tắt bếp.")
    assert "eggs" not in allergens("Đun lửa trung bình.")


def test_english_is_not_read_as_vietnamese_without_marks() -> None:
    assert allergens("Let me stir so it can be hot, then cut the hat to top.") == set()
    assert "molluscs" in allergens("Add the muc and the oc to the pan with garlic.")


@pytest.mark.parametrize(
    ("allergen", "text"),
    [
        ("milk", "nước cốt dừa"),
        ("milk", "sữa đậu nành"),
        ("milk", "bơ đậu phộng"),
        ("milk", "quả bơ chín"),
        ("milk", "butternut squash and butter beans"),
        ("milk", "cream of tartar"),
        ("milk", "cocoa butter"),
        ("gluten", "mì chính"),
        ("gluten", "khoai mì"),
        ("gluten", "bột năng, bột nếp, bột ngọt"),
        ("gluten", "buckwheat and rice noodles"),
        ("nuts", "coconut, nutmeg and water chestnuts"),
        ("nuts", "chestnut mushrooms, dẻ sườn, củ năng"),
        ("nuts", "roll into walnut-sized balls"),
        ("nuts", "hạt điều màu, nhục đậu khấu"),
        ("peanuts", "snow peas and chickpeas"),
        ("fish", "cà chua, cà phê và rau diếp cá"),
        ("fish", "fish out the bay leaf"),
        ("crustaceans", "rau càng cua"),
        ("molluscs", "nấm bào ngư, king oyster mushrooms"),
        ("molluscs", "con trai tôi hào hứng"),
        ("eggs", "eggplant"),
        ("eggs", "lửa trung bình, máy đánh trứng"),
        ("soy", "đậu xanh, tương đối mềm"),
        ("celery", "chỉ cần thận trọng"),
        ("sulphites", "chiên vàng ươm"),
    ],
)
def test_what_only_looks_like_a_carrier_is_none(allergen: str, text: str) -> None:
    assert allergen not in allergens(text)


def test_the_longest_name_counts_and_says_where_it_stands() -> None:
    text = "Thêm 2 muỗng bơ đậu phộng."

    assert named(text) == ["bơ đậu phộng"]
    assert mentions(text)[0].allergens == {"peanuts"}


def test_names_that_overlap_both_count() -> None:
    assert {"fish", "crustaceans"} <= allergens("nước mắm tôm")


def test_a_longer_name_covers_nothing_across_punctuation_or_lines() -> None:
    assert "milk" in allergens("bơ, đậu phộng")
    assert "milk" in allergens("bơ\nđậu phộng")
    assert "milk" in allergens("bơ/đậu phộng")


def test_a_name_that_is_an_ingredient_has_its_id() -> None:
    (salt,) = mentions("muối")

    assert salt.ingredient_ids == {entry.id for entry in listed() if entry.vi == "muối"}
    assert salt.allergens == frozenset()


def test_a_term_is_canonical_and_never_the_text() -> None:
    text = "PEA\u200bNUT, shirmp, đau phộng"

    assert not {mention.term for mention in mentions(text)} & {"PEA\u200bNUT", "shirmp", "đau phộng"}
    assert {"peanuts", "crustaceans"} <= allergens(text)


@pytest.mark.parametrize(
    ("allergen", "typed"),
    [
        ("peanuts", "penuts"),
        ("nuts", "almnods"),
        ("crustaceans", "shirmp"),
        ("eggs", "mayonaise"),
        ("fish", "nước măm"),
        ("fish", "nuocmam"),
        ("soy", "soysauce"),
        ("milk", "sửa tươi"),
        ("milk", "parmessan"),
        ("peanuts", "pea-nut"),
        ("milk", "but\u00adter"),
        ("molluscs", "oyster suace"),
    ],
)
def test_one_letter_wrong_is_forgiven_in_long_names(allergen: str, typed: str) -> None:
    assert allergen in allergens(typed)


@pytest.mark.parametrize("word", ["salary", "barely", "better", "creamy", "muscle", "thickens", "stays", "đến", "chữa"])
def test_a_real_word_is_no_misspelling(word: str) -> None:
    assert allergens(word) == set()


@pytest.mark.parametrize(
    "text",
    [
        "peanut-free",
        "Dairy free.",
        "No nuts.",
        "no eggs, no dairy",
        "Không có sữa",
        "không trứng, không sữa",
        "Without peanuts",
    ],
)
def test_a_certain_denial_is_no_mention(text: str) -> None:
    assert allergens(text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "not peanut-free",
        "It is nothing without peanuts",
        "No eggs? Use two bananas",
        "egg free range",
        "without nuts or seeds",
        "Nếu không có sữa thì dùng nước",
        "không có đậu phộng thì không ngon",
        "không thể thiếu đậu phộng",
        "không phải không có sữa",
        "không chỉ đậu phộng",
        "may contain peanuts",
        "no peanuts but cashews",
        "ăn no cá",
        "an no ca",
    ],
)
def test_a_doubtful_denial_is_a_mention(text: str) -> None:
    assert allergens(text)


def test_imitations_of_animals_are_soy_and_gluten() -> None:
    assert allergens("mực một nắng chay") == {"soy", "gluten", "sulphites"} & allergens("mực một nắng chay") | {
        "soy",
        "gluten",
    }
    assert not allergens("vegan scallops") & {"molluscs", "fish"}
    assert "fish" in allergens("cá. Chay thì bỏ.")


def test_diets_are_broken_by_mentions_too() -> None:
    assert {"no_pork", "halal", "kosher", "vegetarian", "vegan"} <= broken("rắc tóp mỡ")
    assert {"no_beef", "vegetarian"} <= broken("fry in beef dripping")
    assert "halal" in broken("một chút rượu mai quế lộ")
    assert {"vegetarian", "halal"} <= broken("soak the gelatine")
    assert "vegan" in broken("drizzle with honey")
    assert "low_carb" in broken("ăn với cơm trắng")


def test_generic_words_say_what_explains_them() -> None:
    (noodles,) = mentions("noodles")
    (stock,) = mentions("nước dùng")

    assert noodles.generic is not None
    assert (noodles.generic.signs, noodles.generic.within) == (frozenset({"gluten"}), frozenset({"grain"}))
    assert stock.generic is not None
    assert stock.generic.made == "always"
    assert mentions("cá hồi")[0].generic is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "c" + "\u0301" * 500, "x" * 5000, "\ud800", "🍤", "-" * 99, "番茄", "a\u200b" * 300, "´'’"],
)
def test_odd_text_is_scanned(text: str) -> None:
    assert isinstance(mentions(text), list)


def test_offsets_are_those_of_the_text_as_given() -> None:
    text = unicodedata.normalize("NFD", "Rưới  nước\u200b mắm lên đậu hũ")

    spans = {unicodedata.normalize("NFC", text[one.start : one.end].replace("\u200b", "")) for one in mentions(text)}

    assert {"nước mắm", "đậu hũ"} <= spans


def test_every_dangerous_name_of_the_list_is_found_in_a_sentence() -> None:
    """But for words that the table says name nothing in free text."""
    table = carrier_table.table()
    decided = {name for pairs in table.by_folded.values() for name, carrier in pairs if carrier.decides}
    missed = [
        name
        for entry in listed()
        for name in (entry.vi, entry.en)
        if name not in decided | table.not_food | table.english_only
        and not entry.allergens <= allergens(f"Cho {name} vào." if name == entry.vi else f"Stir the {name} into it.")
    ]

    assert missed == []


def test_the_table_covers_each_allergen() -> None:
    carried: dict[str, int] = dict.fromkeys(ALLERGENS, 0)
    for pairs in carrier_table.table().by_folded.values():
        for _, carrier in pairs:
            for allergen in carrier.allergens:
                carried[allergen] += 1

    assert min(carried.values()) >= 15, carried


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ({"sauces": []}, "sections"),
        ({"carriers": [{"vi": ["mắm"], "allergens": ["fish"]}]}, "English"),
        ({"carriers": [{"en": ["x"]}]}, "carries nothing"),
        ({"carriers": [{"en": ["x"], "allergens": ["fishes"]}]}, "unknown allergen"),
        ({"carriers": [{"en": ["x"], "breaks": ["paleo"]}]}, "unknown diet"),
        ({"carriers": [{"en": ["x"], "allergens": ["fish"], "made": "always"}]}, "mapping"),
        ({"generic": [{"en": ["x"], "allergens": ["fish"]}]}, "no signs"),
        ({"generic": [{"en": ["x"], "allergens": ["fish"], "signs": ["x"]}]}, "unknown sign"),
        ({"generic": [{"en": ["x"], "allergens": ["fish"], "signs": [], "within": ["x"]}]}, "unknown category"),
    ],
)
def test_what_breaks_the_format_of_the_table_is_named(tmp_path: Path, written: Any, problem: str) -> None:
    path = tmp_path / "carriers.yaml"
    path.write_text(yaml.safe_dump(written, allow_unicode=True), "utf-8")

    with pytest.raises(CarriersError, match=problem):
        carrier_table.load(path)


def test_what_an_allergen_and_a_diet_imply_is_added(tmp_path: Path) -> None:
    path = tmp_path / "carriers.yaml"
    row = {"en": ["x"], "allergens": ["milk", "molluscs"], "breaks": ["no_pork"]}
    path.write_text(yaml.safe_dump({"carriers": [row]}), "utf-8")

    ((_, carrier),) = carrier_table.load(path).by_folded["x"]

    assert carrier.breaks == {"dairy_free", "vegan", "vegetarian", "kosher", "no_pork", "halal"}
