"""Keep programs running: restart each when it ends, stop all in order."""

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import Process
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from honcho.colour import get_colours
from honcho.printer import Message, Printer

from deploy.local import child

# Seconds until a program is restarted, doubled each time that it ends early.
FIRST_PAUSE = 0.5
LONGEST_PAUSE = 10.0
# A program that has run for this many seconds restarts with the shortest pause.
SETTLED = 30.0
# Seconds to wait for the remaining output of an ended program.
LAST_WORDS = 1.0
# Maximum length of a forwarded line, in bytes.
LONGEST_LINE = 4 * 1024 * 1024


@dataclass(frozen=True)
class Program:
    """A command that runs as long as the supervisor does."""

    name: str
    command: tuple[str, ...]
    # Seconds between SIGTERM and SIGKILL.
    patience: float = 5.0


@dataclass
class _Run:
    """The state of a program's current process."""

    program: Program
    colour: str
    process: Process
    output: "asyncio.Task[None]"
    stopping: bool = False
    keeper: "asyncio.Task[None] | None" = None


@dataclass
class Supervisor:
    """Programs that share a directory and an environment, with a console that prefixes their output."""

    directory: Path
    environment: Mapping[str, str]
    width: int = 10
    # Set to kill programs at once instead of stopping them gracefully.
    hurry: bool = False
    _runs: dict[str, _Run] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._printer = Printer(sys.stdout, width=self.width)
        self._colours = get_colours()

    async def start(self, program: Program) -> None:
        """Start the program and keep it running from now on."""
        run = await self._spawn(program, next(self._colours))
        self._runs[program.name] = run
        run.keeper = asyncio.create_task(self._keep(run))

    async def run(self, program: Program) -> int:
        """Run the program once, to its end, and return its exit code."""
        run = await self._spawn(program, next(self._colours))
        self._runs[program.name] = run
        try:
            code = await run.process.wait()
            await self._last_words(run)
        finally:
            await self._end(run)
            del self._runs[program.name]
        return code

    def pid(self, name: str) -> int | None:
        return self._runs[name].process.pid if name in self._runs else None

    async def stop(self, *names: str) -> None:
        """Stop these programs at the same time; kill each one whose patience has run out."""
        await asyncio.gather(*(self._end(self._runs[name]) for name in names if name in self._runs))

    async def stop_all(self, last: Collection[str]) -> None:
        """Stop all programs, those in `last` after the others, which may need them until they end."""
        await self.stop(*(name for name in self._runs if name not in last))
        await self.stop(*last)

    def say(self, name: str, text: str, colour: str | None = None) -> None:
        try:
            self._printer.write(Message("line", text, datetime.now().astimezone(), name, colour))
        except OSError:
            # The terminal is gone: stop.
            self._printer.output = Path(os.devnull).open("w")  # noqa: SIM115
            os.kill(os.getpid(), signal.SIGHUP)

    async def _keep(self, run: _Run) -> None:
        pause = FIRST_PAUSE
        while True:
            started = time.monotonic()
            code = await run.process.wait()
            if run.stopping:
                return
            # End its child processes too: they would keep its port.
            _kill_group(run.process)
            await self._last_words(run)
            if time.monotonic() - started > SETTLED:
                pause = FIRST_PAUSE
            self.say(run.program.name, f"ended ({_reason(code)}), starts again in {pause:g} s", run.colour)
            await asyncio.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
            again = await self._spawn(run.program, run.colour)
            run.process, run.output = again.process, again.output

    async def _end(self, run: _Run) -> None:
        """Ask it to stop, wait, and kill what is left of it."""
        run.stopping = True
        if run.process.returncode is None:
            await self._ask_to_stop(run)
            _kill_group(run.process)
            await run.process.wait()
        if run.keeper is not None:
            run.keeper.cancel()
        await self._last_words(run)

    async def _ask_to_stop(self, run: _Run) -> None:
        if not self.hurry:
            run.process.terminate()
        deadline = time.monotonic() + run.program.patience
        while run.process.returncode is None and not self.hurry and time.monotonic() < deadline:
            with suppress(TimeoutError):
                await asyncio.wait_for(run.process.wait(), 0.1)

    async def _spawn(self, program: Program, colour: str) -> _Run:
        # A pipe of our own: with one of asyncio's, an ended process counts as running for as long as anything
        # that it had started keeps its output open (CPython 119710).
        read_end, write_end = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *child.prefix(),
                *program.command,
                cwd=self.directory,
                env=dict(self.environment),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=write_end,
                stderr=asyncio.subprocess.STDOUT,
                # Ctrl-C reaches all processes of the terminal's group; these are stopped in order instead.
                start_new_session=True,
            )
        finally:
            os.close(write_end)
        output = asyncio.create_task(self._pass_on(read_end, program.name, colour))
        return _Run(program, colour, process, output)

    async def _pass_on(self, read_end: int, name: str, colour: str) -> None:
        reader = asyncio.StreamReader(LONGEST_LINE)
        pipe = os.fdopen(read_end, "rb", 0)
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), pipe
        )
        try:
            while line := await _next_line(reader):
                self.say(name, line.decode(errors="replace"), colour)
        finally:
            transport.close()

    async def _last_words(self, run: _Run) -> None:
        await asyncio.wait([run.output], timeout=LAST_WORDS)
        run.output.cancel()


async def _next_line(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readline()
    except ValueError:
        return b"(a line too long to show)\n"


def _kill_group(process: Process) -> None:
    """Kill the process with its process group, which includes every child that it left behind."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _reason(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name
