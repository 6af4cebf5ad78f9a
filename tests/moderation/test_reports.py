"""Reports over HTTP: one per person and target, counted exactly; enough of them hide the target."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.core import ids, keys
from apps.core.models import Item
from apps.feed import fan_out
from apps.moderation import authority, cases, repositories
from apps.moderation.content import Target
from apps.moderation.errors import DecidedAlready
from apps.posts.repositories import posts as rows
from tests.support import recipes, society
from tests.support.society import forget_changes

pytestmark = pytest.mark.usefixtures("seeded")

KINDS = ("post", "comment", "recipe", "user")


def report(api: Any, person: Any, kind: str, target_id: str, **more: Any) -> Any:
    body = {"target_type": kind, "target_id": target_id, "reason": "spam", **more}
    return api.post("/v1/reports", json=body, token=person.token)


def make(api: Any, owner: Any, kind: str) -> tuple[str, str]:
    """Create content of the owner's; return its id and path."""
    if kind == "user":
        return owner.id, f"/v1/users/{owner.id}"
    if kind == "recipe":
        recipe = recipes.create(api, owner)["id"]
        recipes.publish(recipe)
        return recipe, f"/v1/recipes/{recipe}"
    post = society.post(api, owner)["id"]
    if kind == "post":
        return post, f"/v1/posts/{post}"
    comment = society.comment(api, owner, post)["id"]
    return comment, f"/v1/posts/{post}/comments/{comment}"


def queued(target_id: str) -> int:
    partition = keys.reports_queue("-", "-", "-").pk
    return sum(keys.last_part(row.gsi4sk) == target_id for row in Item.queues.query(partition))


@pytest.mark.parametrize("kind", KINDS)
def test_three_people_hide_it_from_all_but_its_owner(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], kind: str
) -> None:
    target, path = make(api, ana, kind)
    reporters = [person() for _ in range(4)]

    assert [report(api, one, kind, target).status_code for one in reporters[:2]] == [201, 201]
    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (200, 0)
    assert report(api, reporters[2], kind, target).status_code == 201

    assert [api.get(path, token=one.token).status_code for one in (ana, cyd, reporters[0])] == [200, 404, 404]
    assert queued(target) == 1
    late = report(api, reporters[3], kind, target).status_code
    assert late == (201 if kind == "user" else 404)
    assert queued(target) == 1


def listed(api: Any, person: Any, path: str) -> list[str]:
    return [one["id"] for one in api.get(f"/v1/{path}", token=person.token).json()["items"]]


def hide(api: Any, reporters: list[Any], kind: str, target_id: str) -> None:
    assert [report(api, one, kind, target_id).status_code for one in reporters] == [201] * len(reporters)


def test_what_is_hidden_is_in_no_list(api: Any, ana: Any, ben: Any, person: Callable[..., Any]) -> None:
    society.befriend(ana, ben)
    post, comment, recipe = make(api, ana, "post")[0], make(api, ana, "comment"), make(api, ana, "recipe")[0]
    fan_out.fan_out_post(post, ana.id)
    reporters = [person() for _ in range(3)]
    places = [
        (post, "feed?limit=100"), (post, "feed?scope=friends"), (post, "feed?scope=public&limit=100"),
        (post, f"users/{ana.id}/posts"), (recipe, "recipes?sort=newest&limit=100"),
        (comment[0], comment[1].removeprefix("/v1/").rpartition("/")[0]),
    ]  # fmt: skip
    assert all(id_ in listed(api, ben, path) for id_, path in places)

    for kind, target in (("post", post), ("comment", comment[0]), ("recipe", recipe)):
        hide(api, reporters, kind, target)

    assert not any(id_ in listed(api, ben, path) for id_, path in places)
    assert post in listed(api, ana, "feed?scope=friends")
    assert post in listed(api, ana, f"users/{ana.id}/posts")


@pytest.mark.parametrize("kind", KINDS)
def test_restored_content_is_hidden_again_only_by_other_reporters(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], kind: str
) -> None:
    target, path = make(api, ana, kind)
    reporters = [person() for _ in range(6)]
    hide(api, reporters[:3], kind, target)

    cases.restore(Target(kind), target, actor=authority.OPERATOR)
    with pytest.raises(DecidedAlready):
        cases.restore(Target(kind), target, actor=authority.OPERATOR)

    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (200, 0)
    assert {report(api, one, kind, target).status_code for one in reporters[:3]} == {409}
    hide(api, reporters[3:5], kind, target)
    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (200, 0)
    hide(api, reporters[5:], kind, target)
    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (404, 1)


