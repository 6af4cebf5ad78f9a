"""The master list is read as authored, and whatever breaks its format is named."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from apps.core import ids
from apps.ingredients import master
from apps.ingredients.entry import Category
from apps.ingredients.master import MasterListError

FISH_SAUCE: dict[str, Any] = {
    "key": "nuoc-mam",
    "vi": "nước mắm",
    "en": "fish sauce",
    "aliases": {"vi": ["mắm cốt"], "en": ["nam pla"]},
    "allergens": ["fish"],
    "breaks": ["vegetarian", "vegan"],
    "staple": True,
}


def write(directory: Path, *rows: Any, file: str = "processed.yaml") -> Path:
    (directory / file).write_text(yaml.safe_dump(list(rows), allow_unicode=True), "utf-8")
    return directory


def test_an_entry_is_read_whole(tmp_path: Path) -> None:
    (entry,) = master.load(write(tmp_path, FISH_SAUCE))

    assert (entry.key, entry.vi, entry.en, entry.category) == ("nuoc-mam", "nước mắm", "fish sauce", Category.PROCESSED)
    assert entry.aliases == {"vi": ("mắm cốt",), "en": ("nam pla",)}
    assert (set(entry.allergens), set(entry.breaks)) == ({"fish"}, {"vegetarian", "vegan"})
    assert entry.staple


def test_the_id_is_a_ulid_that_depends_on_the_key_alone(tmp_path: Path) -> None:
    (entry,) = master.load(write(tmp_path, FISH_SAUCE))
    (renamed,) = master.load(write(tmp_path, FISH_SAUCE | {"vi": "mắm", "en": "sauce"}))

    assert entry.id == renamed.id == ids.derived_id("ingredient", "nuoc-mam")
    assert ids.is_id(entry.id)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"key": "Nước Mắm"}, "kebab-case"),
        ({"name": "x"}, "unknown field"),
        ({"vi": "Nước mắm"}, "lower case"),
        ({"vi": "nu\u031bo\u031b\u0301c"}, "NFC"),
        ({"en": 7}, "not text"),
        ({"en": "123"}, "no letter"),
        ({"aliases": {"fr": ["nuoc mam"]}}, "under vi and en"),
        ({"aliases": {"vi": "mắm"}}, "a list is expected"),
        ({"aliases": {"vi": []}}, "a list is expected"),
        ({"aliases": {"vi": ["nước mắm"]}}, "stands twice"),
        ({"aliases": {"vi": ["mắm", "mắm"]}}, "stands twice"),
        ({"allergens": ["fishes"]}, "unknown allergens"),
        ({"breaks": ["paleo"]}, "unknown breaks"),
        ({"staple": False}, "staple"),
        ({"allergens": ["fish"], "breaks": ["vegan"]}, "vegetarian"),
        ({"allergens": ["gluten"]}, "gluten_free"),
        ({"allergens": ["milk"]}, "dairy_free"),
        ({"allergens": ["crustaceans"], "breaks": ["vegetarian", "vegan"]}, "kosher"),
        ({"allergens": ["fish"], "may_contain": ["fish"]}, "both allergens and may_contain"),
        ({"allergens": [], "breaks": ["vegan"]}, "a list is expected"),
        ({"breaks": ["vegetarian", "vegan", "no_pork"]}, "halal"),
    ],
)
def test_what_breaks_the_format_is_named_with_file_and_key(
    tmp_path: Path, change: dict[str, Any], problem: str
) -> None:
    row = FISH_SAUCE | change

    with pytest.raises(MasterListError, match=f"processed.yaml: {row['key']}: .*{problem}"):
        master.load(write(tmp_path, row))


def test_a_missing_name_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MasterListError, match="vi is missing"):
        master.load(write(tmp_path, {"key": "x", "en": "x"}))


def test_meat_and_seafood_break_vegetarian_and_vegan(tmp_path: Path) -> None:
    with pytest.raises(MasterListError, match="is meat and does not break"):
        master.load(write(tmp_path, {"key": "thit", "vi": "thịt", "en": "meat"}, file="meat.yaml"))


def test_a_key_stands_once_over_all_files(tmp_path: Path) -> None:
    write(tmp_path, FISH_SAUCE)
    write(tmp_path, FISH_SAUCE | {"vi": "mắm"}, file="spice.yaml")

    with pytest.raises(MasterListError, match=r"spice.yaml: nuoc-mam: the key also stands in processed.yaml"):
        master.load(tmp_path)


def test_two_entries_never_have_one_main_name(tmp_path: Path) -> None:
    write(tmp_path, FISH_SAUCE, FISH_SAUCE | {"key": "nuoc-mam-cot"})

    with pytest.raises(MasterListError, match="is also the name of nuoc-mam"):
        master.load(tmp_path)


def test_a_name_of_two_foods_is_refused_unless_it_is_declared_ambiguous(tmp_path: Path) -> None:
    shrimp_paste = {"key": "mam-tom", "vi": "mắm tôm", "en": "shrimp paste", "aliases": {"vi": ["mắm cốt"]}}
    write(tmp_path, shrimp_paste, FISH_SAUCE)
    with pytest.raises(MasterListError, match="'mắm cốt' is a name of mam-tom, nuoc-mam"):
        master.load(tmp_path)

    (tmp_path / "ambiguous.yaml").write_text("mắm cốt: Either of two.", "utf-8")
    assert len(master.load(tmp_path)) == 2


def test_an_alias_that_is_another_main_name_is_refused(tmp_path: Path) -> None:
    shrimp_paste = {"key": "mam-tom", "vi": "mắm tôm", "en": "shrimp paste", "aliases": {"en": ["fish sauce"]}}
    write(tmp_path, shrimp_paste, FISH_SAUCE)

    with pytest.raises(MasterListError, match="'fish sauce' is a name of"):
        master.load(tmp_path)


def test_what_is_declared_ambiguous_is_the_name_of_several_foods(tmp_path: Path) -> None:
    (write(tmp_path, FISH_SAUCE) / "ambiguous.yaml").write_text("nước mắm: No.", "utf-8")

    with pytest.raises(MasterListError, match="is not the name of several"):
        master.load(tmp_path)


@pytest.mark.parametrize("field", ["kind_of", "made_of"])
def test_no_food_is_a_kind_of_itself_or_made_of_itself(tmp_path: Path, field: str) -> None:
    leads_to_shrimp, leads_to_krill = ("mam-tom", "ruoc") if field == "kind_of" else (["mam-tom"], ["ruoc"])
    krill = {"key": "ruoc", "vi": "ruốc", "en": "krill", field: leads_to_shrimp}
    shrimp_paste = {"key": "mam-tom", "vi": "mắm tôm", "en": "shrimp paste", field: leads_to_krill}
    write(tmp_path, shrimp_paste, krill)

    with pytest.raises(MasterListError, match="is a kind of itself or made of itself"):
        master.load(tmp_path)


def test_a_general_food_has_to_exist(tmp_path: Path) -> None:
    write(tmp_path, FISH_SAUCE | {"kind_of": "mam"})

    with pytest.raises(MasterListError, match="names an entry that does not exist"):
        master.load(tmp_path)


def test_entries_are_sorted_by_key(tmp_path: Path) -> None:
    write(tmp_path, FISH_SAUCE, {"key": "muoi", "vi": "muối", "en": "salt"})

    with pytest.raises(MasterListError, match="sorted by key"):
        master.load(tmp_path)


@pytest.mark.parametrize(
    ("file", "text"), [("processed.yaml", "a: ["), ("processed.yaml", "a: 1"), ("snack.yaml", "[]")]
)
def test_a_file_that_is_no_list_of_a_category_is_refused(tmp_path: Path, file: str, text: str) -> None:
    (tmp_path / file).write_text(text, "utf-8")

    with pytest.raises(MasterListError, match=file):
        master.load(tmp_path)


def test_the_authored_list_is_valid_and_covers_every_category() -> None:
    entries = master.load()

    assert len(entries) >= 600
    assert {entry.category for entry in entries} == set(Category)
    assert len({entry.id for entry in entries}) == len(entries)
