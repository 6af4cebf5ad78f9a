"""Files of other programs, as their exporters write them. Nothing unpacks beyond its limits."""

import base64
import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from apps.imports.errors import FileNotUnderstood, FileTooLarge
from apps.imports.reading import archives, enclosed_pictures, unpacking
from apps.imports.reading.drafts import Draft, minutes_of, servings_of
from tests.support.archives import JSON_LD, NEXTCLOUD, zipped

MEALIE = {
    "name": "Carrot soup", "recipe_yield": "3 servings", "prep_time": "15 minutes", "total_time": "1 hour",
    "org_url": "https://e.com/soup", "tags": [{"name": "Soup", "slug": "soup"}],
    "recipe_ingredient": [
        {"quantity": 500.0, "unit": {"name": "gram"}, "food": {"name": "carrots"}, "note": "peeled", "disable_amount": False},
        {"quantity": 1.0, "unit": None, "food": None, "note": "2 onions", "disable_amount": True},
        {"original_text": "1 l vegetable stock", "note": ""},
    ],
    "recipe_instructions": [{"title": "", "text": "Boil the carrots."}, {"text": "Blend."}],
}  # fmt: skip
TANDOOR = {
    "name": "Bean stew", "servings": 4, "working_time": 20, "waiting_time": 45, "keywords": [{"name": "vegan"}],
    "source_url": "https://e.com/stew",
    "steps": [
        {"instruction": "Soak the beans.\n\nDrain them.", "ingredients": [
            {"food": {"name": "beans"}, "unit": {"name": "g"}, "amount": 250.0, "note": "dried", "is_header": False},
            {"is_header": True, "note": "Sauce", "food": None, "unit": None, "amount": 0},
        ]},
        {"instruction": "Cook with tomatoes.", "ingredients": [
            {"food": {"name": "tomatoes"}, "unit": None, "amount": 3, "note": ""},
            {"food": {"name": "salt"}, "unit": None, "amount": 0, "no_amount": True},
        ]},
    ],
}  # fmt: skip
PAPRIKA = {
    "name": "Lemon bars", "ingredients": "2 cups flour\n\n3 lemons\n1 cup sugar", "directions": "Mix.\n\nBake for 30 min.",
    "source": "Grandma", "source_url": "", "prep_time": "10 mins", "cook_time": "30 mins", "servings": "12 bars",
    "categories": ["Dessert"], "notes": "", "photo_data": "AAAA",
}  # fmt: skip
RECIPESAGE = {
    "recipes": [
        {
            "title": "Pad kra pao", "ingredients": "[Meat]\n300 g pork\n[Sauce]\n2 tbsp fish sauce",
            "instructions": "Fry the pork.\nAdd the sauce.", "yield": "2", "activeTime": "15 min", "totalTime": "20 min",
            "source": "Me", "url": "https://e.com/p", "labels": [{"title": "thai"}],
        }
    ]
}  # fmt: skip


def read_one(content: bytes) -> Draft:
    (draft,) = archives.read_file(content).drafts
    return draft


def test_json_ld_is_read_with_sections_markup_and_lists() -> None:
    draft = read_one(json.dumps(JSON_LD).encode())

    assert draft.title == "Canh bí đỏ"
    assert draft.lines == ("300 g bí đỏ", "1 củ hành")
    assert draft.steps == ("Gọt bí.", "Nấu 20 phút.", "Múc ra bát.")
    assert (draft.servings, draft.prep_minutes, draft.cook_minutes) == (4, 10, 65)
    assert (draft.author, draft.url, draft.tags) == ("Chị Hoa", "https://e.com/a", ("canh", "nhanh"))


def test_an_archive_of_mealie() -> None:
    draft = read_one(zipped(recipes__carrot_soup__carrot_soup_dot_json=MEALIE, recipes__x__original_dot_webp=b"x"))

    assert draft.lines == ("500 gram carrots, peeled", "2 onions", "1 l vegetable stock")
    assert draft.steps == ("Boil the carrots.", "Blend.")
    assert (draft.servings, draft.prep_minutes, draft.cook_minutes) == (3, 15, 60)
    assert (draft.url, draft.tags) == ("https://e.com/soup", ("soup",))


