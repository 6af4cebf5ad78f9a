"""Pictures on profiles and recipes: attached to one thing, by their owner, until detached."""

from concurrent.futures import ThreadPoolExecutor
from fnmatch import fnmatch
from typing import Any

import pytest

from apps.core import ids
from apps.media import pictures, removal, repositories
from apps.moderation import authority, reviews
from deploy.stacks.storage import PUBLIC_PICTURES
from tests.support import friends, images, recipes, society

pytestmark = pytest.mark.usefixtures("seeded")


def give(api: Any, person: Any, upload_id: str | None) -> Any:
    return api.patch("/v1/users/me", json={"avatar": upload_id}, token=person.token)


def avatar_of(api: Any, person: Any, reader: Any) -> Any:
    return api.get(f"/v1/users/{person.id}", token=reader.token).json()["avatar"]


def code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


def open_uploads(person: Any) -> int:
    from apps.core import keys  # noqa: PLC0415
    from apps.media.models import OpenUploads  # noqa: PLC0415

    row = OpenUploads.read(keys.open_uploads(person.id))
    return int(row.number) if row else 0


def test_an_avatar_is_shown_wherever_the_person_is(api: Any, ana: Any, ben: Any) -> None:
    assert avatar_of(api, ana, ben) is None
    upload = images.upload(api, ana, purpose="avatar")

    changed = give(api, ana, upload["id"])

    assert changed.status_code == 200
    found = api.get(f"/v1/users?q={ana.username}", token=ben.token).json()["items"][0]["avatar"]
    own = api.get("/v1/users/me", token=ana.token).json()["avatar"]
    for shown in (changed.json()["avatar"], found, own, avatar_of(api, ana, ben)):
        assert set(shown) == {"256", "1024"}
        assert images.fetch(shown["256"])[0] == 200
    assert open_uploads(ana) == 0


def test_a_replaced_avatar_is_deleted_and_so_is_one_taken_away(api: Any, ana: Any) -> None:
    first, second = (images.upload(api, ana, purpose="avatar") for _ in range(2))
    give(api, ana, first["id"])
    old = api.get("/v1/users/me", token=ana.token).json()["avatar"]["256"]

    assert give(api, ana, second["id"]).status_code == 200
    assert removal.remove_upload(ana.id, first["id"])
    assert images.fetch(old)[0] == 404
    assert api.get(f"/v1/uploads/{first['id']}", token=ana.token).status_code == 404

    assert give(api, ana, None).json()["avatar"] is None
    assert removal.remove_upload(ana.id, second["id"])
    assert images.objects_of(ana) == []
    assert repositories.find_upload(ana.id, second["id"]) is None
    assert not removal.remove_upload(ana.id, second["id"])
    assert open_uploads(ana) == 0


def test_the_same_avatar_again_stays(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, purpose="avatar")

    for _ in range(2):
        assert give(api, ana, upload["id"]).status_code == 200
    assert api.patch("/v1/users/me", json={"bio": "Nấu ăn"}, token=ana.token).json()["avatar"] is not None

    assert repositories.find_upload(ana.id, upload["id"]).status == "ready"  # type: ignore[union-attr]
    assert open_uploads(ana) == 0


def test_what_is_not_ready_not_ones_own_or_for_something_else_cannot_be_used(api: Any, ana: Any, ben: Any) -> None:
    waiting = images.request_upload(api, ana, purpose="avatar")
    rejected = images.upload(api, ana, b"no picture", purpose="avatar")
    other_purpose = images.upload(api, ana, purpose="post")
    not_hers = images.upload(api, ben, purpose="avatar")

    assert code(give(api, ana, waiting["id"])) == (409, "upload_not_ready")
    refusal = give(api, ana, rejected["id"])
    assert code(refusal) == (409, "upload_not_ready")
    assert "not a picture" in refusal.json()["detail"]
    assert code(give(api, ana, other_purpose["id"])) == (409, "upload_wrong_purpose")
    assert code(give(api, ana, not_hers["id"])) == (404, "upload_not_found")
    assert code(give(api, ana, ids.new_id())) == (404, "upload_not_found")
    assert code(give(api, ana, "nonsense")) == (400, "validation_failed")
    assert avatar_of(api, ana, ben) is None


