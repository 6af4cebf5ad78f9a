"""Checks of docker/compose.yaml: its containers run with podman, with only a loopback network."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from tests.image.containers import Engine, Failed, limits
from tests.image.stage import Container, Trial, expect

PREFIX = "compose-"
UNDERSTOOD = {
    *("image", "command", "entrypoint", "environment", "network_mode", "volumes"),
    *("read_only", "tmpfs", "cap_drop", "security_opt"),
}
# For building, for the host, for the order in which they start, and for when they fail.
LEFT_OUT = {"build", "ports", "depends_on", "healthcheck", "restart", "stop_grace_period"}
COMPOSE = Path(__file__).resolve().parents[2] / "docker" / "compose.yaml"
# Asks from inside, where the stack's addresses lead somewhere; prints what it has seen.
VISIT = """
import json, sys, urllib.request

def ask(method, path, body=None, token=""):
    headers = {"Content-Type": "application/json", "Authorization": "Bearer " + token}
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request("http://127.0.0.1:8000" + path, data, headers, method=method)
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)

health = ask("GET", "/health")["status"]
login = {"username": "demo", "password": sys.argv[1]}
token = ask("POST", "/v1/auth/login", login)["access_token"]
# What a worker loads before its first recipe may take all the time that this one has; the next is another one.
for last in ("nấm hương", "khoai môn", "đậu phụ"):
    wanted = {"ingredients": ["thịt dê", "củ sen", last], "recipe_count": 1}
    made = ask("POST", "/v1/suggestions", wanted, token)
    for _ in range(6):
        if made["status"] == "generating":
            made = ask("GET", "/v1/suggestions/" + made["id"] + "?wait=10", token=token)
    if made["recipes"]:
        break
print(json.dumps([health, made["status"], len(made["recipes"])]))
"""


def compose_runs(trial: Trial) -> str:
    """The local stack of compose starts, its demo person can sign in, and its worker generates."""
    services: dict[str, Any] = yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]
    with _all(trial.engine, services) as running:
        aws, is_up = running("aws"), services["aws"]["healthcheck"]["test"][1:]
        aws.until(lambda: _succeeds(aws, *is_up), "the local AWS")
        prepared = running("setup")
        code, told = prepared.wait(), prepared.logs()
        password = re.search(r"sign in as demo with (\S+)", told)
        if code or not password:
            raise Failed(f"setup ended with {code}: {told[-1000:]}")
        api = running("api")
        worker, schedule = running("worker"), running("schedule")
        api.until(lambda: _succeeds(api, "python", "/usr/local/bin/alive.py"), "the API")
        seen = json.loads(api.run("python", "-c", VISIT, password[1]))
        remain = all(trial.engine.inspect("container", one.name)["State"]["Running"] for one in (aws, worker, schedule))
        complaints = [line for line in schedule.logs().splitlines() if "failed" in line]
    holds = seen == ["ok", "complete", 1] and remain and not complaints
    return expect(holds, f"health, suggestion, recipes {seen}; all still run {remain}; failed commands {complaints}")


CHECKS = (compose_runs,)


class _Starter:
    """Starts the containers of a compose file by their names."""

    def __init__(self, engine: Engine, services: Mapping[str, Any]) -> None:
        self._engine, self._services = engine, services

    def __call__(self, name: str) -> Container:
        words = [*_options(self._services[name]), f"--name={PREFIX}{name}", self._services[name]["image"]]
        self._engine.podman("run", "--detach", "--pull=never", *words, *self._services[name].get("command", ()))
        return Container(self._engine, f"{PREFIX}{name}", 8000)


@contextmanager
def _all(engine: Engine, services: dict[str, Any]) -> Iterator[_Starter]:
    try:
        yield _Starter(engine, services)
    finally:
        # Those that share a network go before the one that it is of.
        for name in reversed(services):
            engine.remove(f"{PREFIX}{name}")
        engine.podman("volume", "prune", "--force")


def _options(service: Mapping[str, Any]) -> Iterator[str]:
    """Yield podman's words for what compose says; raises `Failed` for what neither this nor `LEFT_OUT` knows."""
    if unknown := set(service) - UNDERSTOOD - LEFT_OUT:
        raise Failed(f"{COMPOSE.name} says {', '.join(sorted(unknown))}, which is not tried here")
    network = service.get("network_mode", "none").replace("service:", f"container:{PREFIX}")
    yield from (f"--network={network}", "--read-only", "--read-only-tmpfs=false")
    yield from (f"--tmpfs={path}" for path in service["tmpfs"])
    yield from (f"--cap-drop={right}" for right in service["cap_drop"])
    yield from (f"--security-opt={option.removesuffix(':true')}" for option in service["security_opt"])
    yield from (f"--volume={volume}" for volume in service["volumes"])
    yield from (f"--env={name}={value}" for name, value in service.get("environment", {}).items())
    if "entrypoint" in service:
        yield f"--entrypoint={json.dumps(service['entrypoint'])}"
    yield from limits()


def _succeeds(container: Container, *command: str) -> bool:
    try:
        container.run(*command)
    except Failed:
        return False
    return True
