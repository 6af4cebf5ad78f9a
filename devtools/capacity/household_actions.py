"""User actions around cooking: imports, tags, households, pantry, plans and lists."""

from functools import partial
from typing import Any

import orjson

from apps.core import ids
from apps.imports import bringing_pictures, working
from apps.ingredients import services as ingredients
from apps.plans import filling
from apps.rights import recipe_archives
from apps.suggestions.generation import tagging
from devtools.capacity import models, picture
from devtools.capacity.stage import Performer, Stage, read

_TEXT = (
    "Canh chua cá lóc\nNguyên liệu:\n- 500g cá lóc\n- 2 quả cà chua\n- 1/4 quả dứa\n- 100g đậu bắp\n"
    "- 1 muỗng canh nước mắm\n"
    "Cách làm:\n1. Sơ chế cá.\n2. Nấu nước dùng với me.\n3. Cho cá và rau vào.\n4. Nêm lại và dùng nóng."
)
_MANY = 20


def imports(stage: Stage) -> None:
    """Import a text and an archive of twenty recipes with pictures, accept the drafts, and export the recipes."""
    ana = stage.person()
    begun = _count(stage, "begin an import", "POST", "/v1/imports", ana, {"text": _TEXT})
    stage.count("read a text into a draft: worker", partial(working.read, ana.id, begun["id"]))
    _count(stage, "look at an import (1 draft)", "GET", f"/v1/imports/{begun['id']}", ana)
    _count(stage, "ask for a job", "GET", f"/v1/jobs/{begun['id']}", ana)
    accepted = {"recipes": [{"draft_id": "000"}]}
    kept = _count(stage, "accept a draft", "POST", f"/v1/imports/{begun['id']}/accept", ana, accepted)["recipes"][0]
    with models.answering():
        stage.count("tag an imported recipe by a model: worker", partial(tagging.tag_recipe, kept["id"]))
    large = _posted_archive(stage, ana)
    stage.count(f"read an archive into {_MANY} drafts: worker", partial(working.read, ana.id, large))
    _count(stage, f"look at an import ({_MANY} drafts)", "GET", f"/v1/imports/{large}", ana)
    stage.ask("POST", f"/v1/imports/{large}/accept", ana, accepted)
    stage.count("bring the picture of a draft: worker", partial(bringing_pictures.bring, ana.id, large, "000"))
    _count(stage, "list imports (2)", "GET", "/v1/imports", ana)
    asked = _count(stage, "ask for an archive of one's recipes", "GET", "/v1/users/me/recipes/archive", ana)
    stage.count("make an archive of 2 recipes: worker", partial(recipe_archives.export, ana.id, asked["id"]))


def _posted_archive(stage: Stage, ana: Performer) -> str:
    document = {"@type": "Recipe", "recipeIngredient": ["500g cá lóc"], "recipeInstructions": ["Nấu."]}
    files = {f"{number}/recipe.json": orjson.dumps({**document, "name": f"Canh {number}"}) for number in range(_MANY)}
    content = picture.zipped({**files, "0/full.png": picture.PNG})
    wanted = {"purpose": "import", "content_type": "application/zip", "size": len(content)}
    form = read(stage.ask("POST", "/v1/uploads", ana, wanted))
    picture.post(form, content)
    stage.ask("POST", f"/v1/uploads/{form['id']}/complete", ana)
    return str(read(stage.ask("POST", "/v1/imports", ana, {"upload_id": form["id"]}))["id"])


def tags(stage: Stage) -> None:
    ana = stage.person()
    made = read(stage.ask("POST", "/v1/recipes", ana, {
        "title": "Canh chua", "method": "soup", "ingredients": ["500g cá lóc"], "steps": [{"text": "Nấu."}],
    }))  # fmt: skip
    path = f"/v1/recipes/{made['id']}/tags"
    _count(stage, "list known tags", "GET", "/v1/tags", ana)
    _count(stage, "read the tags of one's recipe", "GET", path, ana)
    _count(stage, "correct the tags of one's recipe", "PUT", path, ana, {"tags": ["soup", "family"]})
    _count(stage, "search by a tag", "GET", "/v1/recipes?tag=soup", ana)