def test_a_post_that_is_hidden_between_two_steps_of_an_edit_is_not_listed_again(
    api: Any, ana: Any, ben: Any, person: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    post, reporters, edit = make(api, ana, "post")[0], [person() for _ in range(3)], rows.update_content
    done: list[bool] = []

    def hide_and_edit(*args: Any, **changes: Any) -> None:
        if not done:
            done.append(True)
            hide(api, reporters, "post", post)
        edit(*args, **changes)

    monkeypatch.setattr(rows, "update_content", hide_and_edit)
    answer = api.patch(f"/v1/posts/{post}", json={"content": "mới"}, token=ana.token)

    assert (answer.status_code, answer.json()["content"]) == (200, "mới")
    row = rows.find_post(post)
    assert row is not None
    assert (row.hidden, bool(row.gsi3pk), row.edition) == (True, False, 2)
    forget_changes()
    assert post not in listed(api, ben, "feed?scope=public&limit=100")


def test_one_person_reports_a_thing_once(api: Any, ana: Any, ben: Any) -> None:
    target, path = make(api, ana, "post")

    answers = [report(api, ben, "post", target, note=str(number)) for number in range(4)]

    assert [answer.status_code for answer in answers] == [201, 409, 409, 409]
    assert answers[1].json()["code"] == "report_exists"
    assert api.get(path, token=ben.token).status_code == 200


def test_the_report_that_hides_its_target_succeeds_when_it_is_repeated(
    api: Any, ana: Any, person: Callable[..., Any]
) -> None:
    target, path = make(api, ana, "post")
    reporters = [person() for _ in range(3)]
    firsts = [report(api, one, "post", target) for one in reporters]

    again = report(api, reporters[-1], "post", target)

    assert api.get(path, token=reporters[-1].token).status_code == 404
    assert (again.status_code, again.json()) == (201, firsts[-1].json())


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_can_report_their_own_content(api: Any, ana: Any, kind: str) -> None:
    target, _ = make(api, ana, kind)

    answer = report(api, ana, kind, target)

    assert (answer.status_code, answer.json()["code"]) == (409, "own_content")


def test_invisible_content_cannot_be_reported(api: Any, ana: Any, ben: Any, cyd: Any) -> None:
    post = society.post(api, ana, visibility="private")["id"]
    comment = society.comment(api, ana, post)["id"]
    private = recipes.create(api, ana)["id"]
    society.block(ana, cyd)
    unseen = [("post", post), ("comment", comment), ("recipe", private)]
    absent = [(kind, ids.new_id()) for kind in KINDS]

    assert {report(api, ben, *one).status_code for one in unseen + absent} == {404}
    assert report(api, cyd, "user", ana.id).status_code == 404


def test_a_kind_is_part_of_the_target(api: Any, ana: Any, ben: Any) -> None:
    target, _ = make(api, ana, "post")

    assert report(api, ben, "recipe", target).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [{"target_type": "feed"}, {"target_id": "no"}, {"target_id": "A#" * 13}, {"reason": "because"}, {"reason": None},
     {"note": "x" * 501}, {"extra": 1}],
    ids=str,
)  # fmt: skip
def test_a_report_that_is_not_valid_is_400(api: Any, ana: Any, ben: Any, changed: Any) -> None:
    target, _ = make(api, ana, "post")

    assert report(api, ben, **{"kind": "post", "target_id": target, **changed}).status_code == 400


def test_ten_reports_at_once_count_ten_people_and_hide_once(server: Any, ana: Any, person: Callable[..., Any]) -> None:
    target, path = make(server.api, ana, "user")
    reporters = [person() for _ in range(10)]

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(lambda one: report(server.api, one, "user", target).status_code, reporters * 2))

    assert answers == [201] * 20
    case = repositories.load_case(Target.USER, target, owner_id=ana.id)
    assert (case.reporters, case.status, queued(target)) == (10, "hidden", 1)
    assert server.api.get(path, token=reporters[0].token).status_code == 404


def withdraw(api: Any, person: Any, kind: str, target_id: str) -> int:
    status: int = api.delete(f"/v1/reports/{kind}/{target_id}", token=person.token).status_code
    return status


@pytest.mark.parametrize("kind", KINDS)
def test_a_report_that_is_withdrawn_counts_no_longer(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], kind: str
) -> None:
    target, path = make(api, ana, kind)
    reporters = [person() for _ in range(4)]
    for one in reporters[:2]:
        report(api, one, kind, target)

    assert [withdraw(api, one, kind, target) for one in (cyd, reporters[0], reporters[0])] == [404, 204, 204]

    assert report(api, reporters[2], kind, target).status_code == 201
    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (200, 0)
    assert report(api, reporters[3], kind, target).status_code == 201
    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (404, 1)


