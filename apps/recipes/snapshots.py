"""Snapshots of the catalogue in S3. With a large catalogue, a process starts from one instead of the change feed."""

import io
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO

import structlog
import zstandard
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from apps.core import aws, clock
from apps.search.index import Catalogue, SnapshotError

log = structlog.get_logger()

_KEY = "catalogue/latest.tar.zst"
_UNTIL = "complete-until"
# Deletions stay in the change feed for 60 days, so a snapshot of half that age can't miss one.
_TRUSTED_FOR = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A catalogue, and the moment up to which it contains all changes."""

    catalogue: Catalogue
    complete_until: datetime


def fetch_snapshot() -> Snapshot | None:
    """Return the latest snapshot; None if there is none, or it is too old or damaged: the feed has everything."""
    try:
        answer = aws.short_lived_client("s3").get_object(Bucket=settings.SNAPSHOTS_BUCKET, Key=_KEY)
        until = clock.parse(answer["Metadata"][_UNTIL])
        if clock.now() - until > _TRUSTED_FOR:
            return None
        return Snapshot(_unpack(answer["Body"]), until)
    except ClientError as error:
        if error.response["Error"]["Code"] not in {"NoSuchKey", "404", "AccessDenied"}:
            log.warning("snapshot_not_read", error=error.response["Error"]["Code"])
    except (BotoCoreError, SnapshotError, KeyError, ValueError, tarfile.TarError, zstandard.ZstdError) as error:
        log.warning("snapshot_not_read", error=type(error).__name__)
    return None


def store_snapshot(catalogue: Catalogue, complete_until: datetime) -> int:
    """Write the snapshot and return its size in bytes. Readers see either the old or the new one, never a mixture."""
    with tempfile.TemporaryDirectory(prefix="catalogue-") as directory:
        catalogue.save(Path(directory))
        packed = _pack(Path(directory))
    aws.client("s3").put_object(
        Bucket=settings.SNAPSHOTS_BUCKET, Key=_KEY, Body=packed, Metadata={_UNTIL: clock.iso(complete_until)}
    )
    return len(packed)


def _pack(directory: Path) -> bytes:
    buffer = io.BytesIO()
    with (
        zstandard.ZstdCompressor(level=3).stream_writer(buffer, closefd=False) as stream,
        tarfile.open(fileobj=stream, mode="w|") as archive,
    ):
        archive.add(directory, arcname=".")
    return buffer.getvalue()


def _unpack(body: IO[bytes]) -> Catalogue:
    """Load a packed catalogue. Only plain files are extracted; they stay mapped after their directory is removed."""
    with tempfile.TemporaryDirectory(prefix="catalogue-") as directory:
        with (
            zstandard.ZstdDecompressor().stream_reader(body) as stream,
            tarfile.open(fileobj=stream, mode="r|") as archive,
        ):
            for member in archive:
                content = archive.extractfile(member)
                if content is not None:
                    with (Path(directory) / Path(member.name).name).open("wb") as file:
                        shutil.copyfileobj(content, file)
        return Catalogue.load(Path(directory))
