"""Draw contact sheets of the client's pages: `python -m tests.browser.sheets URL [DIRECTORY]`, against `make run`.

A sheet shows every page for one state, width, language and theme. What axe finds and pages that are wider than the
window are printed. The people and what they have are made for it.
"""

import argparse
import itertools
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import urllib3
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, BrowserContext, Page, Route

from apps.core import ids
from tests.support import browser, people

WIDTHS, LANGUAGES, THEMES = (360, 768, 1280), ("vi", "en"), ("light", "dark")
STATES = ("full", "empty", "loading", "failing", "offline", "long")
_HEIGHTS = {360: 760, 768: 1024, 1280: 900}
# As wide as a page is drawn on a sheet, and as much of its height as is shown.
_DRAWN, _SHOWN, _COLUMNS = {360: 240, 768: 380, 1280: 520}, 1.9, {360: 9, 768: 6, 1280: 5}
_LONG = " Nguyễnphướcvĩnhnghiêmtrườngthịnhphongphúquýbátràngan"
_WRITTEN = {
    "title",
    "translated_title",
    "name",
    "full_name",
    "content",
    "comment",
    "text",
    "why",
    "note",
    "bio",
    "detail",
    "place",
}
# Values of a closed list under a name of `_WRITTEN`.
_CHOSEN = {"fridge", "freezer", "cupboard"}
_LOCAL_CODE = "123456"
_PATIENCE = 60.0


