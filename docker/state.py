"""The state of the emulator's other services: on disk before the answer to what changed it leaves.

Queues, people, topics, stacks and the settings of buckets are small, so the file is written anew each time, and put in
place of the old one in one step: whatever moment the process is killed at, the file is one whole state of all services
together. Requests that come while it is being written share the next writing. Items of DynamoDB are kept by
`journal.py`, bodies of S3 objects by the emulator itself.
"""

# ruff: noqa: SLF001 (the emulator has no public way to do this, hence its pinned version)

import asyncio
import logging
import os
import pickle
import re
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from contextvars import ContextVar
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, BinaryIO

from ministack import app as emulator

from docker.corrections import PEOPLE
from docker.journal import Journal

logger = logging.getLogger("state")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Scope]]
Send = Callable[[Scope], Awaitable[None]]

# Requests that change nothing worth keeping. A received message that is not deleted comes back anyway.
READ_TARGET = re.compile(rb"\.(Admin)?(Get|List|Describe|BatchGet|Receive)[A-Z]")
# The emulator's names of the services that are kept; it looks into others too, which nothing here uses.
KEPT = {"cloudformation", "cognito", "iam", "kms", "s3", "ses", "ses_v2", "sns", "sqs", "ssm"}
# A topic hands its messages to queues.
REACHES = {"sns": {"sqs"}}
# Writing takes up no more than this part of the time, however large the state has grown.
DUTY = 0.5
# Administration of the emulator that anyone could call, even a page in a browser: it wipes memory, but not the disk.
CLOSED = ("/_ministack/reset", "/_ministack/config")

FIRST_ERROR = 400

_touched: ContextVar[set[str]] = ContextVar("touched")


class State:
    """The state file, and the part of each service in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parts: dict[str, bytes] = {}
        self.dirty: set[str] = set()
        self._changes = 0
        self._saved = 0
        self._next_save = 0.0
        self._lock = asyncio.Lock()

    async def keep(self, services: Iterable[str]) -> None:
        """Return when the present state of the services is on disk."""
        self.dirty.update(services)
        self._changes += 1
        mine = self._changes
        async with self._lock:
            if self._saved < mine:
                await asyncio.sleep(max(0.0, self._next_save - time.monotonic()))
                self._save()

    def _save(self) -> None:
        started = time.monotonic()
        covered, dirty = self._changes, self.dirty
        self.dirty = set()
        self.parts |= _serialise(dirty)
        self._write()
        self._saved = covered
        took = time.monotonic() - started
        self._next_save = time.monotonic() + took * (1 / DUTY - 1)

    def _write(self) -> None:
        draft = self.path.with_suffix(".draft")
        try:
            with open(draft, "wb", opener=_private) as file:
                file.writelines(self.parts.values())
            draft.replace(self.path)
        except OSError as error:
            # Memory already holds what the disk does not, and no answer may tell of it.
            logger.critical("the state cannot be written: %s", error)
            os._exit(1)


def read(path: Path) -> State:
    """Read the file; nothing reaches the services before `restore`."""
    state = State(path)
    if path.exists():
        with path.open("rb") as file:
            state.parts = dict(_parts(file))
    return state


def restore(state: State) -> None:
    for name, part in state.parts.items():
        emulator._get_module(name).load_persisted_state(_content(part))


def buckets(state: State) -> set[tuple[str, str]]:
    """Return (account, name) of the buckets that there are."""
    if "s3" not in state.parts:
        return set()
    return set(_content(state.parts["s3"])["buckets_meta"]._data)


def durable(state: State, journal: Journal) -> Callable[[Scope, Receive, Send], Awaitable[None]]:
    """Return the emulator as an ASGI application whose answers leave when what they tell is on disk."""
    _watch_services()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await emulator.app(scope, receive, send)
        elif scope["path"] in CLOSED:
            await _refuse(send)
        else:
            await _serve(state, journal, scope, receive, send)

    return app


async def _serve(state: State, journal: Journal, scope: Scope, receive: Receive, send: Send) -> None:
    touched: set[str] = set()
    _touched.set(touched)

    async def send_when_kept(message: Scope) -> None:
        if message["type"] == "http.response.start" and message["status"] < FIRST_ERROR and not _only_reads(scope):
            await _keep(state, journal, touched)
        await send(message)

    await emulator.app(scope, receive, send_when_kept)


async def _keep(state: State, journal: Journal, touched: set[str]) -> None:
    if "cloudformation" in touched:
        await _finish_stacks()
        journal.save_tables()
        await state.keep(KEPT)
        return
    services = touched.union(*(REACHES.get(name, set()) for name in touched)) & KEPT
    if services:
        await state.keep(services)


async def _finish_stacks() -> None:
    """Wait until no stack is under way: half a stack must not be on disk, since nobody would finish it."""
    stacks = emulator._get_module("cloudformation")._stacks
    while any(_is_under_way(stack["StackStatus"]) for stack in stacks.all_values()):  # noqa: ASYNC110
        # The emulator tells nobody when it is done.
        await asyncio.sleep(0.001)


def _is_under_way(status: str) -> bool:
    return status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS"


def _only_reads(scope: Scope) -> bool:
    if scope["method"] in {"GET", "HEAD", "OPTIONS"}:
        return True
    target = next((value for name, value in scope["headers"] if name.lower() == b"x-amz-target"), b"")
    return READ_TARGET.search(target) is not None


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def _watch_services() -> None:
    """Note which services a request is handed to: the emulator asks for their module by name each time."""
    get_module = emulator._get_module

    def noting(name: str) -> Any:
        touched = _touched.get(None)
        if touched is not None:
            touched.add(name)
        return get_module(name)

    emulator._get_module = noting


def _serialise(services: set[str]) -> dict[str, bytes]:
    with PEOPLE:
        return {name: pickle.dumps((name, _state_of(emulator._get_module(name)))) for name in services}


def _state_of(service: ModuleType) -> Any:
    """Return what the service would save, as it is and not as the copy that it makes.

    The copy takes ten times as long as writing it, and nothing changes the state before it is written.
    """
    get_state = FunctionType(service.get_state.__code__, {**vars(service), "copy": _NoCopy})
    return get_state()


class _NoCopy:
    """Stands in for the module `copy`."""

    @staticmethod
    def deepcopy(value: Any) -> Any:
        return value


def _parts(file: BinaryIO) -> Iterator[tuple[str, bytes]]:
    end = os.fstat(file.fileno()).st_size
    start = 0
    while start < end:
        # Nobody else writes here: the directory is closed to other users.
        name, _ = pickle.load(file)  # noqa: S301
        stop = file.tell()
        file.seek(start)
        yield name, file.read(stop - start)
        start = stop


def _content(part: bytes) -> Any:
    return pickle.loads(part)[1]  # noqa: S301


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