def test_an_upload_belongs_to_one_recipe_however_many_want_it_at_once(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, purpose="recipe")
    mine = [recipes.create(api, ana)["id"] for _ in range(4)]

    def show(recipe_id: str) -> int:
        body = {"image": upload["id"]}
        return int(api.patch(f"/v1/recipes/{recipe_id}", json=body, token=ana.token).status_code)

    with ThreadPoolExecutor(4) as threads:
        codes = list(threads.map(show, mine))

    assert sorted(codes) == [200, 409, 409, 409]
    shown = [api.get(f"/v1/recipes/{id_}", token=ana.token).json()["image"] is not None for id_ in mine]
    assert shown == [code_ == 200 for code_ in codes]
    assert open_uploads(ana) == 0


def test_a_recipe_shows_its_picture_to_whoever_may_see_it(api: Any, ana: Any, ben: Any) -> None:
    upload = images.upload(api, ana, purpose="recipe")

    made = recipes.create(api, ana, image=upload["id"])

    path = f"/v1/recipes/{made['id']}"
    assert images.fetch(made["image"]["1024"])[0] == 200
    assert api.get(path, token=ben.token).status_code == 404
    recipes.publish(made["id"])
    for shown in (
        api.get(path, token=ben.token).json(),
        api.get(f"{path}?servings=8", token=ben.token).json(),
        api.get("/v1/users/me/recipes", token=ana.token).json()["items"][0],
        next(one for one in listed(api, ben) if one["id"] == made["id"]),
    ):
        assert images.fetch(shown["image"]["256"])[0] == 200
        assert shown["title"] == made["title"]


def listed(api: Any, person: Any) -> list[Any]:
    return list(api.get("/v1/recipes?sort=newest&limit=100", token=person.token).json()["items"])


def test_an_edit_replaces_the_picture_and_null_takes_it_away(api: Any, ana: Any) -> None:
    first, second = (images.upload(api, ana, purpose="recipe") for _ in range(2))
    path = f"/v1/recipes/{recipes.create(api, ana, image=first['id'])['id']}"

    assert api.patch(path, json={"title": "Phở"}, token=ana.token).json()["image"] is not None
    shown = api.patch(path, json={"image": second["id"]}, token=ana.token).json()["image"]

    assert images.fetch(shown["256"])[0] == 200
    assert removal.remove_upload(ana.id, first["id"])
    assert api.patch(path, json={"image": None}, token=ana.token).json()["image"] is None
    assert removal.remove_upload(ana.id, second["id"])
    assert images.objects_of(ana) == []


def test_a_refused_edit_leaves_the_picture_unused(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, purpose="recipe")
    made = recipes.create(api, ana)

    answer = api.patch(
        f"/v1/recipes/{made['id']}", json={"image": upload["id"]}, token=ana.token, headers={"If-Match": '"99"'}
    )

    assert answer.status_code == 412
    assert repositories.find_upload(ana.id, upload["id"]).target is None  # type: ignore[union-attr]
    assert open_uploads(ana) == 1


def test_a_deleted_recipe_takes_its_picture_along(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, purpose="recipe")
    made = recipes.create(api, ana, image=upload["id"])

    assert api.delete(f"/v1/recipes/{made['id']}", token=ana.token).status_code == 204

    assert removal.remove_upload(ana.id, upload["id"])
    assert images.fetch(made["image"]["256"])[0] == 404


def test_a_cooking_session_shows_the_picture_of_its_recipe(api: Any, ana: Any, ben: Any) -> None:
    upload = images.upload(api, ana, purpose="recipe")
    made = recipes.create(api, ana, image=upload["id"])
    recipes.publish(made["id"])

    session = api.post("/v1/cooking/sessions", json={"recipe_id": made["id"]}, token=ben.token).json()

    found = api.get(f"/v1/cooking/sessions/{session['id']}", token=ben.token).json()
    assert images.fetch(found["recipe"]["image"]["256"])[0] == 200


def test_a_repeated_creation_uses_the_upload_once(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, purpose="recipe")
    keyed = {"Idempotency-Key": ids.new_id()}
    body = recipes.body(image=upload["id"])

    first, again = (api.post("/v1/recipes", json=body, token=ana.token, headers=keyed) for _ in range(2))

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert open_uploads(ana) == 0


