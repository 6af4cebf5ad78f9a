"""Parsing a model's answer: it must match the schema, and its texts are sanitized."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.recipes.content import Language, Method
from apps.suggestions.providers import recipe_schema
from apps.suggestions.providers.port import AtHand, GenerationRequest
from apps.suggestions.providers.recipe_schema import NAMES, Malformed
from apps.suggestions.providers.untrusted import plain
from tests.support.model_stub import composed

REQUEST = GenerationRequest(
    (AtHand("1", "thịt bò", "beef", "meat"), AtHand("2", "cà chua", "tomato", "vegetable")), Method.SOUP, Language.VI
)


def answer(**changes: Any) -> dict[str, Any]:
    return composed({"at_hand": ["thịt bò", "cà chua"]}, recipe_schema.schema(REQUEST)) | changes


def faults(written: Any) -> set[str]:
    with pytest.raises(Malformed) as raised:
        recipe_schema.read(written, REQUEST)
    return set(raised.value.faults)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Phở\u200b \u202ebò\u2066", "Phở bò"),
        ("Phở\x00\x1b[31m bò", "Phở[31m bò"),
        ("Đun sôi.\n\n\tThêm   muối.", "Đun sôi. Thêm muối."),
        ("<b>Phở</b> <img src=x onerror=alert(1)>bò", "Phở bò"),
        ("&lt;script&gt;alert(1)&lt;/script&gt; bò", "alert(1) bò"),
        ("<<b>script>x</<b>script>", "< script>x</ script>"),
        ("bò <script src=//evil", "bò"),
        ("xem https://evil.example/a?b=c nhé", "xem nhé"),
        ("xem [công thức](http://evil.example) nhé", "xem công thức nhé"),
        ("javascript:alert(1) muối", "muối"),
        ("www.evil.example và evil.com/x, rồi t.me/spam", "và rồi"),
        ("hỏi bep.truong@example.com nhé", "hỏi nhé"),
        ("theo @gordon.ramsay và ＠ai", "theo và"),
        ("tag\U000e0041\U000e0042 \ue000muối\ufe0f", "tag muối"),
        ("Nấu < 5 phút, lửa > vừa", "Nấu < 5 phút, lửa > vừa"),
        ("180°C, 1,5 muỗng canh; ½ quả chanh – xong!", "180°C, 1,5 muỗng canh; ½ quả chanh – xong!"),
        ("Cho muối.Me chua vào. Add it.to taste", "Cho muối.Me chua vào. Add it.to taste"),
        ("Pho\u031b\u0309 bo\u0300", "Phở bò"),
        ("data: 3", "3"),
    ],
)
def test_text_is_plain(written: str, read: str) -> None:
    assert plain(written) == read


@given(st.text(max_size=200))
def test_plain_text_stays_as_it_is(text: str) -> None:
    once = plain(text)

    assert plain(once) == once
    assert len(once.splitlines()) <= 1


def test_every_text_is_cleaned() -> None:
    dirty = "<i>Bò</i>\u200b http://evil.example kho"

    content = recipe_schema.read(
        answer(
            title=dirty, description=dirty, tags=[dirty, "x" * 31, 7, "<b></b>"],
            ingredients=[{"name": dirty, "quantity": 1, "unit": "<i>g</i>\u200b", "preparation": dirty}],
            steps=[{"text": dirty, "minutes": 1}],
        ),
        REQUEST,
    )  # fmt: skip

    line = content.ingredients[0]
    texts = (content.title, content.description, line.name, line.preparation, content.steps[0].text, *content.tags)
    assert set(texts) == {"Bò kho"}
    assert line.unit == "g"


def test_fields_outside_the_schema_are_dropped() -> None:
    content = recipe_schema.read(
        answer(
            allergens=[], image="http://evil.example/x.png", id="1", nutrition={"calories": 1}, language="fr",
            ingredients=[{"name": "thịt bò", "quantity": 2, "unit": "kg", "ingredient_id": "0" * 26, "brand": "x"}],
        ),
        REQUEST,
    )  # fmt: skip

    assert (content.image, content.nutrition, content.language) == (None, None, Language.VI)
    assert content.ingredients[0].ingredient_id is None


def test_missing_fields_stay_missing() -> None:
    required = recipe_schema.schema(REQUEST)["required"]

    for name in required:
        whole = answer()
        del whole[name]
        assert f"{name}:required" in faults(whole)


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"title": "x" * 201}, "title:max_length"),
        ({"title": 7}, "title:invalid"),
        ({"difficulty": "impossible"}, "difficulty:invalid_choice"),
        ({"prep_minutes": -1}, "prep_minutes:min_value"),
        ({"prep_minutes": 100_000}, "prep_minutes:max_value"),
        ({"prep_minutes": True}, "prep_minutes:invalid"),
        ({"ingredients": [{"name": "a"}] * 26}, "ingredients:max_length"),
        ({"ingredients": ["bò"]}, "ingredients.0:invalid"),
        ({"ingredients": [{"name": "a", "quantity": float("nan")}]}, "ingredients.0.quantity:invalid"),
        ({"ingredients": [{"quantity": 1}]}, "ingredients.0.name:required"),
        ({"steps": [{"text": "x"}] * 13}, "steps:max_length"),
        ({"steps": [{"text": "\u200b"}]}, "steps.0.text:blank"),
        ({"steps": [{"text": "a"}, {"text": "b", "minutes": 1.5}]}, "steps.1.minutes:invalid"),
        ({"method": "grill"}, "method:invalid_choice"),
    ],
)
def test_what_is_out_of_bounds_is_refused(changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(answer(**changes))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(NAMES)), inner, max_size=9),
    max_leaves=20,
)


@given(_JSON)
def test_faults_name_only_our_own_fields_whatever_the_answer(written: Any) -> None:
    for fault in faults(written):
        path, code = fault.split(":")
        assert {part for part in path.split(".") if not part.isdigit()} <= NAMES
        assert code.replace("_", "").isalpha()
