"""Somebody who uses the service of a trial, and the model that their wishes wait for."""

import io
import socket
import time

import urllib3
from PIL import Image

from deploy.commands import verify
from smartcooking.probes.http import Api, Unexpected
from tests.image.stage import HOST, PATIENCE, Container, Trial

PASSWORD = "Nau-an-123!"


class SilentModel:
    """A model that is asked and says nothing, until it hangs up: then the rules compose what it should have."""

    def __init__(self) -> None:
        self._listener = socket.create_server((HOST, 0))
        self._listener.settimeout(PATIENCE)
        self._asked: list[socket.socket] = []

    @property
    def variables(self) -> dict[str, str]:
        """What has a worker ask it first, and gives it time."""
        url = f"http://{HOST}:{self._listener.getsockname()[1]}"
        return {"AI_PROVIDERS": "ollama,rules", "OLLAMA_HOST": url, "AI_DEADLINE": "40"}

    def wait_until_asked(self) -> None:
        self._asked.append(self._listener.accept()[0])

    def hang_up(self) -> None:
        for open_ in (self._listener, *self._asked):
            open_.close()


def somebody(trial: Trial, running: Container) -> Api:
    """Register, confirm and log in; return the service as this person sees it."""
    name = f"try{time.monotonic_ns()}"
    person = Api(running.url)
    known = {"username": name, "email": f"{name}@example.com", "full_name": "An", "password": PASSWORD}
    person.ask("POST", "/v1/auth/register", expect=(201,), body=known)
    verify.accounts(trial.target).confirm(name)
    login = {"username": name, "password": PASSWORD}
    person.token = person.ask("POST", "/v1/auth/login", body=login).body["access_token"]
    return person


def post_picture(person: Api, kind: str, *, side: int) -> str:
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), "red").save(buffer, kind)
    content = buffer.getvalue()
    wanted = {"purpose": "recipe", "content_type": f"image/{kind.lower()}", "size": len(content)}
    form = person.ask("POST", "/v1/uploads", expect=(201,), body=wanted).body
    fields = [*form["fields"].items(), ("file", ("picture", content, "application/octet-stream"))]
    urllib3.request("POST", form["url"], fields=fields, redirect=False, retries=False)
    person.ask("POST", f"/v1/uploads/{form['id']}/complete", expect=(202,))
    return str(form["id"])


def seen(person: Api, path: str) -> str:
    try:
        answer = person.ask("GET", path, expect=(200, 202))
    except Unexpected as error:
        return str(error)
    return f"{answer.status} {answer.body['status']}, {len(answer.body['recipes'])} recipes"
