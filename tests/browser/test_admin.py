"""The moderators' admin in a real browser, on a desktop and on a phone: sign-in, decisions, paging, conflicts."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from playwright.sync_api import Page, expect

from apps.core import audit, clock, keys
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.ingredients import services as ingredients
from apps.moderation import cases, master_list, members
from apps.moderation.authority import OPERATOR
from apps.moderation.content import Target
from apps.recipes import services as recipe_services
from tests.support import browser, crowds, people, processes, recipes, society, tasks
from tests.support.failed_jobs import failed_export
from tests.support.moderators import Staff

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded")]

# The directory for screenshots. None are taken unless it is set.
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.fixture
def desk(chromium: Any, server: Any, mod: Staff) -> Page:
    page = browser.visitor(chromium).new_page()
    sign_in(page, server, mod)
    return page


def sign_in(page: Page, server: Any, staff: Staff) -> None:
    page.goto(f"{server.url}/admin/")
    enter_password(page, staff)
    page.locator("#id_code").fill(staff.totp.now())
    page.locator("#login-form input[type=submit]").click()
    expect(page.locator(".queues")).to_be_visible()


def open_page(page: Page, server: Any, path: str) -> None:
    page.goto(f"{server.url}/admin/{path}")


def act(page: Page, name: str, **answers: str) -> None:
    """Choose an action on an object's page, fill in its form and confirm."""
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

    # Another process decided; this one learns of it from the feed.
    processes.until(lambda: api.get(f"/v1/recipes/{good}", token=cyd.token).status_code == 404)
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
    desk.locator("#id_ingredient_id").press_sequentially("cà ch")
    expect(desk.locator('#id_ingredient_id_names option[value="tomato"]')).to_have_count(1)
    desk.locator("#id_ingredient_id").fill("cà chua")
    desk.locator("input[name=_preview]").click()
    expect(desk.locator(".preview")).to_contain_text(re.compile("recipes? ha(ve|s) this ingredient"))
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


def test_names_are_paged_both_ways(desk: Page, server: Any) -> None:
    names = crowds.waiting_names(120, prefix="tên thử", since=datetime(2099, 1, 1, tzinfo=UTC))
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

    paged = [name for page in forward for name in page]
    start = paged.index(names[0])
    assert paged[start : start + len(names)] == names
    assert len(paged) == len(set(paged))
    assert pages >= 5
    assert backward[::-1] == forward


def shown(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("#result_list th.field-name").all_inner_texts()]


# The screens by the names of their screenshots.
SCREENS = {
    "home": "",
    "recipes": "backoffice/recipe/",
    "recipes-approved": "backoffice/recipe/?queue=approved",
    "recipe": "backoffice/recipe/{recipe}/change/",
    "recipe-reject": "backoffice/recipe/{recipe}/act/reject/",
    "recipe-correct": "backoffice/recipe/{recipe}/act/correct/",
    "recipe-merge": "backoffice/recipe/{recipe}/act/merge/",
    "recipe-history": "backoffice/recipe/{recipe}/history/",
    "reports": "backoffice/case/",
    "report": "backoffice/case/post:{post}/change/",
    "report-comment": "backoffice/case/comment:{comment}/change/",
    "report-confirm": "backoffice/case/post:{post}/act/confirm/",
    "people": "backoffice/person/?q={username}",
    "people-suspended": "backoffice/person/",
    "person": "backoffice/person/{person}/change/",
    "person-suspend": "backoffice/person/{person}/act/suspend/",
    "names": "backoffice/unknownname/",
    "name": "backoffice/unknownname/{name}/change/",
    "name-map": "backoffice/unknownname/{name}/act/map/",
    "ingredients": "backoffice/ingredient/",
    "ingredient": "backoffice/ingredient/{ingredient}/change/",
    "ingredient-add": "backoffice/ingredient/add/",
    "appeals": "backoffice/appeal/",
    "appeal": "backoffice/appeal/{appeal}/change/",
    "failed-jobs": "backoffice/failedjob/",
    "failed-job": "backoffice/failedjob/{failed}/change/",
    "failed-job-retry": "backoffice/failedjob/{failed}/act/retry/",
    "audit": "backoffice/auditrecord/",
    "audit-entry": "backoffice/auditrecord/{entry}/change/",
    "audit-undo": "backoffice/auditrecord/{entry}/act/undo/",
    "dead-letters": "dead-letters/",
    "dead-letter": "dead-letters/{letter}/discard/",
    "ai-settings": "ai-settings/",
}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_screen_is_accessible_fits_and_breaks_no_rule_of_its_policy(
    api: Any, ana: Any, person: Callable[..., Any], chromium: Any, server: Any, mod: Staff, language: str
) -> None:
    """Each on a desktop and on a phone; axe, which takes most of the time, on one of them in each language."""
    places = things(api, ana, person, mod)
    page = browser.visitor(chromium, language=language).new_page()
    errors = browser.console_errors(page)
    found: list[tuple[str, Any, str]] = []
    examined = browser.PHONE if language == "vi" else browser.DESKTOP

    def look(name: str) -> None:
        for size in (browser.PHONE, browser.DESKTOP):
            browser.resize(page, size)
            shoot(page, name, language, size)
            if size == examined:
                found.extend((name, size, one) for one in browser.violations(page))
            found.extend([(name, size, "wider than the window")] if browser.overflows(page) else [])

    page.goto(f"{server.url}/admin/login/")
    look("login")
    enter_password(page, mod)
    expect(page.locator("#id_code")).to_be_visible()
    look("login-code")
    page.locator("#id_code").fill(mod.totp.now())
    page.locator("#login-form input[type=submit]").click()
    expect(page.locator(".queues")).to_be_visible()
    for name, address in SCREENS.items():
        open_page(page, server, address.format(**places))
        look(name)
    see_personal_data(page, server, places["person"])
    look("person-personal")
    see_effect(page, server, places["own"])
    look("ingredient-effect")
    ask_for_meaning(page, server, places["recipe"])
    look("recipe-correct-effect")

    assert found == []
    assert errors == []