@dataclass
class Somebody:
    """A person of the sheets, with the addresses of what they have."""

    url: str
    username: str = field(default_factory=lambda: f"s{ids.new_id()[-12:].lower()}")
    token: str = ""
    paths: list[str] = field(default_factory=list)

    def ask(self, method: str, path: str, /, **body: Any) -> Any:
        headers = {"Content-Type": "application/json", "Accept-Language": "vi"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        answer = urllib3.request(method, self.url + path, headers=headers, body=json.dumps(body) if body else None)
        if answer.status >= 400:
            raise SystemExit(f"{method} {path}: {answer.status} {answer.data[:300]!r}")
        return answer.json() if answer.data else None

    def register(self) -> None:
        mail = f"{self.username}@example.com"
        name = {"username": self.username}
        self.ask("POST", "/v1/auth/register", **name, email=mail, password=people.PASSWORD, full_name="Nguyễn Thị Mẫu")
        self.ask("POST", "/v1/auth/confirm", **name, code=_LOCAL_CODE)
        self.token = self.ask("POST", "/v1/auth/login", **name, password=people.PASSWORD)["access_token"]

    def wait_for_notifications(self, *kinds: str) -> None:
        """Wait until a worker has delivered notifications of all these kinds."""
        deadline = time.monotonic() + _PATIENCE
        while missing := set(kinds) - {one["kind"] for one in self.ask("GET", "/v1/notifications")["items"]}:
            if time.monotonic() > deadline:
                raise SystemExit(f"no notification of {', '.join(sorted(missing))}: is a worker running?")
            time.sleep(0.2)


_ALWAYS = [
    "/", "/recipes", "/mine", "/mine?tab=favorites", "/recipes/new", "/import", "/plans", "/plans/new", "/lists",
    "/household", "/pantry", "/feed", "/friends", "/notifications", "/me", "/history", "/figures", "/settings",
    "/settings/data", "/settings/account", "/settings/mfa", "/blocked", "/reports", "/terms", "/nowhere",
]  # fmt: skip


def with_nothing(url: str) -> Somebody:
    one = Somebody(url)
    one.register()
    one.paths = _ALWAYS
    return one


def with_everything(url: str) -> Somebody:
    """Make somebody with a friend, a pantry, a plan, a list, posts and a dish that is being cooked."""
    one, friend = Somebody(url), Somebody(url)
    one.register()
    friend.register()
    me = one.ask("GET", "/v1/users/me")["id"]
    one.ask("PUT", "/v1/users/me/preferences", allergies=["peanuts", "crustaceans"], recipe_count=5)
    one.ask("POST", "/v1/pantry", text="500g thịt bò hết hạn ngày mai, ngăn mát\n3 quả cà chua\n1 hộp sữa\n2 kg gạo")
    suggestion = one.ask("POST", "/v1/suggestions", ingredients=["thịt bò", "cà chua", "hành tây"], recipe_count=5)
    one.ask("GET", f"/v1/suggestions/{suggestion['id']}?wait=10")
    recipe = one.ask("GET", "/v1/recipes?limit=1&sort=popular")["items"][0]["id"]
    one.ask("PUT", f"/v1/recipes/{recipe}/favorite")
    one.ask("PUT", f"/v1/recipes/{recipe}/rating", stars=4, comment="Ngon, hơi mặn một chút.")
    line = {"name": "trứng gà", "quantity": 3, "unit": "piece"}
    steps = [{"text": "Đánh tan 3 quả trứng, nêm nước mắm.", "minutes": 3}, {"text": "Chiên vàng hai mặt."}]
    own = one.ask("POST", "/v1/recipes", title="Trứng chiên", method="fry", servings=2, ingredients=[line], steps=steps)
    session = one.ask("POST", "/v1/cooking/sessions", recipe_id=own["id"])
    plan = one.ask("POST", "/v1/plans", start="2027-03-01", days=3, meals=["lunch", "dinner"], servings=2, place="Huế")
    shopping = one.ask("POST", f"/v1/plans/{plan['id']}/list")
    friend.ask("POST", "/v1/friends/requests", user_id=me, message="Chào bạn!")
    post = one.ask("POST", "/v1/posts", content=f"Nấu xong rồi! @{one.username}", visibility="public", recipe_id=recipe)
    friend.ask("POST", f"/v1/posts/{post['id']}/comments", content="Nhìn ngon quá!")
    friend.ask("PUT", f"/v1/posts/{post['id']}/reaction", reaction="love")
    one.paths = [
        *_ALWAYS, f"/answer/{suggestion['id']}", f"/recipes/{recipe}", f"/recipes/{own['id']}",
        f"/recipes/{own['id']}/edit", f"/cook/{session['id']}", f"/plans/{plan['id']}", f"/lists/{shopping['id']}",
        f"/posts/{post['id']}", f"/people/{me}", "/history?tab=asked",
    ]  # fmt: skip
    one.wait_for_notifications("friend_request", "comment", "reaction")
    return one


def _lengthen(value: Any) -> Any:
    if isinstance(value, list):
        return [_lengthen(one) for one in value]
    if not isinstance(value, dict):
        return value
    return {
        name: one + _LONG if name in _WRITTEN and isinstance(one, str) and one not in {"", *_CHOSEN} else _lengthen(one)
        for name, one in value.items()
    }


def _prepare(page: Page, state: str) -> None:
    """Have the API answer as the state says; who is signed in, it says always."""

    def answer(route: Route) -> None:
        if "/v1/session" in route.request.url or route.request.method != "GET":
            route.continue_()
        elif state == "failing":
            problem = {"status": 500, "code": "internal_error", "title": "?", "request_id": "req-0123456789"}
            route.fulfill(status=500, json=problem, content_type="application/problem+json")
        elif state == "long":
            response = route.fetch()
            body = response.json() if "json" in response.headers.get("content-type", "") else None
            if body is None:
                route.fulfill(response=response)
            else:
                route.fulfill(response=response, json=_lengthen(body))
        # Loading: the answer never comes.

    if state in {"failing", "long", "loading"}:
        page.route("**/v1/**", answer)


def _open(chromium: Browser, somebody: Somebody, state: str, width: int, language: str, theme: str) -> BrowserContext:
    mark = [{"name": name, "value": value} for name, value in
            {"signed-in": "1", "language": language, "theme": theme}.items()]  # fmt: skip
    return browser.visitor(
        chromium, language=language, size=(width, _HEIGHTS[width]), base_url=somebody.url, reduced_motion="reduce",
        timezone_id="Asia/Ho_Chi_Minh", service_workers="allow" if state == "offline" else "block",
        storage_state={"cookies": [], "origins": [{"origin": somebody.url, "localStorage": mark}]},
    )  # fmt: skip


def shots(page: Page, somebody: Somebody, state: str) -> Iterator[tuple[str, Image.Image, list[str]]]:
    """Yield each page with its picture and what is wrong with it."""
    if state == "offline":
        page.goto("/")
        page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
        for path in somebody.paths:
            page.goto(path)
            page.wait_for_load_state("networkidle")
        page.context.set_offline(True)
    for path in somebody.paths:
        page.goto(path)
        if state == "loading":
            page.wait_for_timeout(600)
        else:
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500 if state == "failing" else 150)
        found = [f"axe {one}" for one in browser.violations(page)]
        if browser.overflows(page):
            found.append("wider than the window")
        width = page.viewport_size["width"] if page.viewport_size else 0
        most = int(_HEIGHTS[width] * _SHOWN)
        whole = page.screenshot(full_page=True)
        image: Image.Image = Image.open(BytesIO(whole)).convert("RGB")
        yield path, image.crop((0, 0, image.width, min(image.height, most))), found


