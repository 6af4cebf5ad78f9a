"""Moderators at work in a real browser: signing in, deciding, paging, colliding, on a desk and on a phone."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.core import audit, ids, keys
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.ingredients import services as ingredients
from apps.moderation import cases
from apps.moderation.content import Target
from apps.recipes import services as recipe_services
from tests.support import browser, people, processes, recipes, society
from tests.support.moderators import Staff

pytestmark = pytest.mark.usefixtures("seeded")

# Where screenshots are left for whoever wants to look at them; nowhere unless it is said.
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture
def desk(chromium: Any, server: Any, mod: Staff) -> Page:
    page = browser.visitor(chromium).new_page()
    sign_in(page, server, mod)
    return page


def sign_in(page: Page, server: Any, staff: Staff) -> None:
    page.goto(f"{server.url}/admin/")
    page.locator("#id_username").fill(staff.username)
    page.locator("#id_password").fill(people.PASSWORD)
    page.locator("#login-form input[type=submit]").click()
    page.locator("#id_code").fill(staff.totp.now())
    page.locator("#login-form input[type=submit]").click()
    expect(page.locator(".queues")).to_be_visible()


def open_page(page: Page, server: Any, path: str) -> None:
    page.goto(f"{server.url}/admin/{path}")


def act(page: Page, name: str, **answers: str) -> None:
    """Choose an act on the page of an object, answer its questions and confirm."""
    page.locator(f'.object-tools a[href$="/act/{name}/"]').click()
    for field, answer in answers.items():
        page.locator(f"#id_{field}").fill(answer)
    page.locator("#act-form input.default").click()


def state_of(recipe_id: str) -> str:
    return recipe_services.get_stored_recipe(recipe_id).state.approval


def test_a_recipe_is_approved_rejected_and_hidden(api: Any, ana: Any, cyd: Any, desk: Page, server: Any) -> None:
    good, bad = (recipes.create(api, ana)["id"] for _ in range(2))
    open_page(desk, server, f"backoffice/recipe/{good}/change/")
    act(desk, "approve")
    open_page(desk, server, f"backoffice/recipe/{bad}/change/")
    act(desk, "reject", reason="Thiếu bước nấu")
    assert (state_of(good), state_of(bad)) == ("approved", "rejected")

    open_page(desk, server, f"backoffice/recipe/{good}/change/")
    act(desk, "hide", reason="Ảnh không phù hợp")

    # Decided in another process: this one knows within five seconds.
    processes.until(lambda: api.get(f"/v1/recipes/{good}", token=cyd.token).status_code == 404, seconds=5)
    open_page(desk, server, "backoffice/auditrecord/?act=hide")
    expect(desk.locator("#result_list")).to_contain_text("Ảnh không phù hợp")


def test_a_name_that_five_people_reported_becomes_an_alias(
    api: Any, person: Callable[..., Any], desk: Page, server: Any
) -> None:
    name = "bắp nếp mơ màng"
    for _ in range(5):
        api.post("/v1/ingredients/validate", json={"ingredients": [name]}, token=person().token)
    open_page(desk, server, "backoffice/unknownname/")
    desk.get_by_role("link", name=name).click()
    desk.locator('.object-tools a[href$="/act/map/"]').click()
    desk.locator("#id_ingredient_id").fill("cà chua")
    desk.locator("input[name=_preview]").click()
    expect(desk.locator(".preview")).to_contain_text("recipes have this ingredient")
    desk.locator("#act-form input.default").click()

    ingredients.refresh()
    tomato = ingredients.resolve("cà chua")
    assert tomato is not None
    assert ingredients.resolve(name) == tomato


def test_somebody_is_suspended(api: Any, ana: Any, desk: Page, server: Any) -> None:
    open_page(desk, server, f"backoffice/person/?q={ana.username}")
    desk.locator("#result_list").get_by_role("link", name=ana.username).click()
    act(desk, "suspend", reason="Spam")

    expect(desk.locator("#content")).to_contain_text("Spam")
    assert api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code == 403


def test_two_browsers_collide_on_one_recipe(
    api: Any, ana: Any, chromium: Any, desk: Page, server: Any, other_mod: Staff, mod: Staff
) -> None:
    recipe = recipes.create(api, ana)["id"]
    second = browser.visitor(chromium).new_page()
    sign_in(second, server, other_mod)
    for page in (desk, second):
        open_page(page, server, f"backoffice/recipe/{recipe}/act/reject/")
        page.locator("#id_reason").fill("Trùng")
    desk.locator("#act-form input.default").click()
    second.locator("#act-form input.default").click()

    expect(second.locator(".messagelist .error")).to_contain_text(mod.username)
    assert [one.act for one in audit.history("recipe", recipe, limit=5).items] == ["reject"]


def test_five_hundred_names_are_paged_both_ways(desk: Page, server: Any) -> None:
    since = "2020-01-01T00:00:00.000000Z"
    with Item.batch_write() as batch:
        for number in range(500):
            batch.save(waiting_name(f"tên thử {number:03d}", f"{since[:-7]}{number:06d}Z"))
    open_page(desk, server, "backoffice/unknownname/")
    forward, pages = [shown(desk)], 1
    while desk.locator("a[rel=next]").count():
        with desk.expect_navigation():
            desk.locator("a[rel=next]").click()
        forward.append(shown(desk))
        pages += 1
    backward = [shown(desk)]
    while desk.locator("a[rel=prev]").count():
        with desk.expect_navigation():
            desk.locator("a[rel=prev]").click()
        backward.append(shown(desk))

    names = [name for page in forward for name in page]
    assert names[:500] == [f"tên thử {number:03d}" for number in range(500)]
    assert len(names) == len(set(names))
    assert pages >= 20
    assert backward[::-1] == forward


def waiting_name(name: str, since: str) -> Any:
    from apps.core import clock  # noqa: PLC0415
    from apps.ingredients.models import UnknownName  # noqa: PLC0415

    name_hash = ids.new_id().lower()
    key, queue = keys.unknown_name(name_hash), keys.unknown_names_queue(since, name_hash)
    row = UnknownName(
        pk=key.pk, sk=key.sk, name=name, reporters=5, first_seen_at=clock.now(), gsi4pk=queue.pk, gsi4sk=queue.sk
    )
    row.version = 1
    return row


def shown(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#result_list th.field-name").all_inner_texts()]


SCREENS = (
    "", "backoffice/recipe/", "backoffice/recipe/{recipe}/change/", "backoffice/recipe/{recipe}/act/reject/",
    "backoffice/recipe/{recipe}/history/", "backoffice/case/", "backoffice/case/post:{post}/change/",
    "backoffice/person/?q={username}", "backoffice/person/{person}/change/", "backoffice/unknownname/",
    "backoffice/ingredient/", "backoffice/ingredient/{ingredient}/change/", "backoffice/appeal/",
    "backoffice/auditrecord/", "dead-letters/", "ai-settings/",
)  # fmt: skip


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("size", [browser.DESKTOP, browser.PHONE], ids=["desk", "phone"])
def test_every_screen_is_accessible_fits_and_breaks_no_rule_of_its_policy(
    api: Any, ana: Any, person: Callable[..., Any], chromium: Any, server: Any, mod: Staff, language: str, size: Any
) -> None:
    places = things(api, ana, person, mod)
    page = browser.visitor(chromium, language=language, size=size).new_page()
    errors = browser.console_errors(page)
    page.goto(f"{server.url}/admin/login/")
    found = [("login", one) for one in browser.violations(page)]
    shoot(page, "login", language, size)
    sign_in(page, server, mod)
    for screen in SCREENS:
        open_page(page, server, screen.format(**places))
        page.wait_for_load_state("networkidle")
        shoot(page, screen.split("?")[0].replace("{", "").replace("}", ""), language, size)
        found += [(screen, one) for one in browser.violations(page)]
        found += [(screen, "wider than the window")] if browser.overflows(page) else []

    assert found == []
    assert errors == []


def things(api: Any, owner: Any, person: Callable[..., Any], mod: Staff) -> dict[str, str]:
    """Make one of everything that a screen shows."""
    recipe = recipes.create(api, owner)["id"]
    post = society.post(api, owner, content="Mua thuốc giảm cân ở đây, rẻ lắm!")["id"]
    for _ in range(3):
        body = {"target_type": "post", "target_id": post, "reason": "spam", "note": "Quảng cáo thuốc"}
        api.post("/v1/reports", json=body, token=person().token)
    hidden = society.post(api, owner)["id"]
    actor = Actor(mod.id, mod.username, frozenset({"admins"}))
    cases.hide(Target.POST, hidden, actor=actor, reason="Quảng cáo")
    body = {"target_type": "post", "target_id": hidden, "text": "Đây là món tôi nấu, không phải quảng cáo."}
    api.post("/v1/appeals", json=body, token=owner.token)
    found = ingredients.resolve("cà chua")
    assert found is not None
    return {
        "recipe": recipe, "post": post, "person": owner.id, "username": owner.username, "ingredient": found.id
    }  # fmt: skip


def shoot(page: Page, name: str, language: str, size: Any) -> None:
    if SHOTS:
        title = re.sub(r"[^a-z]+", "-", name.lower()).strip("-") or "home"
        path = Path(SHOTS) / f"{title}-{language}-{size[0]}.png"
        page.screenshot(path=path, full_page=True)
