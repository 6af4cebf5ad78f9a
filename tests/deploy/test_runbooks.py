"""Runbooks: a page for each alarm, in one shape, and no command in them that does not exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from deploy import __main__ as command
from tests.deploy.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]
RUNBOOKS = ROOT / "docs/runbooks"
PAGES = sorted([*RUNBOOKS.glob("*.md"), ROOT / "docs/deployment.md"])
SECTIONS = ["Symptom", "Check", "Causes", "Remedy", "Verification"]
# Pages that no alarm names.
OTHERS = {"README", "incidents", "restore", "maintenance", "local-stack"}
VERBS = {"release", "rollback", "verify", "cost", "frontend", "backup"} | set(command.VERBS)
MAKE = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def alarms() -> set[tuple[str, str]]:
    """Return the name of each alarm and of the page that it tells people to open."""
    found = set()
    for (env, _), template in BUILT.items():
        for resource in template["Resources"].values():
            properties = resource["Properties"]
            if page := re.search(r"Runbook: docs/runbooks/([a-z-]+)\.md$", properties.get("AlarmDescription", "")):
                found.add((properties["AlarmName"].removeprefix(f"smart-cooking-{env}-"), page[1]))
    return found


ALARMS = alarms()


def commands(page: Path) -> Iterator[str]:
    """Yield what a reader would paste or is told to run: lines of code blocks, with their continuations, and code."""
    text = page.read_text("utf-8")
    blocks = re.findall(r"^```bash\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    for block in blocks:
        yield from block.replace("\\\n", " ").splitlines()
    yield from re.findall(r"`([^`\n]+)`", text)


def ours(page: Path, pattern: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the words that follow `pattern`: a verb or command, and its options."""
    for line in commands(page):
        for match in re.finditer(rf"{pattern} +([a-z_]+)([^|;#)]*)", line):
            yield match[1], re.findall(r"(?<!\S)--[a-z-]+", match[2])


def test_every_alarm_has_a_page() -> None:
    assert {page for _, page in ALARMS} == {path.stem for path in RUNBOOKS.glob("*.md")} - OTHERS


@pytest.mark.parametrize("page", sorted({page for _, page in ALARMS}))
def test_a_page_names_its_alarms_and_has_five_sections(page: str) -> None:
    text = (RUNBOOKS / f"{page}.md").read_text("utf-8")
    first = text.partition("\n## ")[0]

    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == SECTIONS
    for name in (name for name, named in ALARMS if named == page):
        assert any(re.fullmatch(pattern, name) for pattern in patterns(first)), name
    for section in SECTIONS:
        assert text.partition(f"\n## {section}\n")[2].partition("\n## ")[0].strip(), section


def patterns(text: str) -> list[str]:
    """Return the names in the head of a page; `COLOUR`, `QUEUE` and other capitals stand for one word."""
    return [re.sub(r"[A-Z]+", "[a-z]+", name) for name in re.findall(r"`([a-zA-Z-]+)`", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_manage_exist_with_their_options(page: Path) -> None:
    for name, options in ours(page, r"(?:manage\.py|\bmanage)"):
        assert name in get_commands(), name
        known = load_command_class(get_commands()[name], name).create_parser("manage.py", name).format_help()
        assert all(f"{option} " in known or f"{option}\n" in known or f"{option}]" in known for option in options)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_verbs_of_deploy_exist(page: Path) -> None:
    for verb, _ in ours(page, r"-m deploy"):
        assert verb in VERBS, verb


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_verbs_of_make_exist(page: Path) -> None:
    for verb, _ in ours(page, r"^make"):
        assert verb in MAKE, verb


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target
