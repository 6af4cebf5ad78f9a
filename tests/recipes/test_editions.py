"""Editions: a new edition of an approved recipe waits beside the approved one until a moderator decides."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core import audit, ids, keys
from apps.core.authentication import Actor
from apps.core.errors import PreconditionFailed
from apps.moderation import queues, reviews, undoing
from apps.moderation.errors import CannotBeUndone
from apps.recipes import catalogue, editions, repositories
from apps.recipes.models import RecipeEdition
from tests.support import images, recipes
from tests.support.between import between
from tests.support.moderators import Browser
from tests.support.moderators import make as make_moderator
from tests.support.words import fresh_word

pytestmark = pytest.mark.usefixtures("seeded")
# A step after all requests of an approval.
AFTERWARDS = 99
PEANUTS = [{"name": "đậu phộng", "quantity": 1, "unit": "kg"}]


@pytest.fixture
def mod(person: Callable[..., Any]) -> Actor:
    somebody = person(group="moderators")
    return Actor(somebody.id, somebody.username, frozenset({"moderators"}))


@pytest.fixture
def approved(api: Any, ana: Any) -> dict[str, Any]:
    """An approved recipe of ana's."""
    recipe = recipes.create(api, ana, title=f"Món {ids.new_id()[-8:]}")
    recipes.publish(recipe["id"])
    return recipe


def read(api: Any, person: Any, recipe_id: str, query: str = "") -> Any:
    answer = api.get(f"/v1/recipes/{recipe_id}{query}", token=person.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def edit(api: Any, owner: Any, recipe_id: str, **changes: Any) -> Any:
    answer = api.patch(f"/v1/recipes/{recipe_id}", json=changes, token=owner.token)
    assert answer.status_code == 200, answer.content
    return answer.json()


def rate(api: Any, recipe_id: str, person: Any, stars: int) -> Any:
    return api.put(f"/v1/recipes/{recipe_id}/rating", json={"stars": stars}, token=person.token).json()


def waits(recipe_id: str) -> bool:
    stored = repositories.find_recipe(recipe_id)
    assert stored is not None
    return bool(stored.state.gsi4pk == queues.PARTITIONS["recipes"])


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Một món khác hẳn"},
        {"translated_title": "Quite another dish"},
        {"description": "Trộn thuốc tẩy với giấm."},
        {"cuisine": "another"},
        {"tags": ["thuốc tẩy"]},
        {"ingredients": PEANUTS},
        {"steps": [{"text": "Làm khác đi."}]},
    ],
)
def test_others_see_the_approved_edition_while_another_waits(
    api: Any, ana: Any, ben: Any, approved: Any, change: Any
) -> None:
    recipe_id, part = approved["id"], next(iter(change))
    rate(api, recipe_id, ben, 5)

    edited = edit(api, ana, recipe_id, **change)

    assert (edited["approval"], edited["in_catalogue"], edited["rating"]["count"]) == ("pending", True, 0)
    assert edited == read(api, ana, recipe_id)
    assert edited[part] != approved[part]
    for shown in (read(api, ben, recipe_id), read(api, ana, recipe_id, "?edition=approved")):
        assert (shown[part], shown["allergens"]) == (approved[part], approved["allergens"])
        assert (shown["approval"], shown["in_catalogue"], shown["rating"]["count"]) == ("approved", True, 1)
    assert waits(recipe_id)


def test_lists_search_and_pages_show_the_approved_edition_and_the_owners_list_the_new_one(
    api: Any, ana: Any, ben: Any, approved: Any
) -> None:
    recipe_id, word = approved["id"], fresh_word()
    edit(api, ana, recipe_id, title=f"Món {word}", ingredients=PEANUTS)

    own = api.get("/v1/users/me/recipes", token=ana.token).json()["items"][0]
    assert (own["title"], own["approval"], own["allergens"]) == (f"Món {word}", "pending", ["peanuts"])
    for person in (ana, ben):
        assert api.get(f"/v1/recipes?q={word}", token=person.token).json()["items"] == []
        assert approved["title"] in [
            one["title"] for one in api.get("/v1/recipes?limit=100", token=person.token).json()["items"]
        ]
    api.put(f"/v1/recipes/{recipe_id}/favorite", token=ben.token)
    assert [one["title"] for one in api.get("/v1/favorites", token=ben.token).json()["items"]] == [approved["title"]]
    page = api.get(f"/r/{recipe_id}", headers={"Accept": "text/html"})
    assert approved["title"] in page.content.decode()
    assert word not in page.content.decode()


