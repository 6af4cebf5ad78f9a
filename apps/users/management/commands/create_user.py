"""`manage.py create_user`: create a confirmed account, for seeding, tests and the first moderators."""

import argparse
from getpass import getpass
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.users import account_setup
from apps.users.cognito_admin import Refused
from apps.users.errors import UsernameTaken

_EXAMPLES = """
examples:
  manage.py create_user --username lan --email lan@example.com --password 'Nau-an-123!'
  manage.py create_user --username mod --email mod@example.com --group moderators   (asks for the password)
"""


class Command(BaseCommand):
    help = (
        "Create a confirmed account with its profile. Run again for the same username it sets the password and group "
        "and leaves the rest as it is."
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, **options)
        parser.epilog, parser.formatter_class = _EXAMPLES, argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True, help="3–30 of a–z, 0–9, _ and .")
        parser.add_argument("--email", required=True, help="considered verified: no mail is sent")
        parser.add_argument("--password", help="asked for if omitted, which keeps it out of the shell's history")
        parser.add_argument("--group", choices=account_setup.GROUPS, help="gives the person more permissions")
        parser.add_argument("--accept-terms", action="store_true", help="record consent to the current terms")
        parser.add_argument("--full-name", default="", help="the username if omitted")

    def handle(self, *args: Any, **options: Any) -> None:
        username, email = options["username"], options["email"].lower()
        password = options["password"] or _asked()
        try:
            created = account_setup.create_user(
                username=username,
                email=email,
                password=password,
                full_name=options["full_name"] or username,
                group=options["group"],
                accepts_terms=options["accept_terms"],
            )
        except UsernameTaken:
            raise CommandError(
                f"{username} belonged to an account that is gone; usernames are not given twice"
            ) from None
        except (Refused, ValueError) as error:
            raise CommandError(str(error)) from None
        what = "created" if created else "exists: its password and group are set"
        self.stdout.write(f"{username} {what}")


def _asked() -> str:
    try:
        return getpass("Password: ")
    except EOFError:
        raise CommandError("There is nobody to ask for a password here: give it with --password.") from None
