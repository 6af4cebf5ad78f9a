"""The simple checks of a running service: it lives, what it stands on is up, and it says what it can do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from deploy.http import Api, Unexpected


@dataclass(frozen=True)
class Step:
    """Something that was tried and worked."""

    name: str
    milliseconds: float
    note: str = ""


def quick(api: Api, most: float | None = None) -> Iterator[Step]:
    """Check what needs no account; with `most` an answer that takes more milliseconds is a failure.

    What the service stands on is asked through the service: database, pool of users, storage and queue.
    """
    checks: tuple[tuple[str, Callable[[Api], Step]], ...] = (("livez", _alive), ("health", _healthy), ("auth", _closed))
    for name, check in checks:
        step = check(api)
        if most is not None and step.milliseconds > most:
            message = f"{name} took {step.milliseconds:.0f} ms, more than {most:.0f}"
            raise Unexpected(message)
        yield step


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
    """Nobody without a token is let in: a release that lost authentication would pass every other check."""
    return Step("auth", api.ask("GET", "/v1/users/me", expect=(401,)).milliseconds, "closed to strangers")
