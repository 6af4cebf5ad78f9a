"""Dead letters, page by page."""

from typing import Any

import pytest

from tests.support import moderators, tasks
from tests.support.moderators import Staff

PATH = "/v1/moderation/queues/jobs"


@pytest.fixture(scope="module")
def mod() -> Staff:
    return moderators.make()


def pages(api: Any, mod: Staff, *, limit: int) -> Any:
    cursor = ""
    while cursor is not None:
        answer = api.get(f"{PATH}?limit={limit}{cursor and f'&cursor={cursor}'}", token=mod.token)
        assert answer.status_code == 200, answer.content
        yield answer.json()["items"]
        cursor = answer.json()["next"]


def test_pages_of_dead_letters_show_each_once_and_the_oldest_first(api: Any, mod: Staff) -> None:
    left = [tasks.leave_dead_letter() for _ in range(5)]

    shown = list(pages(api, mod, limit=2))

    entries = [entry for page in shown for entry in page]
    assert [len(page) for page in shown[:-1]] == [2] * (len(shown) - 1)
    assert [entry["since"] for entry in entries] == sorted(entry["since"] for entry in entries)
    assert len(entries) == len({entry["id"] for entry in entries})
    assert {entry["id"] for entry in entries} >= set(left)


def test_a_letter_that_is_decided_between_two_pages_hides_no_other(api: Any, mod: Staff) -> None:
    for _ in range(4):
        tasks.leave_dead_letter()
    expected = [entry["id"] for page in pages(api, mod, limit=100) for entry in page]
    turning = pages(api, mod, limit=2)

    first = next(turning)
    discarded = api.post(f"/v1/moderation/jobs/{first[0]['id']}/discard", json={"reason": "Cũ"}, token=mod.token)
    following = [entry["id"] for page in turning for entry in page]

    assert discarded.status_code == 200, discarded.content
    assert [entry["id"] for entry in first] + following == expected


def test_inspecting_does_not_hide_dead_letters(api: Any, mod: Staff) -> None:
    left = tasks.leave_dead_letter()

    seen = [{entry["id"] for page in pages(api, mod, limit=100) for entry in page} for _ in range(3)]

    assert all(left in ids for ids in seen)


def test_the_cursor_of_another_queue_is_refused(api: Any, mod: Staff) -> None:
    for _ in range(2):
        tasks.leave_dead_letter()
    cursor = api.get(f"{PATH}?limit=1", token=mod.token).json()["next"]

    assert api.get(f"/v1/moderation/queues/recipes?cursor={cursor}", token=mod.token).status_code == 400
