"""A button is shown for what the service accepts, and for nothing else: whatever the act, and however things stand."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib import admin
from django.http import HttpRequest

from apps.backoffice import signin, stores
from apps.backoffice.models import AuditRecord
from apps.core import audit, dry_runs
from apps.core.authentication import Actor
from apps.core.errors import DomainError
from apps.ingredients import services as ingredients
from apps.moderation import (
    ai_configuration,
    appeals,
    cases,
    dead_letters,
    master_list,
    meanings,
    members,
    reviews,
    undoing,
)
from apps.moderation.content import Target
from apps.recipes import services as recipe_services
from apps.suggestions.generation import configuration
from tests.support import people, recipes, society, tasks
from tests.support.admin_screens import path, report, unknown_word, waiting_name
from tests.support.failed_jobs import failed_export
from tests.support.moderators import Browser, Staff

pytestmark = pytest.mark.usefixtures("seeded")


def actor_of(staff: Staff, group: str = "moderators") -> Actor:
    return Actor(staff.id, staff.username, frozenset({group}))


def request_of(actor: Actor) -> HttpRequest:
    made = HttpRequest()
    made.user = signin.moderator_of(actor)
    made.session = {}  # type: ignore[assignment]
    return made


def answers(name: str, into: str) -> dict[str, Any]:
    """Return what somebody may answer to the questions of an act."""
    given: dict[str, dict[str, Any]] = {
        "suspend": {"until": datetime.max.replace(tzinfo=UTC), "reason": "?"},
        "look": {"reason": "?"},
        "map": {"ingredient_id": known("cà chua"), "language": "vi"},
        "merge": {"into": into, "reason": "?"},
        "correct": {"line": 0, "ingredient_id": known("cà rốt"), "confirmed": True},
        "approve": {},
    }
    return given.get(name, {"reason": "?"})


def everything(api: Any, owner: Any, person: Callable[..., Any], mod: Staff, chief: Staff) -> dict[str, list[str]]:
    """Make objects of each model in each state that they can be in, with all that was done to them in the log."""
    one, two = actor_of(mod), actor_of(chief, "admins")
    herb, lost = ingredients_of(one)
    found = {
        "recipe": recipes_of(api, owner, one, two),
        "case": cases_of(api, owner, person, one, two),
        "appeal": appeals_of(api, owner, one, two),
        "person": [owner.id, mod.id, chief.id, *people_of(person, one, two)],
        "unknownname": names_of(api, person, one),
        "ingredient": [herb],
        "failedjob": [failed_export(api, owner)],
    }
    for number in (1, 2):
        quota = ai_configuration.current()["daily_quota"] + number
        ai_configuration.change({"daily_quota": quota}, actor=two, reason="Thử")
    letter = tasks.leave_dead_letter()
    dead_letters.discard(letter, actor=one, reason="Thử")
    members.record_look(owner.id, actor=one, reason="Hỗ trợ")
    targets = [("recipe", id_) for id_ in found["recipe"]] + [("user", id_) for id_ in found["person"]]
    targets += [tuple(id_.split(":")) for id_ in found["case"]] + [("name", id_) for id_ in found["unknownname"]]
    targets += [("ingredient", herb), ("ingredient", lost), ("ai_settings", "current"), ("dead_letter", letter)]
    targets += [("appeal", id_) for id_ in found["appeal"]]
    logged = [entry for target in targets for entry in audit.history(*target, limit=10).items]
    return {**found, "auditrecord": [stores.audit_id(entry) for entry in logged]}


def recipes_of(api: Any, owner: Any, one: Actor, two: Actor) -> list[str]:
    made = [recipes.create(api, owner)["id"] for _ in range(8)]
    _pending, approved, rejected, back, hidden, merged, waiting, refused = made
    for recipe in (approved, back, hidden, waiting, refused):
        reviews.approve(recipe, actor=one)
    reviews.reject(rejected, actor=one, reason="Thiếu bước")
    reviews.send_back(back, actor=two)
    cases.hide(Target.RECIPE, hidden, actor=one, reason="Ảnh")
    reviews.merge(merged, into=approved, actor=one)
    for recipe in (waiting, refused):
        edited = api.patch(f"/v1/recipes/{recipe}", json={"title": "Tên khác hẳn"}, token=owner.token)
        assert edited.status_code == 200
    reviews.reject(refused, actor=one, reason="Tên sai")
    meanings.correct(approved, line=0, ingredient_id=known("cà chua"), confirmed=True, actor=one)
    return made


def known(name: str) -> str:
    found = ingredients.resolve(name)
    assert found is not None
    return found.id


def cases_of(api: Any, owner: Any, person: Callable[..., Any], one: Actor, two: Actor) -> list[str]:
    posts = [society.post(api, owner)["id"] for _ in range(6)]
    _waiting, confirmed, dismissed, shown, gone, undone = posts
    for reporter in [person() for _ in range(3)]:
        for post in posts:
            report(api, reporter, "post", post)
    cases.confirm(Target.POST, confirmed, actor=one, reason="Spam")
    cases.dismiss(Target.POST, dismissed, actor=one)
    cases.restore(Target.POST, shown, actor=two)
    assert api.delete(f"/v1/posts/{gone}", token=owner.token).status_code == 204
    cases.confirm(Target.POST, undone, actor=one, reason="Spam")
    entry = audit.last("post", undone)
    assert entry is not None
    undoing.undo(entry, actor=two, reason="Nhầm")
    return [f"post:{post}" for post in posts]


def appeals_of(api: Any, owner: Any, one: Actor, two: Actor) -> list[str]:
    made = []
    for decide in (None, appeals.uphold, appeals.overturn):
        post = society.post(api, owner)["id"]
        decision = cases.hide(Target.POST, post, actor=one, reason="Quảng cáo")
        asked = {"target_type": "post", "target_id": post, "text": "Không phải."}
        assert api.post("/v1/appeals", json=asked, token=owner.token).status_code == 201
        if decide is not None:
            decide(decision, actor=two, reason="Đã xem")
        made.append(decision)
    return made


def people_of(person: Callable[..., Any], one: Actor, two: Actor) -> list[str]:
    suspended, lifted = person(), person()
    for somebody in (suspended, lifted):
        members.suspend(somebody.id, until=datetime(2099, 1, 1, tzinfo=UTC), reason="Spam", actor=one)
    members.lift(lifted.id, actor=two)
    return [suspended.id, lifted.id]


def names_of(api: Any, person: Callable[..., Any], one: Actor) -> list[str]:
    names = [waiting_name(api, person, f"rau {unknown_word()}") for _ in range(4)]
    for name in names[1:3]:
        master_list.map_name(name, ingredient_id=known("cà chua"), language="vi", actor=one)
    master_list.unmap_name(names[2], actor=one)
    master_list.dismiss_name(names[3], actor=one)
    return names


def ingredients_of(one: Actor) -> list[str]:
    """Add two, of which one is edited, the other deleted again."""
    made = [
        master_list.add_ingredient(
            vi=f"rau {unknown_word()}", en=f"herb {unknown_word()}", category="vegetable", changes={}, actor=one
        )
        for _ in range(2)
    ]
    master_list.edit_ingredient(made[0], changes={"allergens": ["fish"]}, actor=one)
    master_list.delete_ingredient(made[1], actor=one, reason="Nhầm")
    return made


@pytest.fixture
def settings_put_back() -> Iterator[None]:
    """Leave the settings of generation, which all tests of this process share, as the environment has them."""
    yield
    configuration.change(daily_quota=None)


@pytest.mark.usefixtures("settings_put_back")
def test_every_button_is_one_that_the_service_accepts(
    api: Any, ana: Any, person: Callable[..., Any], mod: Staff, chief: Staff
) -> None:
    things = everything(api, ana, person, mod, chief)
    into = recipes.create(api, ana)["id"]
    recipes.publish(into)
    refused, offered = [], set()

    for group, staff in (("moderators", mod), ("admins", chief)):
        request = request_of(actor_of(staff, group))
        for model, model_admin in admin.site._registry.items():
            screen: Any = model_admin
            name = str(model._meta.model_name)
            for id_ in things[name]:
                obj = screen.get_object(request, id_)
                if obj is None:
                    continue
                for act in screen.offered_acts(request, obj):
                    offered.add((name, act.name))
                    why = refusal(act, request, obj, answers(act.name, into))
                    refused += [(name, id_, getattr(obj, "act", ""), act.name, group, why)] if why else []

    assert refused == []
    every = {(str(model._meta.model_name), act.name) for model, one in admin.site._registry.items() for act in one.acts}  # type: ignore[attr-defined]
    assert offered == every


@pytest.mark.usefixtures("settings_put_back")
def test_whatever_can_be_undone_is_undone_once(
    api: Any, ana: Any, person: Callable[..., Any], mod: Staff, chief: Staff
) -> None:
    things = everything(api, ana, person, mod, chief)
    chief_actor = actor_of(chief, "admins")
    request = request_of(chief_actor)
    screen: Any = admin.site._registry[AuditRecord]
    undone, again = set(), []

    for id_ in things["auditrecord"]:
        entry = screen.get_object(request, id_)
        if screen.offered_acts(request, entry):
            undoing.undo(entry.record, actor=chief_actor, reason="Nhầm")
            undone.add(entry.act)
            again += [(entry.act, id_)] if screen.offered_acts(request, screen.get_object(request, id_)) else []

    # A second run of a task is harmless, and the entry of a discarded message stays the way to it.
    assert [one for one in again if one[0] != "discard"] == []
    assert undone >= set(undoing._OPPOSITES) - {"reopen_name"}


def refusal(act: Any, request: HttpRequest, obj: Any, given: dict[str, Any]) -> str:
    """Return why the service would refuse an act; nothing where it would not."""
    said = []

    def run() -> None:
        try:
            act.run(request, obj, **given)
        except DomainError as error:
            said.append(f"{type(error).__name__} {error}")
            raise

    return "" if dry_runs.would_succeed(run) else said[0]


def test_what_is_only_tried_changes_nothing(api: Any, ana: Any, browser: Browser) -> None:
    recipe = recipes.create(api, ana)["id"]

    assert dry_runs.would_succeed(lambda: reviews.approve(recipe, actor=actor_of_nobody()))
    assert recipe_services.get_stored_recipe(recipe).state.approval == "pending"
    assert audit.last("recipe", recipe) is None


def actor_of_nobody() -> Actor:
    return Actor(people.make().id, "mod", frozenset({"moderators"}))


@pytest.mark.parametrize("decider", ["the one who decided", "another"])
def test_nobody_is_offered_to_decide_on_an_appeal_against_their_own_decision(
    api: Any, ana: Any, browser: Browser, chief_browser: Browser, mod: Staff, decider: str
) -> None:
    post = society.post(api, ana)["id"]
    decision = cases.hide(Target.POST, post, actor=actor_of(mod), reason="Quảng cáo")
    body = {"target_type": "post", "target_id": post, "text": "Không phải quảng cáo."}
    assert api.post("/v1/appeals", json=body, token=ana.token).status_code == 201

    own = decider != "another"
    page = (browser if own else chief_browser).get(path("appeal", decision)).content.decode()

    assert ("/act/overturn/" in page) is not own
    assert ("another moderator decides" in page) is own


def test_what_was_undone_is_not_offered_to_be_undone_again(api: Any, ana: Any, browser: Browser) -> None:
    recipe = recipes.create(api, ana)["id"]
    browser.post(path("recipe", recipe, "approve"), {})
    entry = audit.last("recipe", recipe)
    assert entry is not None
    record = path("auditrecord", stores.audit_id(entry))
    assert "/act/undo/" in browser.get(record).content.decode()

    browser.post(path("auditrecord", stores.audit_id(entry), "undo"), {"reason": "Nhầm"})

    assert "/act/undo/" not in browser.get(record).content.decode()
