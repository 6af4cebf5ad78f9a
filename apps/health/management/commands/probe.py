"""`manage.py probe`: check the service from outside, as a client would, and report the result to CloudWatch."""

import argparse
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import aws
from apps.core.telemetry import emf
from apps.users import account_setup
from smartcooking.contract import metrics
from smartcooking.probes import accounts, checks, upkeep
from smartcooking.probes.accounts import Accounts
from smartcooking.probes.checks import Login, Step
from smartcooking.probes.http import Api, Unexpected
from smartcooking.probes.journey import Journey

_EXAMPLES = """
examples:
  manage.py probe sign-in --url https://api.smartcooking.com --most-ms 500    every five minutes
  manage.py probe journey --url https://api.smartcooking.com                  every hour
  manage.py probe upkeep --copies smart-cooking-prod-copies --log-group /smart-cooking-prod/api

A check that fails is tried once more before it counts. It needs the permissions of the scheduled commands: each check
has an account of its own, which gets a password for this run, and the journey registers one and removes it.
"""
TRIES = 2


class Command(BaseCommand):
    help = "Check the running service as a client; exit code 1 if a check fails."

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        parser = super().create_parser(prog_name, subcommand, epilog=_EXAMPLES, **options)
        parser.formatter_class = argparse.RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("check", choices=("sign-in", "journey", "upkeep"))
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="URL of the service (http://127.0.0.1:8000)")
        parser.add_argument("--most-ms", type=float, default=500.0, metavar="MS", help="limit of a sign-in step (500)")
        parser.add_argument("--copies", default="", help="bucket with the exports of the table, for upkeep")
        parser.add_argument("--log-group", default="", help="log group of the API, for upkeep")

    def handle(self, *args: Any, **options: Any) -> None:
        check = options["check"]
        begin: Callable[[dict[str, Any]], Iterator[Step]] = {
            "sign-in": _sign_in, "journey": _journey, "upkeep": _upkeep,
        }[check]  # fmt: skip
        failure = ""
        for _ in range(TRIES):
            taken = 0.0
            try:
                for step in begin(options):
                    taken += step.milliseconds
                    self.stdout.write(f"{step.name} {step.milliseconds:.0f} ms {step.note}".rstrip())
            except Exception as error:  # noqa: BLE001  whatever the error, the check failed
                failure = str(error) if isinstance(error, Unexpected) else f"{type(error).__name__}: {error}"
                self.stderr.write(failure)
            else:
                failure = ""
                break
        measured = {metrics.CHECKS: 1, metrics.CHECK_FAILURES: int(bool(failure)), metrics.CHECK_LATENCY: taken}
        emf.emit(measured, Check=check)
        if failure:
            raise CommandError(f"{check} failed {TRIES} times: {failure}")


def _sign_in(options: dict[str, Any]) -> Iterator[Step]:
    yield from checks.visit(Api(options["url"]), _known("sign_in"), options["most_ms"])


def _journey(options: dict[str, Any]) -> Iterator[Step]:
    ours = Accounts(aws.client("cognito-idp"), aws.client("dynamodb"), settings.COGNITO_POOL_ID, settings.TABLE_NAME)
    for name in ours.sweep():
        yield Step("sweep", 0.0, f"{name} was left behind")
    # The same friend every time: Cognito charges for each person who signs in within a month.
    yield from Journey(options["url"], ours, friend=_known("friend")).run()


def _upkeep(options: dict[str, Any]) -> Iterator[Step]:
    kept = upkeep.Watched(settings.TABLE_NAME, options["copies"], options["log_group"])
    yield from upkeep.check(kept, aws.client("dynamodb"), aws.client("s3"), aws.client("logs"))


def _known(role: str) -> Login:
    """Return a permanent account, with a password that nobody has to store."""
    login = Login(f"canary_{role}", f"Aa1-{secrets.token_urlsafe(18)}")
    account_setup.create_user(
        username=login.username,
        email=accounts.mailbox(login.username),
        password=login.password,
        full_name="Canary",
        group=None,
    )
    return login
