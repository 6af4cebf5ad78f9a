"""Unused uploads are removed after a day, used ones stay, whatever happens at the same time."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from apps.core import clock, keys, transactions
from apps.media import inspection, removal, repositories, sandbox
from apps.media.models import OpenUploads, UploadRow
from tests.support import images

DAY = timedelta(hours=24)


def age(person: Any, upload_id: str, by: timedelta) -> UploadRow:
    """Make an upload older than it is."""
    row = repositories.find_upload(person.id, upload_id)
    assert row is not None
    row.created_at -= by
    if row.gsi4pk:
        repositories.put_in_queue(row, row.created_at + DAY)
    transactions.save(row)
    return row


def sweep_all() -> None:
    """Sweep until nothing is left: the first round gives uploads up, and the next removes what no worker has."""
    removal.remove_due_uploads()
    removal.remove_due_uploads(margin=timedelta(0))


def open_uploads(person: Any) -> int:
    row = OpenUploads.read(keys.open_uploads(person.id))
    return int(row.number) if row else 0


@pytest.mark.parametrize("state", ["asked", "posted", "ready", "rejected"])
def test_what_nothing_has_used_for_a_day_is_removed_in_every_state(api: Any, ana: Any, state: str) -> None:
    if state in {"asked", "posted"}:
        upload = images.request_upload(api, ana)
        if state == "posted":
            images.post(upload, images.encoded(images.picture((20, 20))))
    else:
        upload = images.upload(api, ana, b"no picture" if state == "rejected" else None)
    age(ana, upload["id"], DAY)

    assert api.get(f"/v1/uploads/{upload['id']}", token=ana.token).status_code == 404
    age(ana, upload["id"], timedelta(hours=1))
    sweep_all()

    assert repositories.find_upload(ana.id, upload["id"]) is None
    assert images.objects_of(ana) == []
    assert open_uploads(ana) == 0


def test_what_is_younger_or_used_is_not_removed(api: Any, ana: Any) -> None:
    young, used = images.upload(api, ana), images.upload(api, ana, purpose="avatar")
    api.patch("/v1/users/me", json={"avatar": used["id"]}, token=ana.token)
    age(ana, young["id"], timedelta(hours=23))
    age(ana, used["id"], timedelta(days=300))

    sweep_all()

    assert api.get(f"/v1/uploads/{young['id']}", token=ana.token).json()["status"] == "ready"
    assert api.get("/v1/users/me", token=ana.token).json()["avatar"] is not None
    assert len(images.objects_of(ana)) == 4


def test_a_pointer_that_is_behind_removes_nothing(api: Any, ana: Any) -> None:
    """The index may still list an upload that has been attached."""
    used = images.upload(api, ana, purpose="avatar")
    api.patch("/v1/users/me", json={"avatar": used["id"]}, token=ana.token)
    age(ana, used["id"], timedelta(days=2))

    assert not removal.discard_unused_upload(ana.id, used["id"])
    assert not removal.remove_upload(ana.id, used["id"])

    assert images.status(api, ana, used["id"])["status"] == "ready"


def test_an_upload_whose_time_is_over_cannot_be_used_checked_or_completed(api: Any, ana: Any) -> None:
    ready = images.upload(api, ana, purpose="avatar")
    posted = images.request_upload(api, ana)
    images.post(posted, images.encoded(images.picture((20, 20))))
    for upload in (ready, posted):
        age(ana, upload["id"], DAY)

    inspection.inspect_upload(ana.id, posted["id"])

    assert repositories.find_upload(ana.id, posted["id"]).status == "waiting"  # type: ignore[union-attr]
    assert images.complete(api, ana, posted["id"]).status_code == 404
    assert api.patch("/v1/users/me", json={"avatar": ready["id"]}, token=ana.token).status_code == 404


def test_attaching_and_removing_in_the_same_moment_leave_a_whole_picture_or_none(api: Any, ana: Any) -> None:
    for _ in range(4):
        upload = images.upload(api, ana, purpose="avatar")

        with ThreadPoolExecutor(2) as threads:
            gave_up = threads.submit(give_up_however_young, ana.id, upload["id"])
            attached = threads.submit(
                api.patch, "/v1/users/me", json={"avatar": upload["id"]}, token=ana.token
            ).result()
            gave_up.result()
        removal.remove_upload(ana.id, upload["id"])

        shown = api.get("/v1/users/me", token=ana.token).json()["avatar"]
        if attached.status_code == 200:
            assert images.fetch(shown["256"])[0] == 200
            assert api.patch("/v1/users/me", json={"avatar": None}, token=ana.token).status_code == 200
        else:
            assert attached.json()["code"] == "upload_not_found"
            assert shown is None
        assert open_uploads(ana) == 0


@transactions.retry_conflicts
def give_up_however_young(user_id: str, upload_id: str) -> None:
    """Do what the sweeper does to expired uploads, as if the owner's clock were slow."""
    from apps.media import services  # noqa: PLC0415

    row = repositories.find_upload(user_id, upload_id)
    if row is not None and not row.target and row.status != "removed":
        transaction = transactions.Transaction()
        services.discard_upload(transaction, row)
        transaction.commit()


