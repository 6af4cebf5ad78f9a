"""`manage.py moderate` in an emergency: each line of the runbook and of the help works as described."""

import re
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command, load_command_class

from apps.core import audit, clock
from apps.moderation import cases, members
from apps.moderation.authority import OPERATOR
from apps.moderation.content import Target
from apps.recipes import services as recipe_services
from apps.users import suspensions
from tests.support import recipes, society

pytestmark = pytest.mark.usefixtures("seeded")

ROOT = Path(__file__).parents[2]
LINE = re.compile(r"^ +manage\.py moderate (.+?)(?:\s{2,}.*)?$", re.MULTILINE)
HELP = load_command_class("apps.moderation", "moderate").create_parser("manage.py", "moderate").format_help()
LINES = sorted({*LINE.findall((ROOT / "docs/runbooks/moderation.md").read_text("utf-8")), *LINE.findall(HELP)})


def run(line: str) -> str:
    written = StringIO()
    words = [one.strip('"') for one in re.findall(r'"[^"]*"|\S+', line)]
    call_command("moderate", *words, stdout=written)
    return written.getvalue()


class Scene:
    """A target for each line, in the required state and under the names that the line uses."""

    def __init__(self, api: Any, owner: Any, act: str) -> None:
        self.owner, self.act = owner, act
        self.recipe = recipes.create(api, owner)["id"]
        self.post = society.post(api, owner)["id"]
        self.entry = ""
        if act in {"restore", "undo"}:
            self.entry = cases.hide(Target.POST, self.post, actor=OPERATOR, reason="Thử")
        if act == "lift":
            members.suspend(owner.id, until=clock.now() + timedelta(days=1), reason="Thử", actor=OPERATOR)

    def fill(self, line: str) -> str:
        filled = line.replace("post:01JD…", f"post:{self.post}").replace("recipe:01JD…", f"recipe:{self.recipe}")
        filled = filled.replace("01JD…", self.entry or self.recipe)
        return re.sub(r"\blan\b", self.owner.username, filled)

    def done(self) -> tuple[str, str, str]:
        """Return the last action on the line's target, with its actor and reason."""
        on = {"suspend": "user", "lift": "user", "end_sessions": "user", "approve": "recipe", "hide": "recipe",
              "correct_meaning": "recipe"}  # fmt: skip
        kind = on.get(self.act, "post")
        id_ = {"user": self.owner.id, "recipe": self.recipe, "post": self.post}[kind]
        entry = audit.last(kind, id_)
        assert entry is not None
        return entry.act, entry.actor_name, entry.reason or ""


@pytest.mark.parametrize("line", LINES)
def test_a_line_of_the_runbook_or_the_help_does_what_it_says(api: Any, ana: Any, line: str) -> None:
    act = line.split(maxsplit=1)[0]
    scene = Scene(api, ana, act)

    said = run(scene.fill(line))

    if act in {"queues", "list", "audit"}:
        assert said
        return
    done, who, reason = scene.done()
    assert (done, who) == ("restore" if act == "undo" else act, "manage.py")
    assert reason in line


def test_the_runbook_has_a_line_for_everything_that_can_be_done_and_the_help_as_well() -> None:
    acts = {line.split()[0] for line in LINES}

    assert {"queues", "list", "restore", "hide", "suspend", "lift", "approve", "audit", "undo"} <= acts
    assert "examples:" in HELP
    for word in ("reject", "send_back", "--reason", "--for", "--limit", "--language"):
        assert word in HELP, word


def test_recipes_are_rejected_and_sent_back_and_people_hidden(api: Any, ana: Any, cyd: Any) -> None:
    recipe = recipes.create(api, ana)["id"]
    run(f'reject {recipe} --reason "Thiếu bước nấu"')
    assert recipe_services.get_stored_recipe(recipe).state.approval == "rejected"
    run(f"send_back {recipe}")
    assert recipe_services.get_stored_recipe(recipe).state.approval == "pending"

    run(f'hide user:{ana.id} --reason "Mạo danh"')
    assert api.get(f"/v1/users/{ana.id}", token=cyd.token).status_code == 404
    run(f"restore user:{ana.id}")
    assert api.get(f"/v1/users/{ana.id}", token=cyd.token).status_code == 200


@pytest.mark.parametrize(("written", "hours"), [("30m", 0.5), ("12h", 12), ("2d", 48)])
def test_a_suspension_lasts_as_long_as_given(ana: Any, written: str, hours: float) -> None:
    before = clock.now()
    run(f'suspend {ana.username} --for {written} --reason "spam"')

    term = suspensions.find_suspension(ana.id)
    assert term is not None
    assert before <= term.until - timedelta(hours=hours) <= clock.now()


@pytest.mark.parametrize(("language", "said"), [("en", "decided already"), ("vi", "đã được quyết định")])
def test_refusals_and_acts_are_named_in_the_language_that_was_asked_for(
    api: Any, ana: Any, language: str, said: str
) -> None:
    post = society.post(api, ana)["id"]

    with pytest.raises(CommandError, match=said):
        run(f"restore post:{post} --language {language}")

    shown = run(f'hide post:{post} --reason "spam" --language {language}')
    assert shown.startswith({"en": "Hide", "vi": "Ẩn"}[language])
    assert "manage.py moderate undo" in shown


@pytest.mark.parametrize(
    "line",
    [
        "suspend lan --for soon", "dance", "list dreams", "undo 01JD0000000000000000000000",
        'suspend khong_co_ai_ten_nay --reason "spam"',
    ],
)  # fmt: skip
def test_invalid_arguments_are_refused(line: str) -> None:
    with pytest.raises(CommandError):
        run(line)
