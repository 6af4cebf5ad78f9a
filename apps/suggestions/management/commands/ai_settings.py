"""`manage.py ai_settings`: show and change the settings of generation while the service runs."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.suggestions.generation import configuration
from apps.suggestions.generation.configuration import InvalidSetting

_EXAMPLES = """
examples:
  manage.py ai_settings                                        what is in force, and where it comes from
  manage.py ai_settings --providers bedrock,rules              ask Bedrock first
  manage.py ai_settings --bedrock-model global.anthropic.claude-haiku-4-5-20251001-v1:0
  manage.py ai_settings --daily-quota 10 --monthly-budget-usd 50
  manage.py ai_settings --reset providers daily_quota          take these back to the environment's
  manage.py ai_settings --providers rules                      stop everything that costs money

A change is one write of one row; every process has it within ten seconds, without a restart.
"""


class Command(BaseCommand):
    help = "Show or change providers, models, quota and budget of generation, for all processes at once."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        names = sorted(configuration.AiSettings.__dataclass_fields__)
        parser.add_argument("--providers", metavar="A,B", type=_names, help="in the order in which they are asked")
        parser.add_argument("--bedrock-model", metavar="ID", help="model, inference profile or an ARN of either")
        parser.add_argument("--ollama-model", metavar="NAME")
        parser.add_argument("--daily-quota", metavar="N", type=int, help="generated recipes a person and day")
        parser.add_argument("--monthly-budget-usd", metavar="USD", type=float, help="for all people together")
        parser.add_argument("--reset", nargs="+", choices=names, metavar="NAME", default=[], help=", ".join(names))

    def handle(self, *args: Any, **options: Any) -> None:
        names = configuration.AiSettings.__dataclass_fields__
        wanted = {name: options[name] for name in names if options[name] is not None}
        wanted |= dict.fromkeys(options["reset"])
        try:
            shown = configuration.change(**wanted) if wanted else configuration.current()
        except InvalidSetting as error:
            raise CommandError(f"{error}; nothing was changed") from error
        changed = configuration.stored()
        for name in names:
            value = getattr(shown, name)
            text = ",".join(value) if isinstance(value, tuple) else value
            self.stdout.write(f"{name:20} {text!s:55} {'changed' if name in changed else 'environment'}")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
