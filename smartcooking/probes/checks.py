"""Simple checks of a running service: it is alive, its dependencies are up, and it requires authentication."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from smartcooking.probes.http import Api, Unexpected

# An ingredient that every catalogue has.
COMMON = "trứng"
# Milliseconds for Cognito to check a password, which is slow on purpose and not in our control.
COGNITO_MS = 1000.0
# Checks of the client's site: paths, and what must answer them.
SITE = (
    ("page", "/recipes", 200, "text/html"),
    ("no file", "/assets/missing-00000000.js", 404, ""),
    ("interface", "/v1/users/me", 401, "application/problem+json"),
    ("no recipe", "/r/none", 404, "text/html"),
    ("sitemap", "/sitemap.xml", 200, "application/xml"),
)


@dataclass(frozen=True)
class Step:
    """A check that passed."""

    name: str
    milliseconds: float
    note: str = ""


@dataclass(frozen=True)
class Login:
    """A username and password."""

    username: str
    password: str


@dataclass(frozen=True)
class SignedIn:
    """The sign-in step, and the refresh token that ends the session."""

    step: Step
    refresh_token: str


def quick(api: Api, most: float | None = None) -> Iterator[Step]:
    """Check what needs no account; with `most`, a response that takes more milliseconds is a failure.

    Dependencies are checked through the service: database, user pool, storage and queue.
    """
    checks: tuple[Callable[[Api], Step], ...] = (_alive, _healthy, _closed)
    for check in checks:
        yield _in_time(check(api), float("inf") if most is None else most)


def site(url: str) -> Iterator[Step]:
    """Check the client's site: a page, a missing file, the API, and the pages that the service renders."""
    api = Api(url, headers={"Accept": "text/html, */*;q=0.1"})
    for name, path, status, media_type in SITE:
        answer = api.ask("GET", path, expect=(status,))
        if media_type and answer.media_type != media_type:
            message = f"GET {url}{path} is {answer.media_type or 'of no type'} instead of {media_type}"
            raise Unexpected(message)
        yield Step(name, answer.milliseconds, f"{url}{path}")


def sign_in(api: Api, login: Login) -> SignedIn:
    """Sign in; later requests of `api` carry the access token."""
    answer = api.ask("POST", "/v1/auth/login", body={"username": login.username, "password": login.password})
    if "access_token" not in answer.body:
        message = f"POST /v1/auth/login asks {login.username} for more than a password"
        raise Unexpected(message)
    api.token = answer.body["access_token"]
    return SignedIn(Step("login", answer.milliseconds), answer.body["refresh_token"])


def visit(api: Api, login: Login, most: float) -> Iterator[Step]:
    """Sign in, put something into the pantry, take it out, sign out; no step may take more than `most` ms.

    The connection is opened before anything is timed: its handshake depends on the network, not on the service. Signing
    in may take longer by the time that Cognito needs to check a password.
    """
    api.ask("GET", "/livez")
    signed_in = sign_in(api, login)
    yield _in_time(signed_in.step, most + COGNITO_MS)
    named = api.ask("POST", "/v1/ingredients/validate", body={"ingredients": [COMMON]}).body["results"][0]
    place = f"/v1/pantry/{named['ingredient']['id']}"
    answer = api.ask("PUT", place, expect=(200, 201, 204), body={})
    yield _in_time(Step("act", answer.milliseconds), most)
    api.ask("DELETE", place, expect=(200, 204))
    token = {"refresh_token": signed_in.refresh_token}
    answer = api.ask("POST", "/v1/auth/logout", expect=(200, 204), body=token)
    yield _in_time(Step("logout", answer.milliseconds), most)
    api.token = ""


def _in_time(step: Step, most: float) -> Step:
    if step.milliseconds > most:
        message = f"{step.name} took {step.milliseconds:.0f} ms, more than {most:.0f}"
        raise Unexpected(message)
    return step


def _alive(api: Api) -> Step:
    return Step("livez", api.ask("GET", "/livez").milliseconds)


def _healthy(api: Api) -> Step:
    answer = api.ask("GET", "/health")
    down = sorted(name for name, state in answer.body.get("services", {}).items() if state != "up")
    if answer.body.get("status") != "ok":
        message = f"GET /health says {answer.body.get('status')}: {', '.join(down) or 'no reason given'}"
        raise Unexpected(message)
    return Step("health", answer.milliseconds, f"version {answer.body.get('version', 'unknown')}")


def _closed(api: Api) -> Step:
    """Check that a request without a token is refused: a release without authentication would pass all other checks."""
    return Step("auth", api.ask("GET", "/v1/users/me", expect=(401,)).milliseconds, "closed to strangers")
