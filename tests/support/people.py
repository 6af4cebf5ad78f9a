"""People of the tests: confirmed users of the pool, logged in."""

from dataclasses import dataclass

from django.core.management import call_command

from apps.core import ids

PASSWORD = "Nau-an-123!"


@dataclass(frozen=True)
class Person:
    """Somebody with an access token."""

    id: str
    username: str
    email: str
    password: str
    token: str
    id_token: str
    refresh_token: str


def make(username: str | None = None, *, group: str | None = None) -> Person:
    """Create a confirmed user with the command that operators use, and log them in."""
    name = username or f"u{ids.new_id()[-12:].lower()}"
    email = f"{name}@example.com"
    extra = ["--group", group] if group else []
    call_command("create_user", "--username", name, "--email", email, "--password", PASSWORD, *extra, stdout=_Nowhere())
    return log_in(name, email)


def log_in(name: str, email: str) -> Person:
    # Read settings as they are imported, which a folder's conftest must not: it is read before there are any.
    from apps.core import authentication  # noqa: PLC0415
    from apps.users import cognito  # noqa: PLC0415

    tokens = cognito.log_in(username=name, password=PASSWORD)
    assert isinstance(tokens, cognito.Tokens)
    sub = authentication.verify(tokens.access_token).id
    return Person(sub, name, email, PASSWORD, tokens.access_token, tokens.id_token, tokens.refresh_token)


class _Nowhere:
    """Swallows what a command prints."""

    def write(self, _text: str) -> None: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False