def test_two_sweepers_at_once_remove_each_upload_once(api: Any, ana: Any) -> None:
    uploads = [images.request_upload(api, ana)["id"] for _ in range(6)]
    for upload_id in uploads:
        age(ana, upload_id, timedelta(hours=25))

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(lambda _: sweep_all(), range(3)))

    assert not [row for row in repositories.query_uploads(ana.id) if row.status != "removed"]
    sweep_all()
    assert list(repositories.query_uploads(ana.id)) == []
    assert open_uploads(ana) == 0


def test_a_removal_that_was_interrupted_is_completed_by_the_next_sweep(
    api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    upload = images.upload(api, ana, purpose="avatar")
    api.patch("/v1/users/me", json={"avatar": upload["id"]}, token=ana.token)
    api.patch("/v1/users/me", json={"avatar": None}, token=ana.token)
    with monkeypatch.context() as broken:
        broken.setattr(transactions, "delete", _die)
        with pytest.raises(KeyboardInterrupt):
            removal.remove_upload(ana.id, upload["id"])

    removal.remove_due_uploads(margin=timedelta(0))

    assert repositories.find_upload(ana.id, upload["id"]) is None
    assert images.objects_of(ana) == []


def _die(*_: Any) -> None:
    raise KeyboardInterrupt


def test_who_lets_go_while_a_second_worker_still_writes_leaves_nothing_behind(
    api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The slow worker stores its pictures after everything was removed, notices that, and deletes them."""
    form = images.request_upload(api, ana, purpose="avatar")
    images.post(form, images.encoded(images.picture((64, 48))))
    images.complete(api, ana, form["id"])
    examine = sandbox.examine

    def slowly(*args: Any) -> Any:
        monkeypatch.setattr(sandbox, "examine", examine)
        inspection.inspect_upload(ana.id, form["id"])
        for avatar in (form["id"], None):
            assert api.patch("/v1/users/me", json={"avatar": avatar}, token=ana.token).status_code == 200
        assert removal.remove_upload(ana.id, form["id"])
        return examine(*args)

    monkeypatch.setattr(sandbox, "examine", slowly)
    row = repositories.find_upload(ana.id, form["id"])
    inspection.inspect_upload(ana.id, form["id"])

    assert row is not None
    assert images.made_as(row.name) == []
    assert images.objects_of(ana) == []


def test_everything_of_a_person_goes_used_or_not(api: Any, ana: Any, ben: Any) -> None:
    used, unused, other = (
        images.upload(api, ana, purpose="avatar"),
        images.upload(api, ana),
        images.upload(api, ben),
    )
    api.patch("/v1/users/me", json={"avatar": used["id"]}, token=ana.token)

    assert removal.discard_uploads_of(ana.id) == 2
    removal.remove_due_uploads(margin=timedelta(0))

    assert images.objects_of(ana) == []
    assert {repositories.find_upload(ana.id, one["id"]) for one in (used, unused)} == {None}
    assert images.status(api, ben, other["id"])["status"] == "ready"
    assert open_uploads(ana) == 0


def test_the_command_says_how_many_it_has_removed(api: Any, ana: Any) -> None:
    sweep_all()
    upload = images.request_upload(api, ana)
    age(ana, upload["id"], timedelta(hours=25))
    written = StringIO()

    call_command("sweep_uploads", stdout=written)

    assert written.getvalue() == "removed 1 upload\n"
    row = repositories.find_upload(ana.id, upload["id"])
    assert row is None or row.status == "removed"
    assert clock.now() - clock.parse(str(row.gsi4sk).partition("#")[0]) < timedelta(minutes=1) if row else True
