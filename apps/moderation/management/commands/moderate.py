"""`manage.py moderate`: the actions of moderators, from a shell of the service."""

import argparse
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import clock, language
from apps.core.errors import DomainError
from apps.core.language import Text
from apps.ingredients import services as ingredients
from apps.moderation import audit_log, authority, dead_letters, operations, queues, serializers, undoing
from apps.moderation.acts import word
from apps.moderation.authority import OPERATOR
from apps.users import services as users

_EXAMPLES = """
examples:
  manage.py moderate queues                                    length and age of each queue
  manage.py moderate list reports                              the oldest entries of a queue
  manage.py moderate restore post:01JD…                        show again what reports have hidden
  manage.py moderate hide recipe:01JD… --reason "unsafe"
  manage.py moderate suspend lan --for 2d --reason "spam"      30m, 12h, 2d
  manage.py moderate lift lan
  manage.py moderate end_sessions lan                          sign somebody out everywhere
  manage.py moderate approve 01JD…        (also reject, send_back: recipes by id)
  manage.py moderate correct_meaning 01JD… --line 2 --ingredient "cá cơm" --confirm
                                                               without --confirm, only print the effect
  manage.py moderate audit                                     the latest actions, with their ids
  manage.py moderate undo 01JD… --reason "mistake"             undo any action
  manage.py moderate list recipes --language vi                print in Vietnamese

Every action is recorded in the audit log as manage.py's.
"""
_UNDO = Text("Hoàn tác", "Undo it")
_NOTHING = Text("Không có gì đang chờ", "Nothing is waiting")
# Actions that can't be undone.
_FINAL = ("end_sessions",)
_UNITS = {"m": "minutes", "h": "hours", "d": "days"}
_CASES = ("hide", "restore", "confirm", "dismiss")
_RECIPES = ("approve", "reject", "send_back")
_MEANING = "correct_meaning"
_PEOPLE = ("suspend", "lift", "end_sessions")
_LISTS: dict[str, tuple[Any, Any]] = {
    "recipes": (queues.page_recipes, serializers.render_recipe),
    "reports": (queues.page_cases, serializers.render_case),
    "names": (queues.page_names, serializers.render_name),
    "appeals": (queues.page_appeals, serializers.render_queued_appeal),
    "suspended": (queues.page_suspended, serializers.render_suspension),
}


class Command(BaseCommand):
    help = "Look at the moderators' queues and perform or undo their actions."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        acts = ("queues", "list", "audit", "undo", *_CASES, *_RECIPES, _MEANING, *_PEOPLE)
        parser.add_argument("act", choices=acts)
        parser.add_argument("target", nargs="?", default="", help="type:id, a recipe's id, a username, or a queue")
        parser.add_argument("--reason", default="", help="why; the person concerned reads it")
        parser.add_argument(
            "--for", dest="term", type=_term, default=timedelta(days=1), metavar="TIME", help="how long to suspend (1d)"
        )
        parser.add_argument("--line", type=int, default=0, metavar="N", help="ingredient line of a recipe, from 1")
        parser.add_argument("--ingredient", default="", metavar="NAME", help="what the line means, by name or id")
        parser.add_argument("--confirm", action="store_true", help="even if the ingredient has no such name")
        parser.add_argument("--limit", type=int, default=50, help="entries of a list (50)")
        parser.add_argument("--language", choices=(language.VI, language.EN), default=language.EN)

    def handle(self, *args: Any, **options: Any) -> None:
        act, target = options["act"], options["target"]
        language.current.set(options["language"])
        try:
            if act in {"queues", "list", "audit"}:
                self._show(act, target, options["limit"])
                return
            entry_id = _correct(target, options) if act == _MEANING else _carry_out(act, target, options)
        except DomainError as refusal:
            raise CommandError(_said(refusal)) from refusal
        self.stdout.write(f"{word(act)} {target}".strip())
        if act not in _FINAL:
            self.stdout.write(f"{_UNDO}: manage.py moderate undo {entry_id}")

    def _show(self, act: str, target: str, limit: int) -> None:
        if act == "queues":
            for queue in queues.summarize(actor=OPERATOR):
                self.stdout.write(
                    f"{queue.name:10} {queue.count:6} {clock.iso(queue.oldest) if queue.oldest else ''}".rstrip()
                )
        elif act == "audit":
            for entry in audit_log.page(actor=OPERATOR, limit=limit, after=None)[0]:
                what = (entry.target_type, entry.target_id)
                words = (entry.id, clock.iso(entry.at), entry.actor_name, word(entry.act), *what)
                self.stdout.write(" ".join((*words, entry.reason or "")))
        elif target == "jobs":
            for letter in dead_letters.peek():
                args = " ".join(letter.args)
                self.stdout.write(f"{letter.id} {letter.task} {args} since {clock.iso(letter.sent_at)}")
        elif target in _LISTS:
            read, render = _LISTS[target]
            found = read(actor=OPERATOR, limit=limit, after=None)[0]
            if not found:
                self.stdout.write(str(_NOTHING))
            for one in map(render, found):
                self.stdout.write(f"{one['id']} {one['title'] or ''} since {one['since']} {one['details']}")
        else:
            raise CommandError(f"a queue is one of {', '.join((*_LISTS, 'jobs'))}")


def _said(refusal: DomainError) -> str:
    """Return the reason for a refusal, with the problem's other members."""
    more = (f"{name}: {value}" for name, value in refusal.extensions.items())
    return " ".join(filter(None, (str(refusal.title), str(refusal.detail), *more)))


def _correct(recipe_id: str, options: dict[str, Any]) -> str:
    """Assign an ingredient to a line; without one, the line's name decides."""
    name = options["ingredient"]
    found = (ingredients.resolve(name) or ingredients.find(name)) if name else None
    if name and found is None:
        raise CommandError(f"there is no ingredient {name}")
    return operations.carry_out(
        "recipes", recipe_id, _MEANING, actor=OPERATOR, reason=options["reason"], line=options["line"] - 1,
        ingredient_id=found.id if found else None, confirmed=options["confirm"],
    )  # fmt: skip


def _carry_out(act: str, target: str, options: dict[str, Any]) -> str:
    reason = options["reason"]
    if act == "undo":
        entry = audit_log.load_entries([target]).get(target)
        if entry is None:
            raise CommandError("there is no such entry in the audit log")
        return undoing.undo(entry, actor=OPERATOR, reason=reason)
    if act in _CASES:
        return operations.carry_out("reports", target, act, actor=OPERATOR, reason=reason)
    if act in _RECIPES:
        return operations.carry_out("recipes", target, act, actor=OPERATOR, reason=reason)
    user_id = users.find_user_id(target) or target
    more: dict[str, Any] = {"until": clock.now() + options["term"]} if act == "suspend" else {}
    return operations.carry_out("users", user_id, act, actor=authority.OPERATOR, reason=reason, **more)


def _term(text: str) -> timedelta:
    if len(text) < 2 or text[-1] not in _UNITS or not text[:-1].isdigit():  # noqa: PLR2004  a number and a unit
        raise argparse.ArgumentTypeError("a number and m, h or d: 30m, 12h, 2d")
    return timedelta(**{_UNITS[text[-1]]: int(text[:-1])})
