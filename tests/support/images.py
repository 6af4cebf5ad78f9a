"""Create pictures for tests, and upload them as a browser does."""

import io
from typing import Any

import urllib3
from django.conf import settings
from PIL import Image, ImageCms

from apps.core import aws
from apps.media import inspection, repositories

# The location in a picture's EXIF data, as phones write it.
GPS = {1: "N", 2: (21.0, 1.0, 42.0), 3: "E", 4: (105.0, 51.0, 15.0)}
_ORIENTATION = 0x0112
_MAKER = 0x010F
_GPS_IFD = 0x8825


def exif(orientation: int = 6) -> Image.Exif:
    data = Image.Exif()
    data[_ORIENTATION] = orientation
    data[_MAKER] = "Telephone of Ana"
    data[_GPS_IFD] = GPS
    return data


def picture(size: tuple[int, int] = (1600, 1200), mode: str = "RGB") -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue, so that a rotation shows."""
    whole = Image.new(mode, size, "blue")
    whole.paste(Image.new(mode, (size[0] // 2, size[1]), "red"), (0, 0))
    return whole


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def decoded(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


def request_upload(
    api: Any, person: Any, *, purpose: str = "post", content_type: str = "image/jpeg", size: int = 10**6
) -> Any:
    body = {"purpose": purpose, "content_type": content_type, "size": size}
    answer = api.post("/v1/uploads", json=body, token=person.token)
    assert answer.status_code == 201, answer.content
    return answer.json()


def post(form: Any, content: bytes, **changed: Any) -> int:
    """Post the form with the file as its last field, as browsers do; return the status of S3's response."""
    fields = {**form["fields"], **changed}
    parts = [*fields.items(), ("file", ("picture", content, "application/octet-stream"))]
    return urllib3.request("POST", form["url"], fields=parts, redirect=False, retries=False).status


def complete(api: Any, person: Any, upload_id: str) -> Any:
    return api.post(f"/v1/uploads/{upload_id}/complete", token=person.token)


def posted(api: Any, person: Any, content: bytes | None = None) -> str:
    """Request, post and complete an upload of an avatar; return its id. The message for the worker is sent."""
    content = content or encoded(picture(), exif=exif())
    form = request_upload(api, person, purpose="avatar", size=len(content))
    assert post(form, content) == 204
    assert complete(api, person, form["id"]).status_code == 202
    return str(form["id"])


def status(api: Any, person: Any, upload_id: str) -> Any:
    return api.get(f"/v1/uploads/{upload_id}", token=person.token).json()


def upload(
    api: Any, person: Any, content: bytes | None = None, *, purpose: str = "post", content_type: str = "image/jpeg"
) -> Any:
    """Request, post and complete an upload, and process it in this process; return the upload afterwards."""
    content = encoded(picture()) if content is None else content
    form = request_upload(api, person, purpose=purpose, content_type=content_type, size=len(content))
    assert post(form, content) == 204
    assert complete(api, person, form["id"]).status_code == 202
    inspection.inspect_upload(person.id, form["id"])
    return status(api, person, form["id"])


def fetch(url: str) -> tuple[int, bytes]:
    answer = urllib3.request("GET", url, redirect=False, retries=False)
    return answer.status, answer.data


def objects_of(person: Any) -> list[str]:
    """Return the names of all objects of somebody's uploads: posted files and the pictures made from them."""
    made = [key for row in repositories.query_uploads(person.id) for key in made_as(row.name)]
    return _named(f"incoming/{person.id}/") + made


def made_as(name: str) -> list[str]:
    """Return the names of the pictures that are stored under this random name."""
    return [key for key in _named("media/") if name in key]


def _named(prefix: str) -> list[str]:
    pages = aws.client("s3").get_paginator("list_objects_v2").paginate(Bucket=settings.IMAGES_BUCKET, Prefix=prefix)
    return [one["Key"] for page in pages for one in page.get("Contents", [])]
