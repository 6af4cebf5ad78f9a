"""A harness that runs user actions in this process through all layers of a request and counts their units."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from io import StringIO
from typing import Any, cast

import orjson
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client

from devtools.capacity.metering import metered
from devtools.capacity.units import Consumed

_PASSWORD_LENGTH = 12


@dataclass(frozen=True, slots=True)
class Performer:
    """A person who is logged in."""

    id: str
    username: str
    token: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The requests and units of one action."""

    area: str
    action: str
    consumed: Consumed


class ActionFailed(Exception):
    """An action got an error response, so its figures would be meaningless."""


@dataclass
class Stage:
    """Runs actions and records their cost; `differences` lists disagreements with the emulator about writes."""

    area: str = ""
    measured: list[Measured] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    # The test client's host name must be in ALLOWED_HOSTS.
    _client: Client = field(default_factory=lambda: Client(SERVER_NAME="127.0.0.1"))

    def count(self, action: str, play: Callable[[], Any]) -> Any:
        """Run `play` and record its cost as that of `action`; return what it returns."""
        with metered() as meter:
            result = play()
        self.measured.append(Measured(self.area, action, meter.consumed))
        self.differences += [f"{action}: {difference}" for difference in meter.differences]
        return result

    def ask(
        self, method: str, path: str, person: Performer | None = None, body: Any = None, **headers: str
    ) -> HttpResponse:
        """Make a request as `person`; raises ActionFailed on an error response."""
        if person:
            headers["Authorization"] = f"Bearer {person.token}"
        data = orjson.dumps(body) if body is not None else b""
        kind = "application/json" if data else ""
        response: Any = self._client.generic(method, path, data, content_type=kind, headers=headers)
        if response.status_code >= HTTPStatus.BAD_REQUEST:
            raise ActionFailed(f"{method} {path}: {response.status_code} {response.content.decode()[:300]}")
        return cast("HttpResponse", response)

    def person(self) -> Performer:
        """Create a confirmed user as operators do, and log them in."""
        username, password = f"capacity_{secrets.token_hex(6)}", make_password()
        email = f"{username}@example.com"
        call_command("create_user", "--username", username, "--email", email, "--password", password, stdout=StringIO())
        return self.log_in(username, password)

    def log_in(self, username: str, password: str) -> Performer:
        tokens = self.ask("POST", "/v1/auth/login", body={"username": username, "password": password})
        token = read(tokens)["access_token"]
        person = Performer("", username, token)
        return Performer(read(self.ask("GET", "/v1/users/me", person))["id"], username, token)


def make_password() -> str:
    """Return a password that passes the pool's rules."""
    return f"Aa1!{secrets.token_urlsafe(_PASSWORD_LENGTH)}"


def read(response: HttpResponse) -> Any:
    return orjson.loads(response.content)
