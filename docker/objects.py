"""Files of the local S3, put right before the emulator reads them.

It writes an object's body and then, beside it, a file that describes it: what was killed in between is undone here.
"""

import hashlib
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

DESCRIPTION = ".meta.json"
# Bodies of earlier versions: .versions/<account>/<bucket>/<version id>/<key>
VERSIONS = ".versions"


def mend(directory: Path) -> None:
    """Take back every overwriting that was interrupted; its request was never answered."""
    for body in _bodies(directory):
        description = body.with_name(body.name + DESCRIPTION)
        if description.exists() and body.stat().st_mtime_ns > description.stat().st_mtime_ns:
            _take_back(directory, body, description)


def drop_buckets(directory: Path, kept: set[tuple[str, str]]) -> None:
    """Remove the files of buckets, (account, name), that were deleted together with their stack."""
    for bucket in directory.glob("[!.]*/*"):
        if (bucket.parent.name, bucket.name) not in kept:
            shutil.rmtree(bucket)


def _bodies(directory: Path) -> Iterator[Path]:
    for path in directory.glob("[!.]*/*/**/*"):
        if path.is_file() and not path.name.endswith((DESCRIPTION, ".tmp")):
            yield path


def _take_back(directory: Path, body: Path, description: Path) -> None:
    described = json.loads(description.read_bytes())
    account, bucket, *key = body.relative_to(directory).parts
    earlier = directory / VERSIONS / account / bucket / str(described.get("version_id")) / Path(*key)
    if earlier.is_file():
        _replace(body, earlier.read_bytes())
    elif not described.get("is_delete_marker"):
        # A bucket without versions has lost the earlier body; then the description follows the one that is there.
        content = body.read_bytes()
        digest = hashlib.md5(content, usedforsecurity=False).hexdigest()
        described |= {"size": len(content), "etag": f'"{digest}"', "checksums": {}}
    _replace(description, json.dumps(described).encode())


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_name(path.name + ".tmp")
    draft.write_bytes(content)
    draft.replace(path)
