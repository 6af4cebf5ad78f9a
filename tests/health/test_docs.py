"""The browsable interface loads files of ours and nothing else."""

import re
from typing import Any

from django.contrib.staticfiles import finders

POLICY = "Content-Security-Policy"


def test_the_documentation_allows_nothing_inline_and_nothing_of_others(api: Any) -> None:
    page = api.get("/docs")

    policy = dict(rule.split(" ", 1) for rule in page.headers[POLICY].split("; "))
    assert policy["default-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"


def test_what_the_documentation_loads_is_in_files_of_ours(api: Any) -> None:
    html = api.get("/docs").content.decode()

    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", html)
    assert len(scripts) == 3
    assert all("src=" in attributes and not inline.strip() for attributes, inline in scripts)
    assert not re.search(r"<style|style=|\son\w+=", html)
    files = re.findall(r"(?:src|href)=\"([^\"]+)\"", html)
    *static, setup = files
    assert [path for path in static if not finders.find(path.removeprefix("/static/"))] == []
    script = api.get(setup)
    assert (script.status_code, script.headers["Content-Type"]) == (200, "application/javascript")
    assert b"/v1/schema" in script.content
