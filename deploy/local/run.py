"""`make run`: run the whole service on this machine, from the local AWS to the web server."""

import asyncio
import itertools
import os
import secrets
import shlex
import signal
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from string import Template

import pyotp
import urllib3
from botocore.exceptions import BotoCoreError, ClientError
from honcho.environ import parse_procfile

from deploy.environments import LOCAL
from deploy.local import emulator, leftovers, locks
from deploy.local.seed import PEOPLE, SECRETS, Person, read_passwords, read_secrets
from deploy.local.supervisor import Program, Supervisor
from deploy.operations import rollout
from deploy.operations.changes import StackFailed
from deploy.operations.rollout import Target

ROOT = Path(__file__).resolve().parents[2]
PROCFILE = Path(__file__).with_name("Procfile")
SEED = (sys.executable, "-m", "deploy.local.seed")
# Names in the Procfile. All other programs depend on the first two.
AWS, DYNAMODB, WEB = "aws", "dynamodb", "web"
# Seconds to stop; the local AWS stops last, and then has little left to write.
PATIENCE = {AWS: 3.0, DYNAMODB: 3.0}
PATIENCE_OF_OTHERS = 4.0
# Seconds for a program to start on a slow machine; if it ends meanwhile, it prints the reason and is restarted.
AWS_PATIENCE = 60.0
WEB_PATIENCE = 90.0
LAST_PORT = 65_535
# Prints the current code of the authenticator that seeding set up.
_CODE_MAKER = ".venv/bin/python -m deploy.local.code"
# Two signals within so many seconds count as one.
SAME_SIGNAL_SECONDS = 1.0


class Refused(Exception):
    """The stack cannot start; the message is the one line that the terminal shows."""


@dataclass(frozen=True)
class Options:
    """The settings in which two stacks on one machine differ."""

    directory: Path
    port: int
    aws_port: int
    dynamodb_port: int

    @property
    def aws_url(self) -> str:
        return f"http://{emulator.HOST}:{self.aws_port}"

    @property
    def dynamodb_url(self) -> str:
        return f"http://{emulator.HOST}:{self.dynamodb_port}"

    @property
    def url(self) -> str:
        return f"http://{emulator.HOST}:{self.port}"


