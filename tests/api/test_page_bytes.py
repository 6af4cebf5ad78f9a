"""Pages of every list are limited in bytes: items that don't fit come with the next page."""

from collections.abc import Iterator
from functools import cache
from itertools import islice
from typing import Any

import pytest

from apps.core import api as paging
from apps.core import ids
from apps.notifications import delivery
from tests.support import moderators, recipes, society
from tests.support.client import InProcess
from tests.support.interface import document
from tests.support.notifications import event

pytestmark = pytest.mark.usefixtures("seeded")

# A character of four bytes in UTF-8.
WIDE = "🍲"
ROWS = 3
# The rest of a page: names, commas, a cursor.
AROUND = 2200


@cache
def paginated() -> list[str]:
    """Return the paths of the document whose responses have a cursor."""
    return sorted(
        path
        for path, methods in document()["paths"].items()
        if any(one["name"] == "cursor" for one in methods.get("get", {}).get("parameters", []))
    )


def get(api: Any, path: str, token: str) -> Any:
    answer = api.get(path, token=token)
    assert answer.status_code == 200, (path, answer.content)
    return answer


def walk(api: Any, path: str, token: str) -> Iterator[list[Any]]:
    """Yield the items of all pages, with the largest `limit`."""
    cursor = ""
    while True:
        page = get(api, f"{path}{'&' if '?' in path else '?'}limit=100{cursor}", token).json()
        yield page["items"]
        if page["next"] is None:
            return
        cursor = f"&cursor={page['next']}"


def some_of_everything(person: Any) -> dict[str, tuple[str, str]]:
    """Create lists with some rows. Return for each path of the document a URL to request, and the token to use."""
    api, word = InProcess(), f"q{ids.new_id()[-10:].lower()}"
    owner, mod = person(username=f"{word}o"), moderators.make()
    others = [person(username=f"{word}{number}") for number in range(ROWS)]

    def post(path: str, who: Any = owner, **body: Any) -> Any:
        answer = api.post(path, json=body or None, token=who.token)
        assert answer.status_code in {200, 201, 202, 204}, (path, answer.content)
        return answer.json() if answer.content else None

    made = [recipes.create(api, owner, title=f"Món {word} {number}")["id"] for number in range(ROWS)]
    for number, recipe in enumerate(made):
        recipes.publish(recipe)
        api.put(f"/v1/recipes/{recipe}/favorite", token=owner.token)
        session = post("/v1/cooking/sessions", recipe_id=recipe)["id"]
        post(f"/v1/cooking/sessions/{session}/complete", notes="Ngon")
        text = f"Rau {number}\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."
        post("/v1/imports", text=text)
        post("/v1/lists", recipes=[{"recipe_id": recipe, "servings": 2}])
        post("/v1/plans", start=f"2027-03-0{number + 1}", days=1, meals=["dinner"])
        post("/v1/suggestions", ingredients=["thịt bò", "cà chua"], recipe_count=1)
        recipes.create(api, owner)
        unwanted = recipes.create(api, owner)["id"]
        post(f"/v1/moderation/recipes/{unwanted}/reject", mod, reason="Trùng")
    post("/v1/pantry", text="500g thịt bò\n3 quả cà chua\n2 củ hành tây")
    posts = [society.post(api, owner)["id"] for _ in range(ROWS)]
    for other in others:
        society.comment(api, other, posts[0])
        api.put(f"/v1/recipes/{made[0]}/rating", json={"stars": 5, "comment": "Ngon"}, token=other.token)
        api.patch("/v1/users/me/privacy", json={"history": "friends"}, token=other.token)
        session = post("/v1/cooking/sessions", other, recipe_id=made[0])["id"]
        post(f"/v1/cooking/sessions/{session}/complete", other)
        post("/v1/friends/requests", other, user_id=owner.id)
        post(f"/v1/friends/requests/{other.id}/accept")
        asks = person()
        post("/v1/friends/requests", asks, user_id=owner.id)
        api.put(f"/v1/users/{person().id}/block", token=owner.token)
        delivery.deliver(event("friend_request", owner, asks, target="user"))
        unwelcome = society.post(api, other)["id"]
        post("/v1/reports", target_type="post", target_id=unwelcome, reason="spam")
    mine, staff = owner.token, mod.token
    return {
        "/v1/cooking/sessions": ("", mine),
        "/v1/favorites": ("", mine),
        "/v1/feed": ("?scope=friends", mine),
        "/v1/friends": ("", mine),
        "/v1/friends/requests": ("", mine),
        "/v1/imports": ("", mine),
        "/v1/ingredients": ("?q=c", mine),
        "/v1/jobs": ("", mine),
        "/v1/lists": ("", mine),
        "/v1/moderation/audit": ("", staff),
        "/v1/moderation/queues/{name}": ("/v1/moderation/queues/recipes", staff),
        "/v1/notifications": ("", mine),
        "/v1/pantry": ("", mine),
        "/v1/plans": ("", mine),
        "/v1/posts/{post_id}/comments": (f"/v1/posts/{posts[0]}/comments", mine),
        "/v1/recipes": (f"?q={word}", mine),
        "/v1/recipes/{recipe_id}/friends": (f"/v1/recipes/{made[0]}/friends", mine),
        "/v1/recipes/{recipe_id}/ratings": (f"/v1/recipes/{made[0]}/ratings", mine),
        "/v1/reports": ("", mine),
        "/v1/suggestions": ("", mine),
        "/v1/users": (f"?q={word}", others[0].token),
        "/v1/users/{user_id}/cooking": (f"/v1/users/{owner.id}/cooking", mine),
        "/v1/users/{user_id}/posts": (f"/v1/users/{owner.id}/posts", mine),
        "/v1/users/me/blocks": ("", mine),
        "/v1/users/me/recipes": ("", mine),
    }


