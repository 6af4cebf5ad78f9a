"""A user journey, from registration to the notification of a reaction, and the clean-up after it.

It leaves nothing that counts for other people: the recipe that it cooks to the end is its own, since a recipe's count
of cooks never decreases, and it withdraws its rating of another person's recipe.
"""

import contextlib
import secrets
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any, Protocol

from smartcooking.probes import accounts as names
from smartcooking.probes.checks import Login, Step, sign_in
from smartcooking.probes.http import Answer, Api, Unexpected

# Common enough for every catalogue; without one, the service composes a recipe from them.
INGREDIENTS = ("trứng", "cà chua", "hành lá")
OWN_RECIPE = {
    "title": "Verify",
    "description": "Created to test the service; it is removed at once.",
    "cuisine": "vietnamese",
    "method": "stir_fry",
    "meal": "dinner",
    "difficulty": "easy",
    "prep_minutes": 1,
    "cook_minutes": 1,
    "servings": 1,
    "ingredients": [{"name": name, "quantity": 1, "unit": "piece"} for name in INGREDIENTS[:2]],
    "steps": [{"text": "Verify"}],
    "tags": [],
}
# Seconds to wait for a worker: it makes generated recipes and notifications.
PATIENCE = 60.0
BETWEEN = 0.5
TAKEN_AWAY = (200, 202, 204, 404)


class Accounts(Protocol):
    """Confirms accounts, without the mailed code, and removes them."""

    def confirm(self, username: str) -> None: ...

    def remove(self, username: str) -> bool: ...


