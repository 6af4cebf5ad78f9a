"""People of the tests: confirmed users of the pool, logged in."""

from dataclasses import dataclass

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
    """Create a confirmed user as operators do, and log them in.

    The steps of `account_setup.create_user` for an account that is certainly a fresh one: two calls of six less.
    """
    # They read settings as they are imported, which a folder's conftest must not: it is read before there are any.
    from apps.users import cognito_admin, name_claims, services  # noqa: PLC0415

    name = username or f"u{ids.new_id()[-12:].lower()}"
    email = f"{name}@example.com"
    cognito_admin.create_confirmed(username=name, email=email, full_name=name)
    cognito_admin.set_password(username=name, password=PASSWORD)
    if group:
        cognito_admin.add_to_group(username=name, group=group)
    somebody = log_in(name, email)
    profile = services.fresh_profile(user_id=somebody.id, username=name, email=email, full_name=name)
    name_claims.create_profile(profile)
    return somebody


def log_in(name: str, email: str) -> Person:
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