def test_an_archive_of_tandoor_holds_an_archive_for_each_recipe() -> None:
    inner = zipped(recipe_dot_json=TANDOOR, image_dot_jpg=b"x")

    draft = read_one(zipped(a1_dot_zip=inner))

    assert draft.lines == ("250 g beans, dried", "3 tomatoes", "salt")
    assert draft.steps == ("Soak the beans.", "Drain them.", "Cook with tomatoes.")
    assert (draft.servings, draft.prep_minutes, draft.cook_minutes, draft.tags) == (4, 20, 45, ("vegan",))


def test_an_archive_of_nextcloud_cookbook() -> None:
    recipe = {"@type": "Recipe", "name": "Rice", "recipeIngredient": ["1 cup rice"], "recipeInstructions": ["Boil."]}

    draft = read_one(zipped(Recipes__Rice__recipe_dot_json=recipe, Recipes__Rice__full_dot_jpg=b"x"))

    assert (draft.title, draft.lines, draft.steps) == ("Rice", ("1 cup rice",), ("Boil.",))


def test_an_archive_of_paprika_holds_packed_recipes() -> None:
    packed = gzip.compress(json.dumps(PAPRIKA).encode())

    draft = read_one(zipped(Lemon_bars_dot_paprikarecipe=packed))

    assert draft.lines == ("2 cups flour", "3 lemons", "1 cup sugar")
    assert draft.steps == ("Mix.", "Bake for 30 min.")
    assert (draft.servings, draft.site, draft.tags) == (12, "Grandma", ("dessert",))
    assert read_one(packed).title == "Lemon bars"


def test_an_export_of_recipesage() -> None:
    draft = read_one(json.dumps(RECIPESAGE).encode())

    assert draft.lines == ("300 g pork", "2 tbsp fish sauce")
    assert draft.steps == ("Fry the pork.", "Add the sauce.")
    assert (draft.title, draft.cook_minutes, draft.tags) == ("Pad kra pao", 20, ("thai",))
    linked = [
        {
            "@context": "http://schema.org",
            "@type": "Recipe",
            "name": "X",
            "recipeIngredient": ["a"],
            "recipeInstructions": [],
        }
    ]
    assert read_one(json.dumps(linked).encode()).title == "X"


@pytest.mark.parametrize(
    "content",
    [b"\x00\x01\x02\xff", b"PK\x03\x04broken", b"\x1f\x8bbroken", b"%PDF-1.7 \xff\xfe", b"\x89PNG\r\n\x1a\n\x00"],
)
def test_a_broken_file_and_one_of_an_unknown_format_are_refused(content: bytes) -> None:
    with pytest.raises(FileNotUnderstood):
        archives.read_file(content)


@pytest.mark.parametrize(
    "document", [1, None, "x", [], {}, [[]], {"a": {"b": 1}}, {"name": 1, "steps": [1, None]}, {"recipes": [None, 3]}]
)
def test_documents_without_recipes_give_none_or_empty_ones(document: Any) -> None:
    assert not any(draft.is_recipe for draft in archives.read_file(json.dumps(document).encode()).drafts)


def test_a_file_is_unpacked_within_bounds() -> None:
    bomb = zipped(a_dot_json=bytes(unpacking.MAX_DOCUMENT + 1))
    large = zipped(a_dot_json=bytes(unpacking.MAX_DOCUMENT - 1))
    nested = zipped(**{f"{number}_dot_zip": large for number in range(21)})
    many = zipped(**{f"{number}_dot_png": b"" for number in range(unpacking.MAX_ENTRIES + 1)})
    spread = zipped(**{f"{each}_dot_zip": zipped(**{f"{n}_dot_png": b"" for n in range(2_000)}) for each in range(3)})

    for content in (bomb, nested, many, spread, gzip.compress(bytes(unpacking.MAX_DOCUMENT + 1))):
        with pytest.raises(FileTooLarge):
            archives.read_file(content)


