"""Plans over HTTP: which dishes are chosen, which never are, and changes by people."""

import re
from collections import Counter
from datetime import date
from typing import Any

import pytest

from apps.core.keys import HOUSEHOLD
from apps.households.services import Holder
from apps.ingredients import services as ingredients
from apps.plans import repositories
from tests.support import households, recipes, tasks
from tests.support.plans import dish, plan, read

pytestmark = pytest.mark.usefixtures("authored")


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def change(api: Any, person: Any, plan_id: str, *slots: dict[str, Any], **more: Any) -> Any:
    return api.patch(f"/v1/plans/{plan_id}", json={"slots": list(slots), **more}, token=person.token)


def whole(api: Any, person: Any, recipe_id: str) -> dict[str, Any]:
    answer = api.get(f"/v1/recipes/{recipe_id}", token=person.token)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def test_every_meal_of_every_day_has_a_slot_and_a_reason(api: Any, ana: Any) -> None:
    made = plan(api, ana, days=3, meals=["dinner", "lunch"])

    assert [(slot["date"], slot["meal"]) for slot in made["slots"]] == [
        (f"2027-03-0{day}", meal) for day in (1, 2, 3) for meal in ("lunch", "dinner")
    ]
    assert all(slot["recipe"] and slot["why"] for slot in made["slots"])
    assert read(api, ana, made["id"])["slots"] == made["slots"]


def test_nothing_is_planned_twice_in_seven_days_nor_a_main_ingredient_three_times(api: Any, ana: Any) -> None:
    made = plan(api, ana, days=7, meals=["lunch", "dinner"])

    chosen = [slot["recipe"]["id"] for slot in made["slots"] if slot["recipe"]]
    assert len(chosen) == len(set(chosen)) >= 12
    from apps.core.authentication import Actor  # noqa: PLC0415
    from apps.plans import dishes  # noqa: PLC0415

    mains = Counter(dish.main for dish in dishes.load(chosen, actor=Actor(ana.id, ana.username)).values())
    assert max(count for main, count in mains.items() if main) <= 2
    methods = [slot["recipe"]["method"] for slot in made["slots"] if slot["recipe"]]
    assert max(Counter(methods).values()) <= len(methods) / 2


def test_a_plan_is_safe_for_everybody_who_eats(api: Any, ana: Any, ben: Any) -> None:
    preferences = {"allergies": ["fish", "crustaceans"], "dietary_restrictions": ["no_pork"]}
    assert api.put("/v1/users/me/preferences", json=preferences, token=ben.token).status_code == 200
    households.found(api, ana, ben)

    made = plan(api, ana, days=7, meals=["breakfast", "lunch", "dinner"])

    shown = [whole(api, ana, slot["recipe"]["id"]) for slot in made["slots"] if slot["recipe"]]
    assert len(shown) > 10
    for one in shown:
        assert not {"fish", "crustaceans"} & set(one["allergens"])
        assert "no_pork" in one["diets"]


def test_a_new_allergy_removes_dishes_that_were_already_planned(api: Any, ana: Any) -> None:
    made = plan(api, ana, days=5)
    carriers = {slot["id"] for slot in made["slots"] if "fish" in whole(api, ana, slot["recipe"]["id"])["allergens"]}
    assert carriers

    api.put("/v1/users/me/preferences", json={"allergies": ["fish"]}, token=ana.token)

    shown = {slot["id"] for slot in read(api, ana, made["id"])["slots"] if slot["recipe"]}
    assert shown
    assert not shown & carriers


