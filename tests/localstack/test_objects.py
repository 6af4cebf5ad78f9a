"""Files of the local S3 that a kill left half written."""

import json
import os
from pathlib import Path

import pytest

from docker import objects


@pytest.fixture
def body(tmp_path: Path) -> Path:
    """An object whose body was replaced after its description was written."""
    path = tmp_path / "000000000000" / "images" / "cakes" / "one.png"
    path.parent.mkdir(parents=True)
    description = path.with_name("one.png.meta.json")
    description.write_text(json.dumps({"version_id": "v1", "size": 3, "etag": '"old"'}))
    os.utime(description, (1, 1))
    path.write_text("newer")
    return path


def test_an_unfinished_overwriting_gives_way_to_the_version_before_it(tmp_path: Path, body: Path) -> None:
    earlier = tmp_path / ".versions" / "000000000000" / "images" / "v1" / "cakes" / "one.png"
    earlier.parent.mkdir(parents=True)
    earlier.write_text("old")

    objects.mend(tmp_path)

    assert body.read_text() == "old"
    assert json.loads(body.with_name("one.png.meta.json").read_text())["etag"] == '"old"'


def test_without_an_earlier_version_the_description_follows_the_body(tmp_path: Path, body: Path) -> None:
    objects.mend(tmp_path)

    described = json.loads(body.with_name("one.png.meta.json").read_text())
    assert described["size"] == len("newer")
    assert described["etag"] != '"old"'


def test_mending_twice_changes_nothing_more(tmp_path: Path, body: Path) -> None:
    objects.mend(tmp_path)
    before = body.with_name("one.png.meta.json").read_text()

    objects.mend(tmp_path)

    assert body.with_name("one.png.meta.json").read_text() == before


def test_files_of_a_deleted_bucket_go(tmp_path: Path, body: Path) -> None:
    objects.drop_buckets(tmp_path, {("000000000000", "other")})

    assert not body.exists()


def test_files_of_a_bucket_stay(tmp_path: Path, body: Path) -> None:
    objects.drop_buckets(tmp_path, {("000000000000", "images")})

    assert body.exists()
