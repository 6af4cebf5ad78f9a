"""One of each thing that people have: made by ana, for tests of a rule for all operations of the OpenAPI document."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.support import friends, recipes, society
from tests.support.notifications import cause, event, read_notifications
from tests.support.tasks import run_all


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


def session(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ana)["id"]
    return {"session_id": on.post("cooking/sessions", recipe_id=recipe)["id"]}


def request(on: Stage) -> dict[str, str]:
    friends.send_friend_request(on.api, on.ana, on.ben)
    return {"user_id": on.ben.id}


def friend(on: Stage) -> dict[str, str]:
    friends.befriend(on.api, on.ana, on.ben)
    return {"user_id": on.ben.id}


def block(on: Stage) -> dict[str, str]:
    friends.block(on.api, on.ana, on.ben)
    return {"user_id": on.ben.id}


def household(on: Stage) -> dict[str, str]:
    on.post("household", name="Nhà Ana")
    return {}


def invitation(on: Stage) -> dict[str, str]:
    household(on)
    return {"code": on.post("household/invitations")["code"]}


def member(on: Stage) -> dict[str, str]:
    on.post(f"household/invitations/{invitation(on)['code']}/accept", on.ben)
    return {"user_id": on.ben.id}


def imported(on: Stage) -> dict[str, str]:
    text = "Rau luộc\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."
    found = on.post("imports", text=text)["id"]
    run_all(on.messages)
    return {"import_id": found}


def job(on: Stage) -> dict[str, str]:
    return {"job_id": on.post("users/me/export")["id"]}


def shopping_list(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ana)["id"]
    found = on.post("lists", recipes=[{"recipe_id": recipe, "servings": 2}])["id"]
    items = on.api.get(f"/v1/lists/{found}", token=on.ana.token).json()["items"]
    return {"list_id": found, "item_id": items[0]["id"]}


def notification(on: Stage) -> dict[str, str]:
    cause(event("comment", on.ana, on.ben))
    run_all(on.messages)
    return {"notification_id": read_notifications(on.api, on.ana)[0]["id"]}


def lot(on: Stage) -> dict[str, str]:
    names = {"ingredients": ["thịt bò"]}
    found = on.api.post("/v1/ingredients/validate", json=names, token=on.ana.token).json()["results"][0]
    ingredient = found["ingredient"]["id"]
    entry = on.post(f"pantry/{ingredient}/lots", quantity=300, unit="g")
    return {"ingredient_id": ingredient, "lot_id": entry["lots"][0]["id"]}


def plan(on: Stage) -> dict[str, str]:
    return {"plan_id": on.post("plans", start="2027-03-01", days=1, meals=["dinner"])["id"]}


def comment(on: Stage) -> dict[str, str]:
    post = society.post(on.api, on.ana)["id"]
    comment = society.comment(on.api, on.ana, post)["id"]
    for path in (f"posts/{post}", f"posts/{post}/comments/{comment}"):
        on.put(f"{path}/reaction", reaction="love")
    return {"post_id": post, "comment_id": comment}


def recipe(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ana)["id"]
    recipes.publish(recipe)
    on.put(f"recipes/{recipe}/favorite")
    answer = on.api.patch(f"/v1/recipes/{recipe}", json={"title": "Bản mới"}, token=on.ana.token)
    assert answer.status_code == 200, answer.content
    return {"recipe_id": recipe}


def rated(on: Stage) -> dict[str, str]:
    recipe = recipes.create(on.api, on.ben)["id"]
    recipes.publish(recipe)
    on.put(f"recipes/{recipe}/rating", stars=4)
    return {"recipe_id": recipe}


def report(on: Stage) -> dict[str, str]:
    post = society.post(on.api, on.ben)["id"]
    on.post("reports", target_type="post", target_id=post, reason="spam")
    return {"target_type": "post", "target_id": post}


MAKERS: dict[str, Callable[[Stage], dict[str, str]]] = {
    "/v1/cooking/sessions/{session_id}": session,
    "/v1/friends/requests/{user_id}": request,
    "/v1/friends/{user_id}": friend,
    "/v1/household": household,
    "/v1/household/invitations/{code}": invitation,
    "/v1/household/members/{user_id}": member,
    "/v1/imports/{import_id}": imported,
    "/v1/jobs/{job_id}": job,
    "/v1/lists/{list_id}": shopping_list,
    "/v1/lists/{list_id}/items/{item_id}": shopping_list,
    "/v1/notifications/{notification_id}": notification,
    "/v1/pantry/{ingredient_id}": lot,
    "/v1/pantry/{ingredient_id}/lots/{lot_id}": lot,
    "/v1/plans/{plan_id}": plan,
    "/v1/posts/{post_id}": comment,
    "/v1/posts/{post_id}/comments/{comment_id}": comment,
    "/v1/posts/{post_id}/comments/{comment_id}/reaction": comment,
    "/v1/posts/{post_id}/reaction": comment,
    "/v1/recipes/{recipe_id}": recipe,
    "/v1/recipes/{recipe_id}/edition": recipe,
    "/v1/recipes/{recipe_id}/favorite": recipe,
    "/v1/recipes/{recipe_id}/rating": rated,
    "/v1/reports/{target_type}/{target_id}": report,
    "/v1/users/{user_id}/block": block,
}
