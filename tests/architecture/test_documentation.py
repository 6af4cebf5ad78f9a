"""The documentation names what exists: links, files, functions, and the path of a request."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any, Self

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("e2e/*.md")])
TOP = ("apps", "deploy", "devtools", "docker", "docs", "smartcooking", "tests", "web")
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
IDENTIFIER = re.compile(r"[A-Za-z_]\w+")


def section(page: Path, title: str) -> str:
    """Return the text of a section, from its heading to the next."""
    return re.split(r"^## ", page.read_text("utf-8").split(f"## {title}", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    targets = [target for target in LINK.findall(page.read_text("utf-8")) if not re.match(r"[a-z]+:|#", target)]

    assert [target for target in targets if not (page.parent / target.split("#")[0]).exists()] == []


PATTERNS = ROOT / "docs/patterns.md"
CHANGES = re.findall(r"^## (.+)$", PATTERNS.read_text("utf-8"), re.MULTILINE)


def files_named_in(text: str) -> list[str]:
    return [word for word in CODE.findall(text) if word.split("/")[0] in TOP and "/" in word and "<" not in word]


@cache
def modules_of_apps() -> frozenset[str]:
    return frozenset(path.stem for path in (ROOT / "apps").glob("*/*") if path.suffix == ".py" or path.is_dir())


@pytest.mark.parametrize("change", CHANGES)
def test_a_way_to_add_something_names_files_that_exist(change: str) -> None:
    named = files_named_in(section(PATTERNS, change))

    assert [path for path in named if not (ROOT / path).exists()] == []
    assert named


@pytest.mark.parametrize("change", CHANGES)
def test_a_way_to_add_something_names_what_its_files_define(change: str) -> None:
    text = section(PATTERNS, change)
    files = [ROOT / path for path in files_named_in(text) if (ROOT / path).is_file()]
    known = {word for file in files for word in IDENTIFIER.findall(file.read_text("utf-8"))}

    named = {word for word in CODE.findall(text) if IDENTIFIER.fullmatch(word)}

    assert named - known - modules_of_apps() == set()


Called = tuple[str, str]


def steps() -> list[list[Called]]:
    """Return for each step of the documented request the functions that it names in its file."""
    text = section(ROOT / "docs/architecture.md", "A request, step by step")
    found = []
    for step in re.findall(r"^\d+\. (.+?)(?=^\d+\. |\n\n)", text, re.MULTILINE | re.DOTALL):
        file = (ROOT / "docs" / LINK.findall(step)[0]).resolve()
        code = file.read_text("utf-8")
        functions = [word for word in CODE.findall(step) if f"def {word.split('.')[-1]}(" in code]
        found.append([(str(file), function) for function in functions])
    return found


class Calls:
    """Records which functions this thread calls, each once, in the order of their first call."""

    def __init__(self) -> None:
        self.made: dict[Called, None] = {}

    def __enter__(self) -> Self:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _note(self, frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call":
            self.made.setdefault((frame.f_code.co_filename, frame.f_code.co_qualname))

    def in_order(self, wanted: set[Called]) -> Iterator[Called]:
        return (call for call in self.made if call in wanted)


@pytest.mark.usefixtures("seeded")
def test_a_request_for_suggestions_goes_the_documented_way(api: Any, ana: Any) -> None:
    documented = [call for step in steps() for call in step]
    body = {"ingredients": ["thịt dê", "củ sen"], "recipe_count": 5}

    with Calls() as calls:
        answer = api.post("/v1/suggestions", json=body, token=ana.token)

    assert answer.status_code == 200, answer.content
    assert list(calls.in_order(set(documented))) == documented
    # The first step is a table of paths, which calls nothing.
    assert [bool(step) for step in steps()] == [False, *([True] * (len(steps()) - 1))]
