"""The web client in tests: sign in, and what its pages start from."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.support import people, recipes

# A loaded machine takes its time; nothing here depends on how much.
PATIENCE_MS = 30_000


def sign_in(page: Page, username: str, path: str = "/") -> None:
    page.goto(f"/login?next={path}")
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Notifications")).to_be_visible()


def publish(server: Any, owner: Any, **changes: Any) -> str:
    recipe_id: str = recipes.create(server.api, owner, **changes)["id"]
    recipes.publish(recipe_id)
    return recipe_id