def test_only_what_everybody_may_see_is_linked_at_the_cdn(api: Any, ana: Any, ben: Any, settings: Any) -> None:
    settings.MEDIA_BASE_URL = "https://cdn.example.com"
    face, dish, post = (images.upload(api, ana, purpose=purpose) for purpose in ("avatar", "recipe", "post"))
    give(api, ana, face["id"])
    made = recipes.create(api, ana, image=dish["id"])

    assert avatar_of(api, ana, ben)["256"].startswith("https://cdn.example.com/media/avatar/")
    assert "X-Amz-Signature" in made["image"]["256"]
    for upload in (face, dish, post):
        assert "X-Amz-Signature" in upload["links"]["256"]
    recipes.publish(made["id"])
    public = api.get(f"/v1/recipes/{made['id']}", token=ben.token).json()["image"]
    assert public["1024"].startswith(f"https://cdn.example.com/r/{made['id']}/")
    assert "?" not in public["1024"]


def test_the_cdn_is_given_the_picture_of_a_recipe_while_that_is_public(
    api: Any, ana: Any, ben: Any, person: Any, settings: Any
) -> None:
    settings.MEDIA_BASE_URL = "https://cdn.example.com"
    dish = images.upload(api, ana, purpose="recipe")
    recipe_id = recipes.create(api, ana, image=dish["id"])["id"]
    recipes.publish(recipe_id)

    def linked() -> str:
        found: str = api.get(f"/v1/recipes/{recipe_id}", token=ben.token).json()["image"]["256"]
        return found.removeprefix("https://cdn.example.com")

    first = linked()
    shown = api.get(first)
    assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/webp")
    assert "public" in shown.headers["Cache-Control"]
    assert images.decoded(shown.content).size == (256, 192)
    assert api.get(first.replace("-256", "-512")).status_code == 404
    another = images.upload(api, ana, purpose="recipe")
    api.patch(f"/v1/recipes/{recipe_id}", json={"image": another["id"]}, token=ana.token)
    assert linked() == first
    reviews.approve(recipe_id, actor=authority.OPERATOR)
    second = linked()
    assert [api.get(one).status_code for one in (first, second)] == [404, 200]
    for one in [person() for _ in range(3)]:
        body = {"target_type": "recipe", "target_id": recipe_id, "reason": "spam"}
        assert api.post("/v1/reports", json=body, token=one.token).status_code == 201
    assert api.get(second).status_code == 404


def test_no_picture_of_a_recipe_lies_where_the_cdn_reads(api: Any, ana: Any) -> None:
    dish = images.upload(api, ana, purpose="recipe")
    recipe_id = recipes.create(api, ana, image=dish["id"])["id"]
    recipes.publish(recipe_id)

    kept = [key for key in images.objects_of(ana) if not key.startswith("incoming/")]

    assert len(kept) == len(pictures.SIZES)
    assert not [key for key in kept for place in PUBLIC_PICTURES if fnmatch(key, place)]


def test_a_picture_that_was_shown_in_private_is_not_signed_anew_after_a_block(api: Any, ana: Any, ben: Any) -> None:
    dish = images.upload(api, ana, purpose="recipe")
    recipe_id = recipes.create(api, ana, image=dish["id"])["id"]
    post_id = society.post(api, ana, recipe_id=recipe_id, share_recipe=True)["id"]
    assert api.post(f"/v1/posts/{post_id}/recipe", token=ben.token).json()["image"] is not None
    session = api.post("/v1/cooking/sessions", json={"recipe_id": recipe_id}, token=ben.token).json()
    assert images.fetch(session["recipe"]["image"]["256"])[0] == 200

    friends.block(api, ana, ben)

    path = f"/v1/cooking/sessions/{session['id']}"
    kept = [
        api.get(path, token=ben.token).json(),
        api.get("/v1/cooking/sessions", token=ben.token).json()["items"][0],
        api.patch(path, json={"notes": "ít muối"}, token=ben.token).json(),
        api.post(f"{path}/complete", json={}, token=ben.token).json(),
    ]
    assert [one["recipe"]["image"] for one in kept] == [None] * 4


def test_a_picture_of_a_post_is_never_linked_at_the_cdn(api: Any, ana: Any, settings: Any) -> None:
    from apps.media import services  # noqa: PLC0415

    settings.MEDIA_BASE_URL = "https://cdn.example.com"
    upload = images.upload(api, ana, purpose="post")
    row = repositories.find_upload(ana.id, upload["id"])
    assert row is not None

    linked = services.links(str(services.picture_of(row)), public=True)

    assert linked is not None
    assert all("X-Amz-Signature" in url and "/media/post/" in url for url in linked.values())