def household(stage: Stage) -> None:
    ana, ben = stage.person(), stage.person()
    _count(stage, "found a household", "POST", "/v1/household", ana, {"name": "Nhà mình"})
    invited = {"username": ben.username}
    code = _count(stage, "invite by username", "POST", "/v1/household/invitations", ana, invited)["code"]
    _count(stage, "join a household", "POST", f"/v1/household/invitations/{code}/accept", ben, {})
    _count(stage, "read a household of 2", "GET", "/v1/household", ana)
    _count(stage, "rename a household", "PATCH", "/v1/household", ana, {"name": "Bếp nhà"})
    _count(stage, "leave a household", "DELETE", f"/v1/household/members/{ben.id}", ben)


def pantry(stage: Stage) -> None:
    ana = stage.person()
    beef = _id_of("thịt bò")
    lot = {"quantity": 500, "unit": "g", "expires_on": "2030-01-01", "place": "fridge"}
    _count(stage, "add a lot", "POST", f"/v1/pantry/{beef}/lots", ana, lot)
    kept = read(stage.ask("GET", "/v1/pantry", ana))["items"][0]["lots"][0]["id"]
    _count(stage, "change a lot", "PATCH", f"/v1/pantry/{beef}/lots/{kept}", ana, {"quantity": 400})
    _count(stage, "add two things by text", "POST", "/v1/pantry", ana, {"text": "2 hộp sữa chua\n3 quả cà chua"})
    _count(stage, "what to use first", "GET", "/v1/pantry/use-first", ana)
    used = {"items": [{"ingredient_id": beef, "quantity": 100, "unit": "g"}]}
    _count(stage, "use something up", "POST", "/v1/pantry/use", ana, used)
    _count(stage, "what was saved this month", "GET", "/v1/pantry/waste", ana)
    _count(stage, "take a lot away", "DELETE", f"/v1/pantry/{beef}/lots/{kept}", ana)


def plans(stage: Stage) -> None:
    """Plan a week of dinners from the catalogue, with gaps that the worker fills, and make its shopping list."""
    ana = stage.person()
    week = {"start": "2027-03-01", "days": 7, "meals": ["lunch", "dinner"], "servings": 2}
    plan = _count(stage, "plan 14 meals", "POST", "/v1/plans", ana, week)
    path = f"/v1/plans/{plan['id']}"
    if plan["job_id"]:
        stage.count("fill the gaps of a plan: worker", partial(filling.fill, ana.id, plan["job_id"]))
    _gap_by_a_model(stage)
    _count(stage, "read a plan of 14 meals", "GET", path, ana)
    slot = next(slot["id"] for slot in plan["slots"] if slot["recipe"])
    _count(stage, "change a meal", "PATCH", path, ana, {"slots": [{"id": slot, "locked": True}]})
    _count(stage, "copy a plan", "POST", f"{path}/copy", ana, {"start": "2027-04-05"})
    shopping = _count(stage, "make a list of a plan", "POST", f"{path}/list", ana)
    items = read(stage.ask("GET", f"/v1/lists/{shopping['id']}", ana))["items"]
    listed = f"/v1/lists/{shopping['id']}"
    _count(stage, "read a list of a week", "GET", listed, ana)
    _count(stage, "check an item", "PUT", f"{listed}/items/{items[0]['id']}", ana, {"checked": True})
    _count(stage, "add an item", "PUT", f"{listed}/items/{ids.new_id()}", ana, {"name": "giấy bạc"})
    _count(stage, "put what was bought into the pantry", "POST", f"{listed}/done", ana)


def _gap_by_a_model(stage: Stage) -> None:
    """Plan a meal that the catalogue lacks, with a model that answers immediately."""
    ben = stage.person()
    with models.answering(), models.empty_catalogue():
        one = {"start": "2027-03-01", "days": 1, "meals": ["dinner"], "servings": 2}
        open_ = read(stage.ask("POST", "/v1/plans", ben, one))
        stage.count("fill a gap of a plan by a model: worker", partial(filling.fill, ben.id, open_["job_id"]))


def _id_of(name: str) -> str:
    found = ingredients.resolve(name)
    if found is None:
        message = "The master list is empty: run `manage.py seed_ingredients` first."
        raise RuntimeError(message)
    return found.id


def _count(stage: Stage, action: str, method: str, path: str, person: Performer, body: Any = None) -> Any:
    response = stage.count(action, partial(stage.ask, method, path, person, body))
    return read(response) if response.content else None
