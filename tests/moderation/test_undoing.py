"""Every action of a moderator can be undone with its effects. Undoing is an action itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.core import audit, clock, keys
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category
from apps.moderation import ai_configuration, appeals, cases, errors, master_list, members, queues, undoing
from apps.moderation.acts import Act
from apps.moderation.content import Target
from apps.users import suspensions
from tests.support import society
from tests.support.words import fresh_word

pytestmark = pytest.mark.usefixtures("seeded")

# Not undone: retries are harmless, sessions can be started again, and views, sign-ins, exports and erasures are final.
FINAL = {
    Act.LOOK, Act.END_SESSIONS, Act.RETRY, Act.SIGN_IN, Act.SIGN_IN_REFUSED, Act.SIGN_OUT, Act.MFA_ENABLED,
    Act.EXPORT, Act.ERASE, Act.APPEAL, Act.REOPEN_APPEAL,
}  # fmt: skip


@pytest.fixture
def mod(person: Callable[..., Any]) -> Actor:
    return actor_of(person(group="moderators"), "moderators")


def actor_of(person: Any, *groups: str) -> Actor:
    return Actor(person.id, person.username, frozenset(groups))


def entry(target_type: str, target_id: str, *acts: str) -> AuditEntry:
    found = audit.last(target_type, target_id, acts)
    assert found is not None
    return found


def undo(target_type: str, target_id: str, *acts: str, by: Actor) -> None:
    undoing.undo(entry(target_type, target_id, *acts), actor=by, reason="Nhầm")


def reported(api: Any, owner: Any, reporters: list[Any]) -> str:
    post = str(society.post(api, owner)["id"])
    for one in reporters:
        body = {"target_type": "post", "target_id": post, "reason": "spam"}
        assert api.post("/v1/reports", json=body, token=one.token).status_code == 201
    return post


def judged(one: Any) -> tuple[int, int]:
    record = cases.load_reporter_record(one.id)
    return int(record.right), int(record.wrong)


def points(user_id: str) -> int:
    return sum(int(one["points"]) for one in members.find_points([user_id]).get(user_id, []))


def test_almost_every_action_has_an_inverse() -> None:
    assert {act for act in Act if act not in undoing._OPPOSITES} == FINAL


def test_a_confirmation_is_undone_with_its_points_and_its_judgement(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], mod: Actor
) -> None:
    reporters = [person() for _ in range(3)]
    post = reported(api, ana, reporters)
    cases.confirm(Target.POST, post, actor=mod, reason="Quảng cáo")
    assert (points(ana.id), judged(reporters[0])) == (3, (1, 0))

    undo("post", post, by=mod)

    assert (points(ana.id), [judged(one) for one in reporters]) == (0, [(0, 0)] * 3)
    assert api.get(f"/v1/posts/{post}", token=cyd.token).status_code == 200


def test_a_suspension_that_points_caused_ends_with_them_and_one_by_a_moderator_stays(
    api: Any, ana: Any, ben: Any, person: Callable[..., Any], mod: Actor
) -> None:
    reporters = [person() for _ in range(3)]
    for owner in (ana, ben):
        posts = [reported(api, owner, reporters) for _ in range(2)]
        for post in posts:
            cases.confirm(Target.POST, post, actor=mod, reason="Quảng cáo")
        if owner is ben:
            members.suspend(ben.id, until=clock.now() + timedelta(days=3), reason="Spam", actor=mod)
        undo("post", posts[1], by=mod)

    written = [api.post("/v1/posts", json={"content": "a"}, token=one.token).status_code for one in (ana, ben)]
    assert written == [201, 403]


def test_undoing_a_dismissal_requeues_the_reports_and_forgets_the_judgement(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], mod: Actor
) -> None:
    reporters = [person() for _ in range(3)]
    post = reported(api, ana, reporters)
    cases.dismiss(Target.POST, post, actor=mod)
    later = person()
    api.post("/v1/reports", json={"target_type": "post", "target_id": post, "reason": "spam"}, token=later.token)
    assert judged(reporters[0]) == (0, 1)

    undo("post", post, by=mod)

    assert [judged(one) for one in (*reporters, later)] == [(0, 0)] * 4
    assert api.get(f"/v1/posts/{post}", token=cyd.token).status_code == 404
    waiting = queues.load_cases([f"post:{post}"])[f"post:{post}"]
    assert (waiting.status, int(waiting.reporters)) == ("hidden", 3)
    undo("post", post, by=mod)
    assert api.get(f"/v1/posts/{post}", token=cyd.token).status_code == 200


def test_undoing_twice_reports_decided_already(api: Any, ana: Any, person: Callable[..., Any], mod: Actor) -> None:
    post = reported(api, ana, [person() for _ in range(3)])
    cases.confirm(Target.POST, post, actor=mod, reason="Quảng cáo")
    decision = entry("post", post)
    undoing.undo(decision, actor=mod, reason="Nhầm")

    with pytest.raises(errors.DecidedAlready):
        undoing.undo(decision, actor=mod, reason="Nhầm")

    assert points(ana.id) == 0


def test_undoing_a_suspension_restores_the_one_it_replaced(ana: Any, mod: Actor) -> None:
    first = clock.now() + timedelta(days=2)
    members.suspend(ana.id, until=first, reason="Spam", actor=mod)
    members.suspend(ana.id, until=clock.now() + timedelta(days=30), reason="Quấy rối", actor=mod)

    undo("user", ana.id, by=mod)

    term = suspensions.find_suspension(ana.id)
    assert term is not None
    assert (clock.iso(term.until), term.reason) == (clock.iso(first), "Spam")


def test_names_that_were_unmapped_or_reopened_go_back(api: Any, person: Callable[..., Any], mod: Actor) -> None:
    name = "quả bâng khuâng"
    for _ in range(5):
        api.post("/v1/ingredients/validate", json={"ingredients": [name]}, token=person().token)
    queued = [keys.last_part(row.pk) for row in Item.queues.query(keys.unknown_names_queue("-", "-").pk)]
    name_hash = next(key for key, row in editing.load_unknown_names(queued).items() if row.name == name)
    tomato = ingredients.resolve("cà chua")
    assert tomato is not None
    master_list.map_name(name_hash, ingredient_id=tomato.id, language="en", actor=mod)
    master_list.unmap_name(name_hash, actor=mod)

    undo("name", name_hash, by=mod)
    assert name in ingredients.get(tomato.id).aliases["en"]
    undo("name", name_hash, by=mod)
    master_list.dismiss_name(name_hash, actor=mod)
    undo("name", name_hash, by=mod)
    undo("name", name_hash, by=mod)

    row = editing.load_unknown_name(name_hash)
    assert row is not None
    assert row.status == "dismissed"
    assert ingredients.resolve(name) is None


def test_a_name_added_to_an_ingredient_leaves_the_queue_until_it_is_removed(
    api: Any, person: Callable[..., Any], mod: Actor
) -> None:
    name = f"quả {fresh_word()}"
    for _ in range(5):
        api.post("/v1/ingredients/validate", json={"ingredients": [name]}, token=person().token)
    (row,) = editing.find_reported([name])
    assert row.gsi4pk is not None

    made = master_list.add_ingredient(vi=name, en=f"en {name}", category="fruit", changes={}, actor=mod)
    (row,) = editing.find_reported([name])
    assert (row.status, row.ingredient_id) == ("mapped", made)
    assert not row.gsi4pk

    master_list.edit_ingredient(made, changes={"vi": f"trái {name}"}, actor=mod)
    (row,) = editing.find_reported([name])
    assert (row.status, row.gsi4pk is not None) == ("open", True)

    undo("ingredient", made, by=mod)
    assert editing.find_reported([name])[0].status == "mapped"
    master_list.delete_ingredient(made, actor=mod, reason="Nhầm")
    assert editing.find_reported([name])[0].status == "open"


def test_removing_a_name_keeps_one_with_other_diacritics() -> None:
    entry_ = editing.build_entry(vi="quả thử dấu", en="accent trial", category=Category.FRUIT)
    both = editing.with_alias(editing.with_alias(entry_, "dưa thử", "vi"), "dứa thử", "vi")

    assert editing.without_alias(both, "dứa thử").aliases == {"vi": ("dưa thử",)}


@pytest.mark.parametrize("decide", [appeals.uphold, appeals.overturn])
def test_undoing_a_decision_on_an_appeal_reopens_it(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], mod: Actor, decide: Any
) -> None:
    post = society.post(api, ana)["id"]
    cases.hide(Target.POST, post, actor=mod, reason="Quảng cáo")
    other = actor_of(person(group="moderators"), "moderators")
    appeal = api.post(
        "/v1/appeals", json={"target_type": "post", "target_id": post, "text": "Sao vậy"}, token=ana.token
    ).json()["id"]
    decide(appeal, actor=other, reason="Đã xem lại")

    undo("appeal", appeal, by=other)

    assert api.get(f"/v1/posts/{post}", token=cyd.token).status_code == 404
    assert queues.load_appeals([appeal])[appeal].status == "open"
    with pytest.raises(errors.CannotBeUndone):
        undo("post", post, Act.UPHOLD, Act.OVERTURN, by=other)


def test_settings_and_messages_that_were_changed_or_dropped_come_back(
    person: Callable[..., Any], messages: list[Any]
) -> None:
    chief = actor_of(person(group="admins"), "admins")
    before = ai_configuration.current()["daily_quota"]
    ai_configuration.change({"daily_quota": before + 7}, actor=chief, reason="Thử")
    transaction = Transaction()
    said = {"queue": "default", "task": "feed.fan_out", "args": ["01JD0000000000000000000000"]}
    who = audit.Who(chief.id, chief.username)
    audit.record(
        transaction, act=Act.DISCARD, who=who, target_type="dead_letter", target_id=f"m-{chief.id}", before=said
    )
    transaction.commit()

    undo("ai_settings", "current", by=chief)
    undo("dead_letter", f"m-{chief.id}", by=chief)

    assert ai_configuration.current()["daily_quota"] == before
    assert ("feed.fan_out", said["args"]) in [(one.task, one.args) for one in messages]
