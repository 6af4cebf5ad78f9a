"""The common part of the stubs of Bedrock and Ollama: a scripted HTTP server that records its requests.

Each request takes the next behaviour of the script, or the default one. Behaviours are JSON, so that a stub in another
process can be scripted too: POST /_script {"behaviours": […], "default": {…}}, GET /_requests, DELETE /_requests.
"""

import argparse
import json
import re
import socket
import struct
import sys
import threading
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Behaviour = dict[str, Any]

RECIPE: Behaviour = {"kind": "recipe"}
REFUSAL: Behaviour = {"kind": "refusal"}
TRUNCATED: Behaviour = {"kind": "truncated"}
MALFORMED: Behaviour = {"kind": "malformed"}
GUARDRAIL: Behaviour = {"kind": "guardrail"}
RESET: Behaviour = {"kind": "reset"}
GARBAGE: Behaviour = {"kind": "garbage"}
HUGE: Behaviour = {"kind": "huge"}
DEEP: Behaviour = {"kind": "deep"}
HALF: Behaviour = {"kind": "half"}
DRIP: Behaviour = {"kind": "drip"}
VIOLATION: Behaviour = {"kind": "recipe", "changes": {"title": None, "steps": "boil it", "difficulty": "impossible"}}


def recipe(given: Any = None, **changes: Any) -> Behaviour:
    """Answer with this recipe, or with the composed one with `changes`; None removes a field."""
    return {"kind": "recipe", "recipe": given, "changes": changes}


def slow(seconds: float) -> Behaviour:
    return {"kind": "recipe", "after": seconds}


def error(status: int, code: str, message: str = "") -> Behaviour:
    return {"kind": "error", "status": status, "code": code, "message": message}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A received request."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def wire(self) -> bytes:
        """Return everything that was sent: path, headers and body."""
        head = "\n".join([self.path, *(f"{name}: {value}" for name, value in self.headers.items())])
        return head.encode() + b"\n\n" + self.body


@dataclass
class Script:
    default: Behaviour = field(default_factory=lambda: RECIPE)
    behaviours: deque[Behaviour] = field(default_factory=deque)
    requests: list[Recorded] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, recorded: Recorded) -> Behaviour:
        with self.lock:
            self.requests.append(recorded)
            return self.behaviours.popleft() if self.behaviours else self.default


class ModelStub(ThreadingHTTPServer):
    """A running stub: `handler` speaks the protocol, `script` holds the next behaviours and the received requests."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, handler: type["ModelHandler"], *, port: int = 0) -> None:
        self.script = Script()
        self.stopped = threading.Event()
        super().__init__(("127.0.0.1", port), handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def then(self, *behaviours: Behaviour) -> Self:
        self.script.behaviours.extend(behaviours)
        return self

    @property
    def requests(self) -> list[Recorded]:
        return list(self.script.requests)

    @property
    def last(self) -> Recorded:
        return self.script.requests[-1]

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self.shutdown()
        self.server_close()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that hang up, which many tests have them do."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class ModelHandler(BaseHTTPRequestHandler):
    """Reads a request and takes its behaviour; `answer` formats the response for the protocol."""

    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: the second would wait for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    server: ModelStub

    def answer(self, behaviour: Behaviour, recorded: Recorded) -> None:
        raise NotImplementedError

    def log_message(self, *_: object) -> None:
        """Log nothing."""

    def do_GET(self) -> None:
        seen = [{"path": one.path, "headers": one.headers, "body": one.body.decode()} for one in self.server.requests]
        self.send(200, seen)

    def do_DELETE(self) -> None:
        self.server.script.requests.clear()
        self.send(200, {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/_script":
            self._rewrite(json.loads(body))
            return
        recorded = Recorded(self.path, dict(self.headers), body)
        behaviour = self.server.script.take(recorded)
        if behaviour.get("after"):
            self.server.stopped.wait(behaviour["after"])
        breaking = {"reset": self._reset, "huge": self._huge, "half": self._half, "drip": self._drip}
        broken = breaking.get(behaviour["kind"])
        if broken:
            broken()
        elif behaviour["kind"] == "garbage":
            self.send_bytes(200, b"<html>It works!</html>")
        elif behaviour["kind"] == "deep":
            self.send_bytes(200, b'{"output": ' + b"[" * 100_000)
        else:
            self.answer(behaviour, recorded)

    def _rewrite(self, wanted: dict[str, Any]) -> None:
        script = self.server.script
        script.default = wanted.get("default", script.default)
        script.behaviours = deque(wanted.get("behaviours", ()))
        self.send(200, {})

    def send(self, status: int, body: Any, **headers: str) -> None:
        self.send_bytes(status, json.dumps(body).encode(), **headers)

    def send_bytes(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True
        self.connection.close()

    def _huge(self) -> None:
        """Send an endless body until the client stops reading."""
        self._begin(64 * 1024 * 1024)
        for _ in range(1024):
            self.wfile.write(b" " * 64 * 1024)

    def _half(self) -> None:
        self._begin(1000)
        self.wfile.write(b'{"output": ')
        self.close_connection = True

    def _drip(self) -> None:
        """Send one byte at a time, each before the read timeout, and never finish."""
        self._begin(1_000_000)
        while not self.server.stopped.wait(0.05):
            self.wfile.write(b" ")

    def _begin(self, length: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(length))
        self.end_headers()


_REQUEST = re.compile(r"<request>\n(.*)\n</request>", re.DOTALL)


def asked(user: str) -> Any:
    """Return the data in a prompt."""
    found = _REQUEST.search(user)
    return json.loads(found[1]) if found else {}


def written(behaviour: Behaviour, user: str, schema: Any) -> Any:
    """Return the behaviour's recipe, or one composed from the prompt's ingredients, with the behaviour's changes."""
    whole = behaviour.get("recipe") or composed(asked(user), schema)
    for name, value in behaviour.get("changes", {}).items():
        whole[name] = value
    return {name: value for name, value in whole.items() if value is not None} if isinstance(whole, dict) else whole


def composed(data: Any, schema: Any) -> dict[str, Any]:
    """Compose the simplest recipe that follows all rules of the prompt."""
    names = [*data.get("at_hand", ())[:5], *data.get("usual", ())[-1:]] or ["nước", "muối"]
    is_english = data.get("language") == "en"
    listed, title = ", ".join(names), f"{data.get('lead') or names[0]} {schema['properties']['method']['enum'][0]}"
    texts = (
        [f"Wash and cut {listed}.", f"Cook {listed} until done."] if is_english
        else [f"Rửa và cắt {listed}.", f"Nấu {listed} đến khi chín."]
    )  # fmt: skip
    return {
        "title": title[:1].upper() + title[1:],
        "description": "",
        "method": schema["properties"]["method"]["enum"][0],
        "meal": schema["properties"]["meal"]["enum"][0],
        "difficulty": "easy",
        "prep_minutes": 5,
        "cook_minutes": 10,
        "ingredients": [{"name": name, "quantity": 100, "unit": "g"} for name in names],
        "steps": [{"text": text, "minutes": minutes} for text, minutes in zip(texts, (5, 10), strict=True)],
        "tags": [],
    }


def run(handler: type[ModelHandler], description: str) -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--default", type=json.loads, default=RECIPE, help='e.g. {"kind": "recipe", "after": 2}')
    arguments = parser.parse_args()
    stub = ModelStub(handler, port=arguments.port)
    stub.script.default = arguments.default
    sys.stdout.write(f"{stub.url}\n")
    sys.stdout.flush()
    stub.serve_forever()
