"""SQS delivers at least once: every task can safely run twice at the same time, and again later."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from apps.core import aws, clock
from apps.core.keys import Key
from apps.ingredients import services as ingredients
from apps.jobs import services as jobs
from apps.moderation import master_list, reviews
from apps.moderation.authority import OPERATOR
from apps.recipes import repositories
from apps.users import email_changes
from apps.users.repositories import stored_accounts
from smartcooking.celery import app
from smartcooking.contract.schedules import RUN_COMMAND
from tests.support import friends, households, images, recipes, society
from tests.support.accounts import fresh_name
from tests.support.archives import NEXTCLOUD, zipped
from tests.support.notifications import mails_to, read_notifications, unread
from tests.support.tasks import deliver_message

pytestmark = [pytest.mark.usefixtures("seeded"), pytest.mark.timeout(300)]


def ours() -> set[str]:
    app.loader.import_default_modules()
    # The tests of scheduled commands run them twice; this one represents all of them.
    return {name for name in app.tasks if not name.startswith("celery.")} - {RUN_COMMAND}


def table() -> dict[Key, Any]:
    """Return every row, without messages, versions, and when a mark ends: a lease that ended is taken anew.

    Also without references to posts: a late message about a friendship adds posts written since.
    """
    pages = aws.client("dynamodb").get_paginator("scan").paginate(TableName=settings.TABLE_NAME, ConsistentRead=True)
    rows = {Key(row["pk"]["S"], row["sk"]["S"]): row for page in pages for row in page["Items"]}
    kept = {key: row for key, row in rows.items() if row["kind"]["S"] not in {"outbox", "fan_out"}}
    return {key: {name: value for name, value in row.items() if _is_kept(name, row)} for key, row in kept.items()}


def _is_kept(name: str, row: dict[str, Any]) -> bool:
    return name not in {"version", "ttl"} or (name == "ttl" and row["kind"]["S"] != "once")


def objects() -> set[str]:
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings.IMAGES_BUCKET)
    return {one["Key"] for page in pages for one in page.get("Contents", [])}


def posted_picture(api: Any, person: Any, purpose: str) -> str:
    content = images.encoded(images.picture((40, 30)))
    form = images.request_upload(api, person, purpose=purpose, size=len(content))
    assert images.post(form, content) == 204
    assert images.complete(api, person, form["id"]).status_code == 202
    return str(form["id"])


def share_a_kitchen(api: Any, one: Any, other: Any) -> None:
    """Create a household with a shared pantry, plan a meal, and import a recipe."""
    rice = ingredients.resolve("gạo")
    assert rice is not None
    for person in (one, other):
        assert api.put(f"/v1/pantry/{rice.id}", json={"quantity": 1}, token=person.token).status_code == 200
    households.found(api, one, other)
    asked = {"start": "2027-03-01", "days": 1, "meals": ["dinner"], "max_minutes": {"weekday": 5}}
    assert api.post("/v1/plans", json=asked, token=one.token).json()["status"] == "filling"
    text = "Rau luộc\nNguyên liệu:\n- 1 bó rau muống\nCách làm:\n- Luộc rau."
    assert api.post("/v1/imports", json={"text": text}, token=one.token).status_code == 202


def change_names(api: Any, person: Any, work: Callable[[], None]) -> None:
    """Change somebody's e-mail address and username."""
    proof = {"password": person.password}
    email = {**proof, "email": f"{fresh_name()}@example.org"}
    assert api.post("/v1/auth/change-email", json=email, token=person.token).status_code == 202
    work()
    wanted = stored_accounts.find_email_change(person.id)
    assert wanted is not None
    code = {"code": email_changes.code_of(wanted)}
    assert api.post("/v1/auth/change-email/confirm", json=code, token=person.token).status_code == 204
    name = {**proof, "username": fresh_name()}
    assert api.post("/v1/auth/change-username", json=name, token=person.token).status_code == 204
    work()


