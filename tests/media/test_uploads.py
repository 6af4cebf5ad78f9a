"""Creating an upload, posting the file, and what the storage itself refuses."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.conf import settings

from apps.core import ids
from apps.media import inspection, repositories
from tests.support import images
from tests.support.images import encoded, picture

JPEG = encoded(picture((64, 48)))


def refused(api: Any, person: Any, **body: Any) -> Any:
    whole = {"purpose": "post", "content_type": "image/jpeg", "size": 1000, **body}
    answer = api.post("/v1/uploads", json=whole, token=person.token)
    assert answer.status_code == 400, answer.content
    return [(one["field"], one["code"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"purpose": "cover"}, ("purpose", "invalid_choice")),
        ({"content_type": "image/gif"}, ("content_type", "invalid_choice")),
        ({"content_type": "image/svg+xml"}, ("content_type", "invalid_choice")),
        ({"size": 0}, ("size", "min_value")),
        ({"size": 10 * 1024**2 + 1}, ("size", "max_value")),
        ({"purpose": "avatar", "size": 5 * 1024**2 + 1}, ("size", "max_value")),
        ({"size": "1000"}, ("size", "invalid")),
        ({"name": "a.jpg"}, ("name", "unknown_field")),
    ],
)
def test_what_is_not_a_picture_of_allowed_size_may_not_even_be_posted(
    api: Any, ana: Any, body: dict[str, Any], error: tuple[str, str]
) -> None:
    assert refused(api, ana, **body) == [error]


@pytest.mark.parametrize(("purpose", "megabytes"), [("avatar", 5), ("recipe", 10), ("post", 10)])
def test_the_largest_size_is_allowed(api: Any, ana: Any, purpose: str, megabytes: int) -> None:
    form = images.request_upload(api, ana, purpose=purpose, size=megabytes * 1024**2)

    assert form["fields"]["key"] == f"incoming/{ana.id}/{form['id']}"
    assert form["expires_at"].endswith("Z")
    assert images.status(api, ana, form["id"])["status"] == "waiting"


def test_the_storage_refuses_a_file_that_is_larger_than_declared(api: Any, ana: Any) -> None:
    form = images.request_upload(api, ana, size=len(JPEG) - 1)

    assert images.post(form, JPEG) == 400
    assert images.complete(api, ana, form["id"]).json()["code"] == "upload_not_received"


def test_the_storage_refuses_an_empty_file(api: Any, ana: Any) -> None:
    assert images.post(images.request_upload(api, ana), b"") == 400


@pytest.mark.parametrize(
    "changed",
    [
        {"Content-Type": "text/html"},
        {"Content-Type": "image/png"},
        {"key": "media/avatar/mine/256.webp"},
        {"key": "incoming/${filename}"},
        {"acl": "public-read"},
        {"x-amz-meta-more": "than was signed"},
        {"success_action_redirect": "https://example.com"},
        {"policy": "e30="},
        {"x-amz-signature": "0" * 64},
    ],
    ids="-".join,
)
def test_the_storage_refuses_a_form_that_was_changed(api: Any, ana: Any, changed: dict[str, str]) -> None:
    form = images.request_upload(api, ana)

    assert images.post(form, JPEG, **changed) in {400, 403}
    assert images.objects_of(ana) == []


def test_the_storage_refuses_a_form_for_the_place_of_another_person(api: Any, ana: Any, ben: Any) -> None:
    mine, theirs = images.request_upload(api, ana), images.request_upload(api, ben)

    assert images.post(mine, JPEG, key=theirs["fields"]["key"]) == 403


def test_the_storage_refuses_who_has_no_form(api: Any, ana: Any) -> None:
    form = images.request_upload(api, ana)
    bare = {"url": form["url"], "fields": {"key": form["fields"]["key"], "Content-Type": "image/jpeg"}}

    assert images.post(bare, JPEG) == 403


def test_an_upload_is_its_owners_alone(api: Any, ana: Any, ben: Any) -> None:
    upload = images.upload(api, ana)

    for answer in (
        api.get(f"/v1/uploads/{upload['id']}", token=ben.token),
        images.complete(api, ben, upload["id"]),
        api.get(f"/v1/uploads/{ids.new_id()}", token=ana.token),
        api.get("/v1/uploads/nonsense", token=ana.token),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "upload_not_found")


def test_what_was_not_posted_cannot_be_completed(api: Any, ana: Any) -> None:
    form = images.request_upload(api, ana)

    answer = images.complete(api, ana, form["id"])

    assert (answer.status_code, answer.json()["code"]) == (409, "upload_not_received")
    assert images.post(form, JPEG) == 204
    assert images.complete(api, ana, form["id"]).status_code == 202


def test_completing_again_causes_no_second_check(api: Any, ana: Any) -> None:
    form = images.request_upload(api, ana)
    images.post(form, JPEG)

    first, again = images.complete(api, ana, form["id"]), images.complete(api, ana, form["id"])

    assert (first.status_code, again.status_code) == (202, 202)
    assert first.headers["Retry-After"]
    # Only a completion that causes a check changes the row.
    assert int(repositories.find_upload(ana.id, form["id"]).version) == 2  # type: ignore[union-attr]
    inspection.inspect_upload(ana.id, form["id"])
    done = images.complete(api, ana, form["id"])
    assert (done.status_code, done.json()["status"]) == (200, "ready")


def test_a_message_that_comes_twice_changes_nothing_more(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, JPEG)
    row = repositories.find_upload(ana.id, upload["id"])

    inspection.inspect_upload(ana.id, upload["id"])

    assert repositories.find_upload(ana.id, upload["id"]).version == row.version  # type: ignore[union-attr]
    assert images.fetch(upload["links"]["256"])[0] == 200


def test_two_workers_with_the_same_message_agree(api: Any, ana: Any) -> None:
    form = images.request_upload(api, ana)
    images.post(form, JPEG)
    images.complete(api, ana, form["id"])

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda _: inspection.inspect_upload(ana.id, form["id"]), range(2)))

    upload = images.status(api, ana, form["id"])
    assert upload["status"] == "ready"
    assert {images.fetch(url)[0] for url in upload["links"].values()} == {200}
    assert len(images.objects_of(ana)) == 2


def test_a_file_posted_again_after_the_check_replaces_nothing(api: Any, ana: Any) -> None:
    form = images.request_upload(api, ana)
    images.post(form, JPEG)
    images.complete(api, ana, form["id"])
    inspection.inspect_upload(ana.id, form["id"])
    before = images.fetch(images.status(api, ana, form["id"])["links"]["256"])[1]

    assert images.post(form, encoded(picture((99, 99)))) == 204
    images.complete(api, ana, form["id"])
    inspection.inspect_upload(ana.id, form["id"])

    assert images.fetch(images.status(api, ana, form["id"])["links"]["256"])[1] == before
    assert not [key for key in images.objects_of(ana) if key.startswith("incoming/")]


def test_the_same_request_again_is_the_same_upload(api: Any, ana: Any) -> None:
    body = {"purpose": "post", "content_type": "image/jpeg", "size": 1000}
    keyed = {"token": ana.token, "headers": {"Idempotency-Key": ids.new_id()}}

    first, again = (api.post("/v1/uploads", json=body, **keyed) for _ in range(2))

    assert first.json() == again.json()
    assert first.headers["Location"] == f"/v1/uploads/{first.json()['id']}"
    other = api.post("/v1/uploads", json={**body, "size": 1001}, **keyed)
    assert other.json()["code"] == "idempotency_key_reused"


def test_nobody_has_more_unused_uploads_than_allowed_however_many_ask_at_once(
    api: Any, ana: Any, settings: Any
) -> None:
    settings.MAX_UNUSED_UPLOADS = 5
    body = {"purpose": "post", "content_type": "image/jpeg", "size": 1000}

    with ThreadPoolExecutor(12) as threads:
        answers = list(threads.map(lambda _: api.post("/v1/uploads", json=body, token=ana.token), range(12)))

    codes = sorted(answer.status_code for answer in answers)
    assert codes == [201] * 5 + [429] * 7
    refusal = next(answer for answer in answers if answer.status_code == 429)
    assert refusal.json()["code"] == "too_many_uploads"
    assert int(refusal.headers["Retry-After"]) > 0


def test_a_link_needs_its_signature_and_the_names_of_objects_say_nothing(api: Any, ana: Any) -> None:
    upload = images.upload(api, ana, JPEG)
    url = upload["links"]["256"]
    bare, _, query = url.partition("?")

    assert images.fetch(url)[0] == 200
    assert images.fetch(bare)[0] == 403
    lifetime = f"X-Amz-Expires={settings.MEDIA_URL_SECONDS}"
    assert lifetime in query
    assert (
        images.fetch(f"{bare}?{query.replace(lifetime, f'X-Amz-Expires={settings.MEDIA_URL_SECONDS - 1}')}")[0] == 403
    )
    for known in (upload["id"], ana.id, ana.username):
        assert known not in bare


def test_a_link_ends(api: Any, ana: Any, settings: Any) -> None:
    from tests.support.processes import until  # noqa: PLC0415

    settings.MEDIA_URL_SECONDS = 1
    url = images.upload(api, ana, JPEG)["links"]["256"]

    until(lambda: images.fetch(url)[0] == 403)
