"""Moderators' actions: target, audit entry and notification change together, and everything can be undone."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core import audit, clock, keys
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.errors import PreconditionFailed
from apps.moderation import abuse, appeals, cases, errors, members, reviews, undoing
from apps.moderation.acts import Act
from apps.moderation.content import Target
from apps.recipes import services as recipe_services
from tests.support import recipes, society
from tests.support.tasks import run_all

pytestmark = pytest.mark.usefixtures("seeded")


@pytest.fixture
def mod(person: Callable[..., Any]) -> Actor:
    return actor_of(person(group="moderators"), "moderators")


@pytest.fixture
def other_mod(person: Callable[..., Any]) -> Actor:
    return actor_of(person(group="moderators"), "moderators")


def actor_of(person: Any, *groups: str) -> Actor:
    return Actor(person.id, person.username, frozenset(groups))


def approval(recipe_id: str) -> str:
    return recipe_services.get_stored_recipe(recipe_id).state.approval


def entry(target_type: str, target_id: str) -> AuditEntry:
    found = audit.last(target_type, target_id)
    assert found is not None
    return found


def test_only_moderators_decide(api: Any, ana: Any) -> None:
    recipe = recipes.create(api, ana)["id"]

    with pytest.raises(errors.NotModerator):
        reviews.approve(recipe, actor=actor_of(ana))

    assert approval(recipe) == "pending"


def test_an_approval_brings_a_recipe_into_the_catalogue_and_is_audited(
    api: Any, ana: Any, cyd: Any, mod: Actor
) -> None:
    recipe = recipes.create(api, ana)["id"]

    reviews.approve(recipe, actor=mod)

    assert api.get(f"/v1/recipes/{recipe}", token=cyd.token).json()["approval"] == "approved"
    said = entry("recipe", recipe)
    assert (said.act, said.actor_name) == ("approve", mod.username)
    assert (said.before, said.after) == ({"approval": "pending"}, {"approval": "approved"})


def test_a_rejection_needs_a_reason_which_the_owner_gets(api: Any, ana: Any, mod: Actor, messages: list[Any]) -> None:
    recipe = recipes.create(api, ana)["id"]
    with pytest.raises(errors.ReasonNeeded):
        reviews.reject(recipe, actor=mod, reason=" ")

    reviews.reject(recipe, actor=mod, reason="Thiếu bước nấu")
    run_all(messages)

    told = api.get("/v1/notifications", token=ana.token).json()["items"][0]
    assert told["kind"] == "recipe_rejected"
    assert told["text"].endswith("Thiếu bước nấu")


def test_the_second_moderator_is_told_what_the_first_did(api: Any, ana: Any, mod: Actor, other_mod: Actor) -> None:
    recipe = recipes.create(api, ana)["id"]
    reviews.approve(recipe, actor=mod)

    with pytest.raises(errors.DecidedAlready) as refused:
        reviews.approve(recipe, actor=other_mod)

    assert refused.value.extensions["decided_by"] == mod.username
    assert refused.value.extensions["decided_as"] == "approve"


def test_an_action_on_an_outdated_version_changes_nothing(api: Any, ana: Any, mod: Actor) -> None:
    recipe = recipes.create(api, ana)["id"]

    def check(version: int) -> None:
        raise PreconditionFailed

    with pytest.raises(PreconditionFailed):
        reviews.approve(recipe, actor=mod, check=check)

    assert approval(recipe) == "pending"


@pytest.mark.parametrize("kind", ["post", "recipe", "user"])
def test_what_a_moderator_hides_can_be_restored(api: Any, ana: Any, cyd: Any, mod: Actor, kind: str) -> None:
    target, path = make(api, ana, kind)

    hidden = cases.hide(Target(kind), target, actor=mod, reason="Quảng cáo")
    assert api.get(path, token=cyd.token).status_code == 404
    undoing.undo(entry(kind, target), actor=mod, reason="Nhầm")

    assert api.get(path, token=cyd.token).status_code == 200
    assert audit.history(kind, target, limit=10).items[1].id == hidden


def make(api: Any, owner: Any, kind: str) -> tuple[str, str]:
    if kind == "user":
        return owner.id, f"/v1/users/{owner.id}"
    if kind == "recipe":
        recipe = recipes.create(api, owner)["id"]
        recipes.publish(recipe)
        return recipe, f"/v1/recipes/{recipe}"
    post = society.post(api, owner)["id"]
    return post, f"/v1/posts/{post}"


def report(api: Any, person: Any, kind: str, target_id: str) -> None:
    body = {"target_type": kind, "target_id": target_id, "reason": "spam"}
    assert api.post("/v1/reports", json=body, token=person.token).status_code == 201


def test_confirmed_reports_keep_it_hidden_and_give_points_until_the_author_is_suspended(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], mod: Actor
) -> None:
    reporters = [person() for _ in range(3)]
    posts = [society.post(api, ana)["id"] for _ in range(2)]
    for post in posts:
        for one in reporters:
            report(api, one, "post", post)
        cases.confirm(Target.POST, post, actor=mod, reason="Quảng cáo")

    refused = api.post("/v1/posts", json={"content": "Chào", "visibility": "public"}, token=ana.token)

    assert [api.get(f"/v1/posts/{post}", token=cyd.token).status_code for post in posts] == [404, 404]
    assert abuse.TIERS[-1].points <= abuse.CONFIRMED * 2
    assert (refused.status_code, refused.json()["code"]) == (403, "account_suspended")


def test_reports_by_people_who_are_often_wrong_stop_counting(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], mod: Actor
) -> None:
    reporters = [person() for _ in range(3)]
    for _ in range(3):
        post = society.post(api, ana)["id"]
        for one in reporters:
            report(api, one, "post", post)
        cases.dismiss(Target.POST, post, actor=mod)
    post = society.post(api, ana)["id"]

    for one in reporters:
        report(api, one, "post", post)

    assert api.get(f"/v1/posts/{post}", token=cyd.token).status_code == 200


def test_five_new_accounts_hide_nobody(api: Any, ana: Any, cyd: Any, person: Callable[..., Any], settings: Any) -> None:
    settings.YOUNG_ACCOUNT_HOURS = 24
    for _ in range(5):
        report(api, person(), "user", ana.id)

    assert api.get(f"/v1/users/{ana.id}", token=cyd.token).status_code == 200


def test_accounts_behind_one_address_are_one_voice(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], settings: Any
) -> None:
    settings.SAME_ADDRESS_SECONDS = 3600
    for _ in range(5):
        report(api, person(), "user", ana.id)

    assert api.get(f"/v1/users/{ana.id}", token=cyd.token).status_code == 200


def test_a_suspension_and_its_end_are_audited_and_notified(api: Any, ana: Any, mod: Actor, messages: list[Any]) -> None:
    members.suspend(ana.id, until=clock.now() + timedelta(hours=2), reason="Spam", actor=mod)
    assert api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code == 403
    undoing.undo(entry("user", ana.id), actor=mod, reason="Nhầm")
    run_all(messages)

    assert api.post("/v1/posts", json={"content": "a"}, token=ana.token).status_code == 201
    assert [one.act for one in audit.history("user", ana.id, limit=5).items] == [Act.LIFT, Act.SUSPEND]
    texts = [one["text"] for one in api.get("/v1/notifications", token=ana.token).json()["items"]]
    assert "Your account is suspended: Spam" in texts


def test_an_appeal_is_decided_by_another_moderator(api: Any, ana: Any, cyd: Any, mod: Actor, other_mod: Actor) -> None:
    post, path = make(api, ana, "post")
    cases.hide(Target.POST, post, actor=mod, reason="Quảng cáo")
    body = {"target_type": "post", "target_id": post, "text": "Đây là món của tôi"}

    appeal = api.post("/v1/appeals", json=body, token=ana.token)
    repeated = api.post("/v1/appeals", json=body, token=ana.token)
    again = api.post("/v1/appeals", json={**body, "text": "Xem lại giúp tôi"}, token=ana.token)
    with pytest.raises(errors.SameModerator):
        appeals.overturn(appeal.json()["id"], actor=mod, reason="Đúng vậy")
    appeals.overturn(appeal.json()["id"], actor=other_mod, reason="Đúng vậy")

    assert (appeal.status_code, again.status_code, again.json()["code"]) == (201, 409, "appeal_exists")
    assert (repeated.status_code, repeated.json()["id"]) == (201, appeal.json()["id"])
    assert api.get(path, token=cyd.token).status_code == 200


def test_an_overturned_rejection_notifies_the_appellant(
    api: Any, ana: Any, mod: Actor, other_mod: Actor, messages: list[Any]
) -> None:
    recipe = recipes.create(api, ana)["id"]
    reviews.reject(recipe, actor=mod, reason="Thiếu bước nấu")
    body = {"target_type": "recipe", "target_id": recipe, "text": "Bước nào?"}
    appeal = api.post("/v1/appeals", json=body, token=ana.token).json()["id"]

    appeals.overturn(appeal, actor=other_mod, reason="Đủ rồi")
    run_all(messages)

    assert approval(recipe) == "pending"
    texts = [one["text"] for one in api.get("/v1/notifications", token=ana.token).json()["items"]]
    assert texts[0] == "Your recipe is being reviewed again: Đủ rồi"


def test_nobody_appeals_for_others_or_without_a_decision(api: Any, ana: Any, cyd: Any, mod: Actor) -> None:
    post, _ = make(api, ana, "post")
    body = {"target_type": "post", "target_id": post, "text": "Sao vậy"}
    before = api.post("/v1/appeals", json=body, token=ana.token)
    cases.hide(Target.POST, post, actor=mod, reason="Quảng cáo")

    foreign = api.post("/v1/appeals", json=body, token=cyd.token)

    assert [(one.status_code, one.json()["code"]) for one in (before, foreign)] == [(404, "nothing_to_appeal")] * 2


def test_an_operator_moderates_and_undoes_from_the_shell(api: Any, ana: Any, cyd: Any) -> None:
    post, path = make(api, ana, "post")
    call_command("moderate", "hide", f"post:{post}", "--reason", "Quảng cáo", stdout=StringIO())
    assert api.get(path, token=cyd.token).status_code == 404

    call_command("moderate", "undo", entry("post", post).id, "--reason", "Nhầm", stdout=StringIO())

    assert api.get(path, token=cyd.token).status_code == 200
    assert entry("post", post).actor_name == "manage.py"
    with pytest.raises(CommandError):
        call_command("moderate", "restore", f"post:{post}", stdout=StringIO())


def test_audit_entries_are_in_all_lists_of_the_log(api: Any, ana: Any, mod: Actor) -> None:
    recipe = recipes.create(api, ana)["id"]

    entry_id = reviews.approve(recipe, actor=mod)

    row = AuditEntry.read(keys.audit_entry("recipe", recipe, entry_id))
    assert row is not None
    assert [row.gsi1pk, row.gsi2pk, row.gsi4pk] == [f"AUDITACTOR#{mod.id}", "AUDITACT#approve", "AUDITLOG"]
    assert [one.id for one in audit.recent(actor_id=mod.id, limit=5)] == [entry_id]
