"""What somebody writes carries their current name and picture, even if these change while it is being stored."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from apps.core.authentication import Actor
from apps.core.models import Item
from apps.moderation import reviews
from apps.recipes import merging
from tests.support import images, recipes, society
from tests.support.accounts import fresh_name
from tests.support.client import InProcess
from tests.support.people import Person
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


@contextmanager
def just_before(kind: str, act: Callable[[], object]) -> Iterator[None]:
    """Have `act` happen once, before this thread sends the first transaction with a row of this kind."""
    events = Item._get_connection().connection.client.meta.events
    thread = threading.get_ident()
    acted: list[bool] = []

    def look(params: dict[str, Any], **_more: object) -> None:
        if threading.get_ident() == thread and not acted and f'{{"S": "{kind}"}}'.encode() in params["body"]:
            acted.append(True)
            act()

    events.register("before-call.dynamodb.TransactWriteItems", look)
    try:
        yield
    finally:
        events.unregister("before-call.dynamodb.TransactWriteItems", look)
    assert acted


def rename(api: InProcess, person: Person, messages: list[Any]) -> str:
    """Change a username, and let the worker update everything that is stored."""
    name = fresh_name()
    body = {"username": name, "password": person.password}
    assert api.post("/v1/auth/change-username", json=body, token=person.token).status_code == 204
    run_all(messages)
    return name


@pytest.fixture
def theirs(api: InProcess, ben: Person) -> str:
    """A recipe of ben's in the catalogue."""
    recipe_id: str = recipes.create(api, ben)["id"]
    recipes.publish(recipe_id)
    return recipe_id


def test_a_recipe_has_the_new_name(api: InProcess, ana: Person, messages: list[Any]) -> None:
    names: list[str] = []
    with just_before("recipe", lambda: names.append(rename(api, ana, messages))):
        made = recipes.create(api, ana)

    read = api.get(f"/v1/recipes/{made['id']}", token=ana.token).json()
    assert [made["owner"]["username"], read["owner"]["username"]] == names * 2


def test_a_first_rating_has_the_new_name(
    api: InProcess, ana: Person, ben: Person, theirs: str, messages: list[Any]
) -> None:
    path = f"/v1/recipes/{theirs}/rating"
    names: list[str] = []
    with just_before("rating", lambda: names.append(rename(api, ana, messages))):
        assert api.put(path, json={"stars": 4}, token=ana.token).status_code == 200

    read = api.get(f"{path}s", token=ben.token).json()["items"]
    assert [one["user"]["username"] for one in read] == names


def test_a_changed_rating_has_the_new_name(
    api: InProcess, ana: Person, ben: Person, theirs: str, messages: list[Any]
) -> None:
    path = f"/v1/recipes/{theirs}/rating"
    assert api.put(path, json={"stars": 4}, token=ana.token).status_code == 200
    names: list[str] = []
    with just_before("rating", lambda: names.append(rename(api, ana, messages))):
        assert api.put(path, json={"stars": 5}, token=ana.token).status_code == 200

    read = api.get(f"{path}s", token=ben.token).json()["items"]
    assert [(one["user"]["username"], one["stars"]) for one in read] == [(names[0], 5)]


def test_a_rating_that_moves_from_a_duplicate_has_the_new_name(
    api: InProcess, ana: Person, ben: Person, person: Callable[..., Person], theirs: str, messages: list[Any]
) -> None:
    duplicate = recipes.create(api, ben)["id"]
    recipes.publish(duplicate)
    assert api.put(f"/v1/recipes/{duplicate}/rating", json={"stars": 4}, token=ana.token).status_code == 200
    mod = person(group="moderators")
    reviews.merge(duplicate, into=theirs, actor=Actor(mod.id, mod.username, frozenset({"moderators"})))
    arguments = next(message.args for message in messages if message.task == merging.MERGE.name)
    messages.clear()
    names: list[str] = []
    with just_before("rating", lambda: names.append(rename(api, ana, messages))):
        merging.merge_ratings(*arguments)

    read = api.get(f"/v1/recipes/{theirs}/ratings", token=ben.token).json()["items"]
    assert [one["user"]["username"] for one in read] == names


def test_a_post_has_the_new_name(api: InProcess, ana: Person, ben: Person, messages: list[Any]) -> None:
    names: list[str] = []
    with just_before("post", lambda: names.append(rename(api, ana, messages))):
        made = society.post(api, ana)

    read = api.get(f"/v1/posts/{made['id']}", token=ben.token).json()
    assert [made["author"]["username"], read["author"]["username"]] == names * 2


def test_a_comment_has_the_new_name(api: InProcess, ana: Person, ben: Person, messages: list[Any]) -> None:
    post_id = society.post(api, ben)["id"]
    names: list[str] = []
    with just_before("comment", lambda: names.append(rename(api, ana, messages))):
        made = society.comment(api, ana, post_id)

    read = api.get(f"/v1/posts/{post_id}/comments/{made['id']}", token=ben.token).json()
    assert [made["author"]["username"], read["author"]["username"]] == names * 2


@pytest.mark.parametrize("kind", ["post", "comment"])
def test_new_content_has_the_new_picture(
    api: InProcess, ana: Person, ben: Person, messages: list[Any], kind: str
) -> None:
    post_id = society.post(api, ben)["id"]
    upload = images.upload(api, ana, purpose="avatar")["id"]

    def change_picture() -> None:
        assert api.patch("/v1/users/me", json={"avatar": upload}, token=ana.token).status_code == 200
        run_all(messages)

    with just_before(kind, change_picture):
        made = society.post(api, ana) if kind == "post" else society.comment(api, ana, post_id)

    path = f"/v1/posts/{made['id']}" if kind == "post" else f"/v1/posts/{post_id}/comments/{made['id']}"
    assert api.get(path, token=ben.token).json()["author"]["avatar"] is not None