def bring_a_recipe(api: Any, person: Any, work: Callable[[], None]) -> None:
    """Import an archive with a picture, accept its recipe, and export the recipes."""
    content = zipped(a__recipe_dot_json=NEXTCLOUD, a__full_dot_jpg=images.encoded(images.picture((40, 30))))
    form = images.request_upload(api, person, purpose="import", content_type="application/zip", size=len(content))
    assert images.post(form, content) == 204
    assert images.complete(api, person, form["id"]).status_code == 200
    begun = api.post("/v1/imports", json={"upload_id": form["id"]}, token=person.token).json()["id"]
    work()
    body = {"recipes": [{"draft_id": "000"}]}
    (made,) = api.post(f"/v1/imports/{begun}/accept", json=body, token=person.token).json()["recipes"]
    work()
    assert api.get(f"/v1/recipes/{made['id']}", token=person.token).json()["image"] is not None
    assert api.get("/v1/users/me/recipes/archive", token=person.token).status_code == 202
    work()


def merge_duplicates(api: Any, owner: Any, rater: Any, work: Callable[[], None]) -> None:
    """Merge a recipe into another one as a moderator, and undo it."""
    kept, duplicate = (recipes.create(api, owner)["id"] for _ in range(2))
    for one in (kept, duplicate):
        recipes.publish(one)
    assert api.put(f"/v1/recipes/{duplicate}/rating", json={"stars": 4}, token=rater.token).status_code == 200
    reviews.merge(duplicate, into=kept, actor=OPERATOR)
    work()
    reviews.approve(duplicate, actor=OPERATOR)
    work()


