"""What steps name stands in the list, goes in once and in its time, and is cut where it can be eaten."""

import re
from dataclasses import replace

import pytest

from apps.recipes.content import RecipeContent, Step
from apps.suggestions.composition import archetypes
from apps.suggestions.composition.archetypes import Archetype
from apps.suggestions.composition.checks import problems_of
from tests.suggestions.kitchens import composed, written

pytestmark = pytest.mark.usefixtures("seeded")

_UNLISTED = re.compile("not listed|nothing makes|listed twice")
_PUT_IN = {
    "vi": re.compile(r"(?:[Cc]ho|[Tt]hả|[Tt]hêm) [^.,;]*?\{[^}]*\}[^.,;]*? vào"),
    "en": re.compile(r"\b[Aa]dd the [^.,;]*"),
}
_OUT = {"vi": ("gắp ra", "trút ra", "vớt ra", "trở lại"), "en": ("lift out", "tip out", "drain", "Return")}
_COLD = frozenset({"cheese", "sour_cream", "yogurt", "salad_leaf", "avocado"})


def only(key: str, *names: str, language: str = "vi") -> RecipeContent:
    return next(one.content for one in composed(*names, language=language) if one.archetype == key)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_steps_take_is_listed_once(language: str) -> None:
    for one in archetypes.archetypes():
        if language in one.languages:
            for content in written(one, language):
                found = [problem for problem in problems_of(content) if _UNLISTED.search(problem)]
                assert found == [], (one.key, content.title)


def test_a_mixture_that_no_step_makes_is_a_problem() -> None:
    found = only("goi", "thịt vịt", "khế", "tía tô")
    without = replace(found, steps=tuple(step for step in found.steps if "Pha nước trộn" not in step.text))

    assert list(problems_of(found)) == []
    assert "nothing makes the nước trộn" in problems_of(without)


def test_salt_that_is_not_listed_is_a_problem() -> None:
    found = only("goi", "thịt vịt", "khế", "tía tô")
    salted = replace(found, steps=(*found.steps, Step("Rắc muối lên.", 1)))

    assert "a step takes muối, which is not listed" in problems_of(salted)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_nothing_is_put_in_twice(language: str) -> None:
    for one in archetypes.archetypes():
        if language in one.languages:
            for slot in one.slots:
                assert _times_put_in(one, slot.name, language) <= 1, (one.key, slot.name)


def _times_put_in(one: Archetype, slot: str, language: str) -> int:
    """Count the steps that put a slot in, of those that a dish has whatever it is made of."""
    times = 0
    for step in one.steps:
        text = step.text[language]
        if step.only or step.unless or any(word in text for word in _OUT[language]):
            continue
        put_in = " ".join(_PUT_IN[language].findall(text))
        times += bool(re.search(rf"[{{+|]{slot}[}}+|]", put_in))
    return times


def test_what_is_eaten_cold_is_not_fried() -> None:
    for one in archetypes.archetypes():
        for slot in one.slots:
            for step in one.steps:
                is_fried = re.match(rf"(Fry|Brown)[^;.]*[{{+|]{slot.name}[}}+|.]", step.text["en"])
                assert not (is_fried and slot.classes & _COLD), (one.key, step.text["en"])


def test_oil_that_is_at_hand_is_what_the_list_names() -> None:
    for one in composed("potatoes", "cheddar", "bacon", "extra virgin olive oil", language="en"):
        assert "vegetable oil" not in [line.name for line in one.content.ingredients], one.title


@pytest.mark.parametrize(
    ("have", "first", "last"),
    [
        (("đậu phụ", "khoai mỡ", "hành tím"), "khoai mỡ", "đậu phụ"),
        (("tôm", "bí đao", "hành tím"), "bí đao", "tôm"),
        (("thịt vịt", "khoai tây", "hành tím"), "thịt vịt", "khoai tây"),
    ],
)
def test_what_takes_long_goes_into_a_soup_first(have: tuple[str, ...], first: str, last: str) -> None:
    steps = [step.text for step in only("canh", *have).steps if "Nấu lửa vừa" in step.text]

    assert len(steps) == 1
    assert steps[0].index(first) < steps[0].index(last)
    assert f"cho {last} vào thêm" in steps[0]


@pytest.mark.parametrize("meat", ["cá nục", "thịt gà", "đùi gà", "gà nguyên con"])
def test_what_has_bones_is_taken_off_them_in_a_porridge(meat: str) -> None:
    for rice in ("gạo", "cơm nguội"):
        found = [one.content for one in composed(meat, rice, "hành lá") if "Cháo" in one.title]

        assert found
        for content in found:
            texts = [step.text for step in content.steps]
            assert any("bỏ hết da và xương" in text for text in texts)
            assert not any("khuấy tơi" in text for text in texts)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_raw_meat_and_what_is_eaten_raw_are_not_cut_in_one_step(language: str) -> None:
    have = {
        "vi": ("thịt gà", "rau sống", "rau răm", "bún", "lạc rang"),
        "en": ("salmon", "potatoes", "parsley", "lemon"),
    }
    words = {
        "vi": ("thịt gà", "rau răm", "Sau cùng, trên thớt riêng"),
        "en": ("salmon", "parsley", "Last, on a board of its own"),
    }
    flesh, herb, apart = words[language]

    for one in composed(*have[language], language=language):
        texts = [step.text for step in one.content.steps if step.text.startswith(("Sơ chế", "Prepare the", apart))]
        assert not any(flesh in text and herb in text for text in texts), one.title
        order = [text.startswith(apart) for text in texts]
        assert order == sorted(order), one.title


def test_what_no_step_takes_is_not_made_ready() -> None:
    for one in composed("thịt gà", "khoai tây", "cà rốt", "hành lá", "rau răm", "tôm"):
        listed = [line.name for line in one.content.ingredients]
        for step in one.content.steps:
            if step.text.startswith("Sơ chế: "):
                said = step.text.removeprefix("Sơ chế: ").rstrip(".").split("; ")
                assert all(any(each.startswith(name) for name in listed) for each in said), one.title


def test_fat_is_not_heated_alone_for_minutes() -> None:
    steps = only("vegetable-soup", "tomatoes", "cream cheese", "butter", language="en").steps

    assert [step.minutes for step in steps if step.text == "Heat the butter in a pot."] == [1]


def test_the_oil_of_an_omelette_is_parted() -> None:
    for have in (("eggs", "mushrooms"), ("eggs", "cheddar")):
        texts = [step.text for step in only("omelette", *have, language="en").steps]

        assert any(text.startswith(("Heat half the", "Heat a little of the")) for text in texts)
        assert any(text.startswith("Heat the rest of the") for text in texts)


def test_raw_soya_beans_are_boiled_and_podded() -> None:
    found = only("fried-rice", "cooked rice", "edamame", "garlic", language="en")

    assert any("edamame boiled for 5 minutes and podded" in step.text for step in found.steps)


@pytest.mark.parametrize("seafood", ["hàu", "sò điệp", "tôm"])
def test_what_is_steamed_does_not_lie_in_the_water(seafood: str) -> None:
    assert any("xửng" in step.text for step in only("steamed-seafood", seafood, "sả").steps)
