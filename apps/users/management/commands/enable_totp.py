"""`manage.py enable_totp`: give an account an authenticator and print its secret, for local stacks."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.core import authentication
from apps.core.errors import DomainError
from apps.users import cognito, cognito_accounts

# RFC 6238, as authenticator apps implement it.
_STEP_SECONDS = 30


class Command(BaseCommand):
    help = (
        "Require one-time codes for an account and print the secret for its authenticator app. "
        "Example: manage.py enable_totp --username mod --password 'Nau-an-123!'"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", required=True)
        parser.add_argument("--password", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            found = cognito.log_in(username=options["username"], password=options["password"])
            if isinstance(found, cognito.Challenge):
                raise CommandError(f"{options['username']} has an authenticator")
            secret = cognito.begin_mfa(found.access_token)
            cognito.verify_mfa(access_token=found.access_token, code=_code(secret, time.time()))
            cognito_accounts.set_mfa(authentication.verify(found.access_token).account, is_on=True)
        except DomainError as refusal:
            raise CommandError(str(refusal.title)) from refusal
        self.stdout.write(secret)


def _code(secret: str, at: float) -> str:
    """Return the six-digit code (RFC 6238) for a time in seconds since 1970."""
    counter = struct.pack(">Q", int(at // _STEP_SECONDS))
    padded = secret + "=" * (-len(secret) % 8)
    digest = hmac.new(base64.b32decode(padded), counter, hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = struct.unpack(">I", digest[start : start + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"
