"""Keys are in keys.py, rows are documented, and names are plain."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

from apps.core import keys
from apps.core.models import Item, kinds
from deploy import environments
from deploy.stacks import data
from smartcooking.contract import table

ROOT = Path(__file__).resolve().parents[2]
MODEL = (ROOT / "docs" / "data-model.md").read_text("utf-8")
HELPERS = {"join", "prefix", "first_part", "last_part"}
SOURCES = [path for path in ROOT.glob("apps/**/*.py") if path.name != "keys.py"]


def key_functions() -> set[str]:
    found = inspect.getmembers(keys, inspect.isfunction)
    return {name for name, function in found if function.__module__ == keys.__name__} - HELPERS


def documented_functions() -> set[str]:
    return set(re.findall(r"^\| `(\w+)` \|", MODEL, re.MULTILINE)) - {"pk", "sk", "kind", "schema", "version", "ttl"}


def test_every_key_function_is_in_the_data_model_and_no_other() -> None:
    assert documented_functions() == key_functions()


def test_every_kind_of_row_is_in_the_data_model_and_no_other() -> None:
    documented = set(re.findall(r"^\| `\w+` \| (?!gsi\d)(\w+) \| `", MODEL, re.MULTILINE))
    # Importing the URLs loads everything that declares rows.
    import_module(settings.ROOT_URLCONF)

    assert documented == {name for name in kinds() if not name.startswith("test_")}


def test_every_index_and_what_it_projects_is_in_the_data_model() -> None:
    for index in table.INDEXES:
        row = next(line for line in MODEL.splitlines() if line.startswith(f"| {index.name} |"))
        documented = set(re.findall(r"`([^`]+)`", row)[-1].split())
        assert documented == set(index.projected) - set(table.COMMON), index.name


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_key_is_spelt_outside_of_keys(path: Path) -> None:
    spelt = re.findall(r"""["'][A-Z][A-Z_]{2,}#""", path.read_text("utf-8"))

    assert spelt == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_words = {"utils", "helpers", "common", "manager", "base", "misc"}

    assert [path for path in SOURCES if path.stem in empty_words] == []


def test_the_models_schema_is_that_of_the_template() -> None:
    template = data.build(environments.PROD).to_dict()
    properties = next(
        resource["Properties"]
        for resource in template["Resources"].values()
        if resource["Type"] == "AWS::DynamoDB::Table"
    )
    ours = Item._get_schema()

    theirs = {
        index["IndexName"]: (
            {key["AttributeName"]: key["KeyType"] for key in index["KeySchema"]},
            set(index["Projection"]["NonKeyAttributes"]),
        )
        for index in properties["GlobalSecondaryIndexes"]
    }
    mine = {
        index["index_name"]: (
            {key["AttributeName"]: key["KeyType"] for key in index["key_schema"]},
            set(index["projection"]["NonKeyAttributes"]),
        )
        for index in ours["global_secondary_indexes"]
    }
    assert mine == theirs
    assert {key["AttributeName"] for key in properties["KeySchema"]} == {table.PARTITION_KEY, table.SORT_KEY}
    assert properties["TimeToLiveSpecification"] == {"AttributeName": table.TTL, "Enabled": True}


def test_no_request_path_scans() -> None:
    scan = re.compile(r"""\.scan\(|["']scan["']""")
    scanning = [path for path in SOURCES if scan.search(path.read_text("utf-8"))]
    # Only operators' copies may scan the whole table.
    users = [
        path
        for path in SOURCES
        if re.search(r"\btable_dump\.(?:scan_rows|summarize_rows|write_dump)\(", path.read_text("utf-8"))
    ]

    assert scanning == [ROOT / "apps/core/table_dump.py"]
    assert [path.parent.name for path in users] == ["commands"]