def test_what_is_cooked_and_posted_of_others_is_the_approved_edition(
    api: Any, ana: Any, ben: Any, approved: Any
) -> None:
    edit(api, ana, approved["id"], title="Chưa ai duyệt")

    cooked = api.post("/v1/cooking/sessions", json={"recipe_id": approved["id"]}, token=ben.token).json()
    posted = api.post("/v1/posts", json={"content": "Ngon!", "recipe_id": approved["id"]}, token=ben.token).json()

    assert cooked["recipe"]["title"] == posted["recipe"]["title"] == approved["title"]


def test_an_approved_edition_replaces_the_other_and_begins_without_ratings(
    api: Any, ana: Any, ben: Any, cyd: Any, mod: Actor, approved: Any
) -> None:
    recipe_id = approved["id"]
    rate(api, recipe_id, ben, 2)
    edit(api, ana, recipe_id, title="Món mới")

    reviews.approve(recipe_id, actor=mod)

    for person in (ana, ben):
        shown = read(api, person, recipe_id)
        assert (shown["title"], shown["approval"], shown["rating"]["count"]) == ("Món mới", "approved", 0)
    assert not waits(recipe_id)
    assert rate(api, recipe_id, cyd, 5)["rating"] == {"average": 5.0, "count": 1}
    assert api.delete(f"/v1/recipes/{recipe_id}/rating", token=ben.token).status_code == 204
    assert read(api, ben, recipe_id)["rating"] == {"average": 5.0, "count": 1}


def test_a_rejected_edition_leaves_the_approved_one_and_can_be_written_anew(
    api: Any, ana: Any, ben: Any, mod: Actor, approved: Any
) -> None:
    recipe_id = approved["id"]
    rate(api, recipe_id, ben, 5)
    edit(api, ana, recipe_id, title="Món lạ")

    reviews.reject(recipe_id, actor=mod, reason="Không phải món ăn.")

    own, shown = read(api, ana, recipe_id), read(api, ben, recipe_id)
    assert (own["title"], own["approval"], own["in_catalogue"]) == ("Món lạ", "rejected", True)
    assert (shown["title"], shown["approval"], shown["rating"]["count"]) == (approved["title"], "approved", 1)
    assert not waits(recipe_id)
    assert edit(api, ana, recipe_id, title="Món quen")["approval"] == "pending"
    assert waits(recipe_id)


def test_an_edition_can_be_withdrawn_and_that_again(api: Any, ana: Any, ben: Any, approved: Any) -> None:
    path = f"/v1/recipes/{approved['id']}/edition"
    assert api.delete(path, token=ana.token).json()["code"] == "edition_not_found"
    edit(api, ana, approved["id"], title="Thôi khỏi")

    answers = [api.delete(path, token=one.token).status_code for one in (ben, ana, ana)]

    assert answers == [404, 204, 204]
    assert read(api, ana, approved["id"])["title"] == approved["title"]
    assert not waits(approved["id"])


def test_writing_what_is_approved_withdraws_the_edition(api: Any, ana: Any, approved: Any) -> None:
    edit(api, ana, approved["id"], title="Nhầm")

    edited = edit(api, ana, approved["id"], title=approved["title"])

    assert (edited["approval"], edited["title"]) == ("approved", approved["title"])
    assert not waits(approved["id"])


