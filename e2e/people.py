"""The cast: registered through the interface, signed in once, removed when the suites are over."""

import secrets
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import pytest

from e2e.registrars import Registrar
from smartcooking.probes import accounts
from smartcooking.probes.checks import Login, sign_in
from smartcooking.probes.http import Answer, Api, Unexpected

# What removing answers, also when somebody else was quicker.
REMOVED = (200, 202, 204, 404)
PATIENCE, BETWEEN = 60.0, 0.5


@dataclass
class Person:
    """Somebody who is signed in; `id` is how others find them."""

    name: str
    login: Login
    email: str
    api: Api
    id: str
    refresh_token: str

    def get(self, path: str, expect: tuple[int, ...] = (200,)) -> Any:
        return self.api.ask("GET", path, expect=expect).body

    def post(self, path: str, body: Any = None, expect: tuple[int, ...] = (200, 201, 202, 204)) -> Any:
        return self.api.ask("POST", path, expect=expect, body={} if body is None else body).body

    def put(self, path: str, body: Any = None, expect: tuple[int, ...] = (200, 201, 204)) -> Any:
        return self.api.ask("PUT", path, expect=expect, body=body).body

    def patch(self, path: str, body: Any, expect: tuple[int, ...] = (200,)) -> Any:
        return self.api.ask("PATCH", path, expect=expect, body=body).body

    def delete(self, path: str, expect: tuple[int, ...] = REMOVED) -> None:
        self.api.ask("DELETE", path, expect=expect)


@dataclass
class Cast:
    """People by their roles, each registered at the first call; `left` names what could not be removed."""

    url: str
    registrar: Registrar
    people: dict[str, Person] = field(default_factory=dict)
    # Everybody who was registered, also those who could not sign in then.
    registered: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)

    def person(self, role: str) -> Person:
        if role not in self.people:
            self.people[role] = self.register()
        return self.people[role]

    def register(self, prefix: str = accounts.PREFIX) -> Person:
        # Named as those of the hourly check, which removes what an interrupted run leaves behind.
        name, api = f"{prefix}{secrets.token_hex(6)}", Api(self.url)
        login = Login(name, f"Aa1-{secrets.token_urlsafe(18)}")
        address = self.registrar.address(name)
        told = {"username": name, "email": address, "full_name": "Kiểm thử", "password": login.password}
        self.registered.append(name)
        registered = api.ask("POST", "/v1/auth/register", expect=(201,), body=told).body
        self.registrar.confirm(api, name)
        signed_in = sign_in(api, login)
        return Person(name, login, address, api, registered["id"], signed_in.refresh_token)

    def leave(self) -> None:
        """Remove everybody; the interface's own way first, where it has one."""
        paths = Api(self.url).ask("GET", "/v1/schema").body["paths"]
        for person in self.people.values():
            if "delete" in paths.get("/v1/users/me", {}):
                try:
                    leaving = {"password": person.login.password, "at_once": True}
                    person.api.ask("DELETE", "/v1/users/me", expect=(202,), body=leaving)
                except Unexpected as error:
                    self.left.append(str(error))
        for name in self.registered:
            if not self.registrar.remove(name):
                self.left.append(f"{name}, which the hourly check removes")


def eventually(ask: Callable[[], Any], enough: Callable[[Any], bool], what: str) -> Any:
    """Return an answer that workers bring about; raises `Unexpected` after a minute."""
    deadline = time.monotonic() + PATIENCE
    while not enough(found := ask()):
        if time.monotonic() > deadline:
            message = f"waited {PATIENCE:.0f} s for {what}: do the workers run?"
            raise Unexpected(message)
        time.sleep(BETWEEN)
    return found


class Tidy(ExitStack):
    """What a test made, removed in reverse order when it ends, however it ends."""

    def remove(self, person: Person, path: str) -> str:
        self.callback(person.delete, path)
        return path


def share(owner: Person, others: list[Person], path: str, tidy: Tidy) -> None:
    """Have others see a pending recipe, in the way that people have: by a post for friends."""
    for other in others:
        tidy.callback(owner.delete, f"/v1/friends/{other.id}")
        owner.post("/v1/friends/requests", {"user_id": other.id})
        other.post(f"/v1/friends/requests/{owner.id}/accept")
    posted = {"content": "Kiểm thử", "visibility": "friends", "recipe_id": path.rpartition("/")[2]}
    tidy.remove(owner, f"/v1/posts/{owner.post('/v1/posts', posted)['id']}")
    for other in others:
        eventually(
            partial(other.get, path, (200, 404)), lambda found: "approval" in found, "the recipe that was shared"
        )


def refused(call: Callable[[], Any], status: int) -> str:
    """Return what the service says to a request that it must refuse with this status."""
    with pytest.raises(Unexpected, match=f" answered {status} ") as refusal:
        call()
    return str(refusal.value)


__all__ = ["Answer", "Cast", "Person", "Tidy", "eventually", "refused", "share"]