@dataclass
class Journey:
    """One journey through the service. Everything that it creates is removed when it ends, whether or not it succeeds.

    Without a `user` it registers one, and without a `friend` another; both need `accounts`.
    """

    url: str
    accounts: Accounts | None = None
    user: Login | None = None
    friend: Login | None = None
    patience: float = PATIENCE
    # Descriptions of what could not be removed.
    left: list[str] = field(default_factory=list)

    def run(self) -> Iterator[Step]:
        """Yield each step that worked; raises `Unexpected` at the first that did not."""
        api = Api(self.url)
        paths = api.ask("GET", "/v1/schema").body["paths"]
        with ExitStack() as tidy:
            yield from self._enter(api, paths, tidy, self.user)
            offered = yield from self._suggest(api)
            yield from self._cook(api, tidy, offered)
            yield from self._rate(api, tidy, offered)
            yield from self._post(api, paths, tidy)
            begun = time.perf_counter()
        note = f"left: {', '.join(self.left)}" if self.left else "everything is removed again"
        yield Step("clean up", (time.perf_counter() - begun) * 1000, note)

    def _enter(self, api: Api, paths: dict[str, Any], tidy: ExitStack, known: Login | None) -> Iterator[Step]:
        """Sign in as a known user, or as one that is registered first."""
        login = known or (yield from self._register(api, tidy))
        signed_in = sign_in(api, login)
        token = {"refresh_token": signed_in.refresh_token}
        # 401: a user who has already been removed is signed out.
        tidy.callback(self._take_away, api, "POST", "/v1/auth/logout", token, (*TAKEN_AWAY, 401))
        if known is None and "delete" in paths.get("/v1/users/me", {}):
            # Before the session ends. Not at once: a worker would erase the account while an operator removes it.
            leaving = {"password": login.password}
            tidy.callback(self._take_away, api, "DELETE", "/v1/users/me", leaving)
        yield signed_in.step

    def _register(self, api: Api, tidy: ExitStack) -> Generator[Step, None, Login]:
        if self.accounts is None:
            message = "without the user pool the journey needs --user and its password"
            raise Unexpected(message)
        name = f"{names.PREFIX}{secrets.token_hex(6)}"
        login = Login(name, f"Aa1-{secrets.token_urlsafe(18)}")
        person = {"username": name, "email": names.mailbox(name), "full_name": "Verify"}
        tidy.callback(self._remove, name)
        answer = api.ask("POST", "/v1/auth/register", expect=(201,), body=person | {"password": login.password})
        yield Step("register", answer.milliseconds, name)
        begun = time.perf_counter()
        self.accounts.confirm(name)
        yield Step("confirm", (time.perf_counter() - begun) * 1000)
        return login

    def _suggest(self, api: Api) -> Generator[Step, None, dict[str, Any]]:
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
        offered: dict[str, Any] = body["recipes"][0]
        title = offered["recipe"].get("title", offered["recipe"]["id"])
        yield Step("suggest", (time.perf_counter() - begun) * 1000, f"{title}, from {offered['source']}")
        return offered

    def _cook(self, api: Api, tidy: ExitStack, offered: dict[str, Any]) -> Iterator[Step]:
        """Start to cook the suggested recipe, and cook a recipe of the user's own to the end."""
        session, answer = self._begin(api, tidy, offered["recipe"]["id"])
        yield Step("cook", answer.milliseconds)
        answer = api.ask("POST", f"{session}/abandon", body={})
        yield Step("abandon", answer.milliseconds)
        answer = api.ask("POST", "/v1/recipes", expect=(201,), body=OWN_RECIPE)
        own = str(answer.body["id"])
        tidy.callback(self._take_away, api, "DELETE", f"/v1/recipes/{own}")
        yield Step("write", answer.milliseconds)
        session, _ = self._begin(api, tidy, own)
        answer = api.ask("POST", f"{session}/complete", body={})
        yield Step("complete", answer.milliseconds)

    def _begin(self, api: Api, tidy: ExitStack, recipe: str) -> tuple[str, Answer]:
        answer = api.ask("POST", "/v1/cooking/sessions", expect=(201,), body={"recipe_id": recipe})
        session = f"/v1/cooking/sessions/{answer.body['id']}"
        tidy.callback(self._take_away, api, "DELETE", session)
        return session, answer

    def _rate(self, api: Api, tidy: ExitStack, offered: dict[str, Any]) -> Iterator[Step]:
        rating = f"/v1/recipes/{offered['recipe']['id']}/rating"
        tidy.callback(self._take_away, api, "DELETE", rating)
        answer = api.ask("PUT", rating, expect=(200, 201), body={"stars": 5})
        yield Step("rate", answer.milliseconds)

    def _post(self, api: Api, paths: dict[str, Any], tidy: ExitStack) -> Iterator[Step]:
        """Post, have somebody else react, and wait for the notification."""
        if self.friend is None and self.accounts is None:
            yield Step("post", 0.0, "left out: there is nobody else to react")
            return
        answer = api.ask("POST", "/v1/posts", expect=(201,), body={"content": "Verify", "visibility": "public"})
        post = answer.body["id"]
        tidy.callback(self._take_away, api, "DELETE", f"/v1/posts/{post}")
        yield Step("post", answer.milliseconds)
        other = Api(self.url)
        yield from self._enter(other, paths, tidy, self.friend)
        reaction = f"/v1/posts/{post}/reaction"
        answer = other.ask("PUT", reaction, expect=(200, 201, 204), body={"reaction": "like"})
        yield Step("react", answer.milliseconds)
        begun = time.perf_counter()
        answer = self._until(
            lambda: api.ask("GET", "/v1/notifications"),
            lambda answer: any(one["target"]["id"] == post for one in answer.body["items"]),
            "the notification of the reaction",
        )
        for one in answer.body["items"]:
            if one["target"]["id"] == post:
                tidy.callback(self._take_away, api, "DELETE", f"/v1/notifications/{one['id']}")
        yield Step("notify", (time.perf_counter() - begun) * 1000)

    def _until(self, ask: Callable[[], Answer], is_enough: Callable[[Answer], bool], what: str) -> Answer:
        deadline = time.monotonic() + self.patience
        while not is_enough(answer := ask()):
            if time.monotonic() > deadline:
                message = f"waited {self.patience:.0f} s for {what}: do the workers run?"
                raise Unexpected(message)
            time.sleep(BETWEEN)
        return answer

    def _take_away(
        self, api: Api, method: str, path: str, body: Any = None, expect: tuple[int, ...] = TAKEN_AWAY
    ) -> None:
        """Clean up: missing things are no failure, and the first failure of the journey is the one that is reported."""
        try:
            api.ask(method, path, expect=expect, body=body)
        except Unexpected as error:
            self.left.append(str(error))

    def _remove(self, name: str) -> None:
        assert self.accounts is not None
        removed = False
        with contextlib.suppress(Exception):
            removed = self.accounts.remove(name)
        if not removed:
            self.left.append(f"{name}, which the hourly check removes")