def test_only_household_members_can_be_eaters(api: Any, ana: Any, cyd: Any) -> None:
    body = {"start": "2027-03-01", "days": 1, "meals": ["lunch"], "eaters": [cyd.id]}

    answer = api.post("/v1/plans", json=body, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (400, "not_in_household")


def test_hot_days_get_light_food_and_cold_days_warm_food(api: Any, ana: Any) -> None:
    hot = plan(api, ana, days=4, climate="hot")
    weather = [{"date": f"2027-03-0{day}", "temperature": 9} for day in (1, 2, 3, 4)]
    cold = plan(api, ana, days=4, weather=weather)

    light = {"salad", "soup", "raw", "steam", "boil"}
    warm = {"braise", "soup", "bake"}
    assert sum(slot["recipe"]["method"] in light for slot in hot["slots"]) >= 5
    assert sum(slot["recipe"]["method"] in warm for slot in cold["slots"]) >= 4
    assert any("hot day" in slot["why"] for slot in hot["slots"])


def test_time_limits_hold_on_weekdays_and_weekends(api: Any, ana: Any) -> None:
    made = plan(api, ana, days=7, meals=["dinner"], max_minutes={"weekday": 30, "weekend": 120})

    for slot in made["slots"]:
        if slot["recipe"] and date.fromisoformat(slot["date"]).weekday() < 5:
            assert slot["recipe"]["minutes"] <= 30


def test_plans_for_travel_use_only_available_equipment(api: Any, ana: Any, messages: list[Any]) -> None:
    made = plan(api, ana, days=2, kitchen="none")
    tasks.run_all(messages)

    for slot in read(api, ana, made["id"])["slots"]:
        assert slot["recipe"] is None or slot["recipe"]["method"] in {"salad", "raw"}


def test_what_expires_is_cooked_first(api: Any, ana: Any) -> None:
    from apps.pantry.expiring import today_here  # noqa: PLC0415

    lot = {"quantity": 1, "unit": "kg", "expires_on": today_here().isoformat()}
    api.put(f"/v1/pantry/{id_of('cà tím')}", json=lot, token=ana.token)
    dish(api, ana, "Cà tím om kiểu nhà", "braise", "dinner", ("cà tím", 400, "g"), ("hành lá", 2, "stalk"))

    made = plan(api, ana, days=2, use_pantry=True)

    using = [slot for slot in made["slots"] if "eggplant" in slot["why"]]
    assert using
    assert all("expires" in slot["why"] for slot in using)


def test_a_job_fills_gaps_and_repeating_a_plan_returns_it(api: Any, ana: Any, messages: list[Any]) -> None:
    headers = {"Idempotency-Key": "plan-once"}
    body = {"start": "2027-03-01", "days": 5, "meals": ["lunch", "dinner"], "max_minutes": {"weekday": 5, "weekend": 5}}

    first = api.post("/v1/plans", json=body, token=ana.token, headers=headers).json()
    again = api.post("/v1/plans", json=body, token=ana.token, headers=headers).json()

    assert first["id"] == again["id"]
    assert first["status"] == "filling"
    assert [message.task for message in messages] == ["plans.fill"]
    tasks.run_all(messages, times=2)
    job = api.get(f"/v1/jobs/{first['job_id']}", token=ana.token).json()
    assert (job["kind"], job["state"], job["result"]) == ("plan", "done", {"type": "plan", "id": first["id"]})
    filled = read(api, ana, first["id"])
    assert filled["status"] == "ready"
    assert sum(slot["recipe"] is not None for slot in filled["slots"]) >= 8


def test_a_meal_is_swapped_for_another_and_the_rest_stays(api: Any, ana: Any) -> None:
    made = plan(api, ana)
    slot = made["slots"][2]

    changed = change(api, ana, made["id"], {"id": slot["id"], "swap": True}).json()

    new = changed["slots"][2]["recipe"]["id"]
    assert new not in {one["recipe"]["id"] for one in made["slots"]}
    assert [one["recipe"]["id"] for one in changed["slots"] if one["id"] != slot["id"]] == [
        one["recipe"]["id"] for one in made["slots"] if one["id"] != slot["id"]
    ]


def test_a_recipe_can_be_chosen_unless_it_is_unsafe_or_private_to_somebody_else(api: Any, ana: Any, cyd: Any) -> None:
    api.put("/v1/users/me/preferences", json={"allergies": ["fish"]}, token=ana.token)
    made = plan(api, ana)
    slot = made["slots"][0]["id"]
    plain = {"title": "Cà chua trộn", "description": "", "steps": [{"text": "Cắt cà chua."}]}
    own = recipes.create(api, ana, **plain, ingredients=[{"name": "cà chua", "quantity": 2}])["id"]
    fishy = recipes.create(api, ana, ingredients=[{"name": "cá thu", "quantity": 2}])["id"]
    others = recipes.create(api, cyd)["id"]

    assert change(api, ana, made["id"], {"id": slot, "recipe_id": own}).json()["slots"][0]["recipe"]["id"] == own
    answer = change(api, ana, made["id"], {"id": slot, "recipe_id": fishy})
    assert (answer.status_code, answer.json()["code"]) == (400, "unsafe_for_eaters")
    assert change(api, ana, made["id"], {"id": slot, "recipe_id": others}).status_code == 404


def test_leftovers_are_cooked_with_their_dish_and_bought_once(api: Any, ana: Any) -> None:
    soup = dish(api, ana, "Canh bí hầm", "soup", "dinner", ("bí đỏ", 500, "g"))
    made = plan(api, ana, days=2, meals=["dinner"], servings=2)
    first, second = (slot["id"] for slot in made["slots"])

    changed = change(
        api, ana, made["id"], {"id": first, "recipe_id": soup}, {"id": second, "leftovers_of": first}
    ).json()

    assert [slot["leftovers_of"] for slot in changed["slots"]] == [None, first]
    assert changed["slots"][1]["recipe"]["id"] == soup
    bought = api.post(f"/v1/plans/{made['id']}/list", token=ana.token).json()["items"]
    assert [(item["quantity"], item["unit"], item["for"]) for item in bought] == [(1, "kg", [first])]
    answer = change(api, ana, made["id"], {"id": first, "leftovers_of": second})
    assert (answer.status_code, answer.json()["code"]) == (400, "wrong_leftovers")
    freed = change(api, ana, made["id"], {"id": first, "swap": True}).json()["slots"]
    assert (freed[1]["leftovers_of"], freed[1]["recipe"]) == (None, None)


def test_meals_can_be_moved_and_days_swapped(api: Any, ana: Any) -> None:
    made = plan(api, ana)
    slots = {(slot["date"], slot["meal"]): slot for slot in made["slots"]}
    one, other = slots["2027-03-01", "lunch"], slots["2027-03-03", "dinner"]

    moved = change(api, ana, made["id"], {"id": one["id"], "date": "2027-03-03", "meal": "dinner"}).json()["slots"]
    places = {(slot["date"], slot["meal"]): slot["id"] for slot in moved}
    assert places["2027-03-03", "dinner"] == one["id"]
    assert places["2027-03-01", "lunch"] == other["id"]
    days = {"one": "2027-03-01", "other": "2027-03-02"}
    exchanged = change(api, ana, made["id"], exchange_days=days).json()["slots"]
    assert {slot["id"] for slot in exchanged if slot["date"] == "2027-03-02"} == {
        slot["id"] for slot in moved if slot["date"] == "2027-03-01"
    }
    assert change(api, ana, made["id"], {"id": one["id"], "date": "2027-04-01"}).status_code == 400


def test_servings_and_locks_are_kept(api: Any, ana: Any) -> None:
    made = plan(api, ana)
    slot = made["slots"][0]["id"]

    changed = change(api, ana, made["id"], {"id": slot, "servings": 6, "locked": True}).json()["slots"][0]

    assert (changed["servings"], changed["locked"]) == (6, True)


def test_a_plan_is_copied_to_another_week(api: Any, ana: Any) -> None:
    made = plan(api, ana)

    answer = api.post(f"/v1/plans/{made['id']}/copy", json={"start": "2027-03-08"}, token=ana.token)

    assert answer.status_code == 201
    copied = answer.json()
    assert copied["id"] != made["id"]
    assert [slot["recipe"]["id"] for slot in copied["slots"]] == [slot["recipe"]["id"] for slot in made["slots"]]
    assert copied["slots"][0]["date"] == "2027-03-08"
    assert not {slot["id"] for slot in copied["slots"]} & {slot["id"] for slot in made["slots"]}


def test_an_edit_of_an_outdated_plan_is_refused(api: Any, ana: Any) -> None:
    made = plan(api, ana)
    path, body = f"/v1/plans/{made['id']}", {"slots": [{"id": made["slots"][0]["id"], "locked": True}]}
    tag = api.get(path, token=ana.token).headers["ETag"]

    assert api.patch(path, json=body, token=ana.token, headers={"If-Match": tag}).status_code == 200
    body["slots"][0]["locked"] = False
    assert api.patch(path, json=body, token=ana.token, headers={"If-Match": tag}).status_code == 412


def test_only_its_holders_see_a_plan(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    households.found(api, ana, ben)
    made = plan(api, ana)
    path = f"/v1/plans/{made['id']}"

    assert api.get(path, token=ben.token).status_code == 200
    assert [one["id"] for one in api.get("/v1/plans", token=ben.token).json()["items"]] == [made["id"]]
    for verb, where, body in (
        ("GET", path, None), ("DELETE", path, None), ("PATCH", path, {"slots": []}), ("POST", f"{path}/list", None),
        ("POST", f"{path}/copy", {"start": "2027-03-08"}), ("POST", f"{path}/calendar", None),
    ):  # fmt: skip
        assert api.request(verb, where, json=body, token=cyd.token).status_code == 404, (verb, where)
    assert api.delete(f"/v1/household/members/{ben.id}", token=ben.token).status_code == 204
    assert api.get(path, token=ben.token).status_code == 404
    assert api.delete(path, token=ana.token).status_code == 204
    assert api.get(path, token=ana.token).status_code == 404


def test_a_calendar_is_read_by_its_secret_address_until_it_changes(api: Any, ana: Any) -> None:
    made = plan(api, ana)
    address = made["calendar"].partition("/v1")[2]

    answer = api.get(f"/v1{address}", headers={"Accept": "text/calendar", "Accept-Language": "vi"})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/calendar")
    text = answer.content.decode()
    assert text.count("BEGIN:VEVENT") == 6
    assert "DTSTART:20270301T120000" in text
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    dish = made["slots"][0]["recipe"]
    title = dish["title"] if dish["language"] == "vi" else dish["translated_title"] or dish["title"]
    assert re.sub(r"\r\n ", "", text).count(title.replace(",", "\\,")) >= 1

    changed = api.post(f"/v1/plans/{made['id']}/calendar", token=ana.token).json()
    assert api.get(f"/v1{address}").status_code == 404
    assert api.get(f"/v1{changed['calendar'].partition('/v1')[2]}").status_code == 200
    for key in ("", "x", "user.x.y", "user#1.x", "household.1", f"user.{ana.id}.{'0' * 32}"):
        assert api.get(f"/v1/plans/{made['id']}.ics?key={key}").status_code in {400, 404}


def test_former_members_cannot_read_the_households_calendars(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any]
) -> None:
    households.found(api, ana, ben, cyd)
    made = plan(api, ana)

    def address(person: Any) -> str:
        return str(api.get(f"/v1/plans/{made['id']}", token=person.token).json()["calendar"].partition("/v1")[2])

    for leaver, by in ((ben, ana), (cyd, cyd)):
        known = address(leaver)
        assert api.get(f"/v1{known}").status_code == 200
        messages.clear()
        assert api.delete(f"/v1/household/members/{leaver.id}", token=by.token).status_code == 204
        tasks.run_all(messages, times=2)
        assert api.get(f"/v1{known}").status_code == 404
        assert api.get(f"/v1{address(ana)}").status_code == 200


def test_a_dissolved_household_closes_its_calendars_at_once(api: Any, ana: Any, ben: Any) -> None:
    households.found(api, ana, ben)
    known = plan(api, ana)["calendar"].partition("/v1")[2]

    assert api.delete("/v1/household", token=ana.token).status_code == 204

    assert api.get(f"/v1{known}").status_code == 404


def test_members_show_chosen_dishes_to_the_household_until_they_leave(
    api: Any, ana: Any, ben: Any, cyd: Any, messages: list[Any]
) -> None:
    households.found(api, ana, ben, cyd)
    made = plan(api, ana)
    slots = [slot["id"] for slot in made["slots"][:2]]
    own = recipes.create(api, ben, ingredients=[{"name": "cà chua", "quantity": 2}])["id"]

    answer = change(api, ben, made["id"], {"id": slots[0], "recipe_id": own})
    assert answer.json()["slots"][0]["recipe"]["id"] == own

    def shown(person: Any, plan_id: str) -> dict[str, Any]:
        found: dict[str, Any] = api.get(f"/v1/plans/{plan_id}", token=person.token).json()["slots"][0]
        return found

    body = {"start": "2027-05-03"}
    copies = [
        api.post(f"/v1/plans/{made['id']}/copy", json=body, token=one.token).json()["id"] for one in (ana, ben, cyd)
    ]
    for plan_id in (made["id"], *copies):
        assert [shown(one, plan_id)["recipe"]["id"] for one in (ana, ben, cyd)] == [own] * 3

    messages.clear()
    assert api.delete(f"/v1/household/members/{ben.id}", token=ben.token).status_code == 204
    tasks.run_all(messages, times=2)
    for plan_id in (made["id"], copies[0]):
        slot = shown(ana, plan_id)
        assert (slot["recipe"], slot["why"]) == (None, "The recipe is no longer available")
    household_id = api.get("/v1/household", token=ana.token).json()["id"]
    row = repositories.read_plan(Holder(HOUSEHOLD, household_id), made["id"])
    assert row is not None
    assert ben.id not in str(row.body)


def test_an_unsafe_dish_is_distinguished_from_a_deleted_one(api: Any, ana: Any) -> None:
    made = plan(api, ana)
    slots = [slot["id"] for slot in made["slots"][:2]]
    plain = {"title": "Cà chua trộn", "description": "", "steps": [{"text": "Cắt cà chua."}]}
    fishy, other = (
        recipes.create(api, ana, **plain, ingredients=[{"name": name, "quantity": 2}])["id"]
        for name in ("cá thu", "cà chua")
    )
    change(api, ana, made["id"], {"id": slots[0], "recipe_id": fishy}, {"id": slots[1], "recipe_id": other})
    api.put("/v1/users/me/preferences", json={"allergies": ["fish"]}, token=ana.token)
    assert api.delete(f"/v1/recipes/{other}", token=ana.token).status_code == 204

    found = api.get(f"/v1/plans/{made['id']}", token=ana.token).json()["slots"]

    by_id = {slot["id"]: (slot["recipe"], slot["why"]) for slot in found}
    assert [by_id[id_] for id_ in slots] == [
        (None, "The dish is no longer safe for everybody who eats"), (None, "The recipe is no longer available"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        {"days": 0}, {"days": 15}, {"meals": []}, {"meals": ["brunch"]}, {"start": "tomorrow"}, {"servings": 0},
        {"start": "0001-01-01"}, {"start": "1999-12-31"},
        {"climate": "wet"}, {"weather": [{"temperature": 20}]}, {"max_minutes": {"weekday": 1}}, {"kitchen": "boat"},
        {"eaters": ["x"]}, {"colour": 1},
    ],
)  # fmt: skip
def test_nonsense_is_refused(api: Any, ana: Any, body: dict[str, Any]) -> None:
    asked = {"start": "2027-03-01", "days": 1, "meals": ["lunch"], **body}

    assert api.post("/v1/plans", json=asked, token=ana.token).status_code == 400


def test_a_plan_cannot_exceed_the_last_date(api: Any, ana: Any) -> None:
    brief = {"start": "9999-12-31", "days": 14, "meals": ["dinner"]}
    answer = api.post("/v1/plans", json=brief, token=ana.token)

    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "start")
