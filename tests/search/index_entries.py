"""Minimal recipes for the tests of the index."""

from dataclasses import replace
from itertools import count
from typing import Any

from ulid import ULID

from apps.search.index import Catalogue, Entry, Line, SearchQuery

_made = count(1)


def recipe_id(n: int) -> str:
    """Return the id for `n`. Ids sort like their numbers."""
    return str(ULID.from_bytes(n.to_bytes(16, "big")))


_PLAIN = Entry(
    recipe_id="", content_version=1, title="Món", description="", cuisine="", method="soup", meal=None, difficulty=None,
    total_minutes=None, language="vi", tags=(), ingredients=(), allergens=frozenset(), diets=frozenset(),
    allergens_complete=True, rating_sum=0, rating_count=0, cook_count=0, created_at=0, document=b"{}",
)  # fmt: skip


def entry(title: str = "Món", *names: str, **changes: Any) -> Entry:
    """Return a recipe that is newer than the previous ones.

    Ingredients are `id`, `id?` (optional), `id!` (staple), `id*` (essential), `id/other` (a substitute), `~name`.
    """
    n = next(_made)
    given = {"recipe_id": recipe_id(n), "created_at": n, "document": title.encode("utf-8", "replace"), **changes}
    lines: dict[str, Any] = {"ingredients": tuple(line(name) for name in names)} if names else {}
    return replace(_PLAIN, title=title, **lines, **given)


def line(name: str) -> Line:
    name, *substitutes = name.split("/")
    known = name.rstrip("?!*")
    role: dict[str, Any] = {
        "optional": name.endswith("?"),
        "staple": name.endswith("!"),
        "essential": name.endswith("*"),
    }
    if known.startswith("~"):
        return Line(None, known[1:], **role)
    return Line(known, known, **role, substitutes=tuple(substitutes))


def catalogue(*entries: Entry) -> Catalogue:
    made = Catalogue()
    made.apply(entries)
    return made


def titles(searched: Catalogue, q: str = "", **conditions: Any) -> list[str]:
    """Return the documents found, in order. They are titles by default."""
    return [hit.document.decode() for hit in searched.search(SearchQuery(q, **conditions), limit=100).hits]


def walked(searched: Catalogue, query: SearchQuery, limit: int) -> list[str]:
    """Return the ids on all pages, checking that all but the last are full."""
    ids: list[str] = []
    page = searched.search(query, limit=limit)
    while True:
        ids += [hit.recipe_id for hit in page.hits]
        if page.next is None:
            return ids
        assert len(page.hits) == limit
        page = searched.search(query, limit=limit, after=page.next)
