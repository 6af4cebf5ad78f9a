"""Shopping lists: hand-computed sums, what is at home, aisles, and concurrent checks."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.core import ids
from apps.ingredients import services as ingredients
from tests.support import households, plans, recipes

pytestmark = pytest.mark.usefixtures("seeded")

# Dishes for two, the servings to cook, and what has to be bought, computed by hand.
SUMS: list[tuple[list[tuple[int, list[tuple[str, float, str]]]], dict[str, list[tuple[float, str]]]]] = [
    ([(2, [("thịt bò", 300, "g")]), (2, [("thịt bò", 200, "g")])], {"thịt bò": [(500, "g")]}),
    ([(4, [("thịt bò", 300, "g")])], {"thịt bò": [(600, "g")]}),
    ([(1, [("thịt bò", 300, "g")])], {"thịt bò": [(150, "g")]}),
    ([(6, [("gạo", 0.5, "kg")])], {"gạo": [(1.5, "kg")]}),
    ([(3, [("cà chua", 3, "piece")])], {"cà chua": [(5, "piece")]}),
    ([(2, [("cà chua", 2, "piece"), ("cà chua", 110, "g")])], {"cà chua": [(330, "g")]}),
    ([(2, [("hành tây", 1, "piece")]), (2, [("hành tây", 2, "piece")])], {"hành tây": [(3, "piece")]}),
    ([(2, [("hành tây", 1, "piece")]), (2, [("hành tây", 50, "g")])], {"hành tây": [(200, "g")]}),
    ([(2, [("nước mắm", 2, "tbsp")]), (4, [("nước mắm", 1, "tsp")])], {"nước mắm": [(40, "ml")]}),
    ([(2, [("sữa", 1, "cup")]), (2, [("sữa", 0.5, "l")])], {"sữa": [(740, "ml")]}),
    ([(2, [("sữa", 1, "l")]), (2, [("sữa", 206, "g")])], {"sữa": [(1.2, "l")]}),
    ([(2, [("đường", 100, "g")]), (2, [("đường", 2, "tbsp")])], {"đường": [(126, "g")]}),
    ([(2, [("bột mì", 2, "cup")])], {"bột mì": [(255, "g")]}),
    ([(2, [("trứng gà", 3, "piece")]), (4, [("trứng gà", 2, "piece")])], {"trứng gà": [(7, "piece")]}),
    ([(2, [("tỏi", 3, "clove")]), (2, [("tỏi", 2, "clove")])], {"tỏi": [(5, "clove")]}),
    ([(2, [("tỏi", 2, "clove")]), (2, [("tỏi", 1, "piece")])], {"tỏi": [(60, "g")]}),
    ([(2, [("rau muống", 1, "bunch")]), (2, [("rau muống", 100, "g")])], {"rau muống": [(500, "g")]}),
    ([(2, [("rau răm", 1, "bunch")]), (2, [("rau răm", 20, "g")])], {"rau răm": [(20, "g"), (1, "bunch")]}),
    ([(2, [("cà rốt", 2, "piece")]), (2, [("khoai tây", 300, "g")])],
     {"cà rốt": [(2, "piece")], "khoai tây": [(300, "g")]}),
    ([(2, [("nước", 1, "l"), ("muối", 1, "tsp")])], {"muối": [(6, "g")]}),
    ([(2, [("dầu ăn", 3, "tbsp")]), (2, [("dầu ăn", 46, "g")])], {"dầu ăn": [(95, "ml")]}),
    ([(2, [("đậu phụ", 2, "piece")]), (2, [("đậu phụ", 100, "g")])], {"đậu phụ": [(400, "g")]}),
    ([(5, [("tôm", 400, "g")])], {"tôm": [(1, "kg")]}),
    ([(2, [("hành lá", 2, "stalk")]), (2, [("hành lá", 3, "stalk")])], {"hành lá": [(5, "stalk")]}),
    ([(2, [("hành lá", 2, "stalk")]), (2, [("hành lá", 1, "bunch")])], {"hành lá": [(120, "g")]}),
    ([(2, [("gừng", 1, "piece")]), (3, [("gừng", 1, "piece")])], {"gừng": [(3, "piece")]}),
    ([(2, [("nước cốt dừa", 1, "can")]), (2, [("nước cốt dừa", 100, "ml")])], {"nước cốt dừa": [(500, "ml")]}),
    ([(7, [("thịt heo", 250, "g")])], {"thịt heo": [(875, "g")]}),
    ([(2, [("mật ong", 1, "tbsp")]), (2, [("mật ong", 20, "g")])], {"mật ong": [(42, "g")]}),
    ([(2, [("thịt bò", 300, "g"), ("cà chua", 1, "piece")]), (4, [("cà chua", 2, "piece"), ("tôm", 200, "g")])],
     {"thịt bò": [(300, "g")], "cà chua": [(5, "piece")], "tôm": [(400, "g")]}),
]  # fmt: skip


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def recipe(api: Any, person: Any, lines: Sequence[tuple[str, float, str]]) -> str:
    made = recipes.create(
        api, person, servings=2,
        ingredients=[{"name": name, "quantity": quantity, "unit": unit} for name, quantity, unit in lines],
    )  # fmt: skip
    return str(made["id"])


def shop(api: Any, person: Any, *wanted: tuple[str, int]) -> dict[str, Any]:
    body = {"recipes": [{"recipe_id": recipe_id, "servings": servings} for recipe_id, servings in wanted]}
    answer = api.post("/v1/lists", json=body, token=person.token)
    assert answer.status_code == 201, answer.content
    made: dict[str, Any] = answer.json()
    return made


def amounts(shopping_list: dict[str, Any]) -> dict[str, list[tuple[float, str]]]:
    found: dict[str, list[tuple[float, str]]] = {}
    for item in shopping_list["items"]:
        found.setdefault(item["ingredient_id"], []).append((item["quantity"], item["unit"]))
    return {id_: sorted(values) for id_, values in found.items()}


@pytest.fixture(scope="module")
def cook(person: Any) -> Any:
    return person()


@pytest.mark.parametrize(("dishes", "expected"), SUMS)
def test_a_list_equals_the_sum_computed_by_hand(
    api: Any, cook: Any, dishes: list[Any], expected: dict[str, list[tuple[float, str]]]
) -> None:
    found = shop(api, cook, *[(recipe(api, cook, lines), servings) for servings, lines in dishes])

    assert amounts(found) == {id_of(name): sorted(values) for name, values in expected.items()}


@pytest.mark.parametrize(("dishes", "expected"), SUMS)
def test_the_list_of_a_plan_equals_the_sum_computed_by_hand(
    api: Any, cook: Any, messages: list[Any], dishes: list[Any], expected: dict[str, list[tuple[float, str]]]
) -> None:
    plan = api.post(
        "/v1/plans", json={"start": "2027-03-01", "days": len(dishes), "meals": ["dinner"]}, token=cook.token
    ).json()
    chosen = [
        {"id": slot["id"], "recipe_id": recipe(api, cook, lines), "servings": servings}
        for slot, (servings, lines) in zip(plan["slots"], dishes, strict=True)
    ]
    changed = api.patch(f"/v1/plans/{plan['id']}", json={"slots": chosen}, token=cook.token)
    assert changed.status_code == 200, changed.content

    made = api.post(f"/v1/plans/{plan['id']}/list", token=cook.token)

    assert made.status_code == 201, made.content
    found = api.get(f"/v1/lists/{made.json()['id']}", token=cook.token).json()
    assert amounts(found) == {id_of(name): sorted(values) for name, values in expected.items()}
    assert {slot for item in found["items"] for slot in item["for"]} == {one["id"] for one in chosen}


def test_what_is_at_home_need_not_be_bought(api: Any, ana: Any) -> None:
    for name, lot in (
        ("thịt bò", {"quantity": 0.2, "unit": "kg"}),
        ("gạo", {"quantity": 5, "unit": "kg"}),
        ("muối", {}),
    ):
        assert api.put(f"/v1/pantry/{id_of(name)}", json=lot, token=ana.token).status_code == 200
    made = recipe(api, ana, [("thịt bò", 500, "g"), ("gạo", 300, "g"), ("muối", 5, "g"), ("cà chua", 1, "piece")])

    found = shop(api, ana, (made, 2))

    assert amounts(found) == {id_of("thịt bò"): [(300, "g")], id_of("cà chua"): [(1, "piece")]}
    beef = next(item for item in found["items"] if item["ingredient_id"] == id_of("thịt bò"))
    assert beef["have"] == {"quantity": 200, "unit": "g"}
    assert len(found["covered"]) == 2


def test_what_has_expired_is_not_at_home(api: Any, ana: Any) -> None:
    lot = {"quantity": 1, "unit": "kg", "expires_on": "2020-01-01"}
    api.put(f"/v1/pantry/{id_of('thịt bò')}", json=lot, token=ana.token)

    found = shop(api, ana, (recipe(api, ana, [("thịt bò", 500, "g")]), 2))

    assert amounts(found) == {id_of("thịt bò"): [(500, "g")]}


def test_lines_are_in_the_order_of_aisles_with_packs(api: Any, ana: Any) -> None:
    lines = [
        ("nước mắm", 2, "tbsp"),
        ("thịt bò", 300, "g"),
        ("đường", 600, "g"),
        ("cà rốt", 1, "piece"),
        ("tôm", 1, "kg"),
    ]

    found = shop(api, ana, (recipe(api, ana, lines), 2))

    assert [item["aisle"] for item in found["items"]] == ["produce", "meat", "seafood", "spices", "sauces_cans"]
    packs = {item["ingredient_id"]: item["packs"] for item in found["items"]}
    assert packs[id_of("đường")] == {"count": 1, "size": 1000, "unit": "g"}
    assert packs[id_of("nước mắm")] == {"count": 1, "size": 500, "unit": "ml"}


def test_a_list_can_be_read_as_text(api: Any, ana: Any) -> None:
    found = shop(api, ana, (recipe(api, ana, [("thịt bò", 300, "g"), ("cà rốt", 2, "piece")]), 2))
    beef = next(item for item in found["items"] if item["aisle"] == "meat")
    path = f"/v1/lists/{found['id']}"
    api.put(f"{path}/items/{beef['id']}", json={"checked": True, "note": "lean"}, token=ana.token)

    answer = api.get(f"{path}?format=text", token=ana.token)

    assert answer.headers["Content-Type"].startswith("text/plain")
    text = answer.content.decode()
    assert "Meat\n[x] 300 g beef (lean)" in text
    assert "[ ] 2 × carrot" in text


def test_a_list_belongs_to_its_household_alone(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana, ben)
    found = shop(api, ana, (recipe(api, ana, [("thịt bò", 300, "g")]), 2))
    path, item = f"/v1/lists/{found['id']}", found["items"][0]["id"]

    assert api.get(path, token=ben.token).json()["items"][0]["id"] == item
    for verb, where, body in (
        ("GET", path, None), ("DELETE", path, None), ("PUT", f"{path}/items/{item}", {"checked": True}),
        ("DELETE", f"{path}/items/{item}", None), ("POST", f"{path}/done", None),
    ):  # fmt: skip
        assert api.request(verb, where, json=body, token=cyd.token).status_code == 404, (verb, where)
    assert api.get("/v1/lists", token=cyd.token).json()["items"] == []
    assert [one["id"] for one in api.get("/v1/lists", token=ben.token).json()["items"]] == [found["id"]]


def test_an_item_is_added_changed_and_removed(api: Any, ana: Any) -> None:
    path = f"/v1/lists/{shop(api, ana, (recipe(api, ana, [('thịt bò', 300, 'g')]), 2))['id']}"
    own = ids.new_id()

    added = api.put(f"{path}/items/{own}", json={"name": "cà chua", "quantity": 3}, token=ana.token).json()
    assert (added["ingredient_id"], added["aisle"], added["checked"]) == (id_of("cà chua"), "produce", False)
    changed = api.put(f"{path}/items/{own}", json={"note": "ripe"}, token=ana.token).json()
    assert (changed["name"], changed["quantity"], changed["note"]) == ("cà chua", 3, "ripe")
    assert api.delete(f"{path}/items/{own}", token=ana.token).status_code == 204
    assert api.put(f"{path}/items/{own}", json={"checked": True}, token=ana.token).status_code == 404
    assert len(api.get(path, token=ana.token).json()["items"]) == 1


def test_three_people_check_sixty_items_at_once_and_none_is_lost(
    api: Any, server: Any, ana: Any, ben: Any, cyd: Any
) -> None:
    households.found(api, ana, ben, cyd)
    made = shop(api, ana, (recipe(api, ana, [("thịt bò", 300, "g")]), 2))
    path = f"/v1/lists/{made['id']}"
    added = [ids.new_id() for _ in range(59)]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda id_: api.put(f"{path}/items/{id_}", json={"name": f"x {id_}"}, token=ana.token), added))
    everything = [*added, made["items"][0]["id"]]

    def work(task: tuple[int, str]) -> int:
        number, item = task
        who = (ana, ben, cyd)[number % 3]
        other = (ana, ben, cyd)[(number + 1) % 3]
        server.api.put(f"{path}/items/{item}", json={"note": f"n{number}"}, token=other.token)
        answer = server.api.put(f"{path}/items/{item}", json={"checked": True}, token=who.token)
        server.api.put(f"{path}/items/{item}", json={"quantity": number}, token=other.token)
        return int(answer.status_code)

    with ThreadPoolExecutor(6) as threads:
        statuses = set(threads.map(work, enumerate(everything)))

    assert statuses == {200}
    items = api.get(path, token=ben.token).json()["items"]
    assert len(items) == 60
    assert all(item["checked"] and item["note"] and item["quantity"] is not None for item in items)


def test_bought_items_are_added_to_the_pantry_once(api: Any, ana: Any) -> None:
    found = shop(api, ana, (recipe(api, ana, [("thịt bò", 300, "g"), ("cà rốt", 2, "piece")]), 2))
    path = f"/v1/lists/{found['id']}"
    beef = next(item for item in found["items"] if item["aisle"] == "meat")
    api.put(f"{path}/items/{beef['id']}", json={"checked": True}, token=ana.token)

    for _ in range(2):
        done = api.post(f"{path}/done", token=ana.token)
        assert done.status_code == 200
        assert done.json()["done_at"] is not None

    stock = api.get("/v1/pantry", token=ana.token).json()["items"]
    assert [(one["ingredient"]["id"], one["quantity"], one["unit"]) for one in stock] == [(id_of("thịt bò"), 300, "g")]


def test_bought_items_are_not_lost_if_there_are_many_lots(api: Any, ana: Any) -> None:
    beef = id_of("thịt bò")
    for number in range(20):
        lot = {"quantity": 10, "unit": "g", "expires_on": f"2999-01-{number + 1:02}"}
        assert api.post(f"/v1/pantry/{beef}/lots", json=lot, token=ana.token).status_code == 201
    found = shop(api, ana, (recipe(api, ana, [("thịt bò", 700, "g")]), 2))
    item, path = found["items"][0], f"/v1/lists/{found['id']}"
    api.put(f"{path}/items/{item['id']}", json={"checked": True}, token=ana.token)

    assert api.post(f"{path}/done", token=ana.token).status_code == 200

    [stock] = api.get("/v1/pantry", token=ana.token).json()["items"]
    assert (stock["quantity"], stock["unit"], len(stock["lots"])) == (200 + item["quantity"], "g", 20)
    # What was bought today has no date, and got none.
    assert [lot["quantity"] for lot in stock["lots"] if lot["expires_on"] is None] == [item["quantity"]]


def test_a_list_with_an_item_that_does_not_fit_adds_nothing_to_the_pantry(api: Any, ana: Any) -> None:
    beef = id_of("thịt bò")
    for number in range(20):
        lot = {"quantity": 1, "unit": f"size {number}"}
        assert api.post(f"/v1/pantry/{beef}/lots", json=lot, token=ana.token).status_code == 201
    path = f"/v1/lists/{shop(api, ana, (recipe(api, ana, [('cà rốt', 2, 'piece')]), 2))['id']}"
    # More than are put at once, with beef among the last.
    lines = [{"name": "cà chua", "quantity": 1}] * 22 + [{"name": "thịt bò", "quantity": 1, "unit": "size 99"}]
    for line in lines:
        body = {**line, "checked": True}
        assert api.put(f"{path}/items/{ids.new_id()}", json=body, token=ana.token).status_code == 200
    lot = api.get("/v1/pantry", token=ana.token).json()["items"][0]["lots"][0]

    refused = api.post(f"{path}/done", token=ana.token)
    stock = api.get("/v1/pantry", token=ana.token).json()["items"]
    is_open = api.get(path, token=ana.token).json()["done_at"] is None
    assert api.delete(f"/v1/pantry/{beef}/lots/{lot['id']}", token=ana.token).status_code == 204
    done = api.post(f"{path}/done", token=ana.token)

    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_lots")
    assert ([one["ingredient"]["id"] for one in stock], is_open) == ([beef], True)
    assert done.status_code == 200
    stock = api.get("/v1/pantry", token=ana.token).json()["items"]
    assert {one["ingredient"]["id"]: len(one["lots"]) for one in stock} == {beef: 20, id_of("cà chua"): 1}


def test_private_recipes_of_others_are_refused(api: Any, ana: Any, cyd: Any) -> None:
    body = {"recipes": [{"recipe_id": recipe(api, ana, [("thịt bò", 300, "g")]), "servings": 2}]}

    assert api.post("/v1/lists", json=body, token=cyd.token).status_code == 404


def read_in(language: str, api: Any, person: Any, list_id: str) -> Any:
    headers = {"Accept-Language": language}
    return api.get(f"/v1/lists/{list_id}", token=person.token, headers=headers).json()


def test_an_unnamed_list_has_a_name_in_the_readers_language(api: Any, ana: Any) -> None:
    plans.dish(api, ana, "Bò xào ngày chợ", "stir_fry", "dinner", ("thịt bò", 300, "g"))
    planned = plans.plan(api, ana)["id"]
    made = api.post(f"/v1/plans/{planned}/list", token=ana.token).json()["id"]

    names = [read_in(language, api, ana, made)["name"] for language in ("vi", "en")]

    assert names == ["Đi chợ 1/3/2027", "Shopping 1 Mar 2027"]
    listed = api.get("/v1/lists", token=ana.token, headers={"Accept-Language": "en"}).json()["items"]
    assert [one["name"] for one in listed] == ["Shopping 1 Mar 2027"]


def test_a_lists_own_name_stays_in_every_language(api: Any, ana: Any) -> None:
    body = {"name": "Chợ Tết", "recipes": [{"recipe_id": recipe(api, ana, [("thịt bò", 300, "g")]), "servings": 2}]}
    made = api.post("/v1/lists", json=body, token=ana.token).json()["id"]

    assert read_in("en", api, ana, made)["name"] == "Chợ Tết"


def test_foods_of_dishes_are_named_in_the_readers_language(api: Any, ana: Any) -> None:
    api.put(f"/v1/pantry/{id_of('cà chua')}", json={"quantity": 9, "unit": "piece"}, token=ana.token)
    lines: list[tuple[str, float, str]] = [("thịt bò", 300, "g"), ("cà chua", 1, "piece")]
    made = shop(api, ana, (recipe(api, ana, lines), 2))["id"]
    path = f"/v1/lists/{made}/items"
    api.put(f"{path}/{ids.new_id()}", json={"name": "hành tây"}, token=ana.token)

    read = read_in("en", api, ana, made)

    assert {item["name"] for item in read["items"]} == {"beef", "hành tây"}
    assert read["covered"] == ["tomato"]
    text = api.get(f"/v1/lists/{made}?format=text", token=ana.token, headers={"Accept-Language": "en"}).content.decode()
    assert "beef" in text
    assert "thịt bò" not in text
