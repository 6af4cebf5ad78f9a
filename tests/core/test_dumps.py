"""The table can be exported to a file and restored from it, row by row."""

import gzip
import re
import uuid
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError

from apps.core import aws, keys, table_dump
from tests.support import processes as start
from tests.support import recipes

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("needs_aws")]

Row = dict[str, Any]
MakeTable = Callable[..., str]

ROWS: list[Row] = [
    {
        "pk": {"S": "phở"},
        "sk": {"S": str(number)},
        "kind": {"S": kind},
        "body": {"B": bytes([number, 255, 0])},
        "friends": {"BS": [b"\x01", b"\xff"]},
        # A map may have an attribute with the name of a type.
        "map": {"M": {"B": {"S": "no bytes"}, "BS": {"L": [{"NULL": True}, {"N": "1.5"}]}}},
        "summary": {"S": "not that of the file"},
    }
    for number, kind in enumerate(["recipe", *["rating"] * 60])
]


@pytest.fixture
def table() -> Iterator[MakeTable]:
    """Create an empty table with our keys and indexes, replacing one of the same name."""
    client = aws.client("dynamodb")
    made: set[str] = set()

    def make(name: str = "") -> str:
        if name:
            client.delete_table(TableName=name)
        name = name or f"copy-{uuid.uuid4().hex[:8]}"
        ours = client.describe_table(TableName=settings.TABLE_NAME)["Table"]
        client.create_table(
            TableName=name,
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=ours["AttributeDefinitions"],
            KeySchema=ours["KeySchema"],
            GlobalSecondaryIndexes=[
                {key: index[key] for key in ("IndexName", "KeySchema", "Projection")}
                for index in ours["GlobalSecondaryIndexes"]
            ],
        )
        made.add(name)
        return name

    yield make
    for name in made:
        client.delete_table(TableName=name)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """`ROWS` as exported."""
    path = tmp_path / "rows.jsonl"
    table_dump.write_dump(path, ROWS, lambda _: None)
    return path


def run(command: str, *arguments: object) -> str:
    out = StringIO()
    call_command(command, *map(str, arguments), "--quiet", stdout=out)
    return out.getvalue()


def in_(name: str) -> list[Row]:
    return sorted(table_dump.scan_rows(name), key=table_dump.encode_row)


@pytest.mark.usefixtures("seeded")
def test_a_table_that_was_lost_is_restored_and_served(
    api: Any, ana: Any, table: MakeTable, tmp_path: Path, processes: Path
) -> None:
    recipe = recipes.create(api, ana)
    copy, file = table(), tmp_path / "table.jsonl.gz"
    exported = run("export_table", file)
    run("import_table", file, "--table", copy)
    assert run("export_table", "--table", copy) == exported

    table(copy)
    assert table_dump.is_empty(copy)
    run("import_table", file, "--table", copy)

    assert run("export_table", "--table", copy) == exported
    server = start.gunicorn(processes, TABLE_NAME=copy)
    assert server.api.get(f"/v1/recipes/{recipe['id']}", token=ana.token).json()["title"] == recipe["title"]
    server.stop()


def test_every_type_of_value_comes_back_as_it_was(table: MakeTable, file: Path) -> None:
    copy = table()

    run("import_table", file, "--table", copy)

    assert in_(copy) == sorted(ROWS, key=table_dump.encode_row)


def test_rows_are_counted_by_kind_and_hashed_in_any_order(table: MakeTable, file: Path) -> None:
    copy = table()
    run("import_table", file, "--table", copy)

    counted = run("export_table", "--table", copy)

    assert re.search(r"^rating +60$", counted, re.MULTILINE)
    assert re.search(r"^recipe +1$", counted, re.MULTILINE)
    assert table_dump.summarize_rows(reversed(ROWS), lambda _: None).sha256 in counted
    assert table_dump.summarize_rows(ROWS[1:], lambda _: None).sha256 not in counted


def test_a_set_is_the_same_in_any_order() -> None:
    turned = {"pk": {"S": "a"}, "sk": {"S": "a"}, "friends": {"BS": [b"\xff", b"\x01"]}}

    assert table_dump.encode_row(turned) == table_dump.encode_row({**turned, "friends": {"BS": [b"\x01", b"\xff"]}})


def test_a_table_with_rows_is_left_alone_unless_asked_for(table: MakeTable, file: Path) -> None:
    copy = table()
    changed = {**ROWS[0], "kind": {"S": "changed"}}
    other = {"pk": {"S": "other"}, "sk": {"S": "row"}}
    for row in (changed, other):
        aws.client("dynamodb").put_item(TableName=copy, Item=row)

    with pytest.raises(CommandError, match="nothing was written"):
        run("import_table", file, "--table", copy)
    assert in_(copy) == sorted([changed, other], key=table_dump.encode_row)

    run("import_table", file, "--table", copy, "--into-existing")
    again = run("import_table", file, "--table", copy, "--into-existing")
    assert "61 rows were written" in again
    assert in_(copy) == sorted([*ROWS, other], key=table_dump.encode_row)


def test_a_dry_run_checks_the_file_and_writes_nothing(table: MakeTable, file: Path) -> None:
    copy = table()

    assert "61 rows can be written" in run("import_table", file, "--table", copy, "--dry-run")

    assert table_dump.is_empty(copy)


def test_one_partition_is_exported_alone(ana: Any, tmp_path: Path) -> None:
    path = tmp_path / "ana.jsonl"
    partition = keys.user(ana.id).pk

    run("export_table", path, "--partition", partition)

    found = [table_dump.decode_row(line) for line in path.read_text("utf-8").splitlines()[:-1]]
    assert {row["pk"]["S"] for row in found} == {partition}
    assert "PROFILE" in {row["sk"]["S"] for row in found}


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-200],
        lambda text: "".join(text.splitlines(keepends=True)[1:]),
        lambda text: text.replace("phở", "pho", 1),
        lambda text: text + text,
        lambda text: text.replace("{", "[", 1),
        lambda _: "",
        lambda _: '{"pk":{"S":"no sort key"}}\n',
    ],
    ids=["cut off", "a row is missing", "a row was changed", "twice", "no JSON", "empty", "no row"],
)
def test_a_damaged_file_is_refused_before_anything_is_written(
    table: MakeTable, file: Path, damage: Callable[[str], str]
) -> None:
    copy = table()
    file.write_text(damage(file.read_text("utf-8")), "utf-8")

    with pytest.raises(CommandError, match=re.escape(str(file))):
        run("import_table", file, "--table", copy)

    assert table_dump.is_empty(copy)


def test_a_packed_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    table_dump.write_dump(path, ROWS, lambda _: None)
    assert gzip.decompress(path.read_bytes()).count(b"\n") == len(ROWS) + 1
    path.write_bytes(path.read_bytes()[:-20])

    with pytest.raises(CommandError, match="cannot be read"):
        run("import_table", path, "--dry-run")


def test_an_export_is_private_and_replaces_an_earlier_one_whole(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    table_dump.write_dump(path, ROWS[:1], lambda _: None)

    def broken() -> Iterator[Row]:
        yield ROWS[1]
        raise RuntimeError("the connection is lost")

    with pytest.raises(RuntimeError):
        table_dump.write_dump(path, broken(), lambda _: None)

    assert table_dump.verify_dump(path).rows == 1
    assert path.stat().st_mode & 0o077 == 0


def test_a_table_that_is_not_there_is_one_line() -> None:
    with pytest.raises(CommandError, match="ResourceNotFound"):
        run("export_table", "--table", "nowhere")
