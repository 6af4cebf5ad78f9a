"""No input is lost and nothing is sent twice, whatever happens to the network, the tab or the session."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from apps.core import ids
from tests.support import people, recipes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]


def posts_of(server: Any, person: Any) -> list[str]:
    answer = server.api.get(f"/v1/users/{person.id}/posts", token=person.token).json()
    return [post["content"] for post in answer["items"]]


def write(page: Page, text: str) -> None:
    page.get_by_label("Write a post").fill(text)


def test_a_double_click_sends_once(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/feed")
    write(page, "Chỉ một lần")

    page.get_by_role("button", name="Post", exact=True).dblclick()

    expect(page.get_by_text("Posted.")).to_be_visible()
    expect(page.get_by_label("Write a post")).to_have_value("")
    assert posts_of(server, ana) == ["Chỉ một lần"]


def test_what_is_sent_again_after_a_lost_answer_has_one_effect(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/feed", service_workers="block")

    def lose(route: Route) -> None:
        """Deliver the request, but lose the response."""
        route.fetch()
        route.abort()

    page.route("**/v1/posts", lose, times=1)
    write(page, "Gửi lại vẫn một bài")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")
    expect(page.get_by_label("Write a post")).to_have_value("Gửi lại vẫn một bài")
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_text("Posted.")).to_be_visible()
    assert posts_of(server, ana) == ["Gửi lại vẫn một bài"]


def test_what_was_typed_without_a_network_outlives_a_reload_and_is_sent_later(
    visit: Any, server: Any, ana: Any
) -> None:
    page = visit(ana, "/feed", keeps_files=True)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.context.set_offline(True)
    write(page, "Viết khi mất mạng")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert").first).to_be_visible()

    page.reload()
    expect(page.get_by_label("Write a post")).to_have_value("Viết khi mất mạng")
    page.context.set_offline(False)
    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_text("Posted.")).to_be_visible()
    assert posts_of(server, ana) == ["Viết khi mất mạng"]


def test_a_deep_link_opens_after_signing_in_and_back_leads_on(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    recipe_id = recipes.publish_on(server, ben, title="Bún riêu của liên kết")
    page = visit(None, f"/recipes/{recipe_id}")
    page.wait_for_url("**/login?next=**")
    page.get_by_label("Username or email").fill(ana.username)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", name="Bún riêu của liên kết", level=1)).to_be_visible()
    page.get_by_role("link", name="Recipes", exact=True).click()
    expect(page.get_by_role("heading", name="Recipes", level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Bún riêu của liên kết", level=1)).to_be_visible()


def test_a_token_that_ends_early_is_renewed_without_a_word(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/feed", service_workers="block")
    page.route("**/v1/posts", lambda route: route.fulfill(status=401, json={"code": "not_authenticated"}), times=1)
    write(page, "Vẫn gửi được")

    page.get_by_role("button", name="Post", exact=True).click()

    expect(page.get_by_text("Posted.")).to_be_visible()
    assert posts_of(server, ana) == ["Vẫn gửi được"]


def test_comments_and_ratings_of_a_dish_outlive_a_reload(visit: Any, server: Any, ana: Any) -> None:
    body = {"recipe_id": recipes.publish_on(server, ana)}
    session = server.api.post("/v1/cooking/sessions", json=body, token=ana.token).json()
    page = visit(ana)
    page.goto(f"/cook/{session['id']}")
    expect(page.locator(".cook-nav .primary")).to_be_visible()
    for _ in session["recipe"]["steps"]:
        page.locator(".cook-nav .primary").click()
    page.get_by_role("button", name="4 stars").click()
    page.get_by_label("Private notes").fill("Ít muối hơn")

    page.reload()
    page.get_by_role("button", name="Finish").click()

    expect(page.get_by_label("Private notes")).to_have_value("Ít muối hơn")
    expect(page.get_by_role("button", name="4 stars")).to_have_attribute("aria-pressed", "true")


def test_a_page_of_what_is_not_there_has_a_title_and_leads_on(visit: Any, ana: Any) -> None:
    page = visit(ana)
    for path in ("recipes", "cook", "plans", "lists", "posts", "answer"):
        page.goto(f"/{path}/{ids.new_id()}")

        link = page.get_by_role("alert").get_by_role("link", name="Back to the start")
        expect(link, path).to_be_visible()
        expect(page.get_by_role("heading", level=1), path).to_have_count(1)
    page.get_by_role("link", name="Back to the start").click()
    page.wait_for_url("**/")
