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
    from docker import journal, objects, state  # noqa: PLC0415

    kept = state.load(directory / "state")
    objects.mend(directory / "s3")
    objects.drop_buckets(directory / "s3", kept.buckets())
    items = journal.start(directory / "journal")
    await serve(state.durable(kept, items), _server(port), shutdown_trigger=_stop_signal())
    items.close()
