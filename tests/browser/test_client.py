"""The client in a real browser: from the fridge to a shared dish, and failures on the way."""

import re
import unicodedata
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from apps.core import ids
from tests.support import browser, images, people, processes, recipes, web_client
from tests.support.moderators import Staff

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded", "worker")]

_ALWAYS_OPEN = ("/", "/login", "/register", "/confirm", "/reset", "/terms")
_SIGNED_IN = (
    "/", "/recipes", "/recipes/new", "/mine", "/mine?tab=favorites", "/import", "/plans", "/plans/new", "/lists",
    "/household", "/feed", "/friends", "/notifications", "/me", "/pantry", "/history", "/figures", "/settings",
    "/settings/mfa", "/settings/account", "/settings/data", "/history?tab=asked", "/blocked", "/reports", "/terms",
    "/nowhere",
)  # fmt: skip


def add_to_fridge(page: Page, *names: str) -> None:
    field = page.get_by_role("combobox", name="Add an ingredient")
    for name in names:
        field.fill(name)
        field.press("Enter")
        expect(page.get_by_role("list", name="Chosen ingredients").get_by_text(name, exact=True)).to_be_visible()


def test_somebody_new_cooks_from_the_pantry_despite_an_allergy_and_a_friend_reacts_to_the_dish(
    visit: Any, server: Any, ben: Any, cyd: Any, tmp_path: Any
) -> None:
    # Of foods that no other recipe of the tests asks for, so that this one is suggested.
    title = f"Cá sấu xào hành {ids.new_id()[-6:]}"
    lines = [
        {"name": "thịt cá sấu", "quantity": 300, "unit": "g"},
        {"name": "hành tây", "quantity": 1, "unit": "piece"},
    ]
    recipes.publish_on(server, cyd, title=title, ingredients=lines)
    page = visit(None, "/register")
    username = register(page)
    web_client.sign_in(page, username, "/settings")
    page.locator("#food").get_by_text("Peanuts", exact=True).click()
    page.locator("#food").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.goto("/pantry")
    page.get_by_label("Add to the pantry").fill("300 g thịt cá sấu\n2 cà chua\n1 hành tây")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_label("Add to the pantry")).to_have_value("")
    page.goto("/")
    page.get_by_label("Use what is in my pantry, too").check()
    page.get_by_role("button", name="What can I cook?").click()
    expect(page.get_by_text("Checked: no peanuts").first).to_be_visible()
    page.get_by_role("link", name=title).click()

    cook(page)
    post_id = share(page, tmp_path)
    me = server.api.get(f"/v1/users?q={username}", token=ben.token).json()["items"][0]
    become_friends(page, server, ben, me["id"])
    page.goto(f"/posts/{post_id}")
    expect(page.get_by_role("button", name="Love 0")).to_be_visible()
    reacted = server.api.put(f"/v1/posts/{post_id}/reaction", json={"reaction": "love"}, token=ben.token)
    assert reacted.status_code == 200, reacted.content
    expect(page.get_by_role("button", name="Love 1")).to_be_visible()


def register(page: Page) -> str:
    username = f"u{ids.new_id()[-12:].lower()}"
    page.get_by_label("Full name").fill("Nguyễn Thị Mới")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Email").fill(f"{username}@example.com")
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Create an account").click()
    page.wait_for_url("**/confirm**")
    page.get_by_label("Code").fill("123456")
    page.get_by_role("button", name="Confirm your account").click()
    page.wait_for_url("**/login**")
    return username


def cook(page: Page) -> None:
    """Cook the recipe on the page to the end, with a timer for its first step, and rate it."""
    page.get_by_role("button", name="Start cooking").click()
    page.wait_for_url("**/cook/**")
    progress = page.locator(".cook header").get_by_text(re.compile(r"^Step 1 of \d+$"))
    expect(progress).to_be_visible()
    page.get_by_role("button", name="Timer: 3 min").click()
    expect(page.get_by_role("timer")).to_be_visible()
    for _ in range(int(progress.inner_text().rsplit(" ", 1)[1])):
        page.locator(".cook-nav .primary").click()
    page.get_by_role("button", name="5 stars").click()
    page.get_by_role("button", name="Complete").click()
    page.get_by_role("button", name="Take out of the pantry").click()
    expect(page.get_by_text("Well done!")).to_be_visible()