def test_setting_up_an_authenticator_is_accessible_too(person: Callable[..., Any], chromium: Any, server: Any) -> None:
    fresh = person(group="moderators")
    for language in ("en", "vi"):
        page = browser.visitor(chromium, language=language).new_page()
        errors = browser.console_errors(page)
        page.goto(f"{server.url}/admin/login/")
        enter_password(page, fresh)

        expect(page.locator("img.qr")).to_be_visible()
        for size in (browser.PHONE, browser.DESKTOP):
            browser.resize(page, size)
            shoot(page, "login-setup", language, size)
            assert browser.violations(page) == []
            assert not browser.overflows(page)
        assert errors == []


def enter_password(page: Page, person: Any) -> None:
    page.locator("#id_username").fill(person.username)
    page.locator("#id_password").fill(people.PASSWORD)
    page.locator("#login-form input[type=submit]").click()


def see_personal_data(page: Page, server: Any, person_id: str) -> None:
    open_page(page, server, f"backoffice/person/{person_id}/change/")
    act(page, "look", reason="Yêu cầu hỗ trợ")
    expect(page.locator(".personal")).to_be_visible()


def see_effect(page: Page, server: Any, ingredient_id: str) -> None:
    """Change an ingredient up to the page that shows the effect, without saving."""
    open_page(page, server, f"backoffice/ingredient/{ingredient_id}/change/")
    page.locator("input[name=allergens][value=fish]").check()
    page.locator("input[name=_save]").click()
    expect(page.locator(".errornote")).to_be_visible()


def ask_for_meaning(page: Page, server: Any, recipe_id: str) -> None:
    """Assign an ingredient to an unknown line up to the page that shows the effect, without saving."""
    open_page(page, server, f"backoffice/recipe/{recipe_id}/act/correct/")
    page.locator("#id_line").select_option("2")
    page.locator("#id_ingredient_id").fill("nước mắm")
    page.locator("#act-form input.default").click()
    expect(page.locator(".errorlist")).to_be_visible()


def things(api: Any, owner: Any, person: Callable[..., Any], mod: Staff) -> dict[str, str]:
    """Create one of everything that a screen shows."""
    lines = [{"name": "nước mắm"}, {"name": "cà chua", "quantity": 2, "unit": "quả"}, {"name": "lá gì đó lạ"}]
    steps = [{"text": "Xào cà chua."}, {"text": "Rắc đậu phộng rang rồi dọn ra."}]
    recipe = recipes.create(api, owner, ingredients=lines, steps=steps, language="vi")["id"]
    post = society.post(api, owner, content="Mua thuốc giảm cân ở đây, rẻ lắm!")["id"]
    comment = api.post(f"/v1/posts/{post}/comments", json={"content": "Vào nhóm ngay"}, token=owner.token).json()["id"]
    for reporter in (person() for _ in range(3)):
        for kind, id_ in (("post", post), ("comment", comment)):
            body = {"target_type": kind, "target_id": id_, "reason": "spam", "note": "Quảng cáo thuốc"}
            api.post("/v1/reports", json=body, token=reporter.token)
    hidden = society.post(api, owner)["id"]
    actor = Actor(mod.id, mod.username, frozenset({"admins"}))
    # By somebody else, so that there is something to decide.
    decision = cases.hide(Target.POST, hidden, actor=OPERATOR, reason="Quảng cáo")
    body = {"target_type": "post", "target_id": hidden, "text": "Đây là món tôi nấu, không phải quảng cáo."}
    api.post("/v1/appeals", json=body, token=owner.token)
    members.suspend(person().id, until=clock.now() + timedelta(days=1), reason="Spam", actor=actor)
    own = ingredient_in_catalogue(api, owner, actor)
    crowds.waiting_names(1, prefix=f"lá ngón tay {owner.username}", since=clock.now())
    queue = Item.queues.query(keys.unknown_names_queue("-", "-").pk, scan_index_forward=False, limit=1)
    found = ingredients.resolve("cà chua")
    assert found is not None
    return {
        "recipe": recipe, "post": post, "comment": comment, "person": owner.id, "username": owner.username,
        "ingredient": found.id, "name": keys.last_part(next(iter(queue)).pk), "appeal": decision,
        "own": own, "entry": quote(f"post:{hidden}:{decision}"), "letter": tasks.leave_dead_letter(),
        "failed": failed_export(api, owner),
    }  # fmt: skip


def ingredient_in_catalogue(api: Any, owner: Any, actor: Actor) -> str:
    """Add an ingredient for this test, with a recipe in the catalogue, so that changing it has an effect."""
    name = f"rau {owner.username}"
    added = master_list.add_ingredient(
        vi=name, en=f"herb {owner.username}", category="vegetable", changes={}, actor=actor
    )
    recipe = recipes.create(api, owner, ingredients=[{"name": name}, {"name": "cà chua"}])["id"]
    recipes.publish(recipe)
    return str(added)


def shoot(page: Page, name: str, language: str, size: Any) -> None:
    if SHOTS:
        path = Path(SHOTS) / f"{name}-{language}-{size[0]}.png"
        page.screenshot(path=path, full_page=True)
