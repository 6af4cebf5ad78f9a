"""Failed jobs: moderators can list them, and retry those that can be retried."""

from datetime import timedelta
from typing import Any

import pytest

from apps.core import audit, clock
from apps.jobs import repositories
from tests.support import tasks
from tests.support.admin_screens import path
from tests.support.failed_jobs import failed_export
from tests.support.moderators import Browser

pytestmark = pytest.mark.usefixtures("seeded")


def job(failed: str) -> Any:
    found = repositories.read_job(*failed.split(":"))
    assert found is not None
    return found


def test_a_failed_export_is_listed_with_the_reason_and_run_again(
    api: Any, ana: Any, browser: Browser, messages: list[Any]
) -> None:
    failed = failed_export(api, ana)
    messages.clear()
    listed, page = browser.get(path("failedjob")).content.decode(), browser.get(path("failedjob", failed))
    assert failed in listed
    assert "The work was interrupted several times" in page.content.decode()

    done = browser.post(path("failedjob", failed, "retry"), {"reason": "Máy chủ đã chạy lại"})
    tasks.run_all(messages)

    assert done.status_code == 302
    assert (job(failed).state, job(failed).gsi4pk) == ("done", None)
    assert failed not in browser.get(path("failedjob")).content.decode()
    entry = audit.last("job", failed.split(":")[1])
    assert entry is not None
    assert (entry.act, entry.before["problem"]) == ("retry", "job_interrupted")


def test_what_cannot_begin_again_is_looked_at_only(
    api: Any, ana: Any, browser: Browser, messages: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    text = api.post("/v1/imports", json={"text": "Hôm nay trời mưa."}, token=ana.token).json()["id"]
    tasks.run_all(messages)
    late = failed_export(api, ana)
    messages.clear()
    later = clock.now() + timedelta(hours=13)
    monkeypatch.setattr(clock, "now", lambda: later)

    for failed in (f"{ana.id}:{text}", late):
        assert job(failed).state == "failed"
        assert not job(failed).can_be_retried


def test_what_somebody_gave_a_job_is_shown_to_nobody(api: Any, ana: Any, browser: Browser, messages: list[Any]) -> None:
    text = api.post("/v1/imports", json={"text": "Bí mật gia truyền"}, token=ana.token).json()["id"]
    tasks.run_all(messages)

    page = browser.get(path("failedjob", f"{ana.id}:{text}"))

    assert page.status_code == 200
    assert "no_recipe_found" in page.content.decode()
    assert "gia truyền" not in page.content.decode()
    refused = browser.post(path("failedjob", f"{ana.id}:{text}", "retry"), {"reason": ""})
    assert refused.status_code == 302
    assert job(f"{ana.id}:{text}").state == "failed"


def test_a_second_run_meets_the_first(api: Any, ana: Any, browser: Browser, messages: list[Any]) -> None:
    failed = failed_export(api, ana)
    messages.clear()
    browser.post(path("failedjob", failed, "retry"), {"reason": ""})

    assert browser.get(path("failedjob", failed, "retry")).status_code == 404
    assert [one.task for one in messages] == ["rights.export"]
