"""The client offers what the interface offers: rejected dishes, ratings, background work, foods by category."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from apps.core import ids
from tests.support import browser, people, recipes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]


def test_a_rejected_dish_leaves_the_answer_and_is_not_suggested_again(
    visit: Any, server: Any, ana: Any, ben: Any
) -> None:
    lines = [{"name": "thịt thỏ", "quantity": 300, "unit": "g"}, {"name": "củ sen", "quantity": 1, "unit": "piece"}]
    recipes.publish_on(server, ben, title=f"Thỏ kho củ sen {ids.new_id()[-6:]}", ingredients=lines)
    body = {"ingredients": ["thịt thỏ", "củ sen"], "recipe_count": 5}
    answer = server.api.post("/v1/suggestions", json=body, token=ana.token).json()
    recipe_id, title = (answer["recipes"][0]["recipe"][name] for name in ("id", "title"))
    page = visit(ana, f"/answer/{answer['id']}")

    dish = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=title))
    dish.get_by_role("button", name="Not for me").click()

    expect(page.get_by_text(f"“{title}” will not be suggested for a while.")).to_be_visible()
    expect(dish).to_have_count(0)
    again = server.api.post("/v1/suggestions", json=body, token=ana.token).json()
    assert recipe_id not in [one["recipe"]["id"] for one in again["recipes"]]


def test_a_form_for_a_rating_begins_with_the_one_that_was_given(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.publish_on(server, ben)
    body = {"stars": 4, "comment": "Hơi mặn"}
    assert server.api.put(f"/v1/recipes/{recipe_id}/rating", json=body, token=ana.token).status_code == 200
    page = visit(ana, f"/recipes/{recipe_id}")
    expect(page.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_label("Comment (optional)")).to_have_value("Hơi mặn")

    page.get_by_role("button", name="2 stars").click()
    page.get_by_role("button", name="Change rating").click()

    expect(page.get_by_role("listitem").filter(has_text="2 stars")).to_contain_text("Hơi mặn")


def test_the_end_of_cooking_shows_the_rating_that_was_given_and_keeps_it(
    visit: Any, server: Any, ana: Any, ben: Any
) -> None:
    recipe_id = recipes.publish_on(server, ben, steps=[{"text": "Xào."}])
    body = {"stars": 3, "comment": "Ổn"}
    assert server.api.put(f"/v1/recipes/{recipe_id}/rating", json=body, token=ana.token).status_code == 200
    session = server.api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=ana.token).json()
    page = visit(ana)
    page.goto(f"/cook/{session['id']}")
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("button", name="3 stars")).to_have_attribute("aria-pressed", "true")

    page.get_by_role("button", name="Complete").click()
    page.wait_for_url(f"**/recipes/{recipe_id}")

    own = server.api.get(f"/v1/recipes/{recipe_id}/ratings?mine=true", token=ana.token).json()["items"]
    assert [(one["stars"], one["comment"], one["verified_cook"]) for one in own] == [(3, "Ổn", True)]


def test_hearts_of_an_answer_know_what_was_saved_by_one_question(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    lines = [{"name": "thịt thỏ", "quantity": 300, "unit": "g"}, {"name": "măng tây", "quantity": 1, "unit": "piece"}]
    for _ in range(2):
        recipes.publish_on(server, ben, ingredients=lines)
    body = {"ingredients": ["thịt thỏ", "măng tây"], "recipe_count": 5}
    answer = server.api.post("/v1/suggestions", json=body, token=ana.token).json()
    saved = answer["recipes"][0]["recipe"]
    server.api.put(f"/v1/recipes/{saved['id']}/favorite", token=ana.token)
    page = visit(ana)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/v1/favorites" in request.url else None)

    page.goto(f"/answer/{answer['id']}")

    dish = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=saved["title"]))
    expect(dish.get_by_role("button", name="Remove from favorites")).to_be_visible()
    assert asked
    assert all("recipe=" in url for url in asked)


def test_background_work_is_listed_with_the_way_to_what_came_of_it(visit: Any, server: Any, ana: Any) -> None:
    text = "Trứng chiên hẹ\nNguyên liệu:\n- 3 quả trứng\nCách làm:\n1. Đánh trứng.\n2. Chiên vàng."
    job = server.api.post("/v1/imports", json={"text": text}, token=ana.token).json()["id"]
    while server.api.get(f"/v1/jobs/{job}?wait=10", token=ana.token).json()["state"] in {"queued", "running"}:
        pass
    page = visit(ana, "/settings/data")

    line = page.get_by_role("list", name="What is being worked on").get_by_role("listitem").filter(has_text="Import")
    expect(line).to_contain_text("Done")
    line.get_by_role("link", name="Open").click()

    page.wait_for_url("**/import/*")
    assert not browser.violations(page)


def test_foods_are_put_into_the_pantry_from_their_category(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/pantry")
    page.get_by_text("Choose from the list of foods").click()
    page.get_by_label("Category").select_option("Seafood")
    first = page.get_by_role("list", name="Choose from the list of foods").get_by_role("button").first
    expect(first).to_be_enabled()
    name = first.inner_text().strip()

    first.click()

    expect(page.get_by_text(f"Added: {name}")).to_be_visible()
    kept = server.api.get("/v1/pantry", token=ana.token).json()["items"]
    assert [one["ingredient"]["name"] for one in kept] == [name]
    assert not browser.violations(page)


def test_a_plan_is_made_for_a_place_with_its_weather_and_a_budget(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/plans/new")
    page.get_by_label("Days", exact=True).fill("2")
    page.get_by_label("Place (optional)").fill("Đà Lạt")
    page.get_by_label("Budget").select_option("Low")
    page.get_by_text("Weather day by day").click()
    page.get_by_label(re.compile("^Temperature on")).first.fill("12")
    page.get_by_label(re.compile("^Rain on")).last.check()
    assert not browser.violations(page)

    page.get_by_role("button", name="Make the plan").click()

    expect(page.get_by_role("heading", name="Meal plan: Đà Lạt")).to_be_visible()
    kept = server.api.get("/v1/plans", token=ana.token).json()["items"]
    assert [(one["place"], one["days"]) for one in kept] == [("Đà Lạt", 2)]


def test_a_dish_is_chosen_for_a_meal_by_its_name(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    word = ids.new_id()[-8:]
    wanted = recipes.publish_on(server, ben, title=f"Bò xào {word}")
    body = {"start": "2027-03-01", "days": 1, "meals": ["dinner"], "servings": 2}
    plan = server.api.post("/v1/plans", json=body, token=ana.token).json()["id"]
    page = visit(ana, f"/plans/{plan}")
    page.get_by_role("button", name=re.compile("^Change:")).first.click()

    page.get_by_label("Another dish, by name").fill(word)
    page.get_by_role("list", name="Dishes found").get_by_role("button", name=f"Bò xào {word}").click()

    expect(page.get_by_role("link", name=f"Bò xào {word}")).to_be_visible()
    slots = server.api.get(f"/v1/plans/{plan}", token=ana.token).json()["slots"]
    assert [slot["recipe"]["id"] for slot in slots] == [wanted]


def test_whoever_signs_in_by_address_before_confirming_is_led_to_their_account(visit: Any, server: Any) -> None:
    username = f"u{ids.new_id()[-12:].lower()}"
    body = {"username": username, "email": f"{username}@example.com", "password": people.PASSWORD, "full_name": "Mới"}
    assert server.api.post("/v1/auth/register", json=body).status_code == 201
    page = visit(None, "/login")
    page.get_by_label("Username or email").fill(f"{username}@example.com")
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("link", name="Enter the code")).to_have_attribute("href", f"/confirm?username={username}")


def test_a_name_typed_after_one_was_chosen_with_the_keys_is_added_at_once(visit: Any, ana: Any) -> None:
    page = visit(ana)
    field = page.get_by_role("combobox", name="Add an ingredient")
    field.fill("tom")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    field.press("Enter")
    chosen = page.get_by_role("list", name="Chosen ingredients").get_by_role("listitem")
    expect(chosen).to_have_count(1)

    field.fill("300 g beef")
    field.press("Enter")

    expect(chosen).to_have_count(2)


def test_the_logo_is_there_without_a_network(visit: Any, ana: Any) -> None:
    page = visit(ana, keeps_files=True)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.reload()

    logo = page.locator(".brand img")
    expect(logo).to_be_visible()
    page.wait_for_function("() => document.querySelector('.brand img').complete")
    assert logo.evaluate("image => image.naturalWidth") > 0


def test_own_recipes_and_favorites_are_narrowed_to_a_language(visit: Any, server: Any, ana: Any) -> None:
    recipes.create(server.api, ana, title="Bò xào của mình", language="vi")
    recipes.create(server.api, ana, title="My own beef", language="en")
    page = visit(ana, "/mine")
    expect(page.get_by_role("link", name="My own beef")).to_be_visible()

    page.get_by_label("Language").select_option("Tiếng Việt")

    expect(page.get_by_role("link", name="My own beef")).to_have_count(0)
    expect(page.get_by_role("link", name="Bò xào của mình")).to_be_visible()
