"""The static client in its bucket: hashed files cached forever, an uncached index, earlier versions.

The files of all versions share a directory, since their names contain the hash of their content; only `index.html` says
which of them are in use. A version is a copy of that file under `_releases/`: publishing writes `index.html` last, and
a rollback writes an earlier copy of it. Files that no kept version needs are left to the bucket's lifecycle.
"""

import hashlib
import json
import mimetypes
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

INDEX = "index.html"
RELEASES = "_releases/"
FOR_EVER = "public, max-age=31536000, immutable"
# Files with the same name in every version, such as robots.txt: shared caches revalidate them after a minute.
BRIEFLY = "public, max-age=60"
NEVER = "no-cache"
# Hashes that bundlers append to names: index-4fb3a1c9.js, main.4fb3a1c9.css.
HASHED = re.compile(r"[.-](?=[\w-]*\d)[\w-]{8,}\.\w+$")


class NoClient(Exception):
    """The directory or the bucket contains no client."""


@dataclass(frozen=True)
class File:
    """A file of the client, and how it is served."""

    key: str
    path: Path

    @property
    def content_type(self) -> str:
        return mimetypes.guess_type(self.key)[0] or "application/octet-stream"

    @property
    def cache(self) -> str:
        if self.key == INDEX:
            return NEVER
        return FOR_EVER if HASHED.search(self.key) else BRIEFLY


def files(directory: Path) -> list[File]:
    """Return the files with the index last: until it is uploaded, nothing refers to the others."""
    found = [
        File(path.relative_to(directory).as_posix(), path)
        for path in directory.rglob("*")
        # CloudFront compresses by itself; compressed files are for the local server. `.complete` is a stamp of make.
        if path.is_file() and path.suffix not in {".gz", ".br"} and path.name != ".complete"
    ]
    if INDEX not in {file.key for file in found}:
        message = f"{directory} has no {INDEX}"
        raise NoClient(message)
    taken = [file.key for file in found if file.key.startswith(RELEASES)]
    if taken:
        message = f"{taken[0]}: {RELEASES} is where versions are kept"
        raise NoClient(message)
    return sorted(found, key=lambda file: (file.key == INDEX, file.key))


def version(found: list[File]) -> str:
    """Return a version derived from the contents, so that publishing the same files again gives the same version."""
    digest = hashlib.sha256()
    for file in found:
        digest.update(json.dumps([file.key, hashlib.sha256(file.path.read_bytes()).hexdigest()]).encode())
    return digest.hexdigest()[:12]


def publish(s3: Any, bucket: str, found: list[File]) -> Iterator[tuple[File, bool]]:
    """Upload the files that differ, and yield each file with whether it was uploaded."""
    name = version(found)
    for file in found:
        content = file.path.read_bytes()
        if file.key == INDEX:
            _keep(s3, bucket, name, content)
        differs = _differs(s3, bucket, file, content)
        if differs:
            s3.put_object(
                Bucket=bucket,
                Key=file.key,
                Body=content,
                ContentType=file.content_type,
                CacheControl=file.cache,
                Metadata={"sha256": hashlib.sha256(content).hexdigest(), "version": name},
            )
        yield file, differs


def versions(s3: Any, bucket: str) -> list[tuple[str, str]]:
    """Return the published versions with their times, newest first."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=RELEASES)
    keys = sorted((one["Key"] for page in pages for one in page.get("Contents", [])), reverse=True)
    return [(name, stamp) for stamp, name in (key.removeprefix(RELEASES).split("-", 1) for key in keys)]


def current(s3: Any, bucket: str) -> str | None:
    try:
        found = s3.head_object(Bucket=bucket, Key=INDEX)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004
            return None
        raise
    return str(found["Metadata"].get("version", "")) or None


def roll_back(s3: Any, bucket: str, to: str | None = None) -> str:
    """Publish the index of an earlier version, by default the previous one; its other files are still there."""
    known = versions(s3, bucket)
    names = list(dict.fromkeys(name for name, _ in known))
    now = current(s3, bucket)
    before = names[names.index(now) + 1 :] if now in names else names
    chosen = to or (before[0] if before else None)
    if chosen not in names:
        message = f"{bucket} has no version {to}" if to else f"{bucket} has no earlier version"
        raise NoClient(message)
    stamp = next(stamp for name, stamp in known if name == chosen)
    kept = s3.get_object(Bucket=bucket, Key=f"{RELEASES}{stamp}-{chosen}")["Body"].read()
    s3.put_object(
        Bucket=bucket,
        Key=INDEX,
        Body=kept,
        ContentType="text/html",
        CacheControl=NEVER,
        Metadata={"sha256": hashlib.sha256(kept).hexdigest(), "version": str(chosen)},
    )
    return str(chosen)


def invalidate(cloudfront: Any, distribution: str) -> str:
    """Invalidate CloudFront's cache; returns the id of the invalidation, which takes a minute or two."""
    batch = {"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": str(time.time_ns())}
    made = cloudfront.create_invalidation(DistributionId=distribution, InvalidationBatch=batch)
    return str(made["Invalidation"]["Id"])


def _keep(s3: Any, bucket: str, name: str, content: bytes) -> None:
    known = versions(s3, bucket)
    if known and known[0][0] == name:
        return
    # Names sort by time; nanoseconds, since two versions may follow each other within a second.
    key = f"{RELEASES}{time.time_ns():020d}-{name}"
    s3.put_object(Bucket=bucket, Key=key, Body=content, ContentType="text/html", CacheControl=NEVER)


def _differs(s3: Any, bucket: str, file: File, content: bytes) -> bool:
    try:
        there = s3.head_object(Bucket=bucket, Key=file.key)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:  # noqa: PLR2004
            return True
        raise
    same = there["Metadata"].get("sha256") == hashlib.sha256(content).hexdigest()
    # The index also carries its version in metadata: several versions may have the same content.
    return not same or there.get("CacheControl") != file.cache or file.key == INDEX
