"""Everything needs an access token, but for what the contract calls public."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from apps.core import ids

PUBLIC = re.compile(
    r"(v1/auth/(register|confirm|resend-code|login|challenge|refresh|forgot-password|reset-password)"
    r"|health|livez|v1/schema|docs)$"
)
VERBS = ("get", "post", "put", "patch", "delete")


def operations(patterns: Any = None, start: str = "") -> Iterator[tuple[str, str]]:
    """Yield each verb and path that a view answers, with ids in the places of ids."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = start + str(pattern.pattern)
        if path.startswith("admin/"):
            # Signed in to by itself: tests/backoffice says who gets in.
            continue
        if isinstance(pattern, URLResolver):
            yield from operations(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            view = pattern.callback.view_class
            filled = re.sub(r"<[^>]+>", ids.new_id(), path)
            yield from ((verb, filled) for verb in VERBS if hasattr(view, verb))


def test_nothing_but_what_the_contract_names_is_public(api: Any) -> None:
    checked = 0
    for verb, path in operations():
        if PUBLIC.fullmatch(path):
            continue
        for headers in ({}, {"Authorization": "Bearer nonsense"}):
            answer = api.request(verb.upper(), f"/{path}", json={}, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated"), (verb, path)
        checked += 1

    assert checked > 30


@pytest.mark.usefixtures("seeded")
def test_what_hangs_on_an_id_that_is_not_the_callers_is_absent(api: Any, ana: Any) -> None:
    """Ids of nobody stand for those of others here; each app's tests take real ones of another person."""
    for verb, path in operations():
        if re.search(r"[0-9A-HJKMNP-TV-Z]{26}", path) and verb in {"get", "delete"} and "favorite" not in path and "moderation" not in path:
            assert api.request(verb.upper(), f"/{path}", token=ana.token).status_code == 404, (verb, path)