def share(page: Page, directory: Any) -> str:
    """Share the cooked dish with a picture; return the id of the post."""
    picture = directory / "dish.jpg"
    images.picture((800, 600)).save(picture, "JPEG")
    page.get_by_role("button", name="Share with friends").click()
    page.get_by_label("Write a post").fill("Nấu xong rồi!")
    page.get_by_label("Add pictures").set_input_files(picture)
    expect(page.locator(".thumb img")).to_be_visible()
    page.get_by_role("button", name="Post", exact=True).click()
    post = page.locator("article").filter(has_text="Nấu xong rồi!")
    expect(post).to_be_visible()
    return str(post.locator('a[href^="/posts/"]').first.get_attribute("href")).rsplit("/", 1)[1]


def become_friends(page: Page, server: Any, ben: Any, me: str) -> None:
    asked = server.api.post("/v1/friends/requests", json={"user_id": me}, token=ben.token)
    assert asked.status_code in {200, 201}, asked.content
    page.goto("/friends")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("You are friends now.")).to_be_visible()


def test_what_is_checked_without_a_network_arrives_on_the_list_later(visit: Any, server: Any, ana: Any) -> None:
    recipes.publish_on(server, ana, title="Bò xào của chợ")
    page = visit(ana, "/plans/new", keeps_files=True)
    page.get_by_label("Days", exact=True).fill("2")
    page.get_by_role("button", name="Make the plan").click()
    page.get_by_role("button", name="Shopping list").click()
    page.wait_for_url("**/lists/**")
    list_id = page.url.rsplit("/", 1)[1]
    first = page.get_by_role("checkbox").first
    expect(first).to_be_visible()
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(first).to_be_visible()

    page.context.set_offline(True)
    first.check()
    expect(page.get_by_text("1 change will be sent")).to_be_visible()
    page.reload()
    expect(first).to_be_checked()
    assert not any(item["checked"] for item in items_of(server, list_id, ana))

    page.context.set_offline(False)
    expect(page.get_by_text("1 change will be sent")).to_be_hidden()
    assert sum(item["checked"] for item in items_of(server, list_id, ana)) == 1


def items_of(server: Any, list_id: str, person: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = server.api.get(f"/v1/lists/{list_id}", token=person.token).json()["items"]
    return items


def test_a_word_with_two_meanings_is_asked_about(visit: Any, ana: Any) -> None:
    page = visit(ana)
    add_to_fridge(page, "dua")
    question = page.get_by_role("group", name="dua")
    expect(question).to_contain_text("Which “dua” do you mean?")
    chosen = question.get_by_role("button").first
    name = chosen.inner_text()
    chosen.click()
    expect(page.get_by_role("list", name="Chosen ingredients").get_by_text(name, exact=True)).to_be_visible()
    expect(question).to_be_hidden()


def test_vietnamese_typed_in_decomposed_letters_is_understood(visit: Any, ana: Any) -> None:
    page = visit(ana)
    field = page.get_by_role("combobox", name="Add an ingredient")
    field.fill(unicodedata.normalize("NFD", "cà chua"))
    field.press("Enter")
    expect(page.locator(".chip.good")).to_have_count(1)


def test_an_uncertain_line_of_an_import_is_asked_about_before_it_is_kept(visit: Any, server: Any, ana: Any) -> None:
    page = visit(ana, "/import")
    page.get_by_text("Text", exact=True).click()
    page.get_by_label("Text of the recipe").fill(
        "Trứng chiên lá xyzzy\n\nNguyên liệu:\n- 3 quả trứng gà\n- 1 nắm lá xyzzy\n\n"
        "Cách làm:\n1. Đánh tan trứng với lá.\n2. Chiên vàng hai mặt."
    )
    page.get_by_role("button", name="Import", exact=True).click()
    page.wait_for_url("**/import/*")
    expect(page.get_by_text("Please check").first).to_be_visible()
    page.get_by_label("Servings").fill("2")
    page.get_by_role("combobox", name="Ingredient 2").fill("hành lá")
    page.get_by_role("button", name="Keep as my recipe").click()
    page.get_by_role("link", name="Open the recipe").click()
    expect(page.get_by_text("hành lá").first).to_be_visible()


def test_a_report_thanks_and_a_block_hides_at_once(visit: Any, server: Any, ana: Any, ben: Any) -> None:
    body = {"content": "Mua thuốc giảm cân ở đây", "visibility": "public"}
    post = server.api.post("/v1/posts", json=body, token=ben.token).json()
    page = visit(ana, f"/posts/{post['id']}")
    page.get_by_role("button", name="Report").first.click()
    page.get_by_role("dialog").get_by_text("Spam", exact=True).click()
    page.get_by_role("button", name="Send report").click()
    expect(page.get_by_text("A moderator will look at it.")).to_be_visible()
    page.goto("/reports")
    expect(page.get_by_text("Post · Spam")).to_be_visible()
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("You have reported nothing")).to_be_visible()

    page.goto(f"/people/{ben.id}")
    page.get_by_role("button", name="Block").click()
    page.get_by_role("dialog").get_by_role("button", name="Block").click()
    page.wait_for_url("**/friends")
    page.goto(f"/posts/{post['id']}")
    expect(page.get_by_role("alert")).to_be_visible()


