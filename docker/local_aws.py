"""The local AWS: ministack on one port of this machine, with everything it answers for kept on disk.

python -m docker.local_aws --port 4566 --directory .local/aws
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

from docker import locks

HOST = "127.0.0.1"
HEALTH = "/_ministack/health"
# All that the stacks and the service use. The rest of the emulator would open ports and start containers.
SERVICES = "cloudformation,cognito-idp,dynamodb,events,iam,kms,logs,monitoring,s3,ses,sns,sqs,ssm,sts"
# Seconds that requests under way are given when stopping; a worker's long poll would take up to 20.
GRACE = 1.0


def main() -> int:
    args = _parser().parse_args()
    directory = Path(args.directory).resolve()
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if locks.take(directory / "lock") is None:
        return _complain(f"another local AWS runs in {directory}")
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    _configure(directory, args.port)
    _allow_many_connections()
    try:
        asyncio.run(_run(directory, args.port))
    except OSError as error:
        return _complain(str(error))
    return 0


async def _run(directory: Path, port: int) -> None:
    # The emulator reads its settings when it is imported.
    from docker import corrections, journal, objects, ordering, parsing, polls, state  # noqa: PLC0415

    kept = state.read(directory / "state")
    objects.mend(directory / "s3")
    objects.drop_buckets(directory / "s3", state.buckets(kept))
    state.restore(kept)
    corrections.apply()
    ordering.apply()
    parsing.apply()
    items = journal.start(directory / "journal")
    app = polls.attended(state.durable(kept, items))
    await serve(app, _server(port), shutdown_trigger=_stop_signal())  # type: ignore[arg-type]
    items.close()


def _configure(directory: Path, port: int) -> None:
    for name in [name for name in os.environ if name.startswith(("MINISTACK_", "LOCALSTACK_"))]:
        del os.environ[name]
    os.environ |= {
        # Codes, sign-out, allowed flows and signatures count only with this.
        "AUTH": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "MINISTACK_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "LOG_LEVEL": "WARNING",
        "SERVICES": SERVICES,
        # State is kept by `journal` and `state`; here lie the keys that sign people's tokens.
        "PERSIST_STATE": "0",
        "STATE_DIR": str(directory / "keys"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(directory / "s3"),
        # Nothing listens but the one port, and no container of this machine is looked at.
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "USE_SSL": "0",
        "DOCKER_HOST": "unix:///nonexistent",
    }


def _server(port: int) -> Config:
    config = Config()
    config.bind = [f"{HOST}:{port}"]
    config.backlog = 2048
    config.keep_alive_timeout = 75
    config.graceful_timeout = GRACE
    config.loglevel = "WARNING"
    return config


def _stop_signal() -> Callable[[], Awaitable[Any]]:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()

    def begin_to_stop() -> None:
        # Clients that keep their connection to the end are cut off, and each would be a page of traceback.
        loop.set_exception_handler(lambda *_: None)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, begin_to_stop)
    return stop.wait


def _allow_many_connections() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("local_aws", description="The local AWS, on one port.")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--directory", required=True, help="where its data is kept")
    return parser


def _complain(message: str) -> int:
    print(f"local AWS: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
