"""People of the tests: confirmed users of the pool, logged in."""

from dataclasses import dataclass

from django.conf import settings
from django.core.management import call_command

from apps.core import aws, ids

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
    client = aws.client("cognito-idp")
    result = client.initiate_auth(
        ClientId=settings.COGNITO_CLIENT_ID,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": name, "PASSWORD": PASSWORD},
    )["AuthenticationResult"]
    user = client.get_user(AccessToken=result["AccessToken"])
    sub = next(one["Value"] for one in user["UserAttributes"] if one["Name"] == "sub")
    return Person(sub, name, email, PASSWORD, result["AccessToken"], result["IdToken"], result["RefreshToken"])


class _Nowhere:
    """Swallows what a command prints."""

    def write(self, _text: str) -> None: ...

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False
