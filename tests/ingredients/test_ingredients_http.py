"""Ingredients and pantries over HTTP."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.core import ids, keys, text
from apps.core.models import Item
from apps.ingredients import repositories, services
from apps.ingredients.models import UnknownName
from tests.support.words import fresh_word

pytestmark = pytest.mark.usefixtures("seeded")


def validate(api: Any, person: Any, *names: str, language: str = "en") -> list[Any]:
    answer = api.post(
        "/v1/ingredients/validate",
        json={"ingredients": list(names)},
        token=person.token,
        headers={"Accept-Language": language},
    )
    assert answer.status_code == 200, answer.content
    found: list[Any] = answer.json()["results"]
    return found


def test_names_are_understood_in_input_order_with_their_quantities(api: Any, ana: Any) -> None:
    results = validate(api, ana, "2 quả cà chua", "thit bo", "hanh tay", "1 tbsp fish sauce", "xi măng", "")

    assert [one["input"] for one in results] == [
        "2 quả cà chua", "thit bo", "hanh tay", "1 tbsp fish sauce", "xi măng", "",
    ]  # fmt: skip
    assert [one["status"] for one in results] == ["exact", "exact", "exact", "exact", "unknown", "invalid"]
    assert [one["ingredient"] and one["ingredient"]["name_en"] for one in results[:4]] == [
        "tomato", "beef", "onion", "fish sauce",
    ]  # fmt: skip
    assert (results[0]["quantity"], results[0]["unit"]) == (2, "piece")
    assert (results[3]["quantity"], results[3]["unit"]) == (1, "tbsp")
    assert "quantity" not in results[1]


def test_a_quantity_of_0_and_both_ends_of_a_range_are_answered(api: Any, ana: Any) -> None:
    none, some = validate(api, ana, "0 eggs", "1½-2 cups flour")

    assert none["quantity"] == 0
    assert (some["quantity"], some["quantity_max"], some["unit"]) == (1.5, 2, "cup")


def test_marks_decide_and_without_them_all_meanings_are_offered(api: Any, ana: Any) -> None:
    pineapple, coconut, either = validate(api, ana, "dứa", "dừa", "dua")

    assert pineapple["ingredient"]["name_en"] == "pineapple"
    assert coconut["ingredient"]["name_en"] == "coconut"
    assert (either["status"], either["ingredient"]) == ("ambiguous", None)
    offered = {one["name_en"] for one in either["suggestions"]}
    assert {"pineapple", "coconut"} <= offered
    assert len(either["suggestions"]) <= 3


def test_a_prefix_is_never_an_ingredient(api: Any, ana: Any) -> None:
    assert all(one["status"] not in {"exact", "corrected"} for one in validate(api, ana, "cà ch", "thịt b", "pinea"))


def test_names_are_in_the_language_of_the_caller(api: Any, ana: Any) -> None:
    assert validate(api, ana, "tomato", language="vi")[0]["ingredient"]["name"] == "cà chua"
    assert validate(api, ana, "cà chua", language="en")[0]["ingredient"]["name"] == "tomato"


@pytest.mark.parametrize("names", [[], ["x"] * 21, ["x" * 101], [3], "cà chua", [None]])
def test_a_question_beyond_the_limits_is_400(api: Any, ana: Any, names: Any) -> None:
    assert api.post("/v1/ingredients/validate", json={"ingredients": names}, token=ana.token).status_code == 400


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "👩‍🍳", "́" * 100, "%s", "<script>", "'; --", "\u202egnat"])
def test_any_text_is_an_answerable_question(api: Any, ana: Any, name: str) -> None:
    assert validate(api, ana, name)[0]["status"] in {"unknown", "invalid", "ambiguous"}


def test_completion_puts_what_starts_so_first_and_pages(api: Any, ana: Any) -> None:
    first = api.get("/v1/ingredients?q=cà&limit=5", token=ana.token).json()
    second = api.get(f"/v1/ingredients?q=cà&limit=5&cursor={first['next']}", token=ana.token).json()

    assert [one["name_vi"].startswith("cà") for one in first["items"][:2]] == [True, True]
    assert not {one["id"] for one in first["items"]} & {one["id"] for one in second["items"]}
    assert [one["category"] for one in api.get("/v1/ingredients?q=bo&category=dairy", token=ana.token).json()["items"]]
    only = api.get("/v1/ingredients?q=b&category=fruit&limit=100", token=ana.token).json()["items"]
    assert {one["category"] for one in only} == {"fruit"}


def test_an_ingredient_is_read_by_its_id(api: Any, ana: Any) -> None:
    sauce = services.resolve("nước mắm")
    assert sauce is not None

    found = api.get(f"/v1/ingredients/{sauce.id}", token=ana.token).json()

    assert (found["name_en"], found["allergens"], found["staple"]) == ("fish sauce", ["fish"], True)
    assert "vegetarian" in found["breaks"]
    assert api.get(f"/v1/ingredients/{ids.new_id()}", token=ana.token).status_code == 404


def new_name() -> str:
    """Return a name that nobody knows."""
    return f"rau {fresh_word()}"


def queued(name: str) -> list[UnknownName]:
    waiting = Item.queues.query(keys.unknown_names_queue("-", "-").pk)
    rows = [UnknownName.read(row.key) for row in waiting]
    return [row for row in rows if row is not None and row.name == name]


def test_the_fifth_distinct_reporter_brings_an_unknown_name_to_the_moderators_once(api: Any, person: Any) -> None:
    name = new_name()
    people = [person() for _ in range(6)]

    for somebody in people[:4]:
        for _ in range(3):
            validate(api, somebody, name)
    assert queued(name) == []
    validate(api, people[4], f"300g {name.upper()}")
    validate(api, people[5], f"2 {name} (loại to)")

    (row,) = queued(name)
    assert row.reporters == 6


def test_reporters_at_once_are_all_counted(person: Any, server: Any) -> None:
    name = new_name()
    people = [person() for _ in range(8)]

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda somebody: validate(server.api, somebody, name), people))

    (row,) = queued(name)
    assert row.reporters == 8


def test_a_pantry_is_its_owners(api: Any, ana: Any, ben: Any) -> None:
    tomato = services.resolve("cà chua")
    assert tomato is not None
    path = f"/v1/pantry/{tomato.id}"

    put = api.put(path, json={"quantity": 2.5, "unit": "kg", "expires_on": "2030-01-31"}, token=ana.token).json()
    assert (put["quantity"], put["unit"], put["expires_on"]) == (2.5, "kg", "2030-01-31")
    assert api.put(path, json={}, token=ana.token).json()["quantity"] is None
    assert [one["ingredient"]["id"] for one in api.get("/v1/pantry", token=ana.token).json()["items"]] == [tomato.id]
    assert api.get("/v1/pantry", token=ben.token).json()["items"] == []
    assert api.delete(path, token=ben.token).status_code == 404
    assert len(api.get("/v1/pantry", token=ana.token).json()["items"]) == 1
    assert api.delete(path, token=ana.token).status_code == 204
    assert api.get("/v1/pantry", token=ana.token).json()["items"] == []


@pytest.mark.parametrize(
    "body", [{"expires_on": "31.1.2030"}, {"quantity": -1}, {"quantity": -1e-300}, {"quantity": "2"}, {"colour": 1}]
)
def test_a_pantry_takes_no_nonsense(api: Any, ana: Any, body: Any) -> None:
    tomato = services.resolve("cà chua")
    assert tomato is not None

    assert api.put(f"/v1/pantry/{tomato.id}", json=body, token=ana.token).status_code == 400
    assert api.get("/v1/pantry", token=ana.token).json()["items"] == []


def test_a_name_that_nobody_reports_again_is_forgotten_and_counted_anew(person: Any) -> None:
    name = f"rau lạ {fresh_word()}"
    first, second, third = person(), person(), person()
    repositories.report_unknown(name, user_id=first.id, queue_at=3)
    row = stored_unknown(name)
    assert row.ttl is not None
    row.update([UnknownName.ttl.set(1)], add_version_condition=False)

    repositories.report_unknown(name, user_id=second.id, queue_at=3)
    assert stored_unknown(name).reporters == 1
    repositories.report_unknown(name, user_id=third.id, queue_at=2)

    queued = stored_unknown(name)
    assert queued.reporters == 2
    assert not queued.ttl
    assert queued.gsi4pk


def stored_unknown(name: str) -> UnknownName:
    name_hash = hashlib.sha256(text.fold(name).encode()).hexdigest()[:32]
    key = keys.unknown_name(name_hash)
    return UnknownName.get(key.pk, key.sk, consistent_read=True)