def main() -> int:
    try:
        options = _options(os.environ)
        _take_directory(options)
        _check_ports(options)
        return asyncio.run(_run(options))
    except Refused as refusal:
        print(f"make run: {refusal}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _options(environ: Mapping[str, str]) -> Options:
    aws_port = _port(environ, "LOCAL_AWS_PORT", 4566)
    return Options(
        directory=Path(environ.get("LOCAL_DIR") or ".local").expanduser().resolve(),
        port=_port(environ, "PORT", 8000),
        aws_port=aws_port,
        dynamodb_port=_port(environ, "LOCAL_DYNAMODB_PORT", aws_port + 1),
    )


def _port(environ: Mapping[str, str], name: str, default: int) -> int:
    raw = environ.get(name) or str(default)
    if not raw.isdigit() or not 0 < int(raw) <= LAST_PORT:
        raise Refused(f"{name} must be the number of a port, not {raw!r}")
    return int(raw)


def _take_directory(options: Options) -> None:
    """Ensure that no other stack uses this directory, and end processes that an earlier run left behind."""
    try:
        options.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = locks.take(options.directory / "lock")
    except OSError as error:
        raise Refused(f"cannot write to {options.directory} ({error.strerror}); LOCAL_DIR names another") from error
    if lock is None:
        raise Refused(
            f"it is already running from {options.directory}; LOCAL_DIR, PORT and LOCAL_AWS_PORT make a second one"
        )
    leftovers.end(options.directory)


def _check_ports(options: Options) -> None:
    ports = {
        "PORT": options.port,
        "LOCAL_AWS_PORT": options.aws_port,
        "LOCAL_DYNAMODB_PORT": options.dynamodb_port,
    }
    for (name, port), (other, same) in itertools.combinations(ports.items(), 2):
        if port == same:
            raise Refused(f"{name} and {other} are both {port}")
    for name, port in ports.items():
        if not _is_free(port):
            raise Refused(f"port {port} is taken by another program; `make run {name}={port + 1}` uses another")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((emulator.HOST, port))
        except OSError:
            return False
    return True


async def _run(options: Options) -> int:
    supervisor = Supervisor(ROOT, _environment(options))
    _stop_on_signals(supervisor)
    try:
        await _bring_up(options, supervisor)
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        supervisor.say("", "stopping")
    finally:
        await supervisor.stop_all(last=(DYNAMODB, AWS))
    return 0


def _stop_on_signals(supervisor: Supervisor) -> None:
    """Stop in order at the first signal, at once at a later one."""
    task = asyncio.current_task()
    assert task is not None
    asked_at = float("inf")

    def stop() -> None:
        nonlocal asked_at
        # `make` forwards a signal that the terminal has already sent to both.
        supervisor.hurry = time.monotonic() > asked_at + SAME_SIGNAL_SECONDS
        if not task.cancelling():
            asked_at = time.monotonic()
            task.cancel()

    # Under `nohup`, ignore a closed terminal.
    hangup = () if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN else (signal.SIGHUP,)
    for number in (signal.SIGINT, signal.SIGTERM, *hangup):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _bring_up(options: Options, supervisor: Supervisor) -> None:
    """Start everything in the order of dependencies, then print the addresses."""
    programs = _programs(options)
    supervisor.say("", f"starting the local AWS on port {options.aws_port}, its data in {options.directory}")
    for name in (DYNAMODB, AWS):
        await supervisor.start(programs.pop(name))
    await _wait_for(f"{options.aws_url}{emulator.HEALTH}", AWS_PATIENCE, "the local AWS")
    await _wait_for(options.dynamodb_url, AWS_PATIENCE, "the local DynamoDB")
    supervisor.say("", "comparing the stacks with their templates")
    supervisor.environment = {**supervisor.environment, **write_environment(options, await _deploy(options))}
    people = passwords(options)
    supervisor.say("", "starting the web server, and seeding what is missing")
    await supervisor.start(programs.pop(WEB))
    if await supervisor.run(Program("seed", SEED)) != 0:
        raise Refused("seeding failed; its reason is above")
    await _wait_for(f"{options.url}/livez", WEB_PATIENCE, "the web server")
    # Last, since they would take the processors from the web server while it loads the catalogue.
    for program in programs.values():
        await supervisor.start(program)
    print(_banner(options, people), flush=True)


async def _deploy(options: Options) -> dict[str, str]:
    try:
        return await asyncio.to_thread(rollout.deploy, Target(LOCAL, options.aws_url, options.dynamodb_url))
    except (StackFailed, ClientError, BotoCoreError) as error:
        raise Refused(f"the stacks cannot be deployed ({error}); delete {options.directory} to start over") from error


def _programs(options: Options) -> dict[str, Program]:
    commands = parse_procfile(PROCFILE.read_text()).processes
    return {
        name: Program(name, _words(line, options), PATIENCE.get(name, PATIENCE_OF_OTHERS))
        for name, line in commands.items()
    }


def _words(line: str, options: Options) -> tuple[str, ...]:
    """Return the command of a Procfile line; it runs without a shell, so that signals reach it."""
    words = shlex.split(Template(line).substitute(_ports_and_directory(options)))
    program = Path(sys.executable).with_name(words[0])
    return (str(program), *words[1:])


def _ports_and_directory(options: Options) -> dict[str, str]:
    return {
        "PORT": str(options.port),
        "LOCAL_AWS_PORT": str(options.aws_port),
        "LOCAL_DYNAMODB_PORT": str(options.dynamodb_port),
        "LOCAL_DIR": str(options.directory),
    }


def _environment(options: Options) -> dict[str, str]:
    """Return the environment of every program, without the credentials and profiles of a real account."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {
        **inherited,
        **_ports_and_directory(options),
        leftovers.MARK: str(options.directory),
        "DJANGO_SETTINGS_MODULE": "smartcooking.settings",
        "PYTHONUNBUFFERED": "1",
        # Progress bars rewrite the terminal's last line, which all programs share here.
        "TQDM_DISABLE": "1",
    }


def write_environment(options: Options, deployed: Mapping[str, str]) -> dict[str, str]:
    """Write the service's variables to a file, for `manage.py` in another terminal, and return them."""
    path = options.directory / "env"
    key = _known_key(path) or secrets.token_urlsafe(48)
    address = os.environ.get("FRONTEND_URL") or f"http://127.0.0.1:{options.port}"
    variables = {"SECRET_KEY": key, "FRONTEND_URL": address, **deployed}
    _write_private(path, "".join(f"{name}={shlex.quote(value)}\n" for name, value in variables.items()))
    return variables


def passwords(options: Options) -> dict[Person, str]:
    """Return the demo people's passwords, generated once per directory."""
    path = options.directory / "credentials"
    known = read_passwords(path)
    people = {person: known.get(person.username) or f"{secrets.token_urlsafe(9)}-Aa1" for person in PEOPLE}
    _write_private(path, "".join(f"{person.username} {password}\n" for person, password in people.items()))
    return people


def _known_key(path: Path) -> str | None:
    if not path.exists():
        return None
    (line,) = (line for line in path.read_text().splitlines() if line.startswith("SECRET_KEY="))
    return "".join(shlex.split(line.removeprefix("SECRET_KEY=")))


def _write_private(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.touch(mode=0o600)
    draft.write_text(text)
    draft.replace(path)


async def _wait_for(url: str, patience: float, what: str) -> None:
    deadline = time.monotonic() + patience
    while not await asyncio.to_thread(_answers, url):
        if time.monotonic() > deadline:
            raise Refused(f"{what} did not come up within {patience:.0f} s; its reason is above")
        await asyncio.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2.0).status == HTTPStatus.OK
    except urllib3.exceptions.HTTPError:
        return False


def _banner(options: Options, people: Mapping[Person, str]) -> str:
    credentials = "\n".join(
        f"  sign in    {person.username:<6} {password}   ({', '.join(filter(None, (person.email, person.group)))})"
        for person, password in people.items()
    )
    codes = "".join(
        f"  code       {username:<6} {pyotp.TOTP(secret).now()}   (for half a minute; then: {_CODE_MAKER} {username})\n"
        for username, secret in read_secrets(options.directory / SECRETS).items()
    )
    return f"""
  Smart Cooking runs.

  open       {options.url}/
  API        {options.url}/v1/
  docs       {options.url}/docs
  admin      {options.url}/admin/
  health     {options.url}/health
{credentials}
{codes}  variables  set -a; . {_shown(options.directory / "env")}; set +a
  stop       Ctrl-C. The data in {_shown(options.directory)} is there next time.
"""


def _shown(path: Path) -> str:
    return os.path.relpath(path) if path.is_relative_to(Path.cwd()) else str(path)


if __name__ == "__main__":
    sys.exit(main())
