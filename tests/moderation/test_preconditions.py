"""`If-Match` works for every action of moderators: it applies only to the version that was seen."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apps.core import audit, clock, keys
from apps.core.authentication import Actor
from apps.core.errors import PreconditionFailed
from apps.core.models import Item
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.jobs import services as jobs
from apps.jobs.errors import JobInterrupted
from apps.moderation import appeals, cases, dead_letters, failed_jobs, master_list, members, operations, reviews
from apps.moderation.authority import OPERATOR
from apps.moderation.content import Target
from tests.support import crowds, moderators, recipes, society, tasks
from tests.support.moderators import Staff

pytestmark = pytest.mark.usefixtures("seeded")

# The names of the kinds in the audit log.
AUDITED = {
    "recipes": reviews.TARGET, "names": master_list.NAME, "users": members.TARGET, "appeals": appeals.TARGET,
    "jobs": dead_letters.TARGET, "failed_jobs": failed_jobs.TARGET,
}  # fmt: skip


@pytest.fixture(scope="module")
def chief() -> Staff:
    return moderators.make("admins")


def actor_of(staff: Staff) -> Actor:
    return Actor(staff.id, staff.username, frozenset({"admins"}))


class Stage:
    """A target of each kind, in the state that an action requires."""

    def __init__(self, api: Any, owner: Any, person: Callable[..., Any]) -> None:
        self.api, self.owner, self.person = api, owner, person

    def prepare(self, kind: str, act: str) -> tuple[str, dict[str, Any]]:
        """Return the target's id and the action's parameters."""
        target_id, more = getattr(self, f"_{kind}")(act)
        return target_id, {"reason": "Thử", **more}

    def _recipes(self, act: str) -> tuple[str, dict[str, Any]]:
        recipe, kept = (recipes.create(self.api, self.owner)["id"] for _ in range(2))
        if act == "send_back":
            reviews.approve(recipe, actor=OPERATOR)
        if act == "restore":
            cases.hide(Target.RECIPE, recipe, actor=OPERATOR, reason="Thử")
        if act == "merge":
            reviews.approve(kept, actor=OPERATOR)
        more = {"merge": {"into": kept}, "correct_meaning": {"line": 0, "confirmed": True}}
        return recipe, more.get(act, {})

    def _reports(self, _act: str) -> tuple[str, dict[str, Any]]:
        post = society.post(self.api, self.owner)["id"]
        for _ in range(3):
            body = {"target_type": "post", "target_id": post, "reason": "spam"}
            assert self.api.post("/v1/reports", json=body, token=self.person().token).status_code == 201
        return f"post:{post}", {}

    def _names(self, act: str) -> tuple[str, dict[str, Any]]:
        name = crowds.waiting_names(1, prefix=f"quả lạ {self.owner.username}", since=clock.now())[0]
        queued = [keys.last_part(row.pk) for row in Item.queues.query(keys.unknown_names_queue("-", "-").pk)]
        name_hash = next(key for key, row in editing.load_unknown_names(queued).items() if row.name == name)
        tomato = ingredients.resolve("cà chua")
        assert tomato is not None
        if act == "reopen":
            master_list.dismiss_name(name_hash, actor=OPERATOR)
        if act == "unmap":
            master_list.map_name(name_hash, ingredient_id=tomato.id, language="vi", actor=OPERATOR)
        return name_hash, {"ingredient_id": tomato.id} if act == "map" else {}

    def _users(self, act: str) -> tuple[str, dict[str, Any]]:
        until = clock.now() + timedelta(days=1)
        if act == "lift":
            members.suspend(self.owner.id, until=until, reason="Thử", actor=OPERATOR)
        return self.owner.id, {"until": until} if act == "suspend" else {}

    def _appeals(self, _act: str) -> tuple[str, dict[str, Any]]:
        post = society.post(self.api, self.owner)["id"]
        decision = cases.hide(Target.POST, post, actor=OPERATOR, reason="Thử")
        body = {"target_type": "post", "target_id": post, "text": "Sao vậy"}
        assert self.api.post("/v1/appeals", json=body, token=self.owner.token).status_code == 201
        return decision, {}

    def _failed_jobs(self, _act: str) -> tuple[str, dict[str, Any]]:
        job_id = self.api.post("/v1/users/me/export", token=self.owner.token).json()["id"]
        jobs.fail(self.owner.id, job_id, JobInterrupted())
        return f"{self.owner.id}:{job_id}", {}

    def _jobs(self, _act: str) -> tuple[str, dict[str, Any]]:
        return tasks.leave_dead_letter(), {}


@pytest.fixture
def stage(api: Any, ana: Any, person: Callable[..., Any]) -> Stage:
    return Stage(api, ana, person)


def version_now(kind: str, target_id: str, act: str, staff: Staff, body: dict[str, Any]) -> int:
    """Return the version against which an action is checked, without performing it."""
    seen: list[int] = []

    def check(version: int) -> None:
        seen.append(version)
        raise PreconditionFailed

    with pytest.raises(PreconditionFailed):
        operations.carry_out(kind, target_id, act, actor=actor_of(staff), check=check, **body)
    return seen[0]


def acts_on(kind: str, target_id: str) -> int:
    target_type, id_ = target_id.split(":") if kind == "reports" else (AUDITED[kind], target_id.rpartition(":")[2])
    return len(audit.history(target_type, id_, limit=20).items)


@pytest.mark.parametrize(("kind", "act"), sorted(operations._ACTS))
def test_an_action_applies_only_to_the_version_that_was_seen(
    api: Any, stage: Stage, chief: Staff, kind: str, act: str
) -> None:
    target_id, body = stage.prepare(kind, act)
    version, before = version_now(kind, target_id, act, chief, body), acts_on(kind, target_id)
    path = f"/v1/moderation/{kind}/{target_id}/{act}"
    sent = {**body, "until": clock.iso(body["until"])} if "until" in body else body

    stale = api.post(path, json=sent, token=chief.token, headers={"If-Match": f'"{version + 1}"'})
    after_stale = acts_on(kind, target_id)
    done = api.post(path, json=sent, token=chief.token, headers={"If-Match": f'"{version}"'})

    assert (stale.status_code, stale.json()["code"], after_stale) == (412, "precondition_failed", before)
    assert (done.status_code, acts_on(kind, target_id)) == (200, before + 1), done.content


def entry_of(api: Any, staff: Staff, queue: str, id_: str) -> Any:
    cursor: str | None = ""
    while cursor is not None:
        page = api.get(f"/v1/moderation/queues/{queue}?limit=100{cursor}", token=staff.token).json()
        found = next((one for one in page["items"] if one["id"] == id_), None)
        if found is not None:
            return found
        cursor = f"&cursor={page['next']}" if page["next"] else None
    raise AssertionError(f"{id_} is not in the queue")


QUEUED = [("recipes", "hide"), ("reports", "hide"), ("names", "map"), ("users", "lift"), ("appeals", "uphold"),
          ("jobs", "retry")]  # fmt: skip


@pytest.mark.parametrize(("kind", "act"), QUEUED)
def test_a_queue_shows_the_version_that_its_actions_check(
    api: Any, stage: Stage, chief: Staff, kind: str, act: str
) -> None:
    target_id, body = stage.prepare(kind, act)

    entry = entry_of(api, chief, {"users": "suspended"}.get(kind, kind), target_id)

    assert entry["version"] == version_now(kind, target_id, act, chief, body)
    assert act in entry["acts"]


def test_a_suspension_unseen_by_a_moderator_is_not_replaced(api: Any, ana: Any, chief: Staff) -> None:
    path, until = f"/v1/moderation/users/{ana.id}/suspend", clock.now() + timedelta(days=3)
    members.suspend(ana.id, until=until, reason="Spam", actor=OPERATOR)
    body = {"reason": "Spam", "until": clock.iso(clock.now() + timedelta(hours=1))}

    unseen = api.post(path, json=body, token=chief.token, headers={"If-Match": '"0"'})

    assert unseen.status_code == 412
    shown = entry_of(api, chief, "suspended", ana.id)
    assert shown["details"] == {"until": clock.iso(until), "reason": "Spam"}


@pytest.mark.parametrize(("kind", "act"), sorted(one for one in operations._ACTS if one[0] != "jobs"))
def test_the_version_for_an_action_can_be_read_before_and_after_it(
    api: Any, stage: Stage, chief: Staff, kind: str, act: str
) -> None:
    target_id, body = stage.prepare(kind, act)
    path = f"/v1/moderation/{kind}/{target_id}"
    sent = {**body, "until": clock.iso(body["until"])} if "until" in body else body

    before = api.get(path, token=chief.token)
    done = api.post(f"{path}/{act}", json=sent, token=chief.token, headers={"If-Match": before.headers["ETag"]})
    after = api.get(path, token=chief.token)

    assert (before.status_code, done.status_code) == (200, 200), done.content
    assert (before.json()["id"], act in before.json()["acts"]) == (target_id, True)
    if kind != "failed_jobs" and act != "end_sessions":
        assert (after.status_code, after.headers["ETag"] != before.headers["ETag"]) == (200, True)


def test_a_decided_subject_can_be_undone_with_its_version(api: Any, stage: Stage, chief: Staff) -> None:
    name_hash, _ = stage.prepare("names", "unmap")
    path = f"/v1/moderation/names/{name_hash}"

    shown = api.get(path, token=chief.token)
    undone = api.post(f"{path}/unmap", json={}, token=chief.token, headers={"If-Match": shown.headers["ETag"]})

    assert (shown.json()["status"], shown.json()["since"]) == ("mapped", None)
    assert shown.json()["details"]["ingredient_id"]
    assert undone.status_code == 200
    assert api.get(path, token=chief.token).json()["status"] == "open"


@pytest.mark.parametrize(
    "path",
    [
        "recipes/x",
        "reports/x",
        "names/x",
        "appeals/x",
        "users/x",
        "failed_jobs/x",
        "jobs/x",
        "dreams/x",
        "failed_jobs/a:b",
        "reports/post:x",
    ],
)
def test_a_missing_subject_is_404(api: Any, chief: Staff, path: str) -> None:
    assert api.get(f"/v1/moderation/{path}", token=chief.token).status_code == 404
