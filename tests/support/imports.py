"""Imports over HTTP: begin one, follow its job, accept its drafts."""

from typing import Any

import pytest

from apps.imports import fetching
from apps.imports.fetching import Page

TEXT = """Canh cà chua trứng
Nguyên liệu:
- 3 quả cà chua
- 2 quả trứng gà
- 1 muỗng canh nước mắm
- 100g zzxxqq
Cách làm:
1. Xào cà chua.
2. Đổ nước, nấu sôi rồi cho trứng vào.
#canh"""


# canh"""
HTML = """<script type="application/ld+json">{"@context": "https://schema.org", "@type": "Recipe", "name": "Beef and onion",
"recipeIngredient": ["300 g beef", "1 onion"], "recipeInstructions": ["Fry the beef.", "Add the onion."], "recipeYield": "2",
"author": {"name": "Kim"}}</script>"""


def begin(api: Any, person: Any, **body: Any) -> dict[str, Any]:
    answer = api.post("/v1/imports", json=body, token=person.token)
    assert answer.status_code == 202, answer.content
    assert answer.headers["Location"] == f"/v1/jobs/{answer.json()['id']}"
    begun: dict[str, Any] = answer.json()
    return begun


def read(api: Any, person: Any, import_id: str) -> dict[str, Any]:
    answer = api.get(f"/v1/imports/{import_id}", token=person.token)
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = answer.json()
    return found


def job(api: Any, person: Any, job_id: str) -> dict[str, Any]:
    found: dict[str, Any] = api.get(f"/v1/jobs/{job_id}", token=person.token).json()
    return found


def accept(api: Any, person: Any, import_id: str, *chosen: dict[str, Any]) -> Any:
    body = {"recipes": list(chosen) or [{"draft_id": "000"}]}
    return api.post(f"/v1/imports/{import_id}/accept", json=body, token=person.token)


@pytest.fixture
def web(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Pages by URL, instead of the internet."""
    pages: dict[str, str] = {}
    monkeypatch.setattr(fetching, "fetch", lambda url: Page(url, pages[url].encode(), "text/html; charset=utf-8"))
    return pages
