"""`make run` with a small stand-in for the web server: refusals, killed parts, a killed stack, and a clean stop."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import urllib3

from deploy.local import leftovers, locks, run, servers
from tests.support.processes import PATIENCE

ROOT = Path(__file__).resolve().parents[2]
WEB = """
import os
from http.server import BaseHTTPRequestHandler, HTTPServer
class Livez(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Livez).serve_forever()
"""
# The real start, without seeds and with a web server that needs no catalogue.
START = """
import sys
from pathlib import Path
from deploy.local import run
run.PROCFILE, run.SEED = Path(sys.argv[1]), (sys.executable, "-c", "")
sys.exit(run.main())
"""


class Run:
    """A console with `make run` in it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory / "local"
        self.port, self.aws_port, self.dynamodb_port = (servers.free_port() for _ in range(3))
        self._log = directory / "log"
        self._procfile = directory / "Procfile"
        (directory / "web.py").write_text(WEB)
        needed = (ROOT / "deploy" / "local" / "Procfile").read_text().splitlines()[:2]
        self._procfile.write_text("\n".join([*needed, f"web: python {directory / 'web.py'}", ""]))
        self.processes: list[subprocess.Popen[bytes]] = []

    def begin(self) -> "subprocess.Popen[bytes]":
        with self._log.open("wb") as log:
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, "-c", START, str(self._procfile)],
                    cwd=ROOT,
                    env={**os.environ, **self.variables()},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            )
        return self.processes[-1]

    def begin_and_wait(self) -> "subprocess.Popen[bytes]":
        process = self.begin()
        until(lambda: "Smart Cooking runs." in self.printed() or process.poll() is not None)
        assert process.poll() is None, self.printed()
        return process

    def variables(self) -> dict[str, str]:
        ports = {"PORT": self.port, "LOCAL_AWS_PORT": self.aws_port, "LOCAL_DYNAMODB_PORT": self.dynamodb_port}
        return {"LOCAL_DIR": str(self.directory), **{name: str(port) for name, port in ports.items()}}

    def printed(self) -> str:
        return self._log.read_text()

    def parts(self) -> dict[str, psutil.Process]:
        """Return the running programs, by a word of their command line."""
        found = {}
        for process in psutil.process_iter():
            try:
                if process.environ().get(leftovers.MARK) == str(self.directory):
                    found[_name_of(process)] = process
            except psutil.Error:
                continue
        return found

    def web_answers(self) -> bool:
        return answers(f"http://127.0.0.1:{self.port}/livez")

    def aws_answers(self) -> bool:
        return answers(f"http://127.0.0.1:{self.aws_port}/_ministack/health")


def _name_of(process: psutil.Process) -> str:
    words = process.cmdline()
    if "deploy.local.emulator" in words:
        return "aws"
    return "dynamodb" if "serve" in words else "web"


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Run]:
    run = Run(tmp_path)
    yield run
    for process in run.processes:
        process.kill()
        process.wait()
    leftovers.end(run.directory)


def until(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def answers(url: str) -> bool:
    try:
        return urllib3.request("GET", url, retries=False, timeout=2).status == 200
    except urllib3.exceptions.HTTPError:
        return False


def refusal(**variables: str) -> str:
    """Start it and return the line with which it refuses."""
    ended = subprocess.run(
        [sys.executable, "-m", "deploy.local.run"],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    return line


def test_it_comes_up_and_ends_at_ctrl_c_with_nothing_left(console: Run) -> None:
    process = console.begin_and_wait()
    assert console.web_answers()
    assert console.aws_answers()
    assert (console.directory / "env").stat().st_mode & 0o777 == 0o600

    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE) == 0
    assert "Traceback" not in console.printed()
    assert console.parts() == {}


@pytest.mark.parametrize("name", ["aws", "dynamodb"])
def test_a_killed_part_comes_back_while_the_others_go_on(console: Run, name: str) -> None:
    console.begin_and_wait()
    before = console.parts()

    before[name].kill()
    until(lambda: not before[name].is_running())
    assert console.web_answers()
    until(lambda: name in console.parts())
    until(console.aws_answers)
    before["web"].kill()
    until(lambda: not before["web"].is_running())
    until(console.web_answers)

    assert console.parts()["web"].pid != before["web"].pid


def test_after_a_kill_of_the_whole_the_next_start_just_works(console: Run) -> None:
    console.begin_and_wait().kill()
    variables = (console.directory / "env").read_text()

    process = console.begin_and_wait()

    assert (console.directory / "env").read_text() == variables
    assert set(console.parts()) == {"aws", "dynamodb", "web"}
    process.terminate()
    assert process.wait(PATIENCE) == 0


def test_a_second_one_in_the_same_directory_is_refused(tmp_path: Path) -> None:
    handle = locks.take(tmp_path / "lock")
    assert handle is not None

    assert f"it is already running from {tmp_path}" in refusal(LOCAL_DIR=str(tmp_path))
    os.close(handle)


@pytest.mark.parametrize("name", ["PORT", "LOCAL_AWS_PORT", "LOCAL_DYNAMODB_PORT"])
def test_a_port_that_is_taken_is_named(tmp_path: Path, name: str) -> None:
    names = ("PORT", "LOCAL_AWS_PORT", "LOCAL_DYNAMODB_PORT")
    ports = {one: str(servers.free_port()) for one in names}
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports[name] = str(taken.getsockname()[1])

        line = refusal(LOCAL_DIR=str(tmp_path), **ports)

    assert f"port {ports[name]} is taken" in line
    assert f"{name}=" in line


def test_a_directory_that_cannot_be_written_is_named() -> None:
    assert "cannot write to /dev/null/here" in refusal(LOCAL_DIR="/dev/null/here")


def test_a_port_that_is_none_is_named(tmp_path: Path) -> None:
    assert "PORT must be the number of a port, not 'eighty'" in refusal(LOCAL_DIR=str(tmp_path), PORT="eighty")


def test_links_in_mails_lead_to_the_port_of_this_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("FRONTEND_URL", raising=False)
    options = run.Options(tmp_path, port=8133, aws_port=4133, dynamodb_port=4134)

    assert run.write_environment(options, {})["FRONTEND_URL"] == "http://127.0.0.1:8133"

    monkeypatch.setenv("FRONTEND_URL", "https://example.com")
    assert run.write_environment(options, {})["FRONTEND_URL"] == "https://example.com"
