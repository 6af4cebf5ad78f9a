"""Seed a local stack: ingredients, recipes, and accounts to sign in with.

Runs at every start, in one process because setting up Django takes a second. Every command is
idempotent.
"""

import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path

# In the stack's directory, like the passwords: the secrets of authenticators.
SECRETS = "authenticators"
COMMANDS = ("seed_ingredients", "seed_recipes")


@dataclass(frozen=True)
class Person:
    """A demo account."""

    username: str
    email: str
    group: str | None = None


PEOPLE = (
    Person("demo", "demo@example.com"),
    Person("mod", "mod@example.com", group="moderators"),
)


def read_passwords(path: Path) -> dict[str, str]:
    """Return the passwords that were generated for this stack, by username."""
    if not path.exists():
        return {}
    pairs = (line.split(" ", 1) for line in path.read_text().splitlines())
    return dict(pairs)


def read_secrets(path: Path) -> dict[str, str]:
    """Return the secrets of the authenticators that were set up for this stack, by username."""
    return read_passwords(path)


def set_up_authenticator(username: str, password: str, path: Path) -> None:
    """Give an account an authenticator, once, and keep its secret: moderators sign in with a one-time code."""
    from django.core.management import call_command  # noqa: PLC0415  as in `main`

    known = read_secrets(path)
    if username in known:
        return
    printed = io.StringIO()
    call_command("enable_totp", "--username", username, "--password", password, stdout=printed)
    path.touch(mode=0o600)
    held = {**known, username: printed.getvalue().strip()}
    path.write_text("".join(f"{name} {secret}\n" for name, secret in held.items()))


def main() -> int:
    import django  # noqa: PLC0415  `run` imports the names above, but doesn't need Django
    from django.core.management import CommandError, call_command  # noqa: PLC0415

    django.setup()
    try:
        for command in COMMANDS:
            call_command(command)
        for username, password in read_passwords(Path(os.environ["LOCAL_DIR"]) / "credentials").items():
            person = next(person for person in PEOPLE if person.username == username)
            account = ("--username", username, "--email", person.email, "--password", password, "--accept-terms")
            groups = ("--group", person.group) if person.group else ()
            call_command("create_user", *account, *groups)
            if person.group:
                set_up_authenticator(username, password, Path(os.environ["LOCAL_DIR"]) / SECRETS)
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