def sheet(images: list[tuple[str, Image.Image]], width: int) -> Image.Image:
    """Put pictures beside each other in rows, each under its path."""
    drawn, columns = _DRAWN[width], _COLUMNS[width]
    small = [(path, image.resize((drawn, image.height * drawn // image.width))) for path, image in images]
    rows = [small[start : start + columns] for start in range(0, len(small), columns)]
    heights = [max(image.height for _, image in row) + 16 for row in rows]
    whole = Image.new("RGB", (columns * (drawn + 6), sum(heights)), "#777777")
    top = 0
    for row, height in zip(rows, heights, strict=True):
        for at, (path, image) in enumerate(row):
            whole.paste(image, (at * (drawn + 6), top + 14))
            ImageDraw.Draw(whole).text((at * (drawn + 6) + 2, top + 1), path[:36], fill="white")
        top += height
    return whole


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("directory", nargs="?", type=Path, default=Path("build/sheets"))
    parser.add_argument("--state", nargs="*", choices=STATES, default=STATES)
    parser.add_argument("--width", nargs="*", choices=WIDTHS, default=WIDTHS, type=int)
    parser.add_argument("--language", nargs="*", choices=LANGUAGES, default=LANGUAGES)
    parser.add_argument("--theme", nargs="*", choices=THEMES, default=THEMES)
    given = parser.parse_args()
    given.directory.mkdir(parents=True, exist_ok=True)
    full, empty = with_everything(given.url.rstrip("/")), with_nothing(given.url.rstrip("/"))
    with browser.chromium() as chromium:
        for state, width, language, theme in itertools.product(given.state, given.width, given.language, given.theme):
            somebody = empty if state == "empty" else full
            context = _open(chromium, somebody, state, width, language, theme)
            page = context.new_page()
            credentials = {"username": somebody.username, "password": people.PASSWORD}
            context.request.post("/v1/session", data=credentials, headers={"X-Smart-Cooking": "web"})
            _prepare(page, state)
            name = f"{state}-{width}-{language}-{theme}"
            images: list[tuple[str, Image.Image]] = []
            for path, image, found in shots(page, somebody, state):
                images.append((path, image))
                for one in found:
                    _say(f"{name} {path}: {one}")
            sheet(images, width).save(given.directory / f"{name}.webp", quality=80)
            _say(str(given.directory / f"{name}.webp"))
            page.unroute_all(behavior="ignoreErrors")
            context.close()


if __name__ == "__main__":
    main()
