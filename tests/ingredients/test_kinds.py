"""Kinds: a kind does for the general ingredient, and who avoids the general one avoids its kinds and mixtures."""

from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.kinds import Kinds
from tests.support.ingredients import listed


def food(id_: str, *, kind_of: str | None = None, made_of: tuple[str, ...] = ()) -> Ingredient:
    return Ingredient(
        id_, id_, id_, id_, Category.MEAT, {}, frozenset(), frozenset(), kind_of=kind_of, made_of=made_of
    )  # fmt: skip


def kinds(*foods: Ingredient) -> Kinds:
    return Kinds({one.id: one for one in foods})


CHICKEN = kinds(
    food("meat"),
    food("chicken", kind_of="meat"),
    food("thigh", kind_of="chicken"),
    food("thigh-fillet", kind_of="thigh"),
    food("skinless", kind_of="thigh-fillet"),
    food("pie", made_of=("thigh", "flour")),
    food("pot-pie", kind_of="pie"),
    food("flour"),
)


def test_a_kind_does_for_the_general_ingredient_however_far_above() -> None:
    assert [CHICKEN.satisfaction(kind, "chicken") for kind in ("chicken", "thigh", "skinless")] == [1, 1, 1]


def test_the_general_ingredient_does_less_well_for_its_kinds_the_farther_they_are() -> None:
    scores = [CHICKEN.satisfaction("chicken", kind) for kind in ("thigh", "thigh-fillet", "skinless")]

    assert scores == [0.8, 0.6, 0]


def test_ingredients_that_share_what_they_are_kinds_of_do_not_replace_each_other() -> None:
    siblings = kinds(food("chicken"), food("thigh", kind_of="chicken"), food("wing", kind_of="chicken"))

    assert siblings.satisfaction("thigh", "wing") == 0


def test_a_mixture_does_not_do_for_what_is_in_it() -> None:
    assert CHICKEN.satisfaction("pie", "thigh") == CHICKEN.satisfaction("thigh", "pie") == 0


def test_kinds_of_an_ingredient_are_itself_and_all_below_it() -> None:
    assert CHICKEN.kinds_of("thigh") == {"thigh", "thigh-fillet", "skinless"}
    assert CHICKEN.kinds_of("flour") == {"flour"}


def test_what_something_contains_is_all_above_it_and_all_that_it_is_made_of() -> None:
    assert CHICKEN.contains("pot-pie") == {"pot-pie", "pie", "thigh", "chicken", "meat", "flour"}
    assert CHICKEN.contains("meat") == {"meat"}


def test_an_id_that_nobody_knows_is_only_itself() -> None:
    assert CHICKEN.kinds_of("?") == CHICKEN.contains("?") == {"?"}
    assert (CHICKEN.satisfaction("?", "?"), CHICKEN.satisfaction("?", "meat"), CHICKEN.ancestors("?")) == (1, 0, ())


def test_a_circle_that_somebody_made_ends() -> None:
    circle = kinds(food("a", kind_of="b"), food("b", kind_of="a", made_of=("a",)))

    assert circle.contains("a") == {"a", "b"}
    assert circle.kinds_of("b") == {"a", "b"}


def test_the_authored_list_is_a_hierarchy() -> None:
    authored = Kinds({entry.id: entry for entry in listed()})

    for entry in listed():
        assert entry.id in authored.contains(entry.id)
        assert entry.kind_of is None or authored.satisfaction(entry.id, entry.kind_of) == 1
