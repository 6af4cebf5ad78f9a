"""`manage.py evaluate_prompts`: measure quality, safety, latency and cost of a model's recipes."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from apps.suggestions.generation import evaluation
from apps.suggestions.generation.evaluation import Result
from apps.suggestions.providers import registry
from apps.suggestions.providers.port import Failure

_EXAMPLES = """
examples:
  manage.py seed_ingredients                                  the master list; needed first
  manage.py evaluate_prompts                                  every provider of AI_PROVIDERS with its model
  manage.py evaluate_prompts --provider rules                 costs nothing, takes a second
  manage.py evaluate_prompts --provider bedrock --model global.anthropic.claude-haiku-4-5-20251001-v1:0
  manage.py evaluate_prompts --provider ollama --deadline 60  on a machine without a fast card
  manage.py evaluate_prompts --limit 4 --json > before.json   to compare with after a change

Each request of apps/suggestions/data/evaluation.yaml is asked once, without the second attempt that people get. Calls
to Bedrock are billed: about $0.12 for the whole set with the default model. The status is 1 where a recipe breaks an
allergy or a diet, and where a model cannot be called: it is retired, not enabled for the account, or not offered.
"""
# A retired, disabled or unavailable model: no request of the set can succeed.
_UNUSABLE = Failure.MODEL_UNAVAILABLE.value
_COLUMNS = ("request", "result", "minutes", "tokens", "ms", "title or reason")


class Command(BaseCommand):
    help = "Put a fixed set of requests to providers and show what comes back. Stores nothing."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--provider", choices=sorted(registry.PROVIDERS), help="one alone (those of AI_PROVIDERS)")
        parser.add_argument("--model", help="another model than the configured one; needs --provider")
        parser.add_argument("--limit", type=int, metavar="N", help="the first N requests (all)")
        parser.add_argument("--deadline", type=float, metavar="SECONDS", help="for each request (AI_DEADLINE)")
        parser.add_argument("--json", action="store_true", help="print results as JSON instead of tables")
        parser.add_argument("--quiet", action="store_true", help="no progress bar")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["model"] and not options["provider"]:
            raise CommandError("--model needs --provider: models of different providers have different names")
        wanted = [options["provider"]] if options["provider"] else settings.AI_PROVIDERS
        reports = [self._evaluate(provider, options) for provider in wanted]
        if options["json"]:
            self.stdout.write(json.dumps(reports, ensure_ascii=False, indent=2))
        unusable = sorted(
            {one["detail"] for report in reports for one in report["results"] if one["outcome"] == _UNUSABLE}
        )
        if unusable:
            raise CommandError("; ".join(unusable))
        unsafe = sum(report["summary"]["violations"] for report in reports)
        if unsafe:
            message = f"{unsafe} recipe{'' if unsafe == 1 else 's'} broke an allergy or a diet"
            raise CommandError(message)

    def _evaluate(self, provider: str, options: dict[str, Any]) -> dict[str, Any]:
        model = options["model"] or registry.default_model(provider)
        seconds = options["deadline"] or settings.AI_DEADLINE
        try:
            cases = evaluation.cases(options["limit"])
        except LookupError as error:
            raise CommandError(str(error)) from error
        running = evaluation.run(cases, provider=provider, model=model, seconds=seconds)
        disable = options["quiet"] or None
        results = list(
            tqdm(running, total=len(cases), desc=provider, unit="recipe", leave=False, disable=disable)
        )  # fmt: skip
        figures = evaluation.summary(results, provider=provider, model=model)
        if not options["json"]:
            self.stdout.write("\n".join([*_table(results), "", *_figures(figures), ""]))
        return {"summary": figures, "results": evaluation.as_json(results)}


def _table(results: Sequence[Result]) -> Iterator[str]:
    rows = [_COLUMNS, *(_row(result) for result in results)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS) - 1)]
    for row in rows:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])


def _row(result: Result) -> tuple[str, ...]:
    usage = result.usage
    wrong = "UNSAFE" if result.violations else "unknown ingredient" if result.unresolved else result.outcome
    reason = ", ".join([*result.violations, *result.unresolved])
    told = f"{result.title} [{reason}]" if reason else result.title or result.detail
    minutes = f"{result.minutes if result.minutes is not None else '-'}{' (late)' if result.too_long else ''}"
    return (
        result.case[:60], wrong, minutes, f"{usage.input_tokens}+{usage.output_tokens}", str(usage.latency_ms), told
    )  # fmt: skip


def _figures(figures: dict[str, Any]) -> Iterator[str]:
    width = max(map(len, figures))
    for name, value in figures.items():
        yield f"{name.replace('_', ' ').ljust(width)}  {'-' if value is None else value}"
