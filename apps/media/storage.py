"""Every access of the media app to the bucket."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from botocore.exceptions import ClientError
from django.conf import settings

from apps.core import aws, clock
from apps.media.models import UploadRow
from apps.media.pictures import SIZES, Picture

# Enough for 10 MB over a slow telephone line.
_FORM_LIFE = timedelta(minutes=15)
# How long browsers and the CDN may cache a picture, even if it is removed meanwhile.
_CACHE = {True: "public, max-age=86400", False: "private, max-age=3600"}
# Without permission to list the bucket, S3 answers 403 for a missing object.
_ABSENT = {HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN}


@dataclass(frozen=True, slots=True)
class Form:
    """What a client needs to post a file: fields first, then the file, as multipart/form-data to `url`."""

    url: str
    fields: dict[str, str]
    expires_at: datetime


def form(row: UploadRow) -> Form:
    """Presign a form for a file of the declared type and at most the declared size, under this upload's key only."""
    signed = aws.client("s3").generate_presigned_post(
        settings.IMAGES_BUCKET,
        row.incoming,
        Fields={"Content-Type": row.content_type},
        Conditions=[{"Content-Type": row.content_type}, ["content-length-range", 1, int(row.size)]],
        ExpiresIn=int(_FORM_LIFE.total_seconds()),
    )
    return Form(signed["url"], signed["fields"], clock.now() + _FORM_LIFE)


def has_arrived(row: UploadRow) -> bool:
    try:
        aws.client("s3").head_object(Bucket=settings.IMAGES_BUCKET, Key=row.incoming)
    except ClientError as error:
        if _status(error) in _ABSENT:
            return False
        raise
    return True


def download(row: UploadRow, most: int) -> bytes | None:
    """Return the posted file, at most `most` bytes and one more, which shows that it is too large; None if missing."""
    try:
        answer = aws.client("s3").get_object(Bucket=settings.IMAGES_BUCKET, Key=row.incoming)
    except ClientError as error:
        if _status(error) in _ABSENT:
            return None
        raise
    with answer["Body"] as body:
        return bytes(body.read(most + 1))


def put_incoming(row: UploadRow, content: bytes) -> None:
    """Store a file under the key where its owner would have posted it."""
    aws.client("s3").put_object(
        Bucket=settings.IMAGES_BUCKET, Key=row.incoming, Body=content, ContentType=row.content_type
    )


def store(picture: Picture, size: int, content: bytes) -> None:
    aws.client("s3").put_object(
        Bucket=settings.IMAGES_BUCKET,
        Key=picture.key(size),
        Body=content,
        ContentType="image/webp",
        CacheControl=_CACHE[picture.is_on_cdn],
    )


def read_picture(picture: Picture, size: int) -> bytes | None:
    try:
        answer = aws.client("s3").get_object(Bucket=settings.IMAGES_BUCKET, Key=picture.key(size))
    except ClientError as error:
        if _status(error) in _ABSENT:
            return None
        raise
    with answer["Body"] as body:
        return bytes(body.read())


def remove_incoming(row: UploadRow) -> None:
    """Delete the file as posted, whose metadata says where and when it was taken; safe if it is gone."""
    aws.client("s3").delete_object(Bucket=settings.IMAGES_BUCKET, Key=row.incoming)


def remove_pictures(picture: Picture) -> None:
    for size in SIZES:
        aws.client("s3").delete_object(Bucket=settings.IMAGES_BUCKET, Key=picture.key(size))


def _status(error: ClientError) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
