"""buildah and podman without Docker: images, and containers as closed as production's. Needs Linux and root."""

import json
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

# Programs, and Debian's packages that they are in.
PROGRAMS = {"buildah": "buildah", "podman": "podman", "runc": "runc", "conmon": "conmon"}
MAKES_BASES = {"mmdebstrap": "mmdebstrap"}
# Lower than what podman asks for by itself, which it may raise only with rights that a closed machine does not give.
LIMITS = {"nofile": (resource.RLIMIT_NOFILE, 16_384), "nproc": (resource.RLIMIT_NPROC, 4_096)}
AS_IN_PRODUCTION = ("--read-only", "--read-only-tmpfs=false", "--tmpfs=/tmp", "--cap-drop=all")


class Failed(Exception):
    """A program or a check has failed; the message says what was seen."""


def demand(programs: Mapping[str, str]) -> None:
    """Raise `Failed` with the remedy where a program or the rights to use it are missing."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise Failed("images are built and run as root, on Linux; elsewhere `docker build` makes the same one")
    missing = sorted({package for program, package in programs.items() if not shutil.which(program)})
    if missing:
        packages = " ".join(missing)
        raise Failed(f"missing on this machine: apt-get update && apt-get install --no-install-recommends {packages}")


class Engine:
    """Images and containers in a directory of their own, beside those of the machine."""

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        # Absolute, since podman remembers it.
        self._root, self._state = directory.resolve() / "images", directory.resolve() / "run"
        self.driver = "overlay"
        self.caching: tuple[str, ...] = ("--layers",)
        try:
            self.buildah("info")
        except Failed:
            # In a container whose own root is an overlay. It copies all of an image for each layer: none are kept.
            self.driver = "vfs"
            self.caching = ()

    def buildah(self, *words: str) -> str:
        return run("buildah", *self._storage(), *words)

    def show_building(self, *words: str) -> None:
        """Run buildah with its output on this program's own."""
        command = ("buildah", *self._storage(), *words)
        if subprocess.run(command, check=False).returncode:
            raise Failed(f"buildah {words[0]} failed; its reason is above")

    def podman(self, *words: str) -> str:
        return run("podman", *self._storage(), "--cgroup-manager=cgroupfs", "--runtime=runc", *words)

    def has(self, image: str) -> bool:
        try:
            self.podman("image", "exists", image)
        except Failed:
            return False
        return True

    def start(self, image: str, name: str, variables: Mapping[str, str], *command: str) -> None:
        """Run a container as ECS does: read-only root, no capabilities, /tmp its only disk."""
        told = [f"--env={key}={value}" for key, value in variables.items()]
        rights = ("--security-opt=no-new-privileges", "--network=host", *limits())
        self.podman(
            "run", "--detach", "--pull=never", f"--name={name}", *AS_IN_PRODUCTION, *rights, *told, image, *command
        )

    def ask(self, image: str, *command: str, mounts: tuple[str, ...] = ()) -> str:
        """Return what a command prints in a container of its own, as root, so that it sees everything."""
        alone = ("--rm", "--pull=never", "--network=none", "--user=0", "--entrypoint=", "--cap-drop=all")
        return self.podman("run", *alone, "--read-only", *limits(), *mounts, image, *command)

    def logs(self, name: str) -> str:
        """Return what a container has written, to either of its outputs."""
        words = ("podman", *self._storage(), "logs", name)
        return subprocess.run(
            words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
        ).stdout

    def inspect(self, kind: str, name: str) -> dict[str, Any]:
        (found,) = json.loads(self.podman(kind, "inspect", name))
        return dict(found)

    def remove(self, name: str) -> None:
        """Remove a container, if there is one; podman gives up on those that end just when it is about to kill them."""
        command = ("rm", "--force", "--time=1", "--ignore", name)
        try:
            self.podman(*command)
        except Failed:
            self.podman(*command)

    def tidy(self) -> None:
        """Remove every container of this directory, and what is mounted for them; images stay."""
        for command in (("rm", "--all", "--force", "--time=1"), ("image", "unmount", "--all", "--force")):
            with suppress(Failed):
                self.podman(*command)
        with suppress(Failed):
            self.buildah("rm", "--all")
            self.podman("volume", "prune", "--force")

    def _storage(self) -> tuple[str, ...]:
        return (f"--storage-driver={self.driver}", f"--root={self._root}", f"--runroot={self._state}")


@contextmanager
def engine(directory: Path) -> Iterator[Engine]:
    """An engine that leaves no container and no mount behind, however the work with it ends."""
    made = Engine(directory)
    # Of a run that was killed.
    made.tidy()
    try:
        yield made
    finally:
        made.tidy()


def run(*words: str) -> str:
    """Return what a program prints; raises `Failed` with its complaints where it fails."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        shown = " ".join(word for word in words if not word.startswith(("--storage", "--root", "--runroot")))
        raise Failed(f"{shown[:200]}: {(done.stdout + done.stderr)[-3000:].strip()}")
    return done.stdout


def limits() -> list[str]:
    lowered = {name: _no_more_than(most, resource.getrlimit(which)[1]) for name, (which, most) in LIMITS.items()}
    return [f"--ulimit={name}={limit}:{limit}" for name, limit in lowered.items()]


def _no_more_than(most: int, allowed: int) -> int:
    return most if allowed == resource.RLIM_INFINITY else min(most, allowed)
