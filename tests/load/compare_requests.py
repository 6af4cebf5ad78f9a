"""Measure what requests cost one thread of a tree of the service: processor time, function calls and calls of AWS.

    cd TREE && python .../compare_requests.py --people 8 --requests 300 --count-in 40

`tests.load.compare` runs it in each tree, with an environment whose table is seeded. It calls the WSGI application
itself, as gunicorn does, with the garbage collector as gunicorn's configuration leaves it, and imports nothing of the
tree but that. Prints one line of JSON.
"""

import argparse
import cProfile
import io
import itertools
import json
import os
import pstats
import random
import runpy
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

PASSWORD = "Nau-an-123!"
_WARM_UP = 30
_SEND = ("httpsession.py", "send")

Request = tuple[str, str, Any, str | None]


class Application:
    """The tree's WSGI application, asked as gunicorn asks it."""

    def __init__(self) -> None:
        sys.path.insert(0, str(Path.cwd()))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcooking.settings")
        from smartcooking.wsgi import application  # noqa: PLC0415

        self._application: Any = application
        configuration = runpy.run_path("docker/gunicorn.conf.py")
        configuration["post_worker_init"](None)

    def environ(self, request: Request) -> dict[str, Any]:
        method, path, body, token = request
        parts = urlsplit(path)
        data = json.dumps(body).encode() if body is not None else b""
        environ = {
            "REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": parts.path, "QUERY_STRING": parts.query,
            "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "8000", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_ACCEPT_LANGUAGE": "en", "HTTP_ACCEPT": "*/*",
            "wsgi.version": (1, 0), "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(data),
            "wsgi.errors": sys.stderr, "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False,
        }  # fmt: skip
        if token:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {token}"
        if data:
            environ |= {"CONTENT_TYPE": "application/json", "CONTENT_LENGTH": str(len(data))}
        return environ

    def answer(self, environ: dict[str, Any]) -> tuple[int, bytes]:
        status: list[str] = []
        body = self._application(environ, lambda line, _headers, _error=None: status.append(line))
        try:
            return int(status[0][:3]), b"".join(body)
        finally:
            body.close()

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        status, answer = self.answer(self.environ((method, path, body, token)))
        if status >= 400:
            raise RuntimeError(f"{method} {path}: {status} {answer.decode()}")
        return json.loads(answer or b"null")


