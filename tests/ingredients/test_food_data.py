"""What holds for every entry of the master list, and what single foods have to say about allergens and diets."""

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import pytest
import yaml

from apps.core.food import broken_diets
from apps.ingredients import master
from apps.ingredients.entry import Category, Ingredient
from tests.support.ingredients import listed

# Names for several foods that differ: a kind of them need not have all that the name itself warns of.
COLLECTIVE = frozenset({
    "bot-lam-banh", "hai-san", "hai-san-co-vo", "hat-nem", "nuoc-dung", "ruou", "soi-bun-mi", "sua-thuc-vat", "thit",
    "thit-nguoi", "tinh-bot", "tra-thao-moc", "vien-sup", "xuc-xich",
    "dau-nghien-mexico",
})  # fmt: skip
# Diets that a kind of an animal food, or what is made of it, breaks as it does.
INHERITED = frozenset({"vegetarian", "vegan", "no_pork", "no_beef"})


@cache
def entries() -> tuple[Ingredient, ...]:
    return listed()


@cache
def by_key() -> dict[str, Ingredient]:
    return {entry.key: entry for entry in entries()}


@cache
def by_id() -> dict[str, Ingredient]:
    return {entry.id: entry for entry in entries()}


@cache
def by_name() -> dict[str, tuple[Ingredient, ...]]:
    owners: dict[str, dict[str, Ingredient]] = {}
    for entry in entries():
        for name in names(entry):
            owners.setdefault(name, {})[entry.key] = entry
    return {name: tuple(found.values()) for name, found in owners.items()}


def names(entry: Ingredient) -> tuple[str, ...]:
    return (entry.vi, entry.en, *(name for aliases in entry.aliases.values() for name in aliases))


def food(name: str) -> Ingredient:
    (entry,) = by_name()[name]
    return entry


def generalisations(entry: Ingredient) -> Iterator[Ingredient]:
    while entry.kind_of:
        entry = by_id()[entry.kind_of]
        yield entry


def origins(entry: Ingredient) -> set[str]:
    """Return the keys of all that the entry is, or is made of."""
    found = {entry.key}
    for id_ in (*((entry.kind_of,) if entry.kind_of else ()), *entry.made_of):
        found |= origins(by_id()[id_])
    return found


def test_a_kind_contains_the_allergens_of_what_it_is_a_kind_of() -> None:
    lacking = {
        (entry.key, parent.key)
        for entry in entries()
        for parent in [*generalisations(entry)][:1]
        if parent.key not in COLLECTIVE and not parent.allergens <= entry.allergens
    }

    assert lacking == set()


def test_a_kind_breaks_the_diets_that_animal_food_breaks() -> None:
    lacking = {
        (entry.key, parent.key)
        for entry in entries()
        for parent in [*generalisations(entry)][:1]
        if parent.key not in COLLECTIVE and not parent.breaks & INHERITED <= entry.breaks
    }

    assert lacking == set()


def test_what_is_made_of_a_food_contains_and_breaks_what_the_food_does() -> None:
    lacking = {
        (entry.key, part.key)
        for entry in entries()
        for part in map(by_id().__getitem__, entry.made_of)
        if not (part.allergens <= entry.allergens and part.breaks & INHERITED <= entry.breaks)
    }

    assert lacking == set()


def test_a_dish_may_contain_what_its_parts_may() -> None:
    lacking = {
        (dish.key, part.key)
        for dish in entries()
        if dish.category is Category.PREPARED
        for part in map(by_id().__getitem__, dish.made_of)
        if not part.may_contain <= dish.may_contain | dish.allergens
    }

    assert lacking == set()


def test_every_leftover_and_prepared_dish_says_what_it_is_made_of() -> None:
    dishes = [entry for entry in entries() if entry.category is Category.PREPARED]

    assert len(dishes) >= 150
    assert [dish.key for dish in dishes if not dish.made_of] == []


def test_diets_follow_from_allergens_in_the_one_table() -> None:
    assert [entry.key for entry in entries() if not broken_diets(entry.allergens, entry.breaks) <= entry.breaks] == []


@pytest.mark.parametrize("key", ["thit", "ca", "tom", "cua", "hai-san-co-vo", "trung", "san-pham-sua", "thit-heo"])
def test_no_kind_of_an_animal_food_is_vegan(key: str) -> None:
    kinds = [entry for entry in entries() if key in {parent.key for parent in generalisations(entry)}]

    assert kinds
    assert [entry.key for entry in kinds if "vegan" not in entry.breaks] == []


