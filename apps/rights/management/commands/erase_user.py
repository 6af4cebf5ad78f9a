"""`manage.py erase_user`: erase one account at once."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core.errors import NotFound
from apps.rights import erasing
from apps.users import erasures
from apps.users import services as users

_EXAMPLES = """
examples:
  manage.py erase_user lan                asks to type the name again
  manage.py erase_user lan --yes

Erases everything except anonymous ratings and recipes of the catalogue; it cannot be undone. Run it again after an
interruption.
"""


class Command(BaseCommand):
    help = "Erase an account at once."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="the username, or the id of a person whose erasure was interrupted")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["username"]
        if not options["yes"]:
            _confirm(name)
        user_id = users.find_user_id(name) or name
        try:
            erasures.order(user_id)
        except (NotFound, ValueError):
            raise CommandError(f"there is nobody called {name}") from None
        erasing.erase(user_id)
        self.stdout.write(f"{name} is erased")


def _confirm(name: str) -> None:
    try:
        typed = input(f"Type {name} to erase the account: ")
    except EOFError:
        raise CommandError("nothing was erased: there is nobody to ask here, give --yes") from None
    if typed != name:
        raise CommandError("nothing was erased")