class Kinds:
    """Requests of every kind, drawn with a fixed seed."""

    def __init__(self, application: Any, people: int) -> None:
        self._application = application
        self._chance = random.Random(1)
        self._names = [f"cost_person_{number}" for number in range(people)]
        self._tokens = itertools.cycle([self._sign_in(name) for name in self._names])
        self._recipes = self._read_recipes()
        # Theirs who wrote the catalogue: nobody rates what is their own.
        self._rated = itertools.cycle([recipe["id"] for recipe in self._recipes])

    def all(self) -> dict[str, Callable[[], Request]]:
        return {
            "recipe by id": lambda: ("GET", f"/v1/recipes/{self._any()['id']}", None, next(self._tokens)),
            "list of 25": self._list,
            "search": self._search,
            "feed": lambda: ("GET", "/v1/feed?limit=20", None, next(self._tokens)),
            "own profile": lambda: ("GET", "/v1/users/me", None, next(self._tokens)),
            "validation": self._validation,
            "suggestion": self._suggestion,
            "log in": self._login,
            "create recipe": lambda: ("POST", "/v1/recipes", self._written(self._any()), next(self._tokens)),
            "rate": self._rate,
        }

    def _sign_in(self, name: str) -> str:
        login = {"username": name, "password": PASSWORD}
        status, answer = self._application.answer(self._application.environ(("POST", "/v1/auth/login", login, None)))
        if status != 200:
            form = login | {"email": f"{name}@example.com", "full_name": "Cost Person"}
            self._application.ask("POST", "/v1/auth/register", form)
            self._application.ask("POST", "/v1/auth/confirm", {"username": name, "code": "123456"})
            return str(self._application.ask("POST", "/v1/auth/login", login)["access_token"])
        return str(json.loads(answer)["access_token"])

    def _read_recipes(self) -> list[dict[str, Any]]:
        token = next(self._tokens)
        cards = self._application.ask("GET", "/v1/recipes?sort=newest&limit=100", None, token)["items"]
        return [self._application.ask("GET", f"/v1/recipes/{card['id']}", None, token) for card in cards]

    def _any(self) -> dict[str, Any]:
        return self._chance.choice(self._recipes)

    def _list(self) -> Request:
        options = ("", "&method=soup", "&cuisine=vietnamese&max_minutes=45", "&diet=vegetarian&sort=rating")
        return "GET", f"/v1/recipes?limit=25{self._chance.choice(options)}", None, next(self._tokens)

    def _search(self) -> Request:
        words = self._any()["title"].split()
        start = self._chance.randrange(max(1, len(words) - 2))
        return "GET", f"/v1/recipes?limit=25&q={quote(' '.join(words[start : start + 3]))}", None, next(self._tokens)

    def _validation(self) -> Request:
        names = [line["name"] for recipe in self._chance.sample(self._recipes, 5) for line in recipe["ingredients"]]
        return "POST", "/v1/ingredients/validate", {"ingredients": names[:10]}, next(self._tokens)

    def _suggestion(self) -> Request:
        names = {line["name"] for recipe in self._chance.sample(self._recipes, 2) for line in recipe["ingredients"]}
        body = {"ingredients": sorted(names)[:20], "recipe_count": 3}
        return "POST", "/v1/suggestions", body, next(self._tokens)

    def _login(self) -> Request:
        return "POST", "/v1/auth/login", {"username": self._chance.choice(self._names), "password": PASSWORD}, None

    def _rate(self) -> Request:
        return (
            "PUT",
            f"/v1/recipes/{next(self._rated)}/rating",
            {"stars": self._chance.randint(1, 5)},
            next(self._tokens),
        )

    def _written(self, recipe: dict[str, Any]) -> dict[str, Any]:
        kept = ("title", "description", "cuisine", "method", "meal", "difficulty", "prep_minutes", "cook_minutes",
                "servings", "tags")  # fmt: skip
        lines = [{name: line[name] for name in ("name", "quantity", "unit")} for line in recipe["ingredients"]]
        steps = [{"text": step["text"]} for step in recipe["steps"]]
        return {name: recipe[name] for name in kept} | {"ingredients": lines, "steps": steps}


def measure(
    application: Application, make: Callable[[], Request], *, requests: int, count_in: int, profile: str | None
) -> dict[str, Any]:
    """Return milliseconds of the thread (least, median), and function calls and calls of AWS for a request."""
    refused = [status for status, _ in _answers(application, make, _WARM_UP) if status >= 400]
    times = []
    for _ in range(requests):
        environ = application.environ(make())
        started = time.thread_time()
        status, _ = application.answer(environ)
        times.append((time.thread_time() - started) * 1000)
        refused += [status] * (status >= 400)
    environs = [application.environ(make()) for _ in range(count_in)]
    counting = cProfile.Profile()
    with counting:
        for environ in environs:
            application.answer(environ)
    stats: Any = pstats.Stats(counting)
    if profile:
        stats.dump_stats(profile)
    sent = sum(of[1] for (file, _, name), of in stats.stats.items() if file.endswith(_SEND[0]) and name == _SEND[1])
    return {
        "least": min(times), "median": statistics.median(times), "calls": stats.total_calls / count_in,
        "aws": sent / count_in, "refused": len(refused),
    }  # fmt: skip


def _answers(application: Application, make: Callable[[], Request], number: int) -> Iterator[tuple[int, bytes]]:
    for _ in range(number):
        yield application.answer(application.environ(make()))


def main() -> None:
    parser = argparse.ArgumentParser("compare_requests", description=__doc__)
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--count-in", type=int, default=40, metavar="N", help="requests in which calls are counted")
    parser.add_argument("--kinds", nargs="*", default=[], help="only these")
    parser.add_argument("--profiles", default="", metavar="DIRECTORY", help="where profiles are left, for pstats")
    options = parser.parse_args()
    application = Application()
    kinds = Kinds(application, options.people).all()
    found = {}
    for kind, make in kinds.items():
        if options.kinds and kind not in options.kinds:
            continue
        profile = f"{options.profiles}/{kind.replace(' ', '-')}.prof" if options.profiles else None
        few = options.requests // 3 if kind in {"suggestion", "create recipe", "log in", "rate"} else options.requests
        found[kind] = measure(application, make, requests=few, count_in=options.count_in, profile=profile)
    sys.stdout.write(f"\n{json.dumps(found)}\n")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
