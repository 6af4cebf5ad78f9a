"""Judge the answers to a set of fridges by a cook's rules."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.suggestions.judging import fridges, workshop
from apps.suggestions.judging.judge import Judgement, judge


class Command(BaseCommand):
    help = (
        "Answer 125 fridges from the authored recipes and by rules, in memory and without AWS, and judge each by "
        "rules that a cook would sign. Example: manage.py judge_suggestions --kind leftovers --show all"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--recipes", type=Path, help="a directory of recipes in YAML (default: the repository's)")
        parser.add_argument("--kind", help="only fridges of this kind")
        parser.add_argument("--count", type=int, default=5, help="recipes to ask for (default: 5)")
        parser.add_argument("--show", choices=["worst", "all", "none"], default="worst", help="answers to print")
        parser.add_argument("--least", type=float, help="fail where fewer percent of the answers are sensible")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        _, problems = workshop.load(options["recipes"])
        for problem in problems:
            self.stderr.write(f"passed over: {problem}")
        wanted = [one for one in fridges.authored() if options["kind"] in (None, one.kind)]
        disable = options["quiet"] or None
        judged = [_timed(one, options["count"]) for one in tqdm(wanted, unit="fridge", leave=False, disable=disable)]
        if options["show"] != "none":
            self.stdout.write("\n".join(_answers(judged, everything=options["show"] == "all")))
        self.stdout.write("\n".join(_table(judged)))
        share = 100 * sum(one.sensible for one in judged) / max(1, sum(len(one.verdicts) for one in judged))
        if options["least"] is not None and share < options["least"]:
            message = f"{share:.1f} % of the answers are sensible"
            raise CommandError(message)


def _timed(fridge: fridges.Fridge, count: int) -> Judgement:
    started = time.perf_counter()
    judgement = judge(fridge, count=count)
    return replace(judgement, milliseconds=(time.perf_counter() - started) * 1000)


def _answers(judged: Sequence[Judgement], *, everything: bool) -> Iterator[str]:
    for one in judged:
        if everything or not one.is_answered or one.sensible < len(one.verdicts):
            yield f"{one.fridge.language} {', '.join(one.fridge.have)}"
            for verdict in one.verdicts:
                faults = f"  [{'; '.join(verdict.faults)}]" if verdict.faults else ""
                yield f"    {verdict.score:.2f} {verdict.source:9} {verdict.title}{faults}"
            if not one.verdicts:
                yield "    nothing"
    yield ""


def _table(judged: Sequence[Judgement]) -> Iterator[str]:
    groups: dict[str, list[Judgement]] = defaultdict(list)
    for one in judged:
        groups[one.fridge.kind].append(one)
    yield f"{'fridges':12} {'n':>4} {'answers':>8} {'sensible':>9} {'composed':>9} {'first good':>11} {'p50 ms':>7}"
    for kind, members in [*groups.items(), ("all", list(judged))]:
        verdicts = [verdict for one in members for verdict in one.verdicts]
        good, composed = sum(not one.faults for one in verdicts), sum(one.source == "rules" for one in verdicts)
        first = sum(one.is_answered for one in members)
        times = sorted(one.milliseconds for one in members)
        middle = times[len(times) // 2]
        yield (f"{kind:12} {len(members):4} {len(verdicts):8} {good:9} {composed:9} {first:11} {middle:7.0f}")
