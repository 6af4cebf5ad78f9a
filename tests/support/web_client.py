"""The web client in tests: sign in, and what its pages start from."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.support import people, processes, recipes

# A loaded machine takes its time; nothing here depends on how much.
PATIENCE_MS = 30_000


def signed_in_before(url: str) -> dict[str, Any]:
    """Return the storage of a browser in which somebody was signed in when it was last open."""
    mark = {"name": "signed-in", "value": "1"}
    return {"cookies": [], "origins": [{"origin": url, "localStorage": [mark]}]}


def resume(page: Page, username: str, path: str = "/") -> None:
    """Open a page as somebody who signed in earlier: faster than the form, which `sign_in` fills in."""
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


def publish(server: Any, owner: Any, **changes: Any) -> str:
    """Bring a recipe into the catalogue, and wait until the server has it there: it looks every two seconds."""
    recipe_id: str = recipes.create(server.api, owner, **changes)["id"]
    recipes.publish(recipe_id)
    processes.until(lambda: server.api.get(f"/r/{recipe_id}").status_code == 200, server)
    return recipe_id
