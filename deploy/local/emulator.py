"""The local AWS except DynamoDB: ministack on one port, its state saved every second.

python -m deploy.local.emulator --port 4566 --directory .local/aws
"""

import argparse
import asyncio
import logging
import os
import resource
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config

from deploy.local import locks, polls

HOST = "127.0.0.1"
HEALTH = "/_ministack/health"
# Everything that the stacks and the service use; the rest of the emulator would open ports and start containers. Its
# DynamoDB only holds the table that CloudFormation creates; `deploy.local.dynamodb` creates the same for the service.
SERVICES = "cloudformation,cognito-idp,dynamodb,events,iam,kms,logs,monitoring,s3,ses,sns,sqs,ssm,sts"
# Seconds that requests in progress get when stopping; a worker's long poll would take up to 20.
GRACE = 1.0
# Seconds between two snapshots: the most that a `kill -9` can lose.
SNAPSHOT_EVERY = 1.0
# Unauthenticated administrative paths, which even a web page could call: they wipe or reconfigure the emulator.
CLOSED = ("/_ministack/reset", "/_ministack/config")


def main() -> int:
    parser = argparse.ArgumentParser("emulator", description="The local AWS except DynamoDB, on one port.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--directory", help="where its state is saved; without it everything stays in memory")
    args = parser.parse_args()
    directory = Path(args.directory).resolve() if args.directory else None
    if directory is not None:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        if locks.take(directory / "lock") is None:
            return _complain(f"another local AWS runs in {directory}")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    _configure(directory, args.port)
    # Each client of the many processes keeps a connection open.
    _, most_files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most_files, most_files))
    try:
        asyncio.run(_run(args.port, is_saved=directory is not None))
    except OSError as error:
        return _complain(str(error))
    return 0


async def _run(port: int, *, is_saved: bool) -> None:
    # The emulator reads its settings when it is imported.
    from ministack import app as emulator  # noqa: PLC0415

    from deploy.local import corrections  # noqa: PLC0415

    corrections.apply()
    app = _without_administration(polls.cancel_abandoned_polls(emulator.app))
    saving = [asyncio.create_task(_save_snapshots(emulator))] if is_saved else []
    await serve(app, _server(port), shutdown_trigger=_stop_signal())  # type: ignore[arg-type]
    for task in saving:
        task.cancel()


async def _save_snapshots(emulator: Any) -> None:
    """Save the emulator's state every second; the emulator itself saves it only when it stops in order.

    No snapshot is taken while a stack is being changed: after a restart, nothing would finish the half-changed stack.
    """
    from ministack.core import persistence  # noqa: PLC0415

    while True:
        await asyncio.sleep(SNAPSHOT_EVERY)
        if not _is_deploying(emulator):
            persistence.save_all(emulator._build_persistence_save_dict())  # noqa: SLF001  as the emulator does when it stops


def _is_deploying(emulator: Any) -> bool:
    stacks = emulator._get_module("cloudformation")._stacks  # noqa: SLF001  it has no public reader
    statuses = [stack["StackStatus"] for stack in stacks.all_values()]
    return any(status.endswith("_IN_PROGRESS") and status != "REVIEW_IN_PROGRESS" for status in statuses)


def _without_administration(app: polls.App) -> polls.App:
    async def guarded(scope: polls.Scope, receive: polls.Receive, send: polls.Send) -> None:
        if scope["type"] == "http" and scope["path"] in CLOSED:
            await send({"type": "http.response.start", "status": 404, "headers": []})
            await send({"type": "http.response.body", "body": b""})
        else:
            await app(scope, receive, send)

    return guarded


def _configure(directory: Path | None, port: int) -> None:
    for name in [name for name in os.environ if name.startswith(("MINISTACK_", "LOCALSTACK_"))]:
        del os.environ[name]
    os.environ |= {
        # The emulator checks codes, sign-outs, allowed flows and signatures only with this.
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "SERVICES": SERVICES,
        "PERSIST_STATE": "1" if directory else "0",
        "S3_PERSIST": "1" if directory else "0",
        **({"STATE_DIR": str(directory / "state"), "S3_DATA_DIR": str(directory / "s3")} if directory else {}),
        # Listen on the one port only, and ignore containers on this machine.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "USE_SSL": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }


def _server(port: int) -> Config:
    config = Config()
    config.bind = [f"{HOST}:{port}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = GRACE
    config.loglevel = "WARNING"
    return config


def _stop_signal() -> Callable[[], Awaitable[Any]]:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def begin_to_stop() -> None:
        # Clients that are still connected at the end are cut off; each would print a page of traceback.
        loop.set_exception_handler(lambda *_: None)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, begin_to_stop)
    return stop.wait


def _complain(message: str) -> int:
    print(f"local AWS: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