def test_deleting_takes_both_editions(api: Any, ana: Any, ben: Any, approved: Any) -> None:
    edit(api, ana, approved["id"], title="Sắp xóa")

    assert api.delete(f"/v1/recipes/{approved['id']}", token=ana.token).status_code == 204

    for person in (ana, ben):
        assert api.get(f"/v1/recipes/{approved['id']}", token=person.token).status_code == 404
    assert RecipeEdition.read(keys.recipe_edition(approved["id"])) is None


def test_no_two_editions_have_the_same_tag(api: Any, ana: Any, mod: Actor, approved: Any) -> None:
    path = f"/v1/recipes/{approved['id']}"
    tags = [api.get(path, token=ana.token).headers["ETag"]]

    def note() -> None:
        tags.append(api.get(path, token=ana.token).headers["ETag"])

    for title in ("Một", "Hai"):
        edit(api, ana, approved["id"], title=title)
        note()
    api.delete(f"{path}/edition", token=ana.token)
    edit(api, ana, approved["id"], title="Ba")
    note()
    reviews.approve(approved["id"], actor=mod)
    note()
    edit(api, ana, approved["id"], title="Bốn")
    note()

    assert len(set(tags)) == len(tags)
    stale = api.patch(path, json={"title": "Năm"}, token=ana.token, headers={"If-Match": tags[-2]})
    assert stale.status_code == 412


# Before each request of an approval until its commit, and after it.
@pytest.mark.parametrize("step", [0, 1, 2, AFTERWARDS])
def test_an_edit_in_the_moment_of_an_approval_is_never_approved_unseen(
    api: Any, ana: Any, ben: Any, mod: Actor, approved: Any, step: int
) -> None:
    recipe_id = approved["id"]
    edit(api, ana, recipe_id, title="Gặp người duyệt")

    def poison() -> None:
        edit(api, ana, recipe_id, title="Chưa ai đọc")

    decided = True
    with between(step, poison):
        try:
            reviews.approve(recipe_id, actor=mod)
        except PreconditionFailed:
            decided = False

    catalogue.live().refresh()
    own, shown = read(api, ana, recipe_id), read(api, ben, recipe_id)
    # If it happens before the first read, the moderator sees the new text.
    expected = "Chưa ai đọc" if step == 0 else "Gặp người duyệt" if decided else approved["title"]
    assert shown["title"] == expected
    assert own["title"] == "Chưa ai đọc"
    assert waits(recipe_id) == (step > 0)


def test_an_approval_in_the_moment_of_an_edit_loses_nothing(
    api: Any, ana: Any, ben: Any, mod: Actor, approved: Any
) -> None:
    recipe_id = approved["id"]
    edit(api, ana, recipe_id, title="Thứ nhất")

    with between(1, lambda: reviews.approve(recipe_id, actor=mod)):
        edited = edit(api, ana, recipe_id, title="Thứ hai")

    assert (edited["title"], edited["approval"]) == ("Thứ hai", "pending")
    assert read(api, ben, recipe_id)["title"] == "Thứ nhất"
    assert waits(recipe_id)


def test_ratings_that_take_the_approved_edition_out_leave_the_new_one(
    api: Any, ana: Any, ben: Any, person: Any
) -> None:
    recipe_id = recipes.create(api, ana)["id"]
    recipes.publish(recipe_id, by_ratings=True)
    edit(api, ana, recipe_id, title="Lần này ngon hơn")

    approvals = [rate(api, recipe_id, person(), 3)["approval"] for _ in range(5)]

    assert approvals == ["approved"] * 4 + ["pending"]
    own = read(api, ana, recipe_id)
    assert (own["title"], own["approval"], own["in_catalogue"]) == ("Lần này ngon hơn", "pending", False)
    assert own["rating"]["count"] == 0
    assert api.get(f"/v1/recipes/{recipe_id}", token=ben.token).status_code == 404


