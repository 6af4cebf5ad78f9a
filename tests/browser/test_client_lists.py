"""Lists of what is one's own, searched, ordered and narrowed down in the client; and a recipe that is edited."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.support import browser, processes, recipes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]


def ok(answer: Any) -> Any:
    assert answer.status_code < 300, answer.content
    return answer.json() if answer.content else None


def import_text(server: Any, person: Any, text: str) -> str:
    """Import a recipe and accept it as it was read; return its id."""
    job = ok(server.api.post("/v1/imports", json={"text": text}, token=person.token))["id"]
    processes.until(lambda: ok(server.api.get(f"/v1/jobs/{job}?wait=5", token=person.token))["state"] == "done", server)
    draft = ok(server.api.get(f"/v1/imports/{job}", token=person.token))["recipes"][0]["draft_id"]
    body = {"recipes": [{"draft_id": draft}]}
    return str(ok(server.api.post(f"/v1/imports/{job}/accept", json=body, token=person.token))["recipes"][0]["id"])


def test_ones_own_recipes_are_searched_as_one_types_and_the_search_outlives_a_reload(
    visit: Any, server: Any, ana: Any
) -> None:
    recipes.create(server.api, ana, title="Canh bí đỏ của mẹ")
    recipes.create(server.api, ana, title="Gà kho gừng")
    page = visit(ana, "/mine")
    expect(page.get_by_role("link", name="Gà kho gừng")).to_be_visible()

    page.get_by_label("Search my recipes").fill("bi do")

    expect(page.get_by_role("link", name="Gà kho gừng")).to_have_count(0)
    expect(page.get_by_role("link", name="Canh bí đỏ của mẹ")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Search my recipes")).to_have_value("bi do")
    expect(page.get_by_role("link", name="Gà kho gừng")).to_have_count(0)
    assert not browser.violations(page)


def test_favorites_stand_in_the_order_that_one_chooses(visit: Any, server: Any, ana: Any) -> None:
    older, newer = (recipes.create(server.api, ana, title=title)["id"] for title in ("Món cũ", "Món mới"))
    for recipe_id in (newer, older):
        ok(server.api.put(f"/v1/recipes/{recipe_id}/favorite", token=ana.token))
    page = visit(ana, "/mine?tab=favorites")
    titles = page.locator(".dish h3")
    expect(titles).to_have_text(["Món cũ", "Món mới"])

    page.get_by_label("Sort by").select_option(label="Newest")

    expect(titles).to_have_text(["Món mới", "Món cũ"])


def test_a_recipe_that_one_keeps_says_so_until_it_is_taken_out(visit: Any, server: Any, ana: Any) -> None:
    recipe_id = recipes.create(server.api, ana)["id"]
    ok(server.api.put(f"/v1/recipes/{recipe_id}/favorite", token=ana.token))
    page = visit(ana, f"/recipes/{recipe_id}")

    page.get_by_role("button", name="Remove from favorites").click()

    expect(page.get_by_role("button", name="Save to favorites")).to_be_visible()
    processes.until(lambda: not ok(server.api.get("/v1/favorites", token=ana.token))["items"], server)


def test_the_pantry_stands_by_date_or_by_name_in_the_language_of_the_page(visit: Any, server: Any, ana: Any) -> None:
    ok(server.api.post("/v1/pantry", json={"text": "3 cà rốt\n300g thịt bò hết hạn ngày mai"}, token=ana.token))
    page = visit(ana, "/pantry")
    foods = page.locator("ul.card > li")
    expect(foods).to_contain_text(["beef", "carrot"])
    page.get_by_role("button", name="VI – Tiếng Việt").click()
    expect(foods).to_contain_text(["thịt bò", "cà rốt"])

    page.get_by_label("Sắp xếp").select_option(label="Theo tên")

    expect(foods).to_contain_text(["cà rốt", "thịt bò"])


def test_the_history_shows_what_stands_as_one_chooses(visit: Any, server: Any, ana: Any) -> None:
    for title, act in (("Món đã xong", "complete"), ("Món bỏ dở", "abandon")):
        body = {"recipe_id": recipes.create(server.api, ana, title=title)["id"]}
        session = server.api.post("/v1/cooking/sessions", json=body, token=ana.token).json()
        ok(server.api.post(f"/v1/cooking/sessions/{session['id']}/{act}", json={}, token=ana.token))
    page = visit(ana, "/history")
    expect(page.get_by_role("link", name="Món đã xong")).to_be_visible()

    page.get_by_role("group", name="Status").get_by_text("abandoned").click()

    expect(page.get_by_role("link", name="Món đã xong")).to_have_count(0)
    expect(page.get_by_role("link", name="Món bỏ dở")).to_be_visible()
    assert not browser.violations(page)


def test_unread_notifications_are_shown_alone(visit: Any, server: Any, ana: Any, ben: Any, cyd: Any) -> None:
    me = server.api.get("/v1/users/me", token=ana.token).json()["id"]
    for other in (ben, cyd):
        ok(server.api.post("/v1/friends/requests", json={"user_id": me}, token=other.token))
    # The page reads once, and a worker may take its time.
    processes.until(lambda: len(server.api.get("/v1/notifications", token=ana.token).json()["items"]) == 2, server)
    page = visit(ana, "/notifications")
    entries = page.locator("main .lines > li")
    expect(entries).to_have_count(2)
    first = server.api.get("/v1/notifications", token=ana.token).json()["items"][0]
    ok(server.api.post(f"/v1/notifications/{first['id']}/read", token=ana.token))

    page.get_by_role("link", name="Unread", exact=True).click()

    expect(entries).to_have_count(1)


def test_editing_one_word_of_a_recipe_keeps_its_ranges_and_units(visit: Any, server: Any, ana: Any) -> None:
    lines = [
        {"name": "hành lá", "quantity": 2, "quantity_max": 3, "unit": "stalk"},
        {"name": "thịt bò", "quantity": 0.5, "unit": "tbsp"},
    ]
    recipe_id = recipes.create(server.api, ana, ingredients=lines)["id"]
    before = server.api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()
    page = visit(ana, f"/recipes/{recipe_id}/edit")
    expect(page.get_by_label("Quantity of ingredient 1", exact=True)).to_have_value("2–3")
    expect(page.get_by_label("Unit of ingredient 1", exact=True)).to_have_value("stalks")

    page.get_by_label("Title").fill("Bò xào hành")
    page.get_by_text("Nutrition per serving").click()
    page.get_by_label("Energy (kcal)").fill("320")
    page.get_by_role("button", name="Save").click()

    page.wait_for_url(f"**/recipes/{recipe_id}")
    expect(page.get_by_text("Energy (kcal)")).to_be_visible()
    after = server.api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()
    assert (after["title"], after["nutrition"]) == ("Bò xào hành", {"calories": 320.0})
    assert after["ingredients"] == before["ingredients"]


def test_an_amount_that_cannot_be_read_is_said_at_its_line_and_not_dropped(visit: Any, server: Any, ana: Any) -> None:
    recipe_id = recipes.create(server.api, ana)["id"]
    page = visit(ana, f"/recipes/{recipe_id}/edit")

    page.get_by_label("Quantity of ingredient 1", exact=True).fill("vài")
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".line-fields + .row + .error").first).to_be_visible()
    expect(page.get_by_label("Quantity of ingredient 1", exact=True)).to_have_value("vài")


def test_who_imported_a_recipe_declares_the_right_to_publish_it(visit: Any, server: Any, ana: Any) -> None:
    text = "Trứng chiên hẹ\nNguyên liệu:\n- 3 quả trứng\n- 1 nắm hẹ\nCách làm:\n1. Đánh trứng với hẹ.\n2. Chiên vàng."
    recipe_id = import_text(server, ana, text)
    page = visit(ana, f"/recipes/{recipe_id}/edit")

    page.get_by_label("I have the right to publish this recipe").check()
    page.get_by_role("button", name="Save").click()

    page.wait_for_url(f"**/recipes/{recipe_id}")
    assert server.api.get(f"/v1/recipes/{recipe_id}", token=ana.token).json()["rights_declared"] is True


def test_what_is_to_be_bought_is_changed_without_a_network_and_arrives(visit: Any, server: Any, ana: Any) -> None:
    made = {"recipes": [{"recipe_id": recipes.create(server.api, ana)["id"], "servings": 2}]}
    shopping = ok(server.api.post("/v1/lists", json=made, token=ana.token))
    page = visit(ana, f"/lists/{shopping['id']}", keeps_files=True)
    line = page.get_by_role("listitem").filter(has_text="onion")
    line.get_by_role("button", name="Change").click()
    page.context.set_offline(True)
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Amount").fill("1 1/2")
    dialog.get_by_label("Unit").fill("kg")
    dialog.get_by_label("Note").fill("loại tím")
    dialog.get_by_role("button", name="Save").click()
    expect(line).to_contain_text("1.5 kg")

    page.context.set_offline(False)

    def stored() -> bool:
        items = ok(server.api.get(f"/v1/lists/{shopping['id']}", token=ana.token))["items"]
        return [1.5, "kg", "loại tím"] in [[item["quantity"], item["unit"], item["note"]] for item in items]

    processes.until(stored, server)
    assert not browser.violations(page)