def test_what_was_written_outlives_a_session_that_ends_in_the_middle(visit: Any, ana: Any) -> None:
    page = visit(ana, "/recipes/new")
    page.get_by_label("Title").fill("Canh chua cá lóc")
    page.context.clear_cookies()
    page.reload()
    page.wait_for_url("**/login?next=**")
    page.get_by_label("Username or email").fill(ana.username)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/recipes/new")
    expect(page.get_by_label("Title")).to_have_value("Canh chua cá lóc")


def test_two_tabs_share_a_session_and_sign_out_together(visit: Any, ana: Any) -> None:
    one = visit(ana, "/me")
    other = one.context.new_page()
    other.goto("/feed")
    expect(other.get_by_role("heading", name="Feed")).to_be_visible()
    one.get_by_role("button", name="Sign out").click()
    expect(one.get_by_role("link", name="Sign in")).to_be_visible()
    expect(other.get_by_role("link", name="Sign in")).to_be_visible()


@pytest.mark.parametrize(("width", "language"), [(360, "vi"), (1280, "en")])
def test_no_page_complains_overflows_or_shuts_anybody_out(
    visit: Any, server: Any, ana: Any, ben: Any, width: int, language: str
) -> None:
    recipe_id = recipes.publish_on(server, ana)
    visitor = visit(None, "/", size=(width, 800), language=language)
    look_at(visitor, _ALWAYS_OPEN)
    page = visit(ana, "/", keeps_files=True, size=(width, 800), language="en")
    page.evaluate(f"() => localStorage.setItem('language', '{language}')")
    own = (f"/recipes/{recipe_id}", f"/recipes/{recipe_id}/edit", f"/people/{ana.id}", *made_by(server, ana, ben))
    look_at(page, (*_SIGNED_IN, *own))
    visited = [path.partition("?")[0] for path in (*_ALWAYS_OPEN, *_SIGNED_IN, *own)]
    assert not [route for route in routes() if not any(route.fullmatch(path) for path in visited)]


def routes() -> list[re.Pattern[str]]:
    """Return the addresses of all pages, as patterns."""
    text = (Path(__file__).resolve().parents[2] / "web" / "src" / "routes.ts").read_text("utf-8")
    return [re.compile(re.sub(r":\w+", "[^/]+", path)) for path in re.findall(r"path: '([^']+)'", text)]


def made_by(server: Any, person: Any, other: Any) -> tuple[str, ...]:
    """Make a suggestion, a session, a plan, a list, a post, an import and an invitation; return their pages."""

    def make(path: str, by: Any = person, **body: Any) -> Any:
        answer = server.api.post(path, json=body, token=by.token)
        assert answer.status_code in {200, 201, 202}, answer.content
        return answer.json()

    recipe_id = recipes.publish_on(server, other)
    answer = make("/v1/suggestions", ingredients=["thịt bò", "cà chua"])
    session = make("/v1/cooking/sessions", recipe_id=recipe_id)
    plan = make("/v1/plans", start="2027-03-01", days=2, meals=["dinner"], servings=2)
    shopping = make("/v1/lists", recipes=[{"recipe_id": recipe_id, "servings": 2}])
    post = make("/v1/posts", content="Phở", visibility="public")
    job = make("/v1/imports", text="Trứng chiên\nNguyên liệu:\n- 3 quả trứng\nCách làm:\n1. Chiên vàng.")["id"]
    processes.until(lambda: server.api.get(f"/v1/jobs/{job}", token=person.token).json()["result"], server)
    imported = server.api.get(f"/v1/jobs/{job}", token=person.token).json()["result"]["id"]
    make("/v1/household", other, name="Nhà mình")
    invited = make("/v1/household/invitations", other, username=person.username)
    return (
        f"/answer/{answer['id']}", f"/cook/{session['id']}", f"/plans/{plan['id']}", f"/lists/{shopping['id']}",
        f"/posts/{post['id']}", f"/import/{imported}", f"/household/join/{invited['code']}",
        f"/appeal/recipe/{recipe_id}",
    )  # fmt: skip


