"""Imports over HTTP: started, read by the worker, reviewed and accepted by their owner only."""

import io
import json
import zipfile
from typing import Any

import pytest

from apps.ingredients import services as ingredients
from tests.support import images, recipes, tasks
from tests.support.imports import HTML, TEXT, accept, begin, job, read
from tests.support.imports import web as web  # noqa: PLC0414  a fixture

pytestmark = pytest.mark.usefixtures("seeded")


def id_of(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id


def test_a_text_becomes_a_draft_that_marks_lines_for_review(api: Any, ana: Any, messages: list[Any]) -> None:
    begun = begin(api, ana, text=TEXT)
    assert (begun["kind"], begun["state"]) == ("import", "queued")
    assert read(api, ana, begun["id"])["status"] == "reading"

    tasks.run_all(messages, times=2)

    assert job(api, ana, begun["id"])["result"] == {"type": "import", "id": begun["id"]}
    (draft,) = read(api, ana, begun["id"])["recipes"]
    recipe = draft["recipe"]
    assert (recipe["title"], recipe["language"], recipe["tags"]) == ("Canh cà chua trứng", "vi", ["canh"])
    assert recipe["method"] == "soup"
    assert [step["text"] for step in recipe["steps"]] == ["Xào cà chua.", "Đổ nước, nấu sôi rồi cho trứng vào."]
    first, *_, unknown = draft["lines"]
    assert (first["text"], first["ingredient_id"]) == ("3 quả cà chua", id_of("cà chua"))
    assert (first["quantity"], first["unit"], first["needs_review"]) == (3, "piece", False)
    assert (unknown["text"], unknown["ingredient_id"], unknown["needs_review"]) == ("100g zzxxqq", None, True)
    assert draft["missing"] == []


def test_a_page_becomes_a_private_recipe_with_its_source(
    api: Any, ana: Any, cyd: Any, messages: list[Any], web: dict[str, str]
) -> None:
    web["https://www.recipes.com/beef"] = HTML
    begun = begin(api, ana, url="https://www.recipes.com/beef")
    tasks.run_all(messages)

    answer = accept(api, ana, begun["id"])

    assert answer.status_code == 201
    (made,) = answer.json()["recipes"]
    assert made["origin"] == {"url": "https://www.recipes.com/beef", "site": "recipes.com", "author": "Kim"}
    assert (made["title"], made["servings"], made["approval"], made["language"]) == (
        "Beef and onion",
        2,
        "pending",
        "en",
    )
    assert [line["ingredient_id"] for line in made["ingredients"]] == [id_of("thịt bò"), id_of("hành tây")]
    assert api.get(f"/v1/recipes/{made['id']}", token=cyd.token).status_code == 404
    assert accept(api, ana, begun["id"]).json()["recipes"][0]["id"] == made["id"]
    assert len(api.get("/v1/users/me/recipes", token=ana.token).json()["items"]) == 1
    assert read(api, ana, begun["id"])["recipes"][0]["recipe_id"] == made["id"]


def test_a_draft_is_accepted_with_its_owners_changes(api: Any, ana: Any, messages: list[Any]) -> None:
    begun = begin(api, ana, text=TEXT)
    tasks.run_all(messages)
    changed = recipes.body("Canh của tôi")

    (made,) = accept(api, ana, begun["id"], {"draft_id": "000", "recipe": changed}).json()["recipes"]

    assert (made["title"], len(made["ingredients"])) == ("Canh của tôi", 3)


def test_other_peoples_recipes_are_not_published_without_a_declaration(
    api: Any, ana: Any, person: Any, messages: list[Any], web: dict[str, str]
) -> None:
    from apps.core.transactions import Transaction  # noqa: PLC0415
    from apps.recipes import ratings  # noqa: PLC0415
    from apps.recipes import services as stored  # noqa: PLC0415

    web["https://www.recipes.com/beef"] = HTML
    begun = begin(api, ana, url="https://www.recipes.com/beef")
    tasks.run_all(messages)
    recipe_id = accept(api, ana, begun["id"]).json()["recipes"][0]["id"]

    def decide() -> str | None:
        recipe = stored.get_stored_recipe(recipe_id)
        recipe.state.rating_sum, recipe.state.rating_count = 25, 5
        return ratings._decide(Transaction(), recipe)

    assert decide() is None
    path, body = f"/v1/recipes/{recipe_id}", {"rights_declared": True}
    assert api.patch(path, json=body, token=ana.token).json()["rights_declared"] is True
    assert decide() == "approved"


def test_duplicates_of_own_recipes_are_found(api: Any, ana: Any, messages: list[Any]) -> None:
    own = recipes.create(api, ana, title="Canh ca chua trung")
    recipes.create(api, ana, title="Bò kho")

    begun = begin(api, ana, text=TEXT)
    tasks.run_all(messages)

    assert read(api, ana, begun["id"])["recipes"][0]["duplicates"] == [own["id"]]


def test_a_file_is_uploaded_and_read(api: Any, ana: Any, messages: list[Any]) -> None:
    document = {"@type": "Recipe", "name": "Rice", "recipeIngredient": ["1 cup rice"], "recipeInstructions": ["Boil."]}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number in range(3):
            archive.writestr(f"{number}/recipe.json", json.dumps({**document, "name": f"Rice {number}"}))
    content = buffer.getvalue()
    form = images.request_upload(api, ana, purpose="import", content_type="application/zip", size=len(content))
    assert images.post(form, content) == 204
    assert images.complete(api, ana, form["id"]).status_code == 200

    begun = begin(api, ana, upload_id=form["id"])
    tasks.run_all(messages, times=2)

    drafts = read(api, ana, begun["id"])["recipes"]
    assert [draft["recipe"]["title"] for draft in drafts] == ["Rice 0", "Rice 1", "Rice 2"]
    made = accept(api, ana, begun["id"], {"draft_id": "000"}, {"draft_id": "002"}).json()["recipes"]
    assert [one["title"] for one in made] == ["Rice 0", "Rice 2"]


def test_pictures_and_other_peoples_files_cannot_be_imported(api: Any, ana: Any, cyd: Any) -> None:
    content = images.encoded(images.picture((40, 30)))
    picture = images.request_upload(api, ana, size=len(content))["id"]

    assert api.post("/v1/imports", json={"upload_id": picture}, token=ana.token).status_code == 409
    assert api.post("/v1/imports", json={"upload_id": picture}, token=cyd.token).status_code == 404
    body = {"purpose": "import", "content_type": "image/png", "size": 10}
    assert api.post("/v1/uploads", json=body, token=ana.token).status_code == 400
    body = {"purpose": "post", "content_type": "application/zip", "size": 10}
    assert api.post("/v1/uploads", json=body, token=ana.token).status_code == 400


def test_a_page_without_a_recipe_fails_with_what_was_found(
    api: Any, ana: Any, messages: list[Any], web: dict[str, str]
) -> None:
    web["https://news.com/x"] = "<h1>Weather of today</h1><p>It rains.</p>"
    begun = begin(api, ana, url="https://news.com/x")
    tasks.run_all(messages)

    failed = job(api, ana, begun["id"])
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "no_recipe_found")
    assert "Weather of today" in failed["problem"]["detail"]
    assert read(api, ana, begun["id"])["status"] == "failed"


