"""One rule for every DELETE of the OpenAPI document: 204 for one's own data, also when repeated; 404 for all else."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from apps.core import ids
from tests.support import friends, recipes, society
from tests.support.interface import documented_operations
from tests.support.notifications import cause, event, read_notifications
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


@dataclass
class Stage:
    """Ana, who has something to delete, other people, and the messages for the worker."""

    api: Any
    ana: Any
    ben: Any
    person: Callable[..., Any]
    messages: list[Any]

    def post(self, path: str, _by: Any = None, **body: Any) -> Any:
        answer = self.api.post(f"/v1/{path}", json=body, token=(_by or self.ana).token)
        assert answer.status_code in {200, 201, 202, 204}, answer.content
        return answer.json() if answer.content else None

    def put(self, path: str, **body: Any) -> Any:
        answer = self.api.put(f"/v1/{path}", json=body, token=self.ana.token)
        assert answer.status_code in {200, 204}, answer.content
        return answer.json() if answer.content else None


def _session(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ana)["id"]
    return {"session_id": on.post("cooking/sessions", recipe_id=recipe)["id"]}


def _request(on: Stage) -> dict[str, str]:
    friends.send_friend_request(on.api, on.ana, on.ben)
    return {"user_id": on.ben.id}


def _friend(on: Stage) -> dict[str, str]:
    friends.befriend(on.api, on.ana, on.ben)
    return {"user_id": on.ben.id}


def _block(on: Stage) -> dict[str, str]:
    friends.block(on.api, on.ana, on.ben)
    return {"user_id": on.ben.id}


def _household(on: Stage) -> dict[str, str]:
    on.post("household", name="Nhà Ana")
    return {}


def _invitation(on: Stage) -> dict[str, str]:
    _household(on)
    return {"code": on.post("household/invitations")["code"]}


def _member(on: Stage) -> dict[str, str]:
    on.post(f"household/invitations/{_invitation(on)['code']}/accept", on.ben)
    return {"user_id": on.ben.id}


def _import(on: Stage) -> dict[str, str]:
    text = "Rau luộc\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."
    found = on.post("imports", text=text)["id"]
    run_all(on.messages)
    return {"import_id": found}


def _job(on: Stage) -> dict[str, str]:
    return {"job_id": on.post("users/me/export")["id"]}


def _list(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ana)["id"]
    found = on.post("lists", recipes=[{"recipe_id": recipe, "servings": 2}])["id"]
    items = on.api.get(f"/v1/lists/{found}", token=on.ana.token).json()["items"]
    return {"list_id": found, "item_id": items[0]["id"]}


def _notification(on: Stage) -> dict[str, str]:
    cause(event("comment", on.ana, on.ben))
    run_all(on.messages)
    return {"notification_id": read_notifications(on.api, on.ana)[0]["id"]}


def _lot(on: Stage) -> dict[str, str]:
    names = {"ingredients": ["thịt bò"]}
    found = on.api.post("/v1/ingredients/validate", json=names, token=on.ana.token).json()["results"][0]
    ingredient = found["ingredient"]["id"]
    entry = on.post(f"pantry/{ingredient}/lots", quantity=300, unit="g")
    return {"ingredient_id": ingredient, "lot_id": entry["lots"][0]["id"]}


def _plan(on: Stage) -> dict[str, str]:
    return {"plan_id": on.post("plans", start="2027-03-01", days=1, meals=["dinner"])["id"]}


def _comment(on: Stage) -> dict[str, str]:
    post = society.post(on.api, on.ana)["id"]
    comment = society.comment(on.api, on.ana, post)["id"]
    for path in (f"posts/{post}", f"posts/{post}/comments/{comment}"):
        on.put(f"{path}/reaction", reaction="love")
    return {"post_id": post, "comment_id": comment}


def _recipe(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ana)["id"]
    recipes.publish(recipe)
    on.put(f"recipes/{recipe}/favorite")
    answer = on.api.patch(f"/v1/recipes/{recipe}", json={"title": "Bản mới"}, token=on.ana.token)
    assert answer.status_code == 200, answer.content
    return {"recipe_id": recipe}


def _rated(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ben)["id"]
    recipes.publish(recipe)
    on.put(f"recipes/{recipe}/rating", stars=4)
    return {"recipe_id": recipe}


def _report(on: Stage) -> dict[str, str]:
    post = society.post(on.api, on.ben)["id"]
    on.post("reports", target_type="post", target_id=post, reason="spam")
    return {"target_type": "post", "target_id": post}


MAKERS: dict[str, Callable[[Stage], dict[str, str]]] = {
    "/v1/cooking/sessions/{session_id}": _session,
    "/v1/friends/requests/{user_id}": _request,
    "/v1/friends/{user_id}": _friend,
    "/v1/household": _household,
    "/v1/household/invitations/{code}": _invitation,
    "/v1/household/members/{user_id}": _member,
    "/v1/imports/{import_id}": _import,
    "/v1/jobs/{job_id}": _job,
    "/v1/lists/{list_id}": _list,
    "/v1/lists/{list_id}/items/{item_id}": _list,
    "/v1/notifications/{notification_id}": _notification,
    "/v1/pantry/{ingredient_id}": _lot,
    "/v1/pantry/{ingredient_id}/lots/{lot_id}": _lot,
    "/v1/plans/{plan_id}": _plan,
    "/v1/posts/{post_id}": _comment,
    "/v1/posts/{post_id}/comments/{comment_id}": _comment,
    "/v1/posts/{post_id}/comments/{comment_id}/reaction": _comment,
    "/v1/posts/{post_id}/reaction": _comment,
    "/v1/recipes/{recipe_id}": _recipe,
    "/v1/recipes/{recipe_id}/edition": _recipe,
    "/v1/recipes/{recipe_id}/favorite": _recipe,
    "/v1/recipes/{recipe_id}/rating": _rated,
    "/v1/reports/{target_type}/{target_id}": _report,
    "/v1/users/{user_id}/block": _block,
}
# Operations on the account, which need a password, or end in a job or a state of the browser.
OTHERS = {"/v1/auth/mfa", "/v1/session", "/v1/users/me"}


@pytest.fixture
def stage(api: Any, ana: Any, ben: Any, person: Callable[..., Any], messages: list[Any]) -> Stage:
    return Stage(api, ana, ben, person, messages)


def filled(path: str, found: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda name: found[name[1]], path)


def test_every_deletion_of_the_document_has_a_row() -> None:
    documented = {one.partition(" ")[2] for one in documented_operations() if one.startswith("delete ")}

    assert documented == set(MAKERS) | OTHERS


@pytest.mark.parametrize("path", MAKERS)
def test_what_one_had_is_gone_however_often_and_all_else_is_absent(stage: Stage, path: str) -> None:
    cyd = stage.person()
    address = filled(path, MAKERS[path](stage))

    answers = [stage.api.delete(address, token=one.token) for one in (cyd, stage.ana, stage.ana, cyd)]

    assert [one.status_code for one in answers] == [404, 204, 204, 404], [one.content for one in answers]


@pytest.mark.parametrize("path", [path for path in MAKERS if "{" in path])
def test_what_never_was_is_absent(api: Any, ana: Any, path: str) -> None:
    nothing = re.sub(r"{target_type}", "post", path)
    for value in (ids.new_id(), "x", "%20"):
        answer = api.delete(re.sub(r"{\w+}", value, nothing), token=ana.token)

        assert answer.status_code == 404, answer.content
