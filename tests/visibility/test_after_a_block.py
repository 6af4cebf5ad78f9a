"""After a block nothing that one reads names the other: every GET of the document, also of one's own lists."""

import re
from typing import Any

import pytest

from tests.support import friends, images, recipes, society
from tests.support.authorisation import ANYONE, MATRIX, MODERATOR
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")

# One's own act against the other, by bare id: without it, it could not be taken back.
OWN_ACTS = {"/v1/users/me/blocks", "/v1/reports"}
# Approved recipes are everybody's, with their owner's name (docs/decisions/0032).
PUBLIC = {"/v1/recipes/{recipe_id}"}
# Parameters without which there is no answer.
_QUERIES = {
    "/v1/friends/requests": "?direction=received",
    "/v1/ingredients": "?q=b",
    "/v1/users": "?q={username}",
}


class _Two:
    """Ana and ben, who have everything to do with each other; both lists hold the other's things."""

    def __init__(self, api: Any, ana: Any, ben: Any, messages: list[Any]) -> None:
        self.api, self.ana, self.ben = api, ana, ben
        friends.befriend(api, ben, ana)
        recipe = recipes.create(api, ben)["id"]
        recipes.publish(recipe)
        own = recipes.create(api, ana)["id"]
        recipes.publish(own)
        self._send("put", f"recipes/{recipe}/favorite")
        self._send("put", f"recipes/{recipe}/rating", stars=5, comment="Ngon")
        self._send("put", f"recipes/{own}/rating", by=ben, stars=4, comment="Được")
        session = self._send("post", "cooking/sessions", recipe_id=recipe)["id"]
        self._send("post", f"cooking/sessions/{session}/complete")
        plan = self._send("post", "plans", start="2027-03-01", days=1, meals=["dinner"])
        self._send("patch", f"plans/{plan['id']}", slots=[{"id": plan["slots"][0]["id"], "recipe_id": recipe}])
        shopping = self._send("post", "lists", recipes=[{"recipe_id": recipe, "servings": 2}])["id"]
        suggestion = self._send("post", "suggestions", ingredients=["thịt bò", "cà chua", "hành tây"])["id"]
        post = society.post(api, ana, recipe_id=recipe)["id"]
        comment = society.comment(api, ana, post)["id"]
        society.comment(api, ben, post, parent_id=comment)
        society.comment(api, ben, post, f"@{ana.username} ơi")
        society.react(api, ben, post)
        theirs = society.post(api, ben, f"Chào @{ana.username}")["id"]
        society.comment(api, ana, theirs)
        society.react(api, ana, theirs)
        self._send("post", "reports", target_type="post", target_id=theirs, reason="spam")
        self._send("post", "reports", target_type="user", target_id=ben.id, reason="spam")
        job = self._send("post", "users/me/export")["id"]
        run_all(messages)
        self.ids = {
            "recipe_id": recipe, "session_id": session, "plan_id": plan["id"], "list_id": shopping, "post_id": post,
            "comment_id": comment, "suggestion_id": suggestion, "user_id": ana.id, "job_id": job, "archive_id": job,
            "import_id": job, "upload_id": images.request_upload(api, ana)["id"],
            "ingredient_id": api.get(f"/v1/recipes/{own}", token=ana.token).json()["ingredients"][0]["ingredient_id"],
        }  # fmt: skip

    def _send(self, verb: str, path: str, by: Any = None, **body: Any) -> Any:
        answer = self.api.request(verb.upper(), f"/v1/{path}", json=body, token=(by or self.ana).token)
        assert answer.status_code in {200, 201, 202, 204}, answer.content
        return answer.json() if answer.content else None

    def read(self, path: str) -> bytes:
        filled = re.sub(r"{(\w+)}", lambda name: self.ids[name[1]], path)
        query = _QUERIES.get(path, "").format(username=self.ben.username)
        answer = self.api.get(f"{filled}{query}", token=self.ana.token)
        assert answer.status_code in {200, 202, 404}, (path, answer.content)
        return bytes(answer.content)


def _readable() -> list[str]:
    return [
        path
        for operation, who in MATRIX.items()
        for verb, path in [operation.split()]
        if verb == "get" and who not in {ANYONE, MODERATOR}
    ]


@pytest.mark.parametrize("by", ["oneself", "the other"])
def test_after_a_block_nothing_that_one_reads_names_the_other(
    api: Any, ana: Any, ben: Any, messages: list[Any], by: str
) -> None:
    two = _Two(api, ana, ben, messages)
    named_before = [path for path in _readable() if ben.id.encode() in two.read(path)]

    friends.block(api, *((ana, ben) if by == "oneself" else (ben, ana)))
    run_all(messages)

    answers = {path: two.read(path) for path in _readable()}
    naming = {
        path: name
        for path, answer in answers.items()
        for name in (ben.id, ben.username)
        if path not in OWN_ACTS | PUBLIC and name.encode() in answer
    }
    assert naming == {}
    assert {"/v1/friends", "/v1/notifications", "/v1/cooking/sessions/{session_id}", "/v1/feed"} <= set(named_before)