def test_shared_names_are_declared_with_a_reason_and_sorted() -> None:
    declared = yaml.safe_load((master.DATA / "ambiguous.yaml").read_text("utf-8"))
    shared = {name for name, owners in by_name().items() if len(owners) > 1}

    assert set(declared) == shared
    assert all(len(reason.split()) >= 3 for reason in declared.values())
    assert all(before < after for before, after in pairwise(declared))


def test_the_list_knows_what_both_kitchens_use() -> None:
    assert len(entries()) >= 2300
    assert sum(entry.kind_of is not None for entry in entries()) >= 1200


@pytest.mark.parametrize(
    ("name", "general"),
    [
        ("chicken thigh", "chicken"),
        ("thịt đùi gà", "thịt gà"),
        ("egg yolk", "egg"),
        ("lòng trắng trứng", "trứng gà"),
        ("dried shrimp", "shrimp"),
        ("tôm sú", "hải sản"),
        ("roasted peanut", "peanut"),
        ("cherry tomato", "tomato"),
        ("basmati rice", "rice"),
        ("spaghetti", "pasta"),
        ("orzo", "pasta"),
        ("cheddar", "cheese"),
        ("salmon", "fish"),
        ("cá lóc", "cá"),
        ("oyster mushroom", "mushroom"),
        ("pork belly", "pork"),
        ("bánh phở khô", "bánh phở"),
        ("dark soy sauce", "soy sauce"),
        ("cơm nguội", "cơm"),
        ("sultana", "dried fruit"),
        ("mussel", "shellfish"),
        ("bok choy", "leafy green"),
        ("walnut", "nut"),
        ("olive oil", "cooking oil"),
        ("chicken stock", "stock"),
        ("udon", "noodle"),
        ("lentil", "bean"),
        ("clementine", "citrus"),
        ("red wine", "alcohol"),
    ],
)
def test_a_food_is_a_kind_of_the_general_one(name: str, general: str) -> None:
    assert food(general) in generalisations(food(name))


@pytest.mark.parametrize(
    ("dish", "part"),
    [
        ("gà luộc", "thịt gà"),
        ("beef liver", "thịt bò"),
        ("bacon", "pork"),
        ("boiled egg", "egg"),
        ("fish sauce", "anchovy"),
        ("pad thai", "rice noodle"),
        ("bánh chưng", "gạo nếp"),
        ("lasagna", "beef"),
        ("guacamole", "avocado"),
        ("hummus", "chickpea"),
        ("xôi gấc", "gấc"),
        ("pesto", "pine nut"),
        ("kimchi stew", "pork"),
        ("tempeh", "soybean"),
    ],
)
def test_a_dish_leads_back_to_what_it_is_made_of(dish: str, part: str) -> None:
    assert food(part).key in origins(food(dish))


@pytest.mark.parametrize(
    ("name", "contained"),
    [
        ("nước mắm", {"fish"}),
        ("mắm tôm", {"crustaceans"}),
        ("xì dầu", {"soy", "gluten"}),
        ("dầu hào", {"molluscs", "soy", "gluten"}),
        ("worcestershire sauce", {"fish", "gluten"}),
        ("matzo meal", {"gluten"}),
        ("kashk", {"milk"}),
        ("oreo", {"gluten", "soy", "milk"}),
        ("amaretti", {"eggs", "nuts"}),
        ("amaretto", {"nuts"}),
        ("langoustine", {"crustaceans"}),
        ("kipper", {"fish"}),
        ("lemon sole", {"fish"}),
        ("tahini", {"sesame"}),
        ("hazelnut oil", {"nuts"}),
        ("peanut oil", {"peanuts"}),
        ("bottled lemon juice", {"sulphites"}),
        ("white wine", {"sulphites"}),
        ("bánh pía", {"gluten", "eggs"}),
        ("chả giò", {"gluten", "eggs", "crustaceans"}),
        ("gỏi cuốn", {"crustaceans"}),
        ("kim chi", {"crustaceans", "fish"}),
        ("marmite", {"gluten", "celery"}),
        ("lupin flour", {"lupin"}),
        ("wholegrain mustard", {"mustard"}),
        ("celery salt", {"celery"}),
    ],
)
def test_what_typical_products_contain_is_named(name: str, contained: set[str]) -> None:
    assert food(name).allergens == contained


