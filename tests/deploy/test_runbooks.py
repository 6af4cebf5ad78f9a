"""Runbooks: a page for each alarm, in one format, and only with commands that exist."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import botocore.session
import jmespath
import pytest
from botocore import xform_name
from django.core.management import get_commands, load_command_class

from deploy import __main__ as command
from smartcooking.contract.queues import QUEUES
from tests.deploy.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]
RUNBOOKS = ROOT / "docs/runbooks"
PAGES = sorted([*RUNBOOKS.glob("*.md"), ROOT / "docs/deployment.md", ROOT / "docs/slo.md"])
SECTIONS = ["Symptom", "Check", "Causes", "Remedy", "Verification"]
# Pages that no alarm names.
OTHERS = {"README", "incidents", "restore", "maintenance", "local-stack", "moderation"}
VERBS = {
    "build", "diff", "deploy", "outputs", "delete", "release", "rollback", "window", "verify", "cost", "frontend",
    "backup",
}  # fmt: skip
DIGEST = f"sha256:{'0' * 64}"
# What the command line of AWS has beside the operations of the services.
AWS_EXTRA = {("logs", "tail"), ("s3", "ls"), ("s3", "sync"), ("s3", "cp"), ("ecr", "get-login-password")}
# A call as far as its words are plain or quoted; what is made by `$(…)` ends it.
CALL = re.compile(r"""(?<![\w/.-])aws ([a-z0-9-]+) ([a-z0-9-]+)((?: +(?:'[^']*'|"[^"]*"|[^\s'";|&()])+)*)""")
AWS_SERVICES = {"s3api": "s3"}
AWS_OPTIONS = {"--region", "--query", "--output", "--max-items", "--profile", "--cli-input-json"}
MAKE = set(re.findall(r"^([a-z0-9]+):.*##", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


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


def blocks(page: Path) -> list[str]:
    return re.findall(r"^```bash\n(.*?)^```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)


def commands(page: Path) -> Iterator[str]:
    """Yield what a reader would paste or is told to run: lines of code blocks, with their continuations, and code."""
    for block in blocks(page):
        yield from (line for line in block.replace("\\\n", " ").splitlines() if not line.startswith("#"))
    yield from re.findall(
        r"`([^`]+)`", re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    )


def ours(page: Path, pattern: str) -> Iterator[tuple[str, list[str]]]:
    """Yield the words that follow `pattern`: a verb or command, and its options."""
    for line in commands(page):
        for match in re.finditer(rf"{pattern} +([a-z][a-z0-9_]*)([^|;#)]*)", line):
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
    """Return the names in the head of a page; `COLOUR`, `QUEUE` and other capitals stand for a name."""
    return [re.sub(r"[A-Z]+", "[a-z-]+", name) for name in re.findall(r"`([a-zA-Z-]+)`", text)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_commands_of_manage_exist_with_their_options(page: Path) -> None:
    for name, options in ours(page, r"(?:manage\.py|\bmanage)"):
        assert name in get_commands(), name
        known = load_command_class(get_commands()[name], name).create_parser("manage.py", name).format_help()
        assert all(f"{option} " in known or f"{option}\n" in known or f"{option}]" in known for option in options)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_calls_of_deploy_are_understood(page: Path) -> None:
    """The command line itself reads each of them, with something in the place of what the shell would fill in."""
    for line in commands(page):
        for call in re.findall(r"-m deploy ([a-z][^|;&)`]*)", line):
            filled = re.sub(r'"?\$ENV"?', "prod", re.sub(r"sha256:…|\$DIGEST", DIGEST, call))
            filled = filled.replace('"${STACKS[@]}"', "--stack data")
            words = shlex.split(filled)
            # A sentence may speak of a verb alone, or of its help.
            if len(words) > 1 and "--help" not in words:
                assert command._parser().parse_args(words).verb == words[0], call
            assert words[0] in VERBS, call


def test_loops_over_queues_name_every_queue() -> None:
    loops = [loop for page in PAGES for loop in re.findall(r"for queue in ([a-z ]+);", page.read_text("utf-8"))]

    assert loops
    for loop in loops:
        assert set(loop.split()) == {queue.name for queue in QUEUES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_verbs_of_make_exist(page: Path) -> None:
    for verb, _ in ours(page, r"^make"):
        assert verb in MAKE, verb


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_shell_reads_what_is_to_be_pasted(page: Path) -> None:
    for block in blocks(page):
        read = subprocess.run(["bash", "-n"], input=block, text=True, capture_output=True, check=False)
        assert (read.returncode, read.stderr) == (0, ""), block


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_operations_of_aws_exist_with_their_options(page: Path) -> None:
    for service, operation, options in of_aws(page):
        if (service, operation) in AWS_EXTRA:
            continue
        known = operations(AWS_SERVICES.get(service, service))
        if operation == "wait":
            continue
        assert operation in known, f"{service} {operation}"
        assert options <= known[operation] | AWS_OPTIONS, f"{service} {operation} {options - known[operation]}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_queries_of_aws_answers_can_be_read(page: Path) -> None:
    text = page.read_text("utf-8")
    for query in re.findall(r"--query '([^']+)'", text) + re.findall(r'--query "([^"]+)"', text):
        jmespath.compile(query)


def of_aws(page: Path) -> Iterator[tuple[str, str, set[str]]]:
    """Yield service, operation and options of each call of `aws`, those within `$(…)` among them."""
    for text in [*blocks(page), *commands(page)]:
        joined = text.replace("\\\n", " ")
        for match in re.finditer(
            r"(?<![\w/.-])aws ([a-z0-9-]+) ([a-z0-9-]+)((?: +(?:'[^']*'|\"[^\"]*\"|[^\s'\";|&)(])+)*)", joined
        ):
            options = {word for word in shlex.split(match[3]) if word.startswith("--")}
            yield match[1], match[2], options


@cache
def operations(service: str) -> dict[str, set[str]]:
    """Return the operations of a service by the names that the command line gives them, each with its options."""
    model: Any = botocore.session.get_session().get_service_model(service)
    found = {}
    for name in model.operation_names:
        shape = model.operation_model(name).input_shape
        members = {f"--{xform_name(member, '-')}" for member in shape.members} if shape else set()
        found[xform_name(name, "-")] = members | {option.replace("--", "--no-", 1) for option in members}
    return found
