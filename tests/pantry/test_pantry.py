"""Pantries over HTTP: lots, free text, use, waste, expiry, and sharing in a household."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from apps.core import clock, ids
from apps.core.authentication import Actor
from apps.ingredients import services as ingredients
from apps.pantry import services, statistics
from apps.pantry.expiring import today_here
from apps.pantry.lots import fitted, fresh_lot
from apps.users import services as users
from tests.support import households, recipes, tasks
from tests.support.notifications import read_notifications
from tests.support.people import _Nowhere

pytestmark = pytest.mark.usefixtures("seeded")

# The id of no ingredient: the same in each process of a run, which the names of tests have to be.
NOWHERE = "01J00000000000000000000000"


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def day(offset: int) -> str:
    return (today_here() + timedelta(days=offset)).isoformat()


def put(api: Any, person: Any, name: str, **lot: Any) -> dict[str, Any]:
    answer = api.put(f"/v1/pantry/{id_of(name)}", json=lot, token=person.token)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def add(api: Any, person: Any, name: str, **lot: Any) -> dict[str, Any]:
    answer = api.post(f"/v1/pantry/{id_of(name)}/lots", json=lot, token=person.token)
    assert answer.status_code == 201, answer.content
    found: dict[str, Any] = answer.json()
    return found


def items(api: Any, person: Any, query: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(f"/v1/pantry{query}", token=person.token).json()["items"]
    return found


def use(api: Any, person: Any, *uses: tuple[str, float | None, str | None], **more: Any) -> Any:
    body = {"items": [{"ingredient_id": id_of(name), "quantity": much, "unit": unit} for name, much, unit in uses]}
    return api.post("/v1/pantry/use", json={**body, **more}, token=person.token)


def test_lots_of_one_thing_have_dates_and_places_of_their_own(api: Any, ana: Any) -> None:
    put(api, ana, "sữa chua", quantity=2, unit="can", expires_on=day(9), place="fridge")
    item = add(api, ana, "sữa chua", quantity=4, unit="can", expires_on=day(2), place="freezer")

    assert [(lot["quantity"], lot["expires_on"], lot["place"]) for lot in item["lots"]] == [
        (4, day(2), "freezer"), (2, day(9), "fridge"),
    ]  # fmt: skip
    assert (item["quantity"], item["unit"], item["expires_on"]) == (6, "can", day(2))


def test_more_of_the_same_is_one_lot(api: Any, ana: Any) -> None:
    add(api, ana, "gạo", quantity=1, unit="kg")
    item = add(api, ana, "gạo", quantity=2, unit="kg")

    assert [(lot["quantity"], lot["unit"]) for lot in item["lots"]] == [(3, "kg")]


def test_lots_in_different_units_are_added_where_their_weight_is_known(api: Any, ana: Any) -> None:
    add(api, ana, "cà chua", quantity=2, unit="piece")
    item = add(api, ana, "cà chua", quantity=300, unit="g")

    assert (item["quantity"], item["unit"]) == (520, "g")


def test_only_its_holders_change_and_remove_a_lot(api: Any, ana: Any, cyd: Any) -> None:
    item = add(api, ana, "cà rốt", quantity=5, unit="piece")
    path = f"/v1/pantry/{item['ingredient']['id']}/lots/{item['lots'][0]['id']}"

    assert api.patch(path, json={"quantity": 1}, token=cyd.token).status_code == 404
    assert api.delete(path, token=cyd.token).status_code == 404
    changed = api.patch(path, json={"quantity": 3, "expires_on": day(5)}, token=ana.token).json()
    assert [(lot["quantity"], lot["unit"], lot["expires_on"]) for lot in changed["lots"]] == [(3, "piece", day(5))]
    assert api.delete(path, token=ana.token).status_code == 204
    assert items(api, ana) == []
    assert [api.delete(path, token=one.token).status_code for one in (cyd, ana)] == [404, 204]


def test_a_text_adds_only_certain_matches(api: Any, ana: Any) -> None:
    text = "2 hộp sữa chua hết hạn ngày mai, ngăn mát\n500g thịt bò, tủ đông\nxyzzy quux"

    answer = api.post("/v1/pantry", json={"text": text}, token=ana.token)

    assert answer.status_code == 201
    results = answer.json()["results"]
    assert [one["status"] for one in results] == ["added", "added", "unknown"]
    lots = [one["item"]["lots"][0] for one in results[:2]]
    assert [(lot["quantity"], lot["unit"], lot["expires_on"], lot["place"]) for lot in lots] == [
        (2, "can", day(1), "fridge"), (500, "g", None, "freezer"),
    ]  # fmt: skip
    assert len(items(api, ana)) == 2


def test_a_thing_with_two_meanings_keeps_its_amount_and_date_until_one_is_chosen(api: Any, ana: Any) -> None:
    text = "3 quả dua hết hạn ngày mai, tủ lạnh"

    asked = api.post("/v1/pantry", json={"text": text}, token=ana.token).json()["results"][0]
    meant = asked["suggestions"][0]["id"]
    answer = api.post(f"/v1/pantry/{meant}/lots", json=asked["lot"], token=ana.token)

    assert (asked["status"], asked["item"]) == ("ambiguous", None)
    assert asked["lot"] == {"quantity": 3, "unit": "piece", "expires_on": day(1), "place": "fridge"}
    assert answer.status_code == 201
    assert [one["ingredient"]["id"] for one in items(api, ana)] == [meant]


def test_what_expires_first_is_used_first(api: Any, ana: Any) -> None:
    add(api, ana, "thịt bò", quantity=400, unit="g", expires_on=day(8))
    add(api, ana, "thịt bò", quantity=300, unit="g", expires_on=day(1))

    left = use(api, ana, ("thịt bò", 0.5, "kg")).json()["items"]

    assert [(lot["quantity"], lot["expires_on"]) for lot in left[0]["lots"]] == [(200, day(8))]


def test_using_without_an_amount_takes_everything_and_incomparable_lots_stay(api: Any, ana: Any) -> None:
    add(api, ana, "muối")
    add(api, ana, "rau răm", quantity=1, unit="bunch")

    use(api, ana, ("muối", 5, "g"), ("rau răm", 20, "g"))
    assert {one["ingredient"]["id"] for one in items(api, ana)} == {id_of("muối"), id_of("rau răm")}
    use(api, ana, ("muối", None, None), ("rau răm", None, None))
    assert items(api, ana) == []


def test_cooking_offers_to_subtract_its_ingredients_once(api: Any, ana: Any) -> None:
    put(api, ana, "thịt bò", quantity=1, unit="kg")
    put(api, ana, "cà chua", quantity=5, unit="piece")
    recipe = recipes.create(api, ana)
    body = {"recipe_id": recipe["id"], "servings": 4}
    session = api.post("/v1/cooking/sessions", json=body, token=ana.token).json()["id"]

    done = api.post(f"/v1/cooking/sessions/{session}/complete", json={}, token=ana.token).json()

    offers = {one["ingredient_id"]: one for one in done["pantry"]}
    beef, tomato = offers[id_of("thịt bò")], offers[id_of("cà chua")]
    assert (beef["quantity"], beef["unit"], beef["at_hand"]) == (600, "g", [{"quantity": 1, "unit": "kg"}])
    assert (tomato["quantity"], tomato["unit"]) == (4, "piece")
    confirmed = [{name: one[name] for name in ("ingredient_id", "quantity", "unit")} for one in done["pantry"]]
    taken = {"items": confirmed, "session_id": session}
    first, again = (api.post("/v1/pantry/use", json=taken, token=ana.token) for _ in range(2))
    assert (first.status_code, again.status_code, again.json()) == (200, 200, first.json())
    answer = api.post("/v1/pantry/use", json={**taken, "items": confirmed[:1]}, token=ana.token)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_used")
    left = {one["ingredient"]["id"]: one["quantity"] for one in items(api, ana)}
    assert left == {id_of("thịt bò"): 0.4, id_of("cà chua"): 1}


def test_the_month_says_what_was_saved_and_wasted(api: Any, ana: Any) -> None:
    add(api, ana, "thịt bò", quantity=300, unit="g", expires_on=day(1))
    add(api, ana, "gạo", quantity=1, unit="kg")
    spoilt = add(api, ana, "cà chua", quantity=2, unit="piece", expires_on=day(-1))
    use(api, ana, ("thịt bò", 300, "g"), ("gạo", 200, "g"))
    path = f"/v1/pantry/{id_of('cà chua')}/lots/{spoilt['lots'][0]['id']}?reason=wasted"
    assert api.delete(path, token=ana.token).status_code == 204

    figures = api.get("/v1/pantry/waste", token=ana.token).json()

    assert (figures["used_grams"], figures["saved_grams"], figures["wasted_grams"]) == (500, 300, 220)
    assert (figures["used"], figures["saved"], figures["wasted"]) == (2, 1, 1)
    assert api.get("/v1/pantry/waste?month=2020-01", token=ana.token).json()["used"] == 0
    assert api.get("/v1/pantry/waste?month=2020-13", token=ana.token).status_code == 400


def test_the_pantry_can_be_sorted_by_expiry(api: Any, ana: Any) -> None:
    for name, offset in (("gạo", None), ("cà chua", 5), ("thịt bò", 1), ("cà rốt", 20)):
        put(api, ana, name, quantity=1, **({"expires_on": day(offset)} if offset else {}))

    first = api.get("/v1/pantry?sort=expires&limit=3", token=ana.token).json()
    rest = api.get(f"/v1/pantry?sort=expires&limit=3&cursor={first['next']}", token=ana.token).json()

    found = [one["ingredient"]["id"] for one in first["items"] + rest["items"]]
    assert found == [id_of(name) for name in ("thịt bò", "cà chua", "cà rốt", "gạo")]
    assert rest["next"] is None
    urgent = api.get("/v1/pantry/use-first", token=ana.token).json()["items"]
    assert [one["ingredient"]["id"] for one in urgent] == [id_of("thịt bò")]


def test_people_are_notified_once_before_something_expires(api: Any, ana: Any, messages: list[Any]) -> None:
    put(api, ana, "thịt bò", quantity=1, expires_on=day(2))
    put(api, ana, "cà chua", quantity=1, expires_on=day(1))
    put(api, ana, "gạo", quantity=1, expires_on=day(30))

    for _ in range(2):
        call_command("tell_expiring", stdout=_Nowhere())
        tasks.run_all(messages)

    notes = [(one["kind"], one["target"]["type"], one["text"]) for one in read_notifications(api, ana)]
    assert notes == [("pantry_expiring", "pantry", "Something in your pantry is about to expire: use it first")]


def test_a_later_expiry_date_notifies_again(
    api: Any, ana: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(api, ana, "thịt bò", quantity=1, expires_on=day(1))
    add(api, ana, "thịt bò", quantity=2, expires_on=day(9))
    call_command("tell_expiring", stdout=_Nowhere())
    tasks.run_all(messages)
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)

    call_command("tell_expiring", stdout=_Nowhere())
    tasks.run_all(messages)

    from apps.core.authentication import Actor  # noqa: PLC0415
    from apps.notifications import services as notifications  # noqa: PLC0415

    shown, _ = notifications.list_notifications(actor=Actor(ana.id, ana.username), unread=False, limit=20, after=None)
    assert len(shown) == 2


def test_a_household_shares_one_pantry_that_stays_when_a_member_leaves(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any]
) -> None:
    put(api, ana, "gạo", quantity=2, unit="kg")
    put(api, ben, "gạo", quantity=1, unit="kg")
    put(api, cyd, "cà chua", quantity=1, unit="kg")
    households.found(api, ana, ben)
    households.join(api, ana, cyd, bring_pantry=False)
    tasks.run_all(messages, times=2)

    assert [(one["ingredient"]["id"], one["quantity"]) for one in items(api, ben)] == [(id_of("gạo"), 3)]
    put(api, cyd, "thịt bò", quantity=1, unit="kg")
    assert {one["ingredient"]["id"] for one in items(api, ana)} == {id_of("gạo"), id_of("thịt bò")}
    assert api.delete(f"/v1/household/members/{cyd.id}", token=cyd.token).status_code == 204
    assert [one["ingredient"]["id"] for one in items(api, cyd)] == [id_of("cà chua")]
    assert len(items(api, ana)) == 2


def test_concurrent_additions_lose_nothing(api: Any, ana: Any) -> None:
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: add(api, ana, "gạo", quantity=1, unit="kg"), range(12)))

    assert items(api, ana)[0]["quantity"] == 12


def test_a_pantry_takes_no_more_lots_than_it_shows(api: Any, ana: Any) -> None:
    for offset in range(20):
        add(api, ana, "gạo", quantity=1, unit="kg", expires_on=day(offset + 10))

    body = {"quantity": 1, "unit": "kg", "expires_on": day(99)}
    answer = api.post(f"/v1/pantry/{id_of('gạo')}/lots", json=body, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (409, "too_many_lots")


def fill(api: Any, person: Any, name: str, *, first: int) -> None:
    """Give a person as many lots of something as a pantry holds, 10 g each."""
    for offset in range(20):
        add(api, person, name, quantity=10, unit="g", expires_on=day(first + 2 * offset))


def test_a_text_with_an_entry_that_does_not_fit_adds_nothing(api: Any, ana: Any) -> None:
    fill(api, ana, "thịt bò", first=10)
    body, headers = {"text": "1kg gạo\n100g thịt bò hết hạn 1/3/2099"}, {"Idempotency-Key": ids.new_id()}

    for _ in range(2):
        answer = api.post("/v1/pantry", json=body, headers=headers, token=ana.token)
        assert (answer.status_code, answer.json()["code"]) == (409, "too_many_lots")
        assert "thịt bò" in answer.json()["detail"] or "beef" in answer.json()["detail"]
    lot = items(api, ana)[0]["lots"][0]
    assert [one["ingredient"]["id"] for one in items(api, ana)] == [id_of("thịt bò")]
    assert api.delete(f"/v1/pantry/{id_of('thịt bò')}/lots/{lot['id']}", token=ana.token).status_code == 204

    answer = api.post("/v1/pantry", json=body, headers=headers, token=ana.token)

    assert answer.status_code == 201
    assert {one["ingredient"]["id"]: one["quantity"] for one in items(api, ana)} == {
        id_of("thịt bò"): 290, id_of("gạo"): 1,
    }  # fmt: skip


def test_things_named_twice_in_a_text_are_added_twice(api: Any, ana: Any) -> None:
    answer = api.post("/v1/pantry", json={"text": "1kg gạo\n500g cà chua\n2kg gạo"}, token=ana.token)

    assert answer.status_code == 201
    assert items(api, ana, "?sort=expires")
    assert {one["ingredient"]["id"]: one["quantity"] for one in items(api, ana)} == {
        id_of("gạo"): 3, id_of("cà chua"): 500,
    }  # fmt: skip


def test_merging_two_full_pantries_loses_nothing(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    fill(api, ana, "thịt bò", first=10)
    fill(api, ben, "thịt bò", first=11)
    households.found(api, ana, ben)
    tasks.run_all(messages, times=2)

    [item] = items(api, ana)
    assert item["quantity"] == 400
    assert len(item["lots"]) == 20
    assert {lot["quantity"] for lot in item["lots"]} == {20}
    # Each is used by the earlier of its two dates.
    assert [lot["expires_on"] for lot in item["lots"]] == [day(10 + 2 * number) for number in range(20)]


def test_lots_that_cannot_be_merged_stay_in_their_pantry(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    for person, size in ((ana, "a"), (ben, "b")):
        for number in range(20):
            add(api, person, "thịt bò", quantity=1, unit=f"{size}{number}")
    households.found(api, ana, ben)
    tasks.run_all(messages, times=2)

    assert len(items(api, ana)[0]["lots"]) == 20
    assert api.delete(f"/v1/household/members/{ben.id}", token=ben.token).status_code == 204
    assert len(items(api, ben)[0]["lots"]) == 20


def test_unexpired_food_is_not_merged_with_expired_food() -> None:
    today = today_here()
    lots = [fresh_lot(quantity=1, unit="g", expires_on=day(offset)) for offset in range(-10, 11)]

    merged = fitted(lots, today)

    assert len(merged) == 20
    for is_expired in (True, False):
        amounts = [
            sum(lot.quantity or 0 for lot in some if lot.has_expired(today) is is_expired) for some in (lots, merged)
        ]
        assert amounts[0] == amounts[1]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_today_is_in_the_persons_time_zone(api: Any, ana: Any, zone: str) -> None:
    """The two zones never have the same date, so one of them is never that of the service."""
    answer = api.put("/v1/users/me/preferences", json={"timezone": zone}, token=ana.token)
    assert answer.status_code == 200
    before = clock.now().astimezone(ZoneInfo(zone)).date()

    answer = api.post(
        "/v1/pantry", json={"text": "2 kg gạo hết hạn hôm nay\n1 kg cà chua hết hạn ngày mai"}, token=ana.token
    )

    after = clock.now().astimezone(ZoneInfo(zone)).date()
    said = [date.fromisoformat(one["lot"]["expires_on"]) for one in answer.json()["results"]]
    assert said in [[today, today + timedelta(days=1)] for today in (before, after)]


def test_days_and_months_are_in_the_persons_time_zone_everywhere(
    api: Any, ana: Any, ben: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At nine on the evening of 31 January in Los Angeles it is February in Viet Nam."""
    now = datetime(2099, 2, 1, 5, tzinfo=UTC)
    people = ((ana, "America/Los_Angeles"), (ben, "Asia/Ho_Chi_Minh"))
    for person, zone in people:
        assert api.put("/v1/users/me/preferences", json={"timezone": zone}, token=person.token).status_code == 200
        add(api, person, "gạo", quantity=1, unit="kg", expires_on="2099-01-31")
    monkeypatch.setattr(clock, "now", lambda: now)
    actors = [Actor(person.id, person.username) for person, _ in people]

    good = [bool(services.good_lots(one.id, today=users.local_time(one.id).date())) for one in actors]
    months = [statistics.month_figures(actor=one, month=None)[0] for one in actors]

    assert good == [True, False]
    assert months == ["2099-01", "2099-02"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/pantry", {"text": ""}),
        ("/v1/pantry", {"text": "x" * 2001}),
        (f"/v1/pantry/{NOWHERE}/lots", {"expires_on": "0001-01-01"}),
        (f"/v1/pantry/{NOWHERE}/lots", {"expires_on": "1999-12-31"}),
        ("/v1/pantry/use", {"items": []}),
        ("/v1/pantry/use", {"items": [{"ingredient_id": "1"}]}),
        ("/v1/pantry/use", {"items": [{"ingredient_id": ids.new_id(), "quantity": -1}]}),
    ],
)
def test_nonsense_is_refused(api: Any, ana: Any, path: str, body: dict[str, Any]) -> None:
    assert api.post(path, json=body, token=ana.token).status_code == 400
