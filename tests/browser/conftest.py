"""A browser for each module, a server, and moderators with authenticators."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.support import browser, moderators, web_client
from tests.support.moderators import Staff

expect.set_options(timeout=web_client.PATIENCE_MS)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser.chromium() as running:
        yield running


@pytest.fixture(scope="module")
def mod() -> Staff:
    return moderators.make("admins")


@pytest.fixture(scope="module")
def other_mod() -> Staff:
    return moderators.make()


@pytest.fixture
def visit(chromium: Any, server: Any) -> Iterator[Any]:
    """Open the client as somebody: `visit(ana)`, `visit(None)`. Windows close at the end of the test.

    A service worker would fetch all files of the client into each window, which takes longer than most tests: it runs
    where `keeps_files` asks for it, for tests of what works without a network.
    """
    opened: list[BrowserContext] = []

    def open_as(person: Any, path: str = "/", *, keeps_files: bool = False, **options: Any) -> Page:
        if person is not None:
            options = {"storage_state": web_client.signed_in_before(server.url), **options}
        context = browser.visitor(chromium, base_url=server.url, **options)
        context.set_default_timeout(web_client.PATIENCE_MS)
        if not keeps_files:
            # As where a browser has none, in private windows of some.
            context.add_init_script("delete Navigator.prototype.serviceWorker")
        opened.append(context)
        page = context.new_page()
        if person is None:
            page.goto(path)
        else:
            web_client.resume(page, person.username, path)
        return page

    yield open_as
    for context in opened:
        context.close()
