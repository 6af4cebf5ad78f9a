"""Recipes exported as an archive and imported again, by their owner and by somebody else."""

import io
import json
import zipfile
from dataclasses import fields
from typing import Any

import pytest
import urllib3

from apps.core import ids
from apps.imports import own_archive
from apps.recipes import services as recipe_services
from apps.recipes.content import RecipeContent
from apps.recipes.serializers import RecipeIn
from tests.support import images, recipes, tasks
from tests.support.imports import accept, job
from tests.support.own_archives import bring

pytestmark = pytest.mark.usefixtures("seeded")

# The fields that must survive: everything that the author wrote.
WRITTEN = (
    "title", "translated_title", "description", "cuisine", "method", "meal", "difficulty", "prep_minutes", "cook_minutes",
    "servings", "ingredients", "steps", "nutrition", "tags", "language", "allergens", "diets",
)  # fmt: skip
RICH = {
    "title": "Bún bò Huế", "translated_title": "Hue beef noodle soup", "description": "Cay và thơm.", "cuisine": "vietnamese",
    "method": "soup", "meal": "lunch", "difficulty": "hard", "prep_minutes": 30, "cook_minutes": 150, "servings": 6,
    "ingredients": [
        {"name": "bắp bò", "quantity": 1.5, "unit": "kg", "preparation": "thái lát"},
        {"name": "sả", "quantity": 5, "quantity_max": 7, "unit": "cây"}, {"name": "zzxxqq bí truyền", "optional": True}, "2 muỗng mắm ruốc",
    ],
    "steps": [{"text": "Ninh xương.", "minutes": 120}, {"text": "Chan nước.\nRắc hành."}], "nutrition": {"calories": 620.5},
    "tags": ["món huế"], "language": "vi",
}  # fmt: skip


def test_the_archived_example_has_every_writable_field() -> None:
    """A field of recipes that is not in `RICH` could be lost unnoticed."""
    written_otherwise = {"image", "rights_declared"}

    assert RICH.keys() | written_otherwise == RecipeIn().fields.keys()
    assert RICH.keys() <= set(WRITTEN)
    assert RecipeIn().fields.keys() & own_archive.LEFT_OUT == written_otherwise
    assert {one.name for one in fields(RecipeContent)} > own_archive.LEFT_OUT


def archive_of(api: Any, person: Any, messages: list[Any]) -> bytes:
    begun = api.get("/v1/users/me/recipes/archive", token=person.token)
    assert begun.status_code == 202, begun.content
    assert begun.headers["Location"] == f"/v1/jobs/{begun.json()['id']}"
    tasks.run_all(messages)
    done = job(api, person, begun.json()["id"])
    assert (done["kind"], done["state"]) == ("export", "done"), done
    link = api.get(f"/v1/users/me/export/{done['result']['id']}", token=person.token).json()["url"]
    return bytes(urllib3.request("GET", link).data)


def written(recipe: dict[str, Any]) -> dict[str, Any]:
    return {name: recipe[name] for name in WRITTEN}


def whole(api: Any, person: Any, recipe_id: str) -> dict[str, Any]:
    answer = api.get(f"/v1/recipes/{recipe_id}", token=person.token)
    assert answer.status_code == 200, answer.content
    recipe: dict[str, Any] = answer.json()
    return recipe


def a_recipe_with_picture(api: Any, person: Any) -> dict[str, Any]:
    picture = images.upload(api, person, purpose="recipe")
    made = api.post("/v1/recipes", json={**RICH, "image": picture["id"]}, token=person.token)
    assert made.status_code == 201, made.content
    recipe: dict[str, Any] = made.json()
    return recipe


