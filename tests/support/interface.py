"""The operations of the API, from the URL configuration."""

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from apps.core import ids
from apps.core.schema import Generator
from tests.support import once

PUBLIC = re.compile(
    r"(v1/auth/(register|confirm|resend-code|login|challenge|refresh|forgot-password|reset-password)|v1/session(/challenge|/refresh)?"
    r"|health|livez|v1/schema|docs|v1/plans/[0-9A-Z]{26}\.ics)$"
)
VERBS = ("get", "post", "put", "patch", "delete")


@cache
def document() -> dict[str, Any]:
    """Return the OpenAPI description that the code generates."""
    return once.make_once("openapi", lambda: Generator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


@cache
def documented_operations() -> frozenset[str]:
    """Return each operation of the OpenAPI description, as "get /v1/recipes"."""
    paths = document()["paths"]
    return frozenset(f"{verb} {path}" for path, methods in paths.items() for verb in methods if verb in VERBS)


def operations(patterns: Any = None, start: str = "") -> Iterator[tuple[str, str]]:
    """Yield each verb and path that a view handles, with ids filled in."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        path = start + str(pattern.pattern)
        if path.startswith("admin/"):
            # Pages for browsers with a sign-in of their own: tests/backoffice covers who has access.
            continue
        if isinstance(pattern, URLResolver):
            yield from operations(pattern.url_patterns, path)
        elif isinstance(pattern, URLPattern):
            view: Any = vars(pattern.callback)["view_class"]
            if view.__module__ == "apps.web.views":
                # Public pages for browsers: tests/web covers what they show.
                continue
            filled = re.sub(r"<[^>]+>", ids.new_id(), path)
            yield from ((verb, filled) for verb in VERBS if hasattr(view, verb))
