"""What the client says is said for its reader: in their language, in their time zone, and where they left it."""

from typing import Any

import pytest
from playwright.sync_api import expect

from apps.core import ids
from tests.support import accounts, plans, recipes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]

_NEW_PASSWORD = "Kh0ng-Qu3n!9"


def test_dishes_have_the_name_of_the_readers_language_on_cards_plans_and_pages(
    visit: Any, server: Any, ana: Any
) -> None:
    word = ids.new_id()[-8:].lower()
    mine = recipes.create(
        server.api, ana, title=f"Braised beef {word}", translated_title=f"Bò kho {word}", language="en"
    )
    plan = plans.plan(server.api, ana, days=1, meals=["dinner"])
    change = {"slots": [{"id": plan["slots"][0]["id"], "recipe_id": mine["id"]}]}
    assert server.api.patch(f"/v1/plans/{plan['id']}", json=change, token=ana.token).status_code == 200
    page = visit(ana, "/mine")
    expect(page.get_by_role("heading", name=f"Braised beef {word}")).to_be_visible()

    page.get_by_role("button", name="Tiếng Việt").click()

    expect(page.get_by_role("heading", name=f"Bò kho {word}")).to_be_visible()
    page.goto(f"/plans/{plan['id']}")
    expect(page.get_by_role("link", name=f"Bò kho {word}")).to_be_visible()
    page.goto(f"/recipes/{mine['id']}")
    expect(page.get_by_role("heading", name=f"Bò kho {word}", level=1)).to_be_visible()
    expect(page.get_by_text(f"Braised beef {word}")).to_be_visible()


def test_what_expires_today_does_so_on_the_calendar_of_the_person_not_of_the_device(
    visit: Any, server: Any, ana: Any
) -> None:
    # These two never have the same day.
    preferences = server.api.get("/v1/users/me/preferences", token=ana.token).json()
    changed = server.api.put(
        "/v1/users/me/preferences", json={**preferences, "timezone": "Pacific/Kiritimati"}, token=ana.token
    )
    assert changed.status_code == 200, changed.content
    kept = server.api.post("/v1/pantry", json={"text": "1 hộp sữa chua hết hạn 02/05/2031"}, token=ana.token)
    assert kept.status_code in {200, 201}, kept.content
    page = visit(ana, "/me", timezone_id="Pacific/Midway")
    page.clock.set_fixed_time("2031-05-01T20:00:00Z")

    page.goto("/pantry")

    expect(page.get_by_role("list", name="At home")).to_contain_text("expires today")


def test_a_reset_goes_on_where_it_was_after_the_phone_has_closed_the_page(visit: Any, ana: Any) -> None:
    page = visit(None, "/reset")
    page.get_by_label("Username or email").fill(ana.username)
    page.get_by_role("button", name="Send a code").click()
    expect(page.get_by_role("button", name="Send the code again")).to_be_visible()

    page.reload()
    page.get_by_label("Code").fill(accounts.RESET_CODE)
    page.get_by_label("New password").fill(_NEW_PASSWORD)
    page.get_by_role("button", name="Set the password").click()

    # Until then the fields of the same names are those of the reset.
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Username or email")).to_have_value(ana.username)
    page.get_by_label("Password").fill(_NEW_PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Notifications")).to_be_visible()


def test_the_icon_and_the_manifest_are_there_without_a_network(visit: Any, ana: Any) -> None:
    page = visit(ana, "/pantry", keeps_files=True)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)

    found = page.evaluate(
        "() => Promise.all(['/icon.svg', '/icon-192.png', '/manifest.webmanifest']"
        ".map((path) => caches.match(path).then((kept) => Boolean(kept))))"
    )

    assert found == [True, True, True]


def test_a_page_that_was_not_kept_says_at_once_that_there_is_no_network_and_fills_when_it_is_back(
    visit: Any, ana: Any
) -> None:
    page = visit(ana, "/pantry", keeps_files=True)
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    page.context.set_offline(True)
    page.goto("/friends")
    expect(page.get_by_role("alert")).to_contain_text("There is no connection")

    page.context.set_offline(False)

    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_text("You have no friends here yet.")).to_be_visible()
