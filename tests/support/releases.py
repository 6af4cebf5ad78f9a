"""A release in tests: a stub of CloudFormation with production's stacks, and a service that answers smoke tests."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from deploy import __main__ as command
from deploy import aws
from deploy.commands import release as verbs
from deploy.operations import synthetic_traffic
from tests.support import cloudformation_stub
from tests.support.cloudformation_stub import CloudFormation, Stack

OLD, NEW = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"


ALARM = "arn:aws:cloudwatch:ap-southeast-1:123456789012:alarm:release"


ROLE = "arn:aws:iam::123456789012:role/cloudformation"


NAME = "smart-cooking-prod"


AT_REST = {
    "BlueDigest": OLD, "GreenDigest": "", "BlueWeight": "100", "GreenWeight": "0", "BlueTasks": "3", "GreenTasks": "0",
    "PreviewKey": "", "PreviewColour": "Green",
}  # fmt: skip


@dataclass
class Service:
    """Answers smoke tests; `sick_after` so many of them its health is bad, and until `starting` it is not there."""

    url: str = ""
    keys: list[str | None] = field(default_factory=list)
    # Requests of the release's own traffic, and how many of them are answered before the others fail.
    marked: list[str | None] = field(default_factory=list)
    marked_sick_after: int = 10_000
    sick_after: int = 10_000
    starting: int = 0

    def answer(self, path: str, key: str | None, mark: str | None = None) -> tuple[int, bytes]:
        if mark is not None:
            self.marked.append(key)
            right = 401 if path == "/v1/users/me" else 200
            return (right if len(self.marked) <= self.marked_sick_after else 500), b"{}"
        self.keys.append(key)
        if len(self.keys) <= self.starting:
            return 503, b""
        if path == "/v1/users/me":
            return 401, b"{}"
        is_sick = len(self.keys) > self.sick_after
        services = b'{"database": "down"}' if is_sick else b"{}"
        return 200, b'{"status": "%s", "version": "9", "services": %s}' % (b"degraded" if is_sick else b"ok", services)


@pytest.fixture
def aws_() -> Iterator[CloudFormation]:
    stacks = {
        f"{NAME}-service": Stack(dict(AT_REST)),
        f"{NAME}-workers": Stack({"ImageDigest": OLD, "ClusterName": "c"}),
        f"{NAME}-schedule": Stack({"ImageDigest": OLD}),
        f"{NAME}-monitoring": Stack(outputs={"ReleaseAlarmArn": ALARM}),
        f"{NAME}-pipeline": Stack(outputs={"CloudFormationRoleArn": ROLE}),
    }
    with cloudformation_stub.start(stacks) as running:
        yield running
    aws.client.cache_clear()


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    running = Service()
    # Without the minutes between them, and fewer.
    monkeypatch.setattr(synthetic_traffic, "WITHIN", 0.0)
    monkeypatch.setattr(synthetic_traffic, "ENOUGH", 4)
    monkeypatch.setattr(synthetic_traffic, "MOST", 8)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, body = running.answer(self.path, self.headers["X-Preview"], self.headers["X-Synthetic"])
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield running
    server.shutdown()
    server.server_close()
    thread.join()


def run(verb: str, aws_: CloudFormation, service: Service, *options: str) -> int:
    return command.main(
        [verb, "--env", "prod", "--endpoint-url", aws_.url, "--url", service.url, "--yes", *options]
    )  # fmt: skip


def release(aws_: CloudFormation, service: Service, digest: str = NEW) -> int:
    return run("release", aws_, service, "--image-digest", digest, "--now")


@dataclass
class FakeClock:
    """A clock that advances only by sleeping."""

    time: datetime
    slept: list[float] = field(default_factory=list)

    def as_clock(self) -> verbs.Clock:
        return verbs.Clock(now=lambda: self.time, sleep=self.slept.append)


def arguments(aws_: CloudFormation, service: Service, *options: str) -> tuple[Any, Any]:
    args = command._parser().parse_args(
        ["release", "--env", "prod", "--endpoint-url", aws_.url, "--url", service.url, "--image-digest", NEW, *options]
    )
    return args, command._target(args)