def test_a_list_of_entries_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its length is up to its author, and each entry would become an object of half a kilobyte."""
    many = zipped(**{f"{number}_dot_png": b"" for number in range(unpacking.MAX_ENTRIES + 1)})
    lying = bytearray(zipped(**{f"{number:0500d}_dot_png": b"" for number in range(4_000)}))
    lying[-14:-10] = (1).to_bytes(2, "little") * 2
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the list was read"))

    for content in (many, bytes(lying)):
        with pytest.raises(FileTooLarge):
            archives.read_file(content)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.json", "/etc/cron.d/x.json", "C:\\x.json", "a/../../b.json", "\u202ex.json"]
)
def test_paths_in_entry_names_have_no_effect(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is written to disk, whatever path a name contains."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, json.dumps({**NEXTCLOUD, "image": "../../../../etc/passwd.jpg"}))
        archive.writestr("../../../../etc/passwd.jpg", b"x")
    monkeypatch.chdir(tmp_path)

    (draft,) = archives.read_file(buffer.getvalue()).drafts

    assert draft.title == "Rice"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_unpacks_to_itself_is_unpacked_once() -> None:
    packed = json.dumps(NEXTCLOUD).encode()
    for _ in range(3):
        packed = gzip.compress(packed)

    assert archives.read_file(packed).drafts == []


def test_an_encrypted_archive_is_not_understood() -> None:
    content = bytearray(zipped(a_dot_json=NEXTCLOUD))
    # The encryption flag, in the entry and in the directory.
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1

    with pytest.raises(FileNotUnderstood):
        archives.read_file(bytes(content))


@pytest.mark.parametrize("depth", [20, 900])
def test_lists_in_lists_are_not_followed_for_ever(depth: int) -> None:
    assert archives.read_file(b"[" * depth + b"]" * depth).drafts == []


def test_archives_in_archives_in_archives_are_left_alone() -> None:
    deep = zipped(recipe_dot_json=TANDOOR)
    for _ in range(3):
        deep = zipped(a_dot_zip=deep)

    assert archives.read_file(deep).drafts == []


def test_a_file_says_how_many_recipes_were_left_out() -> None:
    recipes = [
        {"@type": "Recipe", "name": f"R{number}", "recipeIngredient": ["a"]}
        for number in range(archives.MAX_RECIPES + 7)
    ]

    reading = archives.read_file(json.dumps(recipes).encode())

    assert (len(reading.drafts), reading.left_out) == (archives.MAX_RECIPES, 7)


JPEG = b"\xff\xd8\xff\xe0" + b"x" * 50


DOCUMENTS: dict[str, Any] = {
    "NEXTCLOUD": NEXTCLOUD, "MEALIE": MEALIE, "NAMED": {**NEXTCLOUD, "image": "pictures/rice.jpg"},
    "TANDOOR": zipped(recipe_dot_json=TANDOOR, image_dot_jpg=JPEG), "NEXTCLOUD_ZIP": zipped(recipe_dot_json=NEXTCLOUD),
    "PAPRIKA": gzip.compress(json.dumps({**PAPRIKA, "photo_data": base64.b64encode(JPEG).decode()}).encode()),
}  # fmt: skip


@pytest.mark.parametrize(
    "files",
    [
        {"Recipes__Rice__recipe_dot_json": "NEXTCLOUD", "Recipes__Rice__full_dot_jpg": JPEG, "Recipes__Rice__thumb_dot_jpg": b"s"},
        {"recipes__soup__soup_dot_json": "MEALIE", "recipes__soup__images__original_dot_webp": JPEG,
         "recipes__soup__images__tiny-original_dot_webp": b"s"},
        {"a1_dot_zip": "TANDOOR", "b2_dot_zip": "NEXTCLOUD_ZIP"},
        {"Lemon bars_dot_paprikarecipe": "PAPRIKA"},
        {"Rice_dot_json": "NEXTCLOUD", "Soup_dot_json": "MEALIE", "Rice_dot_jpg": JPEG, "Soup_dot_jpg": b"s"},
        {"one_dot_json": "NAMED", "two_dot_json": "MEALIE", "pictures__rice_dot_jpg": JPEG},
    ],
    ids=["nextcloud", "mealie", "tandoor", "paprika", "by name", "named"],
)  # fmt: skip
def test_a_picture_is_found_where_the_exporter_puts_it(files: dict[str, Any]) -> None:
    content = zipped(
        **{name: DOCUMENTS.get(value, value) if isinstance(value, str) else value for name, value in files.items()}
    )

    draft = archives.read_file(content).drafts[0]

    assert enclosed_pictures.read(content, draft.picture) == JPEG


def test_a_picture_beside_many_recipes_is_nobodys() -> None:
    content = zipped(one_dot_json=NEXTCLOUD, two_dot_json=MEALIE, cover_dot_jpg=JPEG)

    assert [draft.picture for draft in archives.read_file(content).drafts] == [(), ()]


def test_pictures_are_read_within_bounds() -> None:
    content = zipped(Rice__recipe_dot_json=NEXTCLOUD, Rice__full_dot_jpg=bytes(enclosed_pictures.MAX_PICTURE + 1))
    (draft,) = archives.read_file(content).drafts

    assert draft.picture == ("Rice/full.jpg",)
    assert enclosed_pictures.read(content, draft.picture) is None
    assert enclosed_pictures.read(content, ["Rice/other.jpg"]) is None
    assert enclosed_pictures.read(content, ["Rice/recipe.json", "x.jpg"]) is None
    assert enclosed_pictures.read(content, ["Rice/recipe.json", enclosed_pictures.WITHIN]) is None


def test_a_backup_of_mealie_keeps_its_tables_apart() -> None:
    document = {
        "recipes": [{"id": "r1", "name": "Soup", "recipe_yield": "2", "org_url": "https://e.com/s"}, {"id": "r2", "name": "Tea"}, None],
        "recipes_ingredients": [
            {"recipe_id": "r1", "position": 1, "note": "salt"},
            {"recipe_id": "r1", "position": 0, "quantity": 2, "unit_id": "u", "food_id": "f", "note": ""},
            {"recipe_id": "r2", "position": 0, "note": "tea", "original_text": "1 bag of tea"}, {"recipe_id": ["x"]}, 3,
        ],
        "recipe_instructions": [{"recipe_id": "r1", "position": 0, "text": "Boil."}, {"recipe_id": "r2", "text": "Steep."}],
        "ingredient_units": [{"id": "u", "name": "cup"}], "ingredient_foods": [{"id": "f", "name": "beans"}],
    }  # fmt: skip

    soup, tea, *_ = archives.read_file(zipped(database_dot_json=document)).drafts

    assert (soup.title, soup.lines, soup.steps, soup.servings) == ("Soup", ("2 cup beans", "salt"), ("Boil.",), 2)
    assert (tea.title, tea.lines, tea.steps) == ("Tea", ("1 bag of tea",), ("Steep.",))


def test_an_export_of_recipesage_in_schema_org_keeps_where_it_is_from() -> None:
    document = [
        {
            "@context": "http://schema.org", "@type": "Recipe", "identifier": "7", "name": "Pad thai",
            "image": ["https://e.com/p.jpg"], "prepTime": "15 min", "totalTime": "25 minutes", "recipeYield": "2 plates",
            "recipeIngredient": ["[Sauce]", "2 tbsp fish sauce"], "recipeCategory": ["thai"], "creditText": "Me",
            "recipeInstructions": [{"@type": "HowToStep", "text": "[Sauce]"}, {"@type": "HowToStep", "text": "Mix."}],
            "isBasedOn": "https://e.com/p",
        }
    ]  # fmt: skip

    draft = read_one(json.dumps(document).encode())

    assert (draft.lines, draft.steps) == (("2 tbsp fish sauce",), ("Mix.",))
    assert (draft.url, draft.image, draft.prep_minutes, draft.servings) == (
        "https://e.com/p",
        "https://e.com/p.jpg",
        15,
        2,
    )


@pytest.mark.parametrize(
    ("said", "minutes"),
    [("PT1H30M", 90), ("PT45M", 45), ("P0DT0H20M", 20), ("1 hour 20 minutes", 80), ("1 giờ 15 phút", 75), ("30", 30), (25, 25),
     ("45 phút", 45), ("1.5 hours", 90), ("PT0S", None), ("", None), ("soon", None), (None, None), (True, None), ("PT99H", 1440)],
)  # fmt: skip
def test_times_are_read_as_exporters_write_them(said: Any, minutes: int | None) -> None:
    assert minutes_of(said) == minutes


@pytest.mark.parametrize(
    ("said", "servings"),
    [("4 servings", 4), ("Serves 4-6", 4), (6, 6), (["", "8"], 8), ("12 bars", 12), ("cho 3 người", 3), ("900", 50), ("", None), (None, None), (0, None)],
)  # fmt: skip
def test_servings_are_the_first_number(said: Any, servings: int | None) -> None:
    assert servings_of(said) == servings
