"""Measure the client as a cheap phone on a slow network meets it: `make lighthouse URL=… LOGIN=demo:password`.

Says, for each page, what is transferred, when its largest element is drawn, and how much it shifts. Chromium's
processor is slowed four times and its network to Lighthouse's "slow 4G" (1.6 Mbit/s, 150 ms), its cache is empty.
"""

import sys
from typing import Any

from playwright.sync_api import Browser, Page

from tests.support import browser

CPU_SLOWER = 4
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
PAGES = ("/", "/recipes", "/feed", "/pantry", "/plans")
_OBSERVE = """
() => {
  window.found = { lcp: 0, shift: 0 };
  new PerformanceObserver((list) => { for (const one of list.getEntries()) found.lcp = one.startTime; })
    .observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) found.shift += one.value;
  }).observe({ type: 'layout-shift', buffered: true });
}
"""


def measure(chromium: Browser, url: str, state: Any, path: str) -> dict[str, float]:
    """Open a page of somebody who is signed in, with an empty cache; seconds, kilobytes, and the sum of shifts."""
    context = browser.visitor(chromium, size=(360, 740), storage_state=state, service_workers="block")
    page = context.new_page()
    sizes = _transfers(page)
    page.add_init_script(f"({_OBSERVE})()")
    page.goto(url + path)
    page.wait_for_load_state("networkidle")
    found: dict[str, float] = page.evaluate("() => found")
    context.close()
    return {"lcp": found["lcp"] / 1000, "shift": found["shift"], **{kind: size / 1000 for kind, size in sizes.items()}}


def _transfers(page: Page) -> dict[str, float]:
    """Slow the page down, and count from now on what it transfers, compressed, by kind."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    devtools.send("Network.emulateNetworkConditions", SLOW_4G)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": CPU_SLOWER})
    kinds: dict[str, str] = {}
    sizes = {"script": 0.0, "all": 0.0}
    devtools.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def add(event: Any) -> None:
        sizes["all"] += event["encodedDataLength"]
        if kinds.get(event["requestId"]) == "Script":
            sizes["script"] += event["encodedDataLength"]

    devtools.on("Network.loadingFinished", add)
    return sizes


def signed_in(chromium: Browser, url: str, username: str, password: str) -> Any:
    page = browser.visitor(chromium).new_page()
    page.goto(f"{url}/login")
    page.get_by_label("Username or email").fill(username)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/")
    return page.context.storage_state()


def main(url: str, login: str) -> None:
    username, _, password = login.partition(":")
    with browser.chromium() as chromium:
        state = signed_in(chromium, url, username, password)
        sys.stdout.write(f"{'page':12}{'LCP s':>8}{'shift':>8}{'JS kB':>8}{'all kB':>8}\n")
        for path in PAGES:
            found = measure(chromium, url, state, path)
            sys.stdout.write(
                f"{path:12}{found['lcp']:8.2f}{found['shift']:8.3f}{found['script']:8.1f}{found['all']:8.1f}\n"
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
