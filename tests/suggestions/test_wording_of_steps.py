"""How composed steps read: one list, one subject, nothing said twice; cuts that belong to the food."""

import pytest

from apps.recipes.content import Method
from apps.suggestions.composition import foods, texts
from tests.suggestions.kitchens import composed

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.mark.parametrize(
    ("slots", "wanted"),
    [
        ("until golden and {meat.done}", "Until golden and hot right through"),
        ("until {meat.done}", "Until it is hot right through"),
        ("vàng, {tofu.done}", "Vàng đều các mặt"),
    ],
)
def test_what_is_done_has_one_subject_and_is_said_once(slots: str, wanted: str) -> None:
    said = {"meat.done": "it is hot right through", "tofu.done": "vàng đều các mặt"}

    assert texts.fill(slots, said.__getitem__) == wanted


def test_foods_whose_names_begin_alike_all_stay_in_a_list() -> None:
    said = {"veg": texts.joined(["trứng", "trứng cút", "hành lá"], "vi"), "herb": "hành, hành lá"}

    assert (
        texts.fill("thêm {veg}, rắc {herb}", said.__getitem__) == "Thêm trứng, trứng cút và hành lá, rắc hành, hành lá"
    )


@pytest.mark.parametrize("name", ["rice noodle", "brussels sprout", "dumpling wrapper", "breadcrumb"])
def test_a_title_names_several_in_the_plural(name: str) -> None:
    assert texts.title_name(name, "en") == f"{name}s"


@pytest.mark.parametrize(("name", "cut"), [("brussels sprout", "halved"), ("bitter melon", "seeds scraped out")])
def test_a_cut_belongs_to_the_food(name: str, cut: str) -> None:
    found = next(kind.prep_of[name] for kind in foods.all_classes() if name in kind.prep_of)

    assert cut in found["en"]


def test_cured_meat_takes_no_more_salt_outside_of_soup() -> None:
    dry = [one.content for one in composed("bacon", "eggs", language="en") if one.content.method is not Method.SOUP]
    with_bacon = [one for one in dry if any(line.name == "bacon" for line in one.ingredients)]

    assert with_bacon
    assert not any(line.name == "salt" and line.quantity for one in with_bacon for line in one.ingredients)


def test_chopped_garlic_is_roasted_for_the_last_minutes_only() -> None:
    found = composed("carrots", "garlic", "olive oil", language="en")
    roast = [
        step.text for one in found for step in one.content.steps if step.text.startswith(("Heat the oven", "Roast"))
    ]

    assert roast
    assert all("garlic" not in text or "garlic for the last 3 minutes" in text for text in roast)
