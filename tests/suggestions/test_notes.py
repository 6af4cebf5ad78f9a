"""Notes among the ingredients: who eats, how much time there is, what there is to cook with."""

import pytest

from apps.ingredients import services as ingredients
from apps.recipes.content import IngredientLine, Language, Method, RecipeContent, Step
from apps.suggestions import notes, offers, shortlist
from apps.suggestions.errors import NotEnoughIngredients
from apps.suggestions.notes import Appliance, Note
from tests.suggestions.kitchens import ask

pytestmark = pytest.mark.usefixtures("seeded")

_SALTY_OR_SWEET = {"salt", "coarse salt", "fish sauce", "soy sauce", "black pepper", "sugar", "honey", "stock cube"}


def answered(*names: str, language: str = "vi") -> list[RecipeContent]:
    """Return what is composed by rule for a question."""
    return [one.content for one in offers.compose(ask(*names, language=language))]


def english_names(content: RecipeContent) -> set[str]:
    return {
        known.en
        for line in content.ingredients
        if line.ingredient_id and (known := ingredients.find(line.ingredient_id))
    }


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cho bé 10 tháng", Note(child_months=10, is_gentle=True)),
        ("cho be 10 thang tuoi", Note(child_months=10, is_gentle=True)),
        ("for a 10 month old baby", Note(child_months=10, is_gentle=True)),
        ("for my 9-month-old baby", Note(child_months=9, is_gentle=True)),
        ("cho con 3 tuổi", Note(child_months=36, is_gentle=True)),
        ("bé ăn dặm", Note(child_months=8, is_gentle=True)),
        ("cho người già", Note(is_gentle=True)),
        ("15 phút", Note(minutes=15)),
        ("only 20 minutes", Note(minutes=20)),
        ("1 tiếng", Note(minutes=60)),
        ("no oven", Note(has_oven=False)),
        ("không có lò nướng", Note(has_oven=False)),
        ("air fryer", Note(appliance=Appliance.AIR_FRYER)),
        ("nồi chiên không dầu", Note(appliance=Appliance.AIR_FRYER)),
        ("nồi cơm điện", Note(appliance=Appliance.RICE_COOKER)),
    ],
)
def test_a_note_is_read(text: str, wanted: Note) -> None:
    assert notes.read(text) == wanted


@pytest.mark.parametrize(
    "text",
    ["thịt bê", "cá con", "gà con", "baby corn", "baby spinach",
     "baby potatoes", "2 giò", "15 quả trứng", "30 g bơ", "còn", "bé", "0 phút"],
)  # fmt: skip
def test_a_food_is_no_note(text: str) -> None:
    assert notes.read(text) is None


def test_a_note_is_no_ingredient_and_is_not_said_to_be_unknown() -> None:
    asked = ask("15 phút", "không có lò nướng", "trứng", "cà chua")

    assert len(asked.named) == 2
    assert asked.warnings == []
    assert asked.max_minutes == 15
    with pytest.raises(NotEnoughIngredients):
        ask("15 phút", "trứng")


@pytest.mark.parametrize(
    ("language", "names"),
    [
        ("vi", ("cho bé 10 tháng", "bí đỏ", "thịt heo bằm", "gạo", "rau ngót", "mật ong")),
        ("vi", ("cho bé 1 tuổi", "cá hồi", "khoai tây", "bông cải xanh", "xì dầu", "lạp xưởng")),
        ("en", ("for a 10 month old baby", "sweet potato", "salmon", "broccoli", "honey", "bacon")),
        ("en", ("baby food", "oats", "banana", "milk", "honey", "almonds")),
    ],
)
def test_nothing_for_a_baby_is_salted_sweetened_cured_or_hard(language: str, names: tuple[str, ...]) -> None:
    asked = ask(*names, language=language)
    found = offers.find(asked, exclude=frozenset())
    made = [one.composed.content for one in found.ranked if one.composed]

    assert found.chosen
    assert made
    for content in made:
        assert not english_names(content) & (_SALTY_OR_SWEET | {"bacon", "chinese sausage", "almond"}), content.title
        assert any("bé" in step.text or "baby" in step.text for step in content.steps), content.title


def recipe(title: str, *names: str, step: str = "Nấu mềm.", tags: tuple[str, ...] = ()) -> RecipeContent:
    lines = tuple(IngredientLine(name, known.id) for name in names if (known := ingredients.resolve(name)))
    return RecipeContent(
        title=title, ingredients=lines, steps=(Step(step, 5),), tags=tags, language=Language.VI, method=Method.SOUP
    )


@pytest.mark.parametrize(
    ("title", "names", "tags", "suits"),
    [
        ("Cháo bí đỏ cho bé ăn dặm", ("gạo", "bí đỏ"), (), True),
        ("Khoai nghiền", ("khoai tây",), ("cho bé",), True),
        ("Cháo bí đỏ", ("gạo", "bí đỏ"), (), False),
        ("Cháo thịt cho bé", ("gạo", "thịt heo xay", "nước mắm"), (), False),
        ("Yến mạch mật ong cho bé", ("yến mạch", "mật ong"), (), False),
    ],
)
def test_a_recipe_of_the_catalogue_suits_a_baby_if_it_is_made_for_one_without_salt_and_honey(
    title: str, names: tuple[str, ...], tags: tuple[str, ...], *, suits: bool
) -> None:
    asked = ask("cho bé 8 tháng", "gạo", "bí đỏ")

    assert shortlist._suits_notes(recipe(title, *names, tags=tags), asked) is suits
    assert shortlist._suits_notes(recipe(title, *names, tags=tags), ask("gạo", "bí đỏ"))


@pytest.mark.parametrize(
    ("notes_", "step", "suits"),
    [
        (("no oven",), "Bake in the oven.", False),
        (("no oven",), "Fry in a pan.", True),
        (("no oven", "air fryer"), "Cook in the air fryer or the oven.", True),
        ((), "Bake in the oven.", True),
    ],
)
def test_a_recipe_of_the_catalogue_suits_what_there_is_to_cook_with(
    notes_: tuple[str, ...], step: str, *, suits: bool
) -> None:
    asked = ask(*notes_, "chicken", "potato", language="en")

    assert shortlist._suits_notes(recipe("Chicken", "chicken", step=step), asked) is suits


def test_without_an_oven_nothing_is_baked() -> None:
    names = ("chicken breast", "potatoes", "cheddar", "broccoli")

    assert any(one.method is Method.BAKE for one in answered(*names, language="en"))
    assert not any(one.method is Method.BAKE for one in answered("no oven", *names, language="en"))


def test_an_air_fryer_is_what_is_heated() -> None:
    found = [
        one for one in answered("air fryer", "chicken wings", "potatoes", language="en") if one.method is Method.BAKE
    ]

    assert any("Heat the air fryer" in step.text for one in found for step in one.steps)
    assert not any("Heat the oven" in step.text for one in found for step in one.steps)
