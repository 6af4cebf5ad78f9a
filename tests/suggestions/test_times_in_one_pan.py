"""Foods that take different times go in one after the other, and what was cooked is called by its number."""

import re

import pytest

from apps.suggestions.composition import stages
from apps.suggestions.composition.foods import all_classes
from apps.suggestions.composition.stages import Timed
from tests.suggestions.kitchens import composed

pytestmark = pytest.mark.usefixtures("seeded")


def steps_of(archetype: str, *names: str, language: str = "en") -> str:
    found = next(one.content for one in composed(*names, language=language) if one.archetype == archetype)
    return " ".join(step.text for step in found.steps)


def test_what_takes_longest_begins() -> None:
    foods = [Timed("salmon", 14), Timed("potatoes", 35), Timed("broccoli", 16)]

    said = "the potatoes for 19 minutes, then add the broccoli and salmon for another 16 minutes"
    assert stages.stages(foods, "en") == said
    assert stages.stages(foods[:1], "en") == "the salmon for 14 minutes"
    assert stages.stages(foods, "vi") == "potatoes 19 phút, rồi cho broccoli và salmon vào thêm 16 phút"


@pytest.mark.parametrize("quick", ["salmon", "sausages", "swordfish"])
def test_fish_and_sausages_join_the_roots_in_the_oven(quick: str) -> None:
    said = steps_of("traybake", quick, "potatoes")

    assert re.search(r"Roast the potatoes for \d+ minutes, then add the", said)


def test_vegetables_of_one_time_are_boiled_together() -> None:
    said = steps_of("pan-fried-meat-and-sides", "chicken breast", "broccoli")

    assert "what takes longest" not in said
    assert ", then add" not in said


def test_liver_takes_no_longer_than_ten_minutes() -> None:
    liver = next(kind for kind in all_classes() if kind.key == "liver")

    assert max(minutes for heat, minutes in liver.minutes.items()) <= 10


@pytest.mark.parametrize(("amount", "said"), [("1 onion", "the onion"), ("4 onions", "the onions")])
def test_one_onion_is_no_onions(amount: str, said: str) -> None:
    texts = " ".join(
        step.text for one in composed(amount, "chicken thighs", language="en") for step in one.content.steps
    )

    assert said in texts
