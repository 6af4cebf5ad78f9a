"""Checking posted files: they become pictures of our own, or are rejected with a reason."""

import io
import struct
import zipfile
import zlib
from typing import Any

import pytest
from PIL import Image

from apps.media import inspection, repositories, sandbox
from tests.support import images
from tests.support.images import encoded, picture

KINDS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}


def links_of(upload: Any) -> dict[str, Image.Image]:
    assert upload["status"] == "ready", upload
    found = {}
    for size, url in upload["links"].items():
        code, content = images.fetch(url)
        assert code == 200
        found[size] = images.decoded(content)
    return found


@pytest.mark.parametrize("content_type", KINDS)
def test_a_picture_comes_back_upright_small_and_without_where_it_was_taken(
    api: Any, ana: Any, content_type: str
) -> None:
    content = encoded(picture((1600, 1200)), KINDS[content_type], exif=images.exif(orientation=6))

    made = links_of(images.upload(api, ana, content, content_type=content_type))

    assert {size: image.size for size, image in made.items()} == {"256": (192, 256), "1024": (768, 1024)}
    for image in made.values():
        assert image.format == "WEBP"
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile"} & set(image.info)
        # A quarter turn to the right moves the left half to the top.
        assert is_red(image, 0.5, 0.1)
        assert not is_red(image, 0.5, 0.9)


def is_red(image: Image.Image, x: float, y: float) -> bool:
    red, _, blue = image.convert("RGB").getpixel((int(image.width * x), int(image.height * y)))  # type: ignore[misc]
    return bool(red > 150 and blue < 100)


def test_nothing_of_the_original_is_kept_but_its_pixels(api: Any, ana: Any) -> None:
    comment = b"made by Ana at home"
    content = encoded(picture(), exif=images.exif(), comment=comment, icc_profile=images.srgb())
    assert all(part in content for part in (comment, b"Telephone of Ana", b"Exif"))

    upload = images.upload(api, ana, content)

    for url in upload["links"].values():
        _, made = images.fetch(url)
        assert not any(part in made for part in (comment, b"Telephone", b"Exif", b"EXIF", b"ICCP", b"GPS"))


def test_a_small_picture_is_not_enlarged(api: Any, ana: Any) -> None:
    made = links_of(images.upload(api, ana, encoded(picture((100, 60)))))

    assert {image.size for image in made.values()} == {(100, 60)}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16"])
def test_every_kind_of_png_is_shown(api: Any, ana: Any, mode: str) -> None:
    image = Image.new("RGBA", (300, 200), (255, 255, 255, 0))
    image.paste((255, 255, 255, 255), (0, 0, 150, 200))
    if mode == "I;16":
        image = Image.new("I;16", (300, 200), 65535)
    elif mode != "RGBA":
        image = image.convert(mode)

    made = links_of(images.upload(api, ana, encoded(image, "PNG"), content_type="image/png"))["1024"]

    assert made.size == (300, 200)
    assert made.convert("RGB").getpixel((50, 100)) == pytest.approx((255, 255, 255), abs=3)
    if mode in {"RGBA", "LA"}:
        assert made.convert("RGBA").getpixel((250, 100))[3] == 0  # type: ignore[index]


def test_colors_of_print_become_those_of_screens(api: Any, ana: Any) -> None:
    made = links_of(images.upload(api, ana, encoded(Image.new("CMYK", (300, 200), (0, 255, 255, 0)))))["256"]

    red, green, blue = made.getpixel((128, 80))  # type: ignore[misc]
    assert red > 200
    assert max(green, blue) < 80


def test_a_telephones_jpeg_with_a_second_picture_is_its_first(api: Any, ana: Any) -> None:
    second = Image.new("RGB", (400, 300), "green")
    content = encoded(picture((400, 300)), "MPO", save_all=True, append_images=[second])

    made = links_of(images.upload(api, ana, content))["1024"]

    assert is_red(made, 0.1, 0.5)


