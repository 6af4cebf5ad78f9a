"""If a username changes while a job waits or runs, its result has the new one."""

import io
import json
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.core import keys
from apps.jobs.models import JobRow
from apps.rights import archives, recipe_archives
from tests.support import recipes, tasks
from tests.support.accounts import fresh_name

pytestmark = pytest.mark.usefixtures("seeded")


def rename(api: Any, person: Any) -> str:
    name = fresh_name()
    body = {"username": name, "password": person.password}
    assert api.post("/v1/auth/change-username", json=body, token=person.token).status_code == 204
    return name


def authors_of(content: bytes) -> list[str]:
    archive = zipfile.ZipFile(io.BytesIO(content))
    documents = [json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")]
    return [one["author"]["name"] for one in documents]


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The archives that jobs have created."""
    made: list[bytes] = []
    store = archives.store

    def keep(user_id: str, archive_id: str, content: bytes) -> None:
        made.append(content)
        store(user_id, archive_id, content)

    monkeypatch.setattr(archives, "store", keep)
    return made


def test_an_archive_that_waited_during_a_rename_has_the_new_name(
    api: Any, ana: Any, messages: list[Any], stored: list[bytes]
) -> None:
    recipes.create(api, ana)
    assert api.get("/v1/users/me/recipes/archive", token=ana.token).status_code == 202

    name = rename(api, ana)
    tasks.run_all(messages)

    assert authors_of(stored[0]) == [name]


def test_an_archive_has_the_new_name_from_the_page_on_during_which_it_changed(
    api: Any, ana: Any, messages: list[Any], stored: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        recipes.create(api, ana)
    monkeypatch.setattr(recipe_archives, "_PAGE", 2)
    reached, renamed = threading.Event(), threading.Event()
    add = recipe_archives._add

    def wait_in_the_first_page(*args: Any) -> int:
        written = add(*args)
        reached.set()
        assert renamed.wait(60)
        return written

    monkeypatch.setattr(recipe_archives, "_add", wait_in_the_first_page)
    api.get("/v1/users/me/recipes/archive", token=ana.token)
    with ThreadPoolExecutor(1) as worker:
        running = worker.submit(tasks.run_all, messages)
        assert reached.wait(60)
        name = rename(api, ana)
        renamed.set()
        running.result(60)

    assert authors_of(stored[0]) == [ana.username, ana.username, name, name]


@pytest.mark.parametrize("what", ["plan", "import", "archive"])
def test_jobs_do_not_keep_the_name_of_who_asked_for_them(api: Any, ana: Any, messages: list[Any], what: str) -> None:
    recipes.create(api, ana)
    begin = {
        "plan": lambda: api.post(
            "/v1/plans",
            json={"start": "2030-01-01", "days": 14, "meals": ["breakfast", "lunch", "dinner", "snack"], "servings": 2},
            token=ana.token,
        ),
        "import": lambda: api.post(
            "/v1/imports", json={"text": "Trứng luộc\n2 quả trứng\nLuộc trứng."}, token=ana.token
        ),
        "archive": lambda: api.get("/v1/users/me/recipes/archive", token=ana.token),
    }

    assert begin[what]().status_code in {201, 202}
    rename(api, ana)
    tasks.run_all(messages)

    listed = api.get("/v1/jobs", token=ana.token).json()["items"]
    assert {job["state"] for job in listed} <= {"done"}
    held = [JobRow.read(keys.job(ana.id, job["id"])) for job in listed]
    assert ana.username not in json.dumps([row.parameters for row in held if row])