@pytest.mark.parametrize(
    ("name", "traced"),
    [
        ("hạt nêm", {"gluten", "soy", "milk", "celery"}),
        ("stock cube", {"gluten", "soy"}),
        ("nước dùng gà", {"celery"}),
        ("nori", {"crustaceans", "molluscs"}),
        ("yến mạch", {"gluten"}),
        ("dark chocolate", {"milk", "nuts"}),
        ("shrimp", {"sulphites"}),
        ("sa tế", {"peanuts", "crustaceans"}),
        ("curry powder", {"mustard", "celery"}),
        ("bread", {"milk", "soy"}),
    ],
)
def test_what_depends_on_the_maker_may_be_contained_and_is_not(name: str, traced: set[str]) -> None:
    assert traced <= food(name).may_contain
    assert traced.isdisjoint(food(name).allergens)


@pytest.mark.parametrize(
    "name",
    [
        "lemon juice", "lime juice", "nước cốt chanh", "soybean oil", "chicken stock", "white vinegar", "fresh coconut",
        "horseradish root", "jellyfish", "choy sum", "rice paper", "bánh đa", "potato chip", "tomato sauce",
    ],
)  # fmt: skip
def test_foods_without_allergens_have_none(name: str) -> None:
    assert food(name).allergens == frozenset()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hazelnut oil", "walnut oil"),
        ("preserved lemon", "salted lime"),
        ("kipper", "pickled herring"),
        ("seville orange", "bergamot orange"),
        ("brown sauce", "gravy"),
        ("jerk seasoning", "cajun seasoning"),
        ("poultry seasoning", "spiced salt"),
        ("orange marmalade", "apricot jam"),
        ("thịt nghêu", "nghêu hộp"),
        ("haddock", "cod"),
        ("swede", "turnip"),
        ("borlotti bean", "pinto bean"),
        ("cayenne pepper", "paprika"),
        ("ancho chilli", "anchovy powder"),
        ("garri", "pickled ginger"),
        ("burrata", "mozzarella"),
        ("black pudding", "dồi heo"),
        ("japanese tofu", "silken tofu"),
        ("fresh turmeric", "turmeric"),
    ],
)
def test_other_foods_have_entries_of_their_own(one: str, other: str) -> None:
    assert food(one) != food(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("thịt lợn", "thịt heo"),
        ("mỳ ý", "mì ý"),
        ("khóm", "dứa"),
        ("ngô", "bắp"),
        ("đậu phộng", "lạc"),
        ("mè", "vừng"),
        ("ngò rí", "rau mùi"),
        ("khoai mì", "sắn"),
        ("bông cải xanh", "súp lơ xanh"),
        ("ngao", "nghêu"),
        ("nem rán", "chả giò"),
        ("cơm rang", "cơm chiên"),
        ("bột ngọt", "ajinomoto"),
        ("mì gói", "hảo hảo"),
        ("courgette", "zucchini"),
        ("aubergine", "eggplant"),
        ("cilantro", "fresh coriander"),
        ("rocket", "arugula"),
        ("beef mince", "ground beef"),
        ("tomato purée", "tomato paste"),
        ("scallion", "spring onion"),
        ("tabasco", "hot sauce"),
        ("philadelphia", "cream cheese"),
        ("hellmann's", "mayonnaise"),
        ("peppers", "bell pepper"),
        ("summer roll", "gỏi cuốn"),
        ("banh xeo", "bánh xèo"),
        ("cornflour", "cornstarch"),
        ("rutabaga", "swede"),
    ],
)
def test_words_of_regions_and_brands_name_one_food(one: str, other: str) -> None:
    assert food(one) == food(other)


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("prosciutto", {"vegetarian", "halal", "kosher", "no_pork"}),
        ("beef tallow", {"vegetarian", "no_beef"}),
        ("shrimp", {"vegetarian", "kosher"}),
        ("oyster sauce", {"vegetarian", "kosher", "gluten_free"}),
        ("parmesan", {"vegetarian", "dairy_free"}),
        ("honey", {"vegan"}),
        ("egg white", {"vegan"}),
        ("oat", {"gluten_free"}),
        ("red wine", {"halal"}),
        ("gelatin", {"vegetarian", "halal", "kosher"}),
    ],
)
def test_diets_are_broken_by_what_a_food_is(name: str, broken: set[str]) -> None:
    assert broken <= food(name).breaks


@pytest.mark.parametrize(
    ("name", "diet"),
    [
        ("nori", "vegan"),
        ("seaweed", "kosher"),
        ("mushroom seasoning", "vegetarian"),
        ("vegetable stock", "vegan"),
        ("baguette", "vegan"),
        ("gluten-free oat", "gluten_free"),
        ("dark chocolate", "vegan"),
        ("turkey", "no_pork"),
        ("rice vermicelli", "gluten_free"),
    ],
)
def test_what_may_be_contained_breaks_no_diet(name: str, diet: str) -> None:
    assert diet not in food(name).breaks