@pytest.mark.parametrize("kind", KINDS)
def test_content_with_too_few_remaining_reports_is_shown_again(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any], kind: str
) -> None:
    """Its reporters withdraw their reports although they no longer see it."""
    target, path = make(api, ana, kind)
    reporters = [person() for _ in range(3)]
    for one in reporters:
        report(api, one, kind, target)
    assert api.get(path, token=reporters[0].token).status_code == 404

    assert withdraw(api, reporters[0], kind, target) == 204

    assert (api.get(path, token=cyd.token).status_code, queued(target)) == (200, 0)
    assert report(api, reporters[0], kind, target).status_code == 201
    assert api.get(path, token=cyd.token).status_code == 404


def test_withdrawals_do_not_show_what_a_moderator_keeps_hidden(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any]
) -> None:
    target, path = make(api, ana, "post")
    reporters = [person() for _ in range(3)]
    for one in reporters:
        report(api, one, "post", target)
    cases.confirm(Target.POST, target, actor=authority.OPERATOR, reason="Đúng.")

    assert [withdraw(api, one, "post", target) for one in reporters] == [204] * 3

    assert api.get(path, token=cyd.token).status_code == 404


def test_a_report_that_was_decided_is_withdrawn_and_not_made_again(
    api: Any, ana: Any, cyd: Any, person: Callable[..., Any]
) -> None:
    """Otherwise the same three people could hide something again each time a moderator restores it."""
    target, path = make(api, ana, "post")
    reporters = [person() for _ in range(3)]
    for one in reporters:
        report(api, one, "post", target)
    cases.restore(Target.POST, target, actor=authority.OPERATOR)

    assert [withdraw(api, one, "post", target) for one in reporters] == [204] * 3

    assert [report(api, one, "post", target).status_code for one in reporters] == [409] * 3
    others = [person() for _ in range(3)]
    assert [report(api, one, "post", target).status_code for one in others] == [201] * 3
    assert api.get(path, token=cyd.token).status_code == 404


def test_another_report_of_the_same_voice_replaces_a_withdrawn_one(
    api: Any, ana: Any, person: Callable[..., Any], settings: Any
) -> None:
    settings.YOUNG_ACCOUNT_HOURS = 24
    target, _ = make(api, ana, "post")
    young = [person() for _ in range(2)]
    for one in young:
        report(api, one, "post", target)

    def counted() -> int:
        return int(repositories.load_case(Target.POST, target, owner_id="").reporters)

    assert counted() == 1
    assert withdraw(api, young[0], "post", target) == 204
    assert counted() == 1
    assert withdraw(api, young[1], "post", target) == 204
    assert counted() == 0


def test_own_reports_are_listed_until_withdrawn(api: Any, ana: Any, ben: Any, person: Callable[..., Any]) -> None:
    targets = [make(api, ana, "post")[0] for _ in range(3)]
    for target in targets:
        for one in (ben, person(), person()):
            report(api, one, "post", target, note="Xem giúp.")
    assert withdraw(api, ben, "post", targets[1]) == 204

    first = api.get("/v1/reports?limit=1", token=ben.token).json()
    second = api.get(f"/v1/reports?limit=1&cursor={first['next']}", token=ben.token).json()

    found = first["items"] + second["items"]
    assert [(one["target_type"], one["target_id"], one["note"]) for one in found] == [
        ("post", targets[0], "Xem giúp."), ("post", targets[2], "Xem giúp."),
    ]  # fmt: skip


def test_withdrawals_from_many_devices_at_once_count_once(server: Any, ana: Any, person: Callable[..., Any]) -> None:
    target, _ = make(server.api, ana, "post")
    stays, *leave = [person() for _ in range(3)]
    for one in (stays, *leave):
        assert report(server.api, one, "post", target).status_code == 201

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda one: withdraw(server.api, one, "post", target), leave * 5))

    assert answers == [204] * 10
    case = repositories.load_case(Target.POST, target, owner_id="")
    assert (case.reporters, case.status, queued(target)) == (1, "open", 0)


def test_withdrawing_a_report_that_never_existed_is_404(api: Any, ben: Any) -> None:
    paths = (f"post/{ids.new_id()}", f"nothing/{ids.new_id()}", "post/x", f"user/{ben.id}", "post/a%23b")

    answers = [api.delete(f"/v1/reports/{path}", token=ben.token) for path in paths]

    assert [one.status_code for one in answers] == [404] * len(paths)
