"""The server side of AWS's protocols, by botocore's service models: parses requests and builds responses."""

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit
from xml.sax.saxutils import escape

import botocore.session

# Services by the name that they are signed for, where botocore names them otherwise.
SIGNED_AS = {"ses": "sesv2", "monitoring": "cloudwatch", "states": "stepfunctions"}
_SCOPE = re.compile(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/")


@dataclass(frozen=True)
class Call:
    """A call: its access key, service and region."""

    key: str
    region: str
    service: str
    operation: str
    parameters: dict[str, Any]


class Refused(Exception):
    """An error response."""

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


@cache
def model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


@contextmanager
def serve(answer: Callable[[Call], Mapping[str, Any]]) -> Iterator[str]:
    """Serve an account on loopback, and yield its address."""

    class Handler(BaseHTTPRequestHandler):
        def _do(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            call = decode(self.command, self.path, dict(self.headers.items()), body)
            try:
                status, kind, text = 200, *encode(call, answer(call))
            except Refused as error:
                status, kind, text = error.status, *encode_error(call, error)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(text)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _do  # noqa: N815

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def decode(method: str, path: str, headers: Mapping[str, str], body: bytes) -> Call:
    scope = _SCOPE.search(headers.get("Authorization", ""))
    assert scope, f"{method} {path} is not signed"
    key, region, signed = scope.groups()
    service = SIGNED_AS.get(signed, signed)
    if target := headers.get("X-Amz-Target"):
        return Call(key, region, service, target.rpartition(".")[2], json.loads(body or b"{}"))
    if model(service).metadata["protocol"] in {"query", "ec2"}:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        return Call(key, region, service, form["Action"], _nested(form))
    operation, parameters = _matched(service, method, path)
    if body and model(service).metadata["protocol"] == "rest-json":
        parameters |= json.loads(body)
    return Call(key, region, service, operation, parameters)


def _nested(form: Mapping[str, str]) -> dict[str, Any]:
    """Return `A.member.1.B=x` as `{"A": [{"B": "x"}]}`."""
    found: dict[str, Any] = {}
    for name, value in form.items():
        place, parts = found, name.split(".")
        for part in parts[:-1]:
            place = place.setdefault(part, {})
        place[parts[-1]] = value
    return {name: _listed(value) for name, value in found.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"member"}:
        value = value["member"]
    if value and all(name.isdigit() for name in value):
        return [_listed(value[name]) for name in sorted(value, key=int)]
    return {name: _listed(one) for name, one in value.items()}


def _matched(service: str, method: str, path: str) -> tuple[str, dict[str, Any]]:
    """Return the operation of a REST service whose address this is, and what the address says."""
    split = urlsplit(path)
    query = dict(parse_qsl(split.query, keep_blank_values=True))
    best: tuple[int, str, dict[str, Any]] | None = None
    for name in model(service).operation_names:
        operation = model(service).operation_model(name)
        wanted, _, fixed = operation.http["requestUri"].partition("?")
        pattern = re.sub(
            r"\\\{(\w+)\\?\+\\\}", r"(?P<\1>.+)", re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(wanted))
        )
        found = re.fullmatch(pattern.replace("/(?P<Key>", "/(?P<Key>") + "/?", split.path)
        flags = dict(parse_qsl(fixed, keep_blank_values=True))
        if operation.http["method"] != method or not found or not flags.items() <= query.items():
            continue
        score = 10 * len(flags) - len(found.groupdict())
        if best is None or score > best[0]:
            shape = operation.input_shape
            names = {one.serialization.get("name"): title for title, one in (shape.members if shape else {}).items()}
            words = {names.get(key, key): unquote(value) for key, value in found.groupdict().items()}
            asked = {names[key]: value for key, value in query.items() if key in names}
            best = (score, name, words | asked)
    assert best, f"{service} has no operation {method} {path}"
    return best[1], best[2]


def encode(call: Call, answer: Mapping[str, Any]) -> tuple[str, bytes]:
    operation = model(call.service).operation_model(call.operation)
    protocol = model(call.service).metadata["protocol"]
    if protocol in {"query", "ec2"} and call.service != "cloudwatch":
        inner = _members(operation.output_shape, answer) if operation.output_shape else ""
        wrapped = inner if protocol == "ec2" else f"<{call.operation}Result>{inner}</{call.operation}Result>"
        return "text/xml", f"<{call.operation}Response>{wrapped}</{call.operation}Response>".encode()
    if protocol == "rest-xml":
        shape = operation.output_shape
        payload = shape.serialization.get("payload") if shape else None
        if payload:
            return "text/xml", f"<{payload}>{_members(shape.members[payload], answer[payload])}</{payload}>".encode()
        return "text/xml", f"<Result>{_members(shape, answer) if shape else ''}</Result>".encode()
    return "application/json", json.dumps(answer, default=_moment).encode()


def encode_error(call: Call, error: Refused) -> tuple[str, bytes]:
    protocol = model(call.service).metadata["protocol"]
    if protocol in {"query", "ec2", "rest-xml"} and call.service != "cloudwatch":
        inner = f"<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message></Error>"
        return "text/xml", f"<ErrorResponse>{inner}</ErrorResponse>".encode()
    return "application/json", json.dumps({"__type": error.code, "message": error.message}).encode()


def _members(shape: Any, values: Mapping[str, Any]) -> str:
    return "".join(
        _element(shape.members[name].serialization.get("name", name), shape.members[name], value)
        for name, value in values.items()
        if value is not None
    )


def _element(name: str, shape: Any, value: Any) -> str:
    if shape.type_name == "list":
        inner = shape.member.serialization.get("name", "member")
        if shape.serialization.get("flattened"):
            return "".join(_element(name, shape.member, one) for one in value)
        return f"<{name}>{''.join(_element(inner, shape.member, one) for one in value)}</{name}>"
    if shape.type_name == "structure":
        return f"<{name}>{_members(shape, value)}</{name}>"
    if isinstance(value, bool):
        value = str(value).lower()
    return f"<{name}>{escape(value.isoformat() if isinstance(value, datetime) else str(value))}</{name}>"


def _moment(value: Any) -> float:
    assert isinstance(value, datetime)
    return value.timestamp()
