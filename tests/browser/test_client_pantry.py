"""The pantry in the client: lots with dates and places, used, wasted, and reduced by cooking."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from apps.pantry.expiring import today_here
from tests.support import browser, recipes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]

# The person and the service are in the same time zone.
_HERE = {"timezone_id": "Asia/Ho_Chi_Minh"}


def in_days(days: int) -> date:
    return today_here() + timedelta(days=days)


def write_down(page: Page, text: str) -> None:
    page.get_by_label("Add to the pantry").fill(text)
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Add to the pantry")).to_have_value("")


def food(page: Page, name: str) -> Locator:
    return page.get_by_role("list", name="At home").locator("> li").filter(has_text=name)


def hold_back(page: Page, method: str, url: str) -> list[Route]:
    """Keep back requests with a method, and return the list that they join."""
    held: list[Route] = []

    def decide(route: Route) -> None:
        if route.request.method == method:
            held.append(route)
        else:
            route.continue_()

    page.route(url, decide)
    return held


def test_lots_of_one_thing_are_written_down_changed_and_used_up(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", **_HERE)
    later = in_days(12).strftime("%d/%m/%Y")
    write_down(page, f"2 hộp sữa chua hết hạn ngày mai, ngăn mát\n3 hộp sữa chua hết hạn {later}, tủ đông")

    yogurt = food(page, "yogurt")
    lots = yogurt.get_by_role("listitem")
    expect(lots).to_have_count(2)
    expect(yogurt).to_contain_text("5 cans")
    expect(lots.first).to_contain_text(re.compile("2 cans.*Fridge.*1 day left"))
    expect(lots.last).to_contain_text(re.compile("3 cans.*Freezer"))
    expect(page.get_by_role("list", name="Use first")).to_contain_text("yogurt")

    lots.last.get_by_role("button", name="Change").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Amount").fill("6")
    form.get_by_label("Place").select_option("Cupboard")
    form.get_by_role("button", name="Save").click()
    expect(lots.last).to_contain_text(re.compile("6 cans.*Cupboard"))

    # The lots that expire first are used first: both cans in the fridge, and one in the cupboard.
    yogurt.get_by_role("button", name="Use yogurt").click()
    form.get_by_label("How much").fill("3")
    form.get_by_role("button", name="Take out").click()
    expect(lots).to_have_count(1)
    expect(yogurt).to_contain_text("5 cans")
    expect(page.get_by_role("list", name="Use first")).to_have_count(0)
    kept = server.api.get("/v1/pantry", token=ana.token).json()["items"][0]["lots"]
    assert [(one["quantity"], one["place"]) for one in kept] == [(5, "cupboard")]


def test_a_form_that_was_closed_leaves_the_next_one_open(visit: Any, ana: Any) -> None:
    """Also when its answer or its event comes late."""
    page = visit(ana, "/pantry", **_HERE)
    write_down(page, "2 hộp sữa chua")
    held = hold_back(page, "PATCH", "**/lots/*")
    form = page.get_by_role("dialog")
    food(page, "yogurt").get_by_role("button", name="Change").click()
    form.get_by_label("Amount").fill("6")
    form.get_by_role("button", name="Save").click()
    page.keyboard.press("Escape")
    food(page, "yogurt").get_by_role("button", name="Use yogurt").click()
    form.get_by_label("How much").fill("1")

    page.evaluate("document.querySelector('dialog:not([open])').dispatchEvent(new Event('close'))")
    held.pop().continue_()
    expect(food(page, "yogurt")).to_contain_text("6 cans")
    form.get_by_role("button", name="Take out").click()
    expect(food(page, "yogurt")).to_contain_text("5 cans")


def test_what_is_typed_while_a_form_is_sent_stays(visit: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", **_HERE)
    held = hold_back(page, "POST", "**/v1/pantry")
    line = page.get_by_label("Add to the pantry")
    line.fill("300 g thịt bò")
    page.get_by_role("button", name="Add", exact=True).click()
    line.fill("2 củ hành tây")

    held.pop().continue_()
    expect(food(page, "beef")).to_be_visible()
    expect(line).to_have_value("2 củ hành tây")


def test_what_is_thrown_away_counts_as_wasted_and_a_mistake_does_not(visit: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", **_HERE)
    write_down(page, "300 g thịt bò\n1 kg gạo")
    figures = page.locator(".waste-row.wasted")
    expect(figures).to_contain_text("0 times")

    for name, reason in (("beef", "Thrown away"), ("rice", "A mistake")):
        food(page, name).get_by_role("button", name="Change").click()
        page.get_by_role("dialog").get_by_role("button", name=reason).click()
        expect(food(page, name)).to_have_count(0)

    expect(figures).to_contain_text("once · 300 g")


def test_a_word_with_two_meanings_keeps_its_amount_and_place_until_one_is_chosen(visit: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", **_HERE)
    write_down(page, "3 quả dua hết hạn ngày mai, tủ lạnh\nxyzzy quux")
    expect(page.get_by_text("We don’t know “xyzzy quux”")).to_be_visible()
    page.get_by_role("button", name="Leave out xyzzy quux").click()

    page.get_by_role("button", name="pineapple", exact=True).click()

    expect(food(page, "pineapple")).to_contain_text(re.compile("3.*Fridge.*1 day left"))
    expect(page.locator(".notice.warn")).to_have_count(0)


def test_what_a_dish_took_is_offered_at_its_end_and_leaves_the_pantry_once(visit: Any, server: Any, ana: Any) -> None:
    recipe_id = recipes.publish_on(server, ana)
    page = visit(ana, "/pantry", **_HERE)
    write_down(page, "1 kg thịt bò\n5 cà chua")
    page.goto(f"/recipes/{recipe_id}")
    page.get_by_role("button", name="Start cooking").click()
    page.wait_for_url("**/cook/**")
    for _ in range(2):
        page.locator(".cook-nav .primary").click()
    page.get_by_role("button", name="Complete").click()

    expect(page.get_by_role("heading", name="Take out of the pantry")).to_be_visible()
    assert not browser.violations(page)
    page.reload()
    expect(page.get_by_label("beef: 300 g")).to_be_checked()
    page.get_by_label("tomato: 2").uncheck()
    page.get_by_role("button", name="Take out of the pantry").click()

    page.wait_for_url(f"**/recipes/{recipe_id}")
    left = {one["ingredient"]["name_en"]: one["quantity"] for one in pantry_of(server, ana)}
    assert left == {"beef": 0.7, "tomato": 5}


def pantry_of(server: Any, person: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.api.get("/v1/pantry", token=person.token).json()["items"]
    return items


def test_what_expires_first_leads_to_a_dish(visit: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", **_HERE)
    write_down(page, "500 g thịt bò hết hạn ngày mai\n2 cà chua hết hạn ngày mai\n1 kg gạo")

    page.get_by_role("button", name="Cook with these").click()

    chosen = page.get_by_role("list", name="Chosen ingredients")
    expect(chosen.get_by_role("listitem")).to_have_text([re.compile("beef"), re.compile("tomato")])


def test_text_for_the_pantry_outlives_a_reload(visit: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", **_HERE)
    page.get_by_label("Add to the pantry").fill("2 quả trứng gà")

    page.reload()

    expect(page.get_by_label("Add to the pantry")).to_have_value("2 quả trứng gà")


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (1280, "en")])
def test_a_full_pantry_shuts_nobody_out(visit: Any, ana: Any, width: int, language: str) -> None:
    page = visit(ana, "/pantry", size=(width, 800), **_HERE)
    write_down(page, "2 hộp sữa chua hết hạn ngày mai, ngăn mát\n500 g thịt bò hết hạn 1/1/2026, tủ đông\n1 kg gạo")
    page.evaluate(f"() => localStorage.setItem('language', '{language}')")
    page.reload()
    page.wait_for_load_state("networkidle")

    assert not browser.violations(page)
    assert not browser.overflows(page)
    page.locator(".lot button").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not browser.violations(page)
    assert not browser.overflows(page)