@pytest.mark.parametrize(
    "url", ["http://169.254.169.254/", "http://localhost/", "ftp://recipes.com/", "http://[::1]/", "x"]
)
def test_a_non_public_url_is_refused_at_once(api: Any, ana: Any, url: str) -> None:
    answer = api.post("/v1/imports", json={"url": url}, token=ana.token)

    assert (answer.status_code, answer.json()["code"]) == (400, "address_refused")


@pytest.mark.parametrize(
    "body", [{}, {"text": ""}, {"text": "a", "url": "http://recipes.com/"}, {"text": "a" * 20_001}, {"upload_id": "x"}]
)
def test_nonsense_is_refused(api: Any, ana: Any, body: dict[str, Any]) -> None:
    assert api.post("/v1/imports", json=body, token=ana.token).status_code == 400


def test_only_its_owner_sees_an_import(api: Any, ana: Any, cyd: Any, messages: list[Any]) -> None:
    begun = begin(api, ana, text=TEXT)
    tasks.run_all(messages)
    path = f"/v1/imports/{begun['id']}"

    assert api.get(path, token=cyd.token).status_code == 404
    assert api.delete(path, token=cyd.token).status_code == 404
    assert accept(api, cyd, begun["id"]).status_code == 404
    assert api.get("/v1/imports", token=cyd.token).json()["items"] == []
    assert [one["id"] for one in api.get("/v1/imports", token=ana.token).json()["items"]] == [begun["id"]]
    assert api.delete(path, token=ana.token).status_code == 204
    assert api.get(path, token=ana.token).status_code == 404


def test_twenty_imports_an_hour_are_enough(api: Any, ana: Any) -> None:
    statuses = [api.post("/v1/imports", json={"text": TEXT}, token=ana.token).status_code for _ in range(21)]

    assert statuses == [202] * 20 + [429]


def test_an_incomplete_draft_must_be_completed_before_it_is_accepted(api: Any, ana: Any, messages: list[Any]) -> None:
    begun = begin(api, ana, text="Nguyên liệu:\n- 3 quả cà chua\n- 2 quả trứng")
    tasks.run_all(messages)

    (draft,) = read(api, ana, begun["id"])["recipes"]
    assert draft["missing"] == ["title", "steps"]
    answer = accept(api, ana, begun["id"])
    assert (answer.status_code, answer.json()["code"]) == (400, "draft_incomplete")
    assert accept(api, ana, begun["id"], {"draft_id": "009"}).status_code == 404


def test_an_import_that_is_not_read_yet_is_not_accepted(api: Any, ana: Any) -> None:
    answer = accept(api, ana, begin(api, ana, text=TEXT)["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "import_not_ready")


def test_two_workers_at_once_read_an_import_once(api: Any, ana: Any, messages: list[Any]) -> None:
    begun = begin(api, ana, text=TEXT)
    (message,) = messages
    messages.clear()

    tasks.deliver_message(message, times=2, at_once=4)

    assert job(api, ana, begun["id"])["state"] == "done"
    found = read(api, ana, begun["id"])
    assert (found["status"], len(found["recipes"])) == ("ready", 1)
