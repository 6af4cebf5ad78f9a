"""All data held about a person, as a zip of JSON, HTML and pictures; kept in S3 for its owner for a day."""

import io
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import orjson
from botocore.exceptions import ClientError
from django.conf import settings

from apps.core import aws, clock, ids, keys, outbox, queries
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.jobs import services as jobs
from apps.jobs.services import JobRow, Kind, Result, Work
from apps.media.pictures import Picture
from apps.media.services import picture_of
from apps.recipes import services as recipes
from apps.rights import archive_page
from apps.rights.errors import ArchiveNotFound
from smartcooking.contract import queues

EXPORT = outbox.Task("rights.export", queues.MEDIA)
RESULT = "export"
# How long an archive is kept and can be downloaded.
KEPT = timedelta(hours=24)
_LINK_SECONDS = 300
_PICTURE_SIZE = 1024
# Attributes of storage that say nothing about the person.
_INNER = {"pk", "sk", "kind", "schema", "version", "ttl"}


def request_export(*, actor: Actor, job_id: str) -> JobRow:
    """Start the export of the actor's data; the job's result names the archive."""
    transaction = Transaction()
    row = jobs.create(transaction, job_id=job_id, kind=Kind.EXPORT, task=EXPORT, user_id=actor.id)
    transaction.commit()
    return row


def export(user_id: str, job_id: str) -> None:
    """Run an export job. Idempotent."""

    def work(job: Work) -> Result:
        store(user_id, job.job_id, build(user_id))
        return Result(RESULT, job.job_id)

    jobs.run(user_id, job_id, work)


def link(archive_id: str, *, actor: Actor) -> str:
    """Return a URL of the actor's archive, valid for five minutes; `ArchiveNotFound` after a day."""
    if not ids.is_id(archive_id) or ids.made_at(archive_id) < clock.now() - KEPT:
        raise ArchiveNotFound
    key = _key(actor.id, archive_id)
    try:
        aws.client("s3").head_object(Bucket=settings.IMAGES_BUCKET, Key=key)
    except ClientError as error:
        raise ArchiveNotFound from error
    parameters = {
        "Bucket": settings.IMAGES_BUCKET, "Key": key,
        "ResponseContentDisposition": 'attachment; filename="smart-cooking.zip"',
    }  # fmt: skip
    signed = aws.client("s3").generate_presigned_url("get_object", Params=parameters, ExpiresIn=_LINK_SECONDS)
    return str(signed)


def build(user_id: str) -> bytes:
    """Return the archive: `data.json`, `index.html`, and the pictures that the person has posted."""
    data = collect(user_id)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str))
        pictures = []
        for upload, content in _pictures(user_id):
            name = f"{upload}.webp"
            archive.writestr(f"pictures/{name}", content)
            pictures.append(name)
        archive.writestr("index.html", archive_page.render(data, pictures))
    return buffer.getvalue()


def collect(user_id: str) -> dict[str, list[dict[str, Any]]]:
    """Read all rows held about a person, by kind; about 1 read unit for 4 KB."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in _rows(user_id):
        found.setdefault(str(row.kind.__name__ if isinstance(row.kind, type) else row.kind), []).append(_plain(row))
    return dict(sorted(found.items()))


def _rows(user_id: str) -> Iterator[Item]:
    own = list(Item.query(keys.user(user_id).pk, consistent_read=True))
    yield from own
    wanted = [keys.post(keys.last_part(row.sk)) for row in own if row.sk.startswith(keys.prefix("POST"))]
    rated = [row for row in own if row.sk.startswith(keys.prefix("RATED"))]
    wanted += [keys.rating(keys.last_part(row.sk), user_id) for row in rated]
    wanted += [item.key for item in Item.feeds.query(keys.comments_of(user_id, "-").pk)]
    wanted += [item.key for item in Item.lists.query(keys.reacted_posts(user_id, "-").pk)]
    wanted += [item.key for item in Item.lists.query(keys.traces_of(user_id, "-").pk)]
    yield from queries.read_many(Item, wanted).values()
    owned = [keys.last_part(row.sk) for row in own if row.sk.startswith(keys.prefix("RECIPE"))]
    for stored in recipes.get_stored_recipes(owned).values():
        yield from filter(None, (stored.row, stored.state, stored.edition))


def _plain(row: Item) -> dict[str, Any]:
    names = (name for name in type(row).get_attributes() if name not in _INNER and not name.startswith("gsi"))
    held = {name: getattr(row, name) for name in names}
    place = {"id": keys.last_part(row.sk if row.sk != keys.META else row.pk)}
    if row.sk != keys.META and not row.pk.startswith(keys.prefix("USER")):
        # What the row belongs to: a rating to a recipe, a comment to a post.
        place["of"] = keys.last_part(row.pk)
    return place | {name: _readable(value) for name, value in held.items() if value is not None}


def _readable(value: Any) -> Any:
    if isinstance(value, set | frozenset):
        return sorted(one.hex() if isinstance(one, bytes) else str(one) for one in value)
    return value


def _pictures(user_id: str) -> Iterator[tuple[str, bytes]]:
    """Yield the person's uploads in the larger size, without those that are gone."""
    for item in Item.query(keys.user(user_id).pk, Item.sk.startswith(keys.prefix("UPLOAD"))):
        row: Any = item
        picture: Picture = picture_of(row)
        try:
            answer = aws.client("s3").get_object(Bucket=settings.IMAGES_BUCKET, Key=picture.key(_PICTURE_SIZE))
        except ClientError:
            continue
        with answer["Body"] as body:
            yield keys.last_part(row.sk), body.read()


def store(user_id: str, archive_id: str, content: bytes) -> None:
    """Store an archive to which only its owner gets links; the bucket deletes it after a day."""
    aws.client("s3").put_object(
        Bucket=settings.IMAGES_BUCKET,
        Key=_key(user_id, archive_id),
        Body=content,
        ContentType="application/zip",
        CacheControl="private, no-store",
    )


def delete_all(user_id: str) -> None:
    """Delete the archives of a person that may still exist, found by their known jobs."""
    for item in Item.query(keys.user(user_id).pk, Item.sk.startswith(keys.prefix("JOB")), consistent_read=True):
        aws.client("s3").delete_object(Bucket=settings.IMAGES_BUCKET, Key=_key(user_id, keys.last_part(item.sk)))


def _key(user_id: str, archive_id: str) -> str:
    return f"exports/{user_id}/{archive_id}.zip"
