"""Picture names as other rows store them, the objects behind them, and links for those who may see them."""

import hashlib
import time
from functools import lru_cache
from typing import NamedTuple, Self

from django.conf import settings

from apps.core import aws
from apps.media.models import Purpose

# The longest side of each rendition, in pixels.
SIZES = (256, 1024)
# Purposes whose pictures the CDN may read: always public. The visibility of others depends on what shows them.
_ON_CDN = frozenset({Purpose.AVATAR})
_SEPARATOR = "."


class Picture(NamedTuple):
    """A checked picture. Other apps store it as a string, from which links are made without a read."""

    purpose: str
    owner_id: str
    upload_id: str
    name: str

    def __str__(self) -> str:
        return _SEPARATOR.join(self)

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(*text.split(_SEPARATOR))

    def key(self, size: int) -> str:
        """Return the name of the object: random, so that knowing the upload's id is of no help."""
        return f"media/{self.purpose}/{self.name}/{size}.webp"

    @property
    def is_on_cdn(self) -> bool:
        return self.purpose in _ON_CDN


def upload_id_of(picture: str) -> str:
    """Return the id of the upload from which a picture was made."""
    return Picture.parse(picture).upload_id


def links(picture: str | None, *, public: bool) -> dict[str, str] | None:
    """Return the URLs of a picture by size, None without a picture; costs no request.

    With `public`, an avatar gets the CDN's URL, which does not expire; all others are signed and expire within
    `MEDIA_URL_SECONDS`.
    """
    if picture is None:
        return None
    found = Picture.parse(picture)
    if public and found.is_on_cdn and settings.MEDIA_BASE_URL:
        return {str(size): f"{settings.MEDIA_BASE_URL}/{found.key(size)}" for size in SIZES}
    window = int(time.time() // (settings.MEDIA_URL_SECONDS / 2))
    return {str(size): _signed(found.key(size), window) for size in SIZES}


def version_of(picture: str) -> str:
    """Return a value that changes with the picture and doesn't reveal where it is stored, for cacheable URLs."""
    return hashlib.sha256(Picture.parse(picture).name.encode()).hexdigest()[:16]


@lru_cache(maxsize=20_000)
def _signed(key: str, window: int) -> str:
    """Sign a link once per half of its lifetime: signing takes 0.1 ms, and a stable link can be cached by browsers."""
    return str(
        aws.client("s3").generate_presigned_url(
            "get_object",
            Params={"Bucket": settings.IMAGES_BUCKET, "Key": key},
            ExpiresIn=settings.MEDIA_URL_SECONDS,
        )
    )