def look_at(page: Page, paths: tuple[str, ...]) -> None:
    errors = browser.console_errors(page)
    found: list[str] = []
    for path in paths:
        page.goto(path)
        page.wait_for_load_state("networkidle")
        expect(page.locator("h1").first).to_be_attached()
        found += [f"{path}: {violation}" for violation in browser.violations(page)]
        if browser.overflows(page):
            found.append(f"{path}: wider than the window")
    # The household of somebody without one is a 404, which browsers log as an error.
    assert not [error for error in errors if "404" not in error]
    assert not found


def test_a_second_factor_takes_the_password_and_leaves_one_signed_in(visit: Any, ana: Any) -> None:
    page = visit(ana, "/settings/mfa")

    page.get_by_label("Your password").fill(people.PASSWORD)
    page.get_by_role("button", name="Begin").click()
    page.get_by_label("6-digit code").fill(pyotp.TOTP(page.locator("code.secret").inner_text()).now())
    page.get_by_role("button", name="Turn on").click()
    expect(page.locator("#main").get_by_text("Two-factor sign-in is on.")).to_be_visible()

    page.goto("/settings/mfa")
    expect(page.get_by_label("Your password")).to_be_visible()


def test_the_documentation_works_under_its_policy(visit: Any) -> None:
    page = visit(None, "/docs")
    errors = browser.console_errors(page)

    page.reload()
    page.locator(".opblock-summary").first.click()
    expect(page.locator(".opblock-body").first).to_be_visible()

    assert errors == []


def test_moderators_and_nobody_else_find_the_way_to_their_desk(visit: Any, ana: Any, mod: Staff) -> None:
    page = visit(ana, "/me")
    expect(page.get_by_role("link", name="Settings")).to_be_visible()
    expect(page.get_by_role("link", name="Moderation")).to_have_count(0)

    desk = visit(None, "/login?next=/me")
    desk.get_by_label("Username or email").fill(mod.username)
    desk.get_by_label("Password").fill(people.PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_label("6-digit code").fill(mod.totp.now())
    desk.get_by_role("button", name="Sign in").click()
    desk.get_by_role("link", name="Moderation").click()
    desk.wait_for_url("**/admin/**")
    expect(desk.locator("#login-form")).to_be_visible()


def test_a_vietnamese_page_loads_no_letters_of_other_languages(visit: Any) -> None:
    page = visit(None, "/login")
    fonts: list[str] = []
    page.on("request", lambda request: fonts.append(request.url) if request.url.endswith(".woff2") else None)
    page.evaluate("localStorage.setItem('language', 'vi')")

    page.goto("/terms")
    expect(page.get_by_role("heading", name="Điều khoản và quyền riêng tư", level=1)).to_be_visible()
    page.evaluate("document.fonts.ready.then(() => true)")

    assert any("vietnamese" in url for url in fonts)
    assert not [url for url in fonts if "latin-ext" in url]


def test_names_and_times_in_the_feed_are_high_enough_for_a_finger(visit: Any, server: Any, ana: Any) -> None:
    body = {"content": "Cơm tấm", "visibility": "private"}
    assert server.api.post("/v1/posts", json=body, token=ana.token).status_code == 201
    page = visit(ana, "/feed")
    page.set_viewport_size({"width": 360, "height": 740})

    links = page.get_by_role("article").filter(has_text="Cơm tấm").locator("header a")
    expect(links).to_have_count(2)

    assert min(links.evaluate_all("all => all.map(one => one.getBoundingClientRect().height)")) >= 24