def test_a_picture_stays_while_an_edition_shows_it(api: Any, ana: Any, ben: Any, mod: Actor) -> None:
    old, new = (images.upload(api, ana, purpose="recipe")["id"] for _ in range(2))
    recipe_id = recipes.create(api, ana, image=old)["id"]
    recipes.publish(recipe_id)
    kept = read(api, ben, recipe_id)["image"]["256"].partition("?")[0]

    edited = edit(api, ana, recipe_id, title="Ảnh khác", image=new)

    assert edited["image"]["256"].partition("?")[0] != kept
    assert read(api, ben, recipe_id)["image"]["256"].partition("?")[0] == kept
    assert [images.status(api, ana, one).get("status") for one in (old, new)] == ["ready", "ready"]
    reviews.approve(recipe_id, actor=mod)
    assert images.status(api, ana, old).get("code") == "upload_not_found"
    assert images.fetch(read(api, ben, recipe_id)["image"]["256"])[0] == 200


def test_another_picture_of_an_approved_recipe_waits_for_a_moderator_who_sees_it(
    api: Any, ana: Any, ben: Any, approved: Any
) -> None:
    new = images.upload(api, ana, purpose="recipe")["id"]

    own = edit(api, ana, approved["id"], image=new)

    assert (own["approval"], own["in_catalogue"], own["image"] is None) == ("pending", True, False)
    assert read(api, ben, approved["id"])["image"] is None
    stored = repositories.find_recipe(approved["id"])
    assert stored is not None
    (change,) = editions.changes_of(stored)
    assert (change.field, change.removed, images.fetch(change.added[0])[0]) == ("image", (), 200)


def test_what_readers_do_not_read_of_an_approved_recipe_changes_at_once(api: Any, ana: Any, approved: Any) -> None:
    own = edit(api, ana, approved["id"], prep_minutes=25, difficulty="hard")

    assert (own["approval"], own["prep_minutes"], waits(approved["id"])) == ("approved", 25, False)


def test_moderators_see_how_an_edition_differs(api: Any, ana: Any, approved: Any) -> None:
    staff = make_moderator()
    edit(api, ana, approved["id"], title="Bò xào lạc", ingredients=["300 g thịt bò", "50 g đậu phộng"])

    found: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/moderation/queues/recipes?limit=100{cursor}", token=staff.token).json()
        found += page["items"]
        cursor = f"&cursor={page['next']}" if page["next"] else None
    entry = next(one for one in found if one["id"] == approved["id"])

    assert (entry["title"], entry["details"]["edition"]) == ("Bò xào lạc", 2)
    changes = {one["field"]: (one["removed"], one["added"]) for one in entry["details"]["changes"]}
    assert changes["title"] == ([approved["title"]], ["Bò xào lạc"])
    assert changes["ingredients"][1] == ["50 g đậu phộng"]
    assert changes["allergens"][1] == ["peanuts"]
    assert "steps" not in changes
    browser = Browser()
    assert browser.sign_in(staff).status_code == 302
    shown = browser.get(f"/admin/backoffice/recipe/{approved['id']}/change/").content.decode()
    assert f"<del>{approved['title']}</del>" in shown
    assert "<ins>50 g đậu phộng</ins>" in shown


def test_a_rejection_of_an_edition_is_undone_unless_it_is_gone(
    api: Any, ana: Any, ben: Any, mod: Actor, approved: Any
) -> None:
    recipe_id = approved["id"]
    edit(api, ana, recipe_id, title="Món tranh cãi")
    reviews.reject(recipe_id, actor=mod, reason="Nhầm.")
    entry = audit.last("recipe", recipe_id)
    assert entry is not None

    undoing.undo(entry, actor=mod, reason="Nhầm thật.")

    assert read(api, ana, recipe_id)["approval"] == "pending"
    assert waits(recipe_id)
    api.delete(f"/v1/recipes/{recipe_id}/edition", token=ana.token)
    with pytest.raises(CannotBeUndone):
        undoing.undo(entry, actor=mod, reason="Lần nữa.")
    assert read(api, ben, recipe_id)["approval"] == "approved"