def abandon_jobs(api: Any, person: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Start an import and a plan whose messages are lost, and close their jobs."""
    begun = [api.post("/v1/imports", json={"text": "Rau luộc"}, token=person.token).json()["id"]]
    asked = {"start": "2027-03-01", "days": 1, "meals": ["dinner"], "max_minutes": {"weekday": 5}}
    begun.append(api.post("/v1/plans", json=asked, token=person.token).json()["job_id"])
    messages.clear()
    later = clock.now() + timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(clock, "now", lambda: later)
        assert [jobs.end_if_abandoned(person.id, job_id) for job_id in begun] == [True, True]


def test_every_task_may_be_delivered_twice(  # noqa: PLR0915  one course of events that needs all of them
    api: Any, person: Any, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each message is processed twice at the same time, and all of them again at the end."""
    monkeypatch.setattr(settings, "SUGGESTION_READY_AFTER", 0)
    # With a model configured, a worker generates; its first provider is the rules.
    monkeypatch.setattr(settings, "AI_PROVIDERS", ["rules", "bedrock"])
    ana, ben, cyd, dan = (person() for _ in range(4))
    worked_on: list[Any] = []

    def work() -> None:
        while messages:
            message = messages.pop(0)
            deliver_message(message, at_once=2)
            worked_on.append(message)

    face, picture = posted_picture(api, ana, "avatar"), posted_picture(api, ana, "post")
    work()
    for _ in range(2):
        friends.send_friend_request(api, ana, ben)
        work()
        assert api.delete(f"/v1/friends/requests/{ben.id}", token=ana.token).status_code == 204
        work()
    friends.befriend(api, ana, ben)
    friends.befriend(api, ana, cyd)
    friends.befriend(api, ana, dan)
    work()
    assert api.patch("/v1/users/me", json={"avatar": face}, token=ana.token).status_code == 200
    recipe = recipes.create(api, ana)["id"]
    post = society.post(api, ana, f"@{ben.username} món này", recipe_id=recipe, images=[picture])["id"]
    comment = society.comment(api, ben, post)["id"]
    reply = society.comment(api, cyd, post, "x", parent_id=comment)["id"]
    for one, path in ((ben, post), (cyd, post), (ana, f"{post}/comments/{comment}"), (ben, f"{post}/comments/{reply}")):
        society.react(api, one, path)
    work()
    for one in (ben, cyd, dan):
        assert api.put(f"/v1/recipes/{recipe}/rating", json={"stars": 5}, token=one.token).status_code == 200
    work()
    assert api.get(f"/v1/recipes/{recipe}", token=ana.token).json()["approval"] == "approved"
    friends.block(api, ana, dan)
    # Ingredients that no recipe of the catalogue and no other test uses.
    asked = {"ingredients": ["thịt đà điểu", "rau càng cua"], "recipe_count": 3, "max_minutes": 97}
    assert api.post("/v1/suggestions", json=asked, token=cyd.token).status_code == 202
    work()
    gone = society.post(api, ana, "x", visibility="friends")["id"]
    named = society.post(api, cyd, f"@{ana.username} @{dan.username}")["id"]
    society.react(api, ana, named)
    work()
    assert api.delete(f"/v1/posts/{named}/reaction", token=ana.token).status_code == 204
    assert api.patch(f"/v1/posts/{named}", json={"content": f"@{dan.username}"}, token=cyd.token).status_code == 200
    work()
    assert api.patch(f"/v1/posts/{named}", json={"visibility": "private"}, token=cyd.token).status_code == 200
    friends.befriend(api, ben, cyd)
    work()
    assert friends.unfriend(api, ben, cyd).status_code == 204
    work()
    assert api.delete(f"/v1/posts/{post}/comments/{comment}", token=ana.token).status_code == 204
    assert api.delete(f"/v1/posts/{gone}", token=ana.token).status_code == 204
    assert api.patch(f"/v1/posts/{post}", json={"images": []}, token=ana.token).status_code == 200
    assert api.post("/v1/users/me/export", token=ana.token).status_code == 202
    # An ingredient that no other test uses, since all recipes with it are derived again.
    rare = ingredients.resolve("hải sâm")
    assert rare is not None
    recipes.create(api, ana, ingredients=[{"name": "hải sâm"}])
    master_list.edit_ingredient(rare.id, changes={"staple": rare.staple}, actor=OPERATOR)
    other = recipes.create(api, ana)["id"]
    assert api.delete(f"/v1/recipes/{other}", token=ana.token).status_code == 204
    work()
    share_a_kitchen(api, ana, ben)
    assert api.post("/v1/imports", json={"url": "http://localhost/"}, token=dan.token).status_code == 400
    work()
    change_names(api, cyd, work)
    assert api.delete(f"/v1/household/members/{ben.id}", token=ben.token).status_code == 204
    work()
    assert api.delete("/v1/household", token=ana.token).status_code == 204
    work()
    bring_a_recipe(api, cyd, work)
    merge_duplicates(api, cyd, dan, work)
    abandon_jobs(api, cyd, messages, monkeypatch)
    leaver = person()
    leaving = {"password": leaver.password, "at_once": True}
    assert api.delete("/v1/users/me", json=leaving, token=leaver.token).status_code == 202
    work()

    state, stored, before = (
        table(),
        objects(),
        (read_notifications(api, ana), read_notifications(api, ben), len(mails_to(ana))),
    )
    again = list(worked_on)
    for message in again:
        deliver_message(message)
    work()

    assert {message.task for message in worked_on} == ours()
    found = table()
    assert {key: (state.get(key), found.get(key)) for key in state.keys() ^ found.keys()} == {}
    assert {key: (state[key], found[key]) for key in state if state[key] != found[key]} == {}
    assert objects() == stored
    assert (read_notifications(api, ana), read_notifications(api, ben), len(mails_to(ana))) == before
    kinds = sorted((one["kind"], one["count"]) for one in read_notifications(api, ana, "?limit=50"))
    assert kinds == [
        ("friend_accepted", 1), ("friend_accepted", 1), ("reaction", 2), ("recipe_approved", 1), ("recipe_rejected", 1),
    ]  # fmt: skip
    assert unread(api, ana) == len(kinds)
    assert sorted((one["kind"], one["count"]) for one in read_notifications(api, ben)) == [
        ("friend_accepted", 1), ("mention", 1),
    ]  # fmt: skip
    standing = repositories.find_recipe(recipe)
    assert standing is not None
    assert (standing.state.rating_count, standing.state.approval) == (2, "pending")
