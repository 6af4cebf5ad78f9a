"""A real browser for tests: the system's Chromium, driven by Playwright, and axe for accessibility."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

_AXE = Path(__file__).resolve().parents[1] / "browser" / "vendor" / "axe.min.js"
_ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip
DESKTOP, PHONE = (1280, 900), (390, 844)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Run a headless browser that loads nothing but what the test's pages name."""
    path = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def visitor(browser: Browser, *, language: str = "en", size: tuple[int, int] = DESKTOP, **more: Any) -> BrowserContext:
    """Return a browser context, which has cookies of its own."""
    viewport: Any = {"width": size[0], "height": size[1]}
    return browser.new_context(locale=language, viewport=viewport, **more)


def resize(page: Page, size: tuple[int, int]) -> None:
    """Resize the window; the page adapts its layout."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def console_errors(page: Page) -> list[str]:
    """Collect the page's errors from now on: those of scripts, and what its security policy blocks."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def violations(page: Page) -> list[str]:
    """Return the serious violations of WCAG 2.1 A and AA that axe finds on the page, with their places."""
    # Evaluated by the debugger, to which the page's security policy does not apply.
    page.evaluate(_AXE.read_text("utf-8") + "; undefined")
    # Don't preload style sheets: only an experimental rule needs them, and the policy blocks and reports them.
    found: Any = page.evaluate(
        """() => axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'], resultTypes: ['violations'],
            preload: {assets: ['media']},
        })"""
    )
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:160]}"
        for one in found["violations"]
        if one["impact"] in {"serious", "critical"}
    ]


def overflows(page: Page) -> bool:
    """Say whether the page is wider than the window, so that people have to scroll horizontally."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1"))