def test_an_archive_makes_the_same_recipes_for_somebody_else(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    rich, plain = a_recipe_with_picture(api, ana), recipes.create(api, ana, title="Rau muống luộc")
    assert api.put(f"/v1/recipes/{rich['id']}/tags", json={"tags": ["soup", "tet"]}, token=ana.token).status_code == 200
    content = archive_of(api, ana, messages)

    brought = bring(api, ben, content, messages)
    chosen = [{"draft_id": draft["draft_id"]} for draft in brought["recipes"]]
    made = accept(api, ben, brought["id"], *chosen).json()["recipes"]
    tasks.run_all(messages)

    assert [written(one) for one in made] == [written(whole(api, ana, one["id"])) for one in (plain, rich)]
    assert not any(
        line["needs_review"] for draft in brought["recipes"] for line in draft["lines"] if "zzxxqq" not in line["text"]
    )
    theirs = whole(api, ben, made[1]["id"])
    assert images.fetch(theirs["image"]["1024"])[0] == 200
    assert theirs["image"] != whole(api, ana, rich["id"])["image"]
    tags = api.get(f"/v1/recipes/{theirs['id']}/tags", token=ben.token).json()["tags"]
    assert {tag["name"] for tag in tags} == {"soup", "tet"}
    # Somebody else's text needs a declaration before it is published.
    assert theirs["origin"] == {"url": None, "site": None, "author": ana.username}
    assert theirs["rights_declared"] is False
    assert all(draft["duplicates"] == [] for draft in brought["recipes"])


def test_ones_own_archive_finds_what_is_there_and_restores_what_is_gone(
    api: Any, ana: Any, messages: list[Any]
) -> None:
    kept, lost = recipes.create(api, ana, title="Canh bầu"), a_recipe_with_picture(api, ana)
    content = archive_of(api, ana, messages)
    before = written(whole(api, ana, lost["id"]))
    assert api.patch(f"/v1/recipes/{kept['id']}", json={"title": "Đổi tên hẳn"}, token=ana.token).status_code == 200
    assert api.delete(f"/v1/recipes/{lost['id']}", token=ana.token).status_code == 204
    tasks.run_all(messages)

    brought = bring(api, ana, content, messages)

    by_title = {draft["recipe"]["title"]: draft for draft in brought["recipes"]}
    assert by_title["Canh bầu"]["duplicates"] == [kept["id"]]
    assert by_title["Bún bò Huế"]["duplicates"] == []
    (again,) = accept(api, ana, brought["id"], {"draft_id": by_title["Bún bò Huế"]["draft_id"]}).json()["recipes"]
    tasks.run_all(messages)
    restored = whole(api, ana, again["id"])
    assert written(restored) == before
    assert images.fetch(restored["image"]["1024"])[0] == 200
    # The author's own text needs none.
    assert restored["origin"] is None


def test_an_archive_holds_nothing_of_others(api: Any, ana: Any, cyd: Any, messages: list[Any]) -> None:
    own, theirs = recipes.create(api, ana), recipes.create(api, cyd, title="Của Cyd")
    recipes.publish(theirs["id"])
    api.put(f"/v1/recipes/{theirs['id']}/favorite", token=ana.token)
    rating = {"stars": 5, "comment": "Ngon lắm Cyd ơi"}
    assert api.put(f"/v1/recipes/{theirs['id']}/rating", json=rating, token=ana.token).status_code in {200, 201}

    archive = zipfile.ZipFile(io.BytesIO(archive_of(api, ana, messages)))

    assert archive.namelist() == [f"{own_archive.folder(own['id'])}/{own_archive.DOCUMENT}"]
    texts = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert not [word for word in (cyd.id, cyd.username, "Của Cyd", "Ngon lắm", ana.email) if word in texts]


def test_only_its_owner_gets_an_archive_and_one_per_minute(
    api: Any, ana: Any, ben: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from apps.core import clock  # noqa: PLC0415

    now = clock.now().replace(second=1)
    monkeypatch.setattr(clock, "now", lambda: now)
    first, again = (api.get("/v1/users/me/recipes/archive", token=ana.token).json()["id"] for _ in range(2))
    tasks.run_all(messages)

    assert first == again
    assert api.get(f"/v1/users/me/export/{first}", token=ana.token).status_code == 200
    assert api.get(f"/v1/users/me/export/{first}", token=ben.token).status_code == 404
    assert api.get(f"/v1/jobs/{first}", token=ben.token).status_code == 404


def test_a_manipulated_archive_is_read_as_far_as_it_is_valid(api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
    content = recipe_services.get_stored_recipe(recipes.create(api, ana)["id"]).row.content()
    document = own_archive.to_document(ids.new_id(), content, owner=(ana.id, ana.username))
    spoiled = [
        {**document, own_archive.OURS: {**document[own_archive.OURS], "servings": 10_000}},
        {**document, own_archive.OURS: {**document[own_archive.OURS], "owner_id": ben.id, "approval": "approved"}},
        {**document, own_archive.OURS: {**document[own_archive.OURS], "ingredients": [{"name": "tôm", "ingredient_id": ids.new_id()}]}},
        {**document, own_archive.TAGS: {"no such tag": True, "soup": True}, own_archive.OWNER: [ben.id]},
        {**document, own_archive.OURS: [], "identifier": {"a": 1}},
    ]  # fmt: skip

    brought = bring(api, ben, json.dumps(spoiled).encode(), messages)
    made = accept(api, ben, brought["id"], *({"draft_id": f"{number:03d}"} for number in range(len(spoiled))))

    assert made.status_code == 201, made.content
    for one in made.json()["recipes"]:
        assert (one["owner"]["id"], one["approval"], one["origin"]["author"]) == (ben.id, "pending", ana.username)
        assert one["servings"] <= 50
    assert brought["recipes"][2]["lines"][0]["needs_review"] is False
    assert "crustaceans" in made.json()["recipes"][2]["allergens"]
