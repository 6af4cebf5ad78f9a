"""Use the web client in tests: sign in, resume a session."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.support import people

# Generous, for loaded machines: no test depends on it.
PATIENCE_MS = 30_000


def signed_in_before(url: str) -> dict[str, Any]:
    """Return the storage state of a browser in which somebody was signed in."""
    mark = {"name": "signed-in", "value": "1"}
    return {"cookies": [], "origins": [{"origin": url, "localStorage": [mark]}]}


def resume(page: Page, username: str, path: str = "/") -> None:
    """Open a page as somebody who signed in earlier: faster than `sign_in`, which fills in the form."""
    headers = {"X-Smart-Cooking": "web"}
    body = {"username": username, "password": people.PASSWORD}
    answer = page.context.request.post("/v1/session", data=body, headers=headers)
    assert answer.ok, answer.text()
    page.goto(path)
    expect(page.get_by_role("link", name="Notifications")).to_be_visible()


def sign_in(page: Page, username: str, path: str = "/") -> None:
    page.goto(f"/login?next={path}")
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Notifications")).to_be_visible()