@pytest.fixture(scope="module")
def lists(person: Any, seeded: None) -> dict[str, tuple[str, str]]:
    return some_of_everything(person)


def test_every_list_is_looked_at(lists: dict[str, tuple[str, str]]) -> None:
    assert sorted(lists) == paginated()


@pytest.mark.parametrize("path", paginated())
def test_a_cut_page_has_one_item_at_least_and_goes_on_where_it_was_cut(
    api: Any, lists: dict[str, tuple[str, str]], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, token = lists[path]
    address = asked if asked.startswith("/") else path + asked
    (whole, *_) = walk(api, address, token)
    assert len(whole) >= ROWS

    monkeypatch.setattr(paging, "MAX_PAGE_BYTES", 1)
    pages = list(islice(walk(api, address, token), ROWS))

    assert [len(page) for page in pages] == [1] * ROWS
    assert _ids([one for page in pages for one in page]) == _ids(whole)[:ROWS]


def _ids(items: list[Any]) -> list[Any]:
    """Identify items by what doesn't change between requests, as links of pictures do."""
    return [one.get("id") or one.get("recipe_id") or one.get("user") or one for one in items]


@pytest.mark.parametrize("path", ["/v1/feed?scope=friends", "/v1/users/{ana}/posts", "/v1/posts/{post}/comments"])
def test_the_largest_rows_make_no_larger_page(api: Any, ana: Any, path: str) -> None:
    texts = [f"{number}{WIDE * 4990}" for number in range(15)]
    made = [society.post(api, ana, text)["id"] for text in texts]
    if "comments" in path:
        texts = [f"{number}{WIDE * 1990}" for number in range(36)]
        for text in texts:
            society.comment(api, ana, made[0], text)
    address = path.format(ana=ana.id, post=made[0])

    first = get(api, f"{address}{'&' if '?' in address else '?'}limit=100", ana.token)
    pages = list(walk(api, address, ana.token))

    assert len(first.content) <= paging.MAX_PAGE_BYTES + AROUND
    assert len(pages) > 1
    found = [one["content"] for page in pages for one in page]
    assert sorted(found) == sorted(texts)


def test_a_list_of_sessions_carries_cards_and_not_recipes(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana)
    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe["id"]}, token=ana.token).json()

    (brief,) = get(api, "/v1/cooking/sessions", ana.token).json()["items"]

    assert {name: brief[name] for name in brief if name != "recipe"} == {
        name: session[name] for name in session if name != "recipe"
    }
    (card,) = get(api, "/v1/users/me/recipes", ana.token).json()["items"]
    assert brief["recipe"] == card
    assert get(api, f"/v1/cooking/sessions/{session['id']}", ana.token).json()["recipe"]["steps"]
