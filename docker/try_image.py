# ruff: noqa: S108 (the /tmp of the container)
"""Build the image with buildah, run it with podman, and check what production relies on. Needs Linux, root, no Docker.

    python -m docker.try_image --base localhost/base:bookworm      an image that buildah has or can fetch
    python -m docker.try_image --make-base                         from Debian's mirror, by mmdebstrap

Debian's packages buildah, podman, runc, conmon and, for --make-base, mmdebstrap. Exit code 0 when every check holds.
"""

import argparse
import json
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import urllib3

from docker import stack

ROOT = Path(__file__).resolve().parent.parent
TAG = "localhost/smart-cooking:try"
BASE = "localhost/smart-cooking-base:bookworm"
MOST_BYTES = 300_000_000
# What Debian's own slim images leave out as well.
UNREAD = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*")
AUTHORITIES = Path("/etc/ssl/certs/ca-certificates.crt")
# Seconds that a failing login takes here: the request that is under way when the container is told to stop.
SLOW = 4.0
START = 90.0


class Failed(Exception):
    """A check does not hold; the message says which and what was seen."""


class Engine:
    """buildah and podman with a storage of their own, which goes away with its directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._storage = ("--storage-driver", "vfs", "--root", f"{directory}/images", "--runroot", f"{directory}/run")

    def buildah(self, *words: str, quiet: bool = True) -> str:
        return _run("buildah", *self._storage, *words, quiet=quiet)

    def podman(self, *words: str) -> str:
        return _run("podman", *self._podman(), *words)

    def start(self, name: str, environment: dict[str, str], *command: str) -> None:
        """Run a container as ECS does: read-only root, no capabilities, /tmp its only disk."""
        variables = [f"--env={key}={value}" for key, value in environment.items()]
        limits = ("--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp", "--cap-drop=all")
        rights = ("--security-opt=no-new-privileges", "--network=host")
        self.podman("run", "--detach", "--pull=never", f"--name={name}", *limits, *rights, *variables, TAG, *command)

    def _podman(self) -> tuple[str, ...]:
        return (*self._storage, "--cgroup-manager", "cgroupfs", "--runtime", "runc")


def main() -> int:
    args = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="try-image-") as temporary:
        directory = Path(args.directory or temporary)
        directory.mkdir(parents=True, exist_ok=True)
        try:
            engine = Engine(directory)
            _build(engine, _base(engine, args))
            failed = _check_all(engine, directory)
        except Failed as error:
            print(f"try_image: {error}", file=sys.stderr)
            return 1
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("try_image", description="Build the image and try it.")
    base = parser.add_mutually_exclusive_group(required=True)
    base.add_argument("--base", help="image to build upon, of Debian with Python 3.11 or later")
    base.add_argument("--make-base", action="store_true", help="make that image from Debian's mirror")
    base.add_argument("--base-tar", help="make that image from the tar of a root file system")
    parser.add_argument("--directory", help="keep images here, for another try")
    return parser


def _base(engine: Engine, args: argparse.Namespace) -> str:
    if args.base:
        return str(args.base)
    tar = Path(args.base_tar) if args.base_tar else _bootstrap(engine.directory)
    engine.podman("import", str(tar), BASE)
    return BASE


def _bootstrap(directory: Path) -> Path:
    """Make a root file system of Debian with its Python, in about two minutes."""
    print("making a base from Debian's mirror")
    tar, settings = directory / "base.tar", directory / "pip.conf"
    # Behind a proxy that signs for others, this machine's authorities are those that count.
    settings.write_text(f"[global]\ncert = {AUTHORITIES}\n")
    _run(
        "mmdebstrap",
        "--mode=root",
        "--variant=apt",
        "--include=python3-minimal,python3-venv,ca-certificates",
        *(f"--dpkgopt=path-exclude={path}" for path in UNREAD),
        f"--customize-hook=copy-in {AUTHORITIES} {AUTHORITIES.parent}",
        f"--customize-hook=copy-in {settings} /etc",
        '--customize-hook=ln -s /usr/bin/python3 "$1/usr/local/bin/python"',
        "bookworm",
        str(tar),
    )
    return tar


def _build(engine: Engine, base: str) -> None:
    print(f"building upon {base}")
    started = time.monotonic()
    (seen,) = json.loads(engine.buildah("images", "--json", base))
    name = base.partition("@")[0].rpartition(":")[0]
    arguments = (f"--build-arg=BASE={name}", f"--build-arg=BASE_DIGEST={seen['digest']}")
    # By chroot: needs neither user namespaces nor a network of its own. OCI's own format has no HEALTHCHECK.
    how = ("--isolation=chroot", "--format=docker", "--pull-never", "--target=service")
    engine.buildah("build", *how, *arguments, f"--tag={TAG}", str(ROOT), quiet=False)
    print(f"built in {time.monotonic() - started:.0f} s")


def _check_all(engine: Engine, directory: Path) -> int:
    failed = 0
    aws = stack.start_local_aws(directory / "aws")
    try:
        variables = stack.deploy_into(aws.url, f"image-{secrets.token_hex(3)}")
        for check in CHECKS:
            try:
                print(f"ok      {check.__name__}: {check(engine, variables)}")
            except Failed as error:
                failed += 1
                print(f"FAILED  {check.__name__}: {error}")
    finally:
        aws.stop()
    return failed


def size(engine: Engine, _: dict[str, str]) -> str:
    bytes_ = int(_inspected(engine)["Size"])
    return _expect(bytes_ <= MOST_BYTES, f"{bytes_ / 1e6:.0f} MB of {MOST_BYTES / 1e6:.0f}")


def configuration(engine: Engine, _: dict[str, str]) -> str:
    inspected = _inspected(engine)
    config = inspected["Config"]
    told = f"user {config.get('User')}, volumes {list(config.get('Volumes') or ())}, entrypoint {config['Entrypoint']}"
    holds = (
        config.get("User") == "10001:10001" and set(config["Volumes"]) == {"/tmp"} and "Healthcheck" in str(inspected)
    )
    return _expect(holds, told)


def no_secrets(engine: Engine, variables: dict[str, str]) -> str:
    """Nothing of history, of an environment or of a key in what the layers unpack to, nor in their commands."""
    listed = _in(
        engine,
        "find",
        "/srv",
        "/opt/venv",
        "/tmp",
        "/home",
        "/root",
        "-name",
        ".git",
        "-o",
        "-name",
        ".env*",
        "-o",
        "-name",
        "id_rsa*",
        "-o",
        "-name",
        "credentials",
        "-o",
        "-path",
        "/srv/tests",
        "-o",
        "-path",
        "/srv/deploy",
    )
    history = engine.podman("history", "--no-trunc", "--format", "{{.CreatedBy}}", TAG)
    words = [word for word in ("SECRET", "PASSWORD", "AWS_ACCESS", "TOKEN") if word in history.upper()]
    return _expect(
        not listed.strip() and not words, f"found {listed.split()} and {words} in {len(history.splitlines())} steps"
    )


def serves(engine: Engine, variables: dict[str, str]) -> str:
    """The API answers, as an unprivileged process on a root that nobody can write; its own health check agrees."""
    name, port = _name(), stack.free_port()
    engine.start(name, _environment(variables, port))
    try:
        _wait(engine, name, port)
        user = engine.podman("exec", name, "id", "-u").strip()
        refused = _refused(engine, name, "/srv/written") and _refused(engine, name, "/opt/venv/written")
        engine.podman("exec", name, "touch", "/tmp/written")
        engine.podman("healthcheck", "run", name)
        health = urllib3.request("GET", f"http://127.0.0.1:{port}/health", retries=False, timeout=5.0)
        memory = engine.podman("exec", name, "cat", "/proc/1/cmdline").replace("\0", " ").strip()
        holds = user == "10001" and refused and health.status == 200  # noqa: PLR2004
        return _expect(holds, f"uid {user}, root read-only {refused}, health {health.status}, first process: {memory}")
    finally:
        engine.podman("rm", "--force", name)


def drains(engine: Engine, variables: dict[str, str]) -> str:
    """A request that is under way at SIGTERM is answered; then the container ends by itself with 0."""
    name, port = _name(), stack.free_port()
    engine.start(name, _environment(variables, port) | {"LOGIN_SECONDS": str(SLOW)})
    try:
        _wait(engine, name, port)
        answers: list[Any] = []
        request = threading.Thread(target=lambda: answers.append(_fail_to_log_in(port)))
        request.start()
        time.sleep(SLOW / 4)
        told = time.monotonic()
        engine.podman("kill", "--signal=TERM", name)
        request.join(SLOW * 3)
        answered = time.monotonic() - told
        code = engine.podman("wait", name).strip()
        ended = time.monotonic() - told
        return _expect(
            answers == [401] and code == "0",
            f"answered {answers} {answered:.1f} s after SIGTERM, ended {ended:.1f} s after it with exit code {code}",
        )
    finally:
        engine.podman("rm", "--force", name)


def worker_stops(engine: Engine, variables: dict[str, str]) -> str:
    """A worker ends by itself at SIGTERM, well before ECS would kill it."""
    name = _name()
    words = ("celery", "--quiet", "--app=smartcooking.celery", "worker", "--queues=default", "--concurrency=2")
    silent = ("--loglevel=INFO", "--without-gossip", "--without-mingle", "--without-heartbeat")
    engine.start(name, _environment(variables, 0), *words, *silent)
    try:
        _until(lambda: "ready." in _logs(engine, name), "the worker is not ready: " + _logs(engine, name)[-2000:])
        told = time.monotonic()
        engine.podman("kill", "--signal=TERM", name)
        code = engine.podman("wait", name).strip()
        return _expect(code == "0", f"ended {time.monotonic() - told:.1f} s after SIGTERM with exit code {code}")
    finally:
        engine.podman("rm", "--force", name)


def command_runs(engine: Engine, variables: dict[str, str]) -> str:
    """A command of the schedule runs to its end in the same image."""
    name = _name()
    engine.start(name, _environment(variables, 0), "python", "manage.py", "sweep_outbox")
    try:
        code = engine.podman("wait", name).strip()
        return _expect(code == "0", f"sweep_outbox ended with exit code {code} {_logs(engine, name)[-500:]}")
    finally:
        engine.podman("rm", "--force", name)


CHECKS: Sequence[Callable[[Engine, dict[str, str]], str]] = (
    size,
    configuration,
    no_secrets,
    serves,
    drains,
    worker_stops,
    command_runs,
)


def _environment(variables: dict[str, str], port: int) -> dict[str, str]:
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    return {**variables, **keys, "BIND_HOST": "127.0.0.1", "PORT": str(port)}


def _inspected(engine: Engine) -> dict[str, Any]:
    (inspected,) = json.loads(engine.podman("image", "inspect", TAG))
    return dict(inspected)


def _in(engine: Engine, *command: str) -> str:
    """Return what a command prints in a container of the image, run as root so that it sees everything."""
    return engine.podman("run", "--rm", "--pull=never", "--network=none", "--user=0", "--entrypoint=", TAG, *command)


def _refused(engine: Engine, name: str, path: str) -> bool:
    try:
        engine.podman("exec", "--user=0", name, "touch", path)
    except Failed as error:
        return "Read-only file system" in str(error)
    return False


def _fail_to_log_in(port: int) -> int:
    body = {"username": "nobody", "password": "Wrong-password-1"}
    url = f"http://127.0.0.1:{port}/v1/auth/login"
    return urllib3.request("POST", url, json=body, retries=False, timeout=SLOW * 3).status


def _wait(engine: Engine, name: str, port: int) -> None:
    def answers() -> bool:
        try:
            return urllib3.request("GET", f"http://127.0.0.1:{port}/livez", retries=False, timeout=2.0).status == 200  # noqa: PLR2004
        except urllib3.exceptions.HTTPError:
            return False

    try:
        _until(answers, "it does not answer")
    except Failed as error:
        raise Failed(f"{error}: {_logs(engine, name)[-2000:]}") from error


def _until(holds: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + START
    while not holds():
        if time.monotonic() > deadline:
            raise Failed(otherwise)
        time.sleep(0.2)


def _logs(engine: Engine, name: str) -> str:
    return engine.podman("logs", name)


def _name() -> str:
    return f"try-{secrets.token_hex(4)}"


def _expect(holds: bool, seen: str) -> str:  # noqa: FBT001
    if not holds:
        raise Failed(seen)
    return seen


def _run(*words: str, quiet: bool = True) -> str:
    done = subprocess.run(
        words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT if quiet else None, text=True, check=False
    )
    if done.returncode:
        raise Failed(f"{' '.join(words[:12])}…: {done.stdout[-3000:]}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