def png(width: int, height: int, body: bytes = b"") -> bytes:
    """Return a PNG that declares these dimensions."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def frames(kind: str, **options: Any) -> bytes:
    colors = [Image.new("RGB", (40, 40), color) for color in ("red", "green", "blue")]
    return encoded(colors[0], kind, save_all=True, append_images=colors[1:], duration=100, **options)


def with_scans(number: int) -> bytes:
    """Return a progressive JPEG whose last scan comes `number` times."""
    content = encoded(picture((64, 64)), progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + content[last:-2] * number + content[-2:]


REJECTED = {
    "pixels-that-would-fill-the-memory": (png(30_000, 30_000, zlib.compress(bytes(10**7))), "image/png"),
    "one-endless-line": (png(100_000, 10), "image/png"),
    "pixels-just-above-the-limit": (encoded(Image.new("1", (7300, 7200)), "PNG"), "image/png"),
    "a-long-strip": (encoded(Image.new("L", (200, 20_000)), "PNG"), "image/png"),
    "scans-without-end": (with_scans(100), "image/jpeg"),
    "heic": (b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(500), "image/jpeg"),
    "avif": (b"\x00\x00\x00\x20ftypavif\x00\x00\x00\x00avifmif1miaf" + bytes(500), "image/jpeg"),
    "avif-among-others": (b"\x00\x00\x00\x20ftypmif1\x00\x00\x00\x00mif1avifmiaf" + bytes(500), "image/jpeg"),
    "jpeg-cut-off": (encoded(picture())[:3000], "image/jpeg"),
    "png-cut-off": (encoded(picture(), "PNG")[:1500], "image/png"),
    "webp-cut-off": (encoded(picture(), "WEBP")[:800], "image/webp"),
    "png-with-broken-pixels": (png(100, 100, b"nonsense"), "image/png"),
    "text": ("Phở bò Hà Nội".encode() * 50, "image/jpeg"),
    "html": (b"<html><script>alert(1)</script></html>", "image/png"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "image/png"),
    "nothing-but-a-signature": (b"\x89PNG\r\n\x1a\n", "image/png"),
    "gif": (frames("GIF"), "image/png"),
    "tiff": (encoded(picture((50, 50)), "TIFF"), "image/jpeg"),
    "apng": (frames("PNG"), "image/png"),
    "animated-webp": (frames("WEBP"), "image/webp"),
    "png-said-to-be-jpeg": (encoded(picture((50, 50)), "PNG"), "image/jpeg"),
    "jpeg-said-to-be-webp": (encoded(picture((50, 50)), "JPEG"), "image/webp"),
}
REASONS = {
    "pixels-that-would-fill-the-memory": "too_many_pixels",
    "one-endless-line": "side_too_long",
    "a-long-strip": "side_too_long",
    "scans-without-end": "too_complex",
    "heic": "heif",
    "avif": "avif",
    "avif-among-others": "avif",
    "pixels-just-above-the-limit": "too_many_pixels",
    "jpeg-cut-off": "damaged",
    "png-cut-off": "damaged",
    "webp-cut-off": "not_an_image",
    "png-with-broken-pixels": "damaged",
    "apng": "animated",
    "animated-webp": "animated",
    "png-said-to-be-jpeg": "wrong_type",
    "jpeg-said-to-be-webp": "wrong_type",
}


@pytest.mark.parametrize("what", REJECTED)
def test_what_is_not_a_still_picture_of_the_declared_type_is_rejected_and_gone(api: Any, ana: Any, what: str) -> None:
    content, content_type = REJECTED[what]

    upload = images.upload(api, ana, content, content_type=content_type)

    assert (upload["status"], upload["reason"]) == ("rejected", REASONS.get(what, "not_an_image"))
    assert upload["links"] is None
    assert upload["message"]
    assert images.objects_of(ana) == []


def test_of_a_picture_that_is_something_else_as_well_only_the_picture_is_left(api: Any, ana: Any) -> None:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as files:
        files.writestr("index.html", "<script>alert('polyglot')</script>")
    content = encoded(picture(), comment=b"<script>alert('head')</script>") + archive.getvalue()
    assert zipfile.is_zipfile(io.BytesIO(content))

    upload = images.upload(api, ana, content)

    for url in upload["links"].values():
        _, made = images.fetch(url)
        assert b"script" not in made
        assert not zipfile.is_zipfile(io.BytesIO(made))
    assert [key for key in images.objects_of(ana) if key.startswith("incoming/")] == []


def test_ordinary_progressive_pictures_pass(api: Any, ana: Any) -> None:
    content = encoded(picture((3000, 2000)), progressive=True)

    assert images.upload(api, ana, content)["status"] == "ready"


@pytest.mark.parametrize("level", [0, 8192, 32768, 65535])
def test_sixteen_bits_of_grey_are_scaled_to_eight(api: Any, ana: Any, level: int) -> None:
    image = Image.new("I;16", (300, 200), level)

    made = links_of(images.upload(api, ana, encoded(image, "PNG"), content_type="image/png"))["256"]

    assert made.convert("L").getpixel((50, 50)) == pytest.approx(level / 257, abs=3)


@pytest.mark.parametrize("content_type", ["image/heic", "image/heif"])
def test_pictures_of_iphones_are_refused_with_what_to_do(api: Any, ana: Any, content_type: str) -> None:
    body = {"purpose": "post", "content_type": content_type, "size": 1000}

    answer = api.post("/v1/uploads", json=body, token=ana.token)

    assert answer.status_code == 400
    assert "Most Compatible" in answer.json()["errors"][0]["message"]


def test_of_a_refused_type_the_types_of_its_purpose_are_named(api: Any, ana: Any) -> None:
    def refused(purpose: str, content_type: str) -> str:
        body = {"purpose": purpose, "content_type": content_type, "size": 1000}
        answer = api.post("/v1/uploads", json=body, token=ana.token)
        assert answer.status_code == 400
        return str(answer.json()["errors"][0]["message"])

    assert "AVIF" in refused("post", "image/avif")
    assert "image/webp" in refused("post", "image/gif")
    assert "application/zip" not in refused("post", "image/gif")
    assert "application/zip" in refused("import", "image/png")


def test_a_picture_that_twice_takes_too_long_is_rejected(api: Any, ana: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def give_up(*_: Any) -> Any:
        raise sandbox.NotExamined

    monkeypatch.setattr(sandbox, "examine", give_up)

    with pytest.raises(sandbox.NotExamined):
        images.upload(api, ana)
    upload_id = api_uploads(ana)[0]
    inspection.inspect_upload(ana.id, upload_id)

    upload = images.status(api, ana, upload_id)
    assert (upload["status"], upload["reason"]) == ("rejected", "too_complex")


def api_uploads(person: Any) -> list[str]:
    return [row.id for row in repositories.query_uploads(person.id)]
