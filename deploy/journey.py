"""What somebody does with the service, from registering to the notification of a reaction, and the tidying after it."""

import contextlib
import secrets
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, Protocol

from deploy.checks import Step
from deploy.http import Answer, Api, Unexpected

# Common enough for every catalogue; a service without one composes a recipe of them.
INGREDIENTS = ("trứng", "cà chua", "hành lá")
# SES's simulator takes what is sent to it; an address that bounces would harm the sender's name.
MAILBOX = "success+{name}@simulator.amazonses.com"
# A generated recipe, and a notification, are made by a worker.
PATIENCE = 60.0
BETWEEN = 0.5


class Accounts(Protocol):
    """Confirms and removes accounts, without the code that goes out by mail."""

    def confirm(self, username: str) -> None: ...

    def remove(self, username: str) -> None: ...


@dataclass(frozen=True)
class Login:
    """Somebody's name and password."""

    username: str
    password: str


@dataclass
class Journey:
    """One walk through the service. What it makes is removed when it ends, however it ends."""

    url: str
    accounts: Accounts | None
    user: Login | None = None
    patience: float = PATIENCE

    def run(self) -> Iterator[Step]:
        """Yield each step that worked; raises `Unexpected` at the first one that did not."""
        api = Api(self.url)
        paths = api.ask("GET", "/v1/schema").body["paths"]
        with ExitStack() as tidy:
            login = self.user or (yield from self._register(api, paths, tidy))
            yield from self._log_in(api, login, tidy)
            yield from self._cook(api, tidy)
            if {"/v1/posts", "/v1/notifications"} <= set(paths) and self.accounts is not None:
                yield from self._post(api, paths, tidy)
        yield Step("clean up", 0.0, "everything is removed again")

    def _register(self, api: Api, paths: dict[str, Any], tidy: ExitStack) -> Generator[Step, None, Login]:
        if self.accounts is None:
            message = "without the user pool the journey needs --user and its password"
            raise Unexpected(message)
        name = f"verify{secrets.token_hex(6)}"
        login = Login(name, f"Aa1-{secrets.token_urlsafe(18)}")
        person = {"username": name, "email": MAILBOX.format(name=name), "full_name": "Verify"}
        tidy.callback(self.accounts.remove, name)
        answer = api.ask("POST", "/v1/auth/register", expect=(201,), body=person | {"password": login.password})
        yield Step("register", answer.milliseconds, name)
        begun = time.perf_counter()
        self.accounts.confirm(name)
        yield Step("confirm", (time.perf_counter() - begun) * 1000)
        if "delete" in paths.get("/v1/users/me", {}):
            # The rows of an account go with it only where the service itself removes it.
            tidy.callback(_quietly, api, "DELETE", "/v1/users/me")
        return login

    def _log_in(self, api: Api, login: Login, tidy: ExitStack) -> Iterator[Step]:
        given = {"username": login.username, "password": login.password}
        answer = api.ask("POST", "/v1/auth/login", body=given)
        if "access_token" not in answer.body:
            message = f"POST /v1/auth/login asks {login.username} for more than a password"
            raise Unexpected(message)
        api.token = answer.body["access_token"]
        token = {"refresh_token": answer.body["refresh_token"]}
        tidy.callback(_quietly, api, "POST", "/v1/auth/logout", token)
        yield Step("login", answer.milliseconds)

    def _cook(self, api: Api, tidy: ExitStack) -> Iterator[Step]:
        begun = time.perf_counter()
        wanted = {"ingredients": INGREDIENTS, "recipe_count": 1}
        body = api.ask("POST", "/v1/suggestions", expect=(200, 202), body=wanted).body
        if body["status"] == "generating":
            answer = self._until(
                lambda: api.ask("GET", f"/v1/suggestions/{body['id']}?wait=10"),
                lambda answer: answer.body["status"] != "generating",
                "the suggestion to be generated",
            )
            body = answer.body
        if not body["recipes"]:
            message = f"POST /v1/suggestions is {body['status']} and has no recipe"
            raise Unexpected(message)
        offered = body["recipes"][0]
        yield Step("suggest", (time.perf_counter() - begun) * 1000, f"from {offered['source']}")
        recipe = offered["recipe"]["id"]
        answer = api.ask("POST", "/v1/cooking/sessions", expect=(201,), body={"recipe_id": recipe})
        session = f"/v1/cooking/sessions/{answer.body['id']}"
        tidy.callback(_quietly, api, "DELETE", session)
        yield Step("cook", answer.milliseconds, offered["recipe"].get("title", recipe))
        answer = api.ask("POST", f"{session}/complete", body={})
        yield Step("complete", answer.milliseconds)
        # Not with the completion: a rating counts for everybody, and this one must be seen to go again.
        tidy.callback(_quietly, api, "DELETE", f"/v1/recipes/{recipe}/rating")
        answer = api.ask("PUT", f"/v1/recipes/{recipe}/rating", expect=(200, 201), body={"stars": 5})
        yield Step("rate", answer.milliseconds)

    def _post(self, api: Api, paths: dict[str, Any], tidy: ExitStack) -> Iterator[Step]:
        """Post, have somebody else react, and be told of it."""
        answer = api.ask("POST", "/v1/posts", expect=(201,), body={"content": "Verify", "visibility": "public"})
        post = answer.body["id"]
        tidy.callback(_quietly, api, "DELETE", f"/v1/posts/{post}")
        yield Step("post", answer.milliseconds)
        other = Api(self.url)
        login = yield from self._register(other, paths, tidy)
        yield from self._log_in(other, login, tidy)
        reaction = f"/v1/posts/{post}/reaction"
        answer = other.ask("PUT", reaction, expect=(200, 201, 204), body={"reaction": "like"})
        yield Step("react", answer.milliseconds)
        begun = time.perf_counter()
        self._until(
            lambda: api.ask("GET", "/v1/notifications"),
            lambda answer: any(one["target"]["id"] == post for one in answer.body["items"]),
            "the notification of the reaction",
        )
        yield Step("notify", (time.perf_counter() - begun) * 1000)

    def _until(self, ask: Callable[[], Answer], is_enough: Callable[[Answer], bool], what: str) -> Answer:
        deadline = time.monotonic() + self.patience
        while not is_enough(answer := ask()):
            if time.monotonic() > deadline:
                message = f"waited {self.patience:.0f} s for {what}: do the workers run?"
                raise Unexpected(message)
            time.sleep(BETWEEN)
        return answer


def _quietly(api: Api, method: str, path: str, body: Any = None) -> None:
    """Tidy up: what was never made cannot be removed, and the first failure is the one to tell."""
    with contextlib.suppress(Unexpected):
        api.ask(method, path, expect=(200, 204, 404), body=body)
