"""Run the Celery worker with an internet of one server: `python -m tests.support.worker_on_a_web PORT worker …`.

Every host name resolves to this machine, whose address counts as public, and every connection goes to the given port.
Everything else is as in the real worker.
"""

import sys

from apps.imports import addresses
from smartcooking.celery import app


def main(port: int, words: list[str]) -> None:
    addresses.is_public = lambda address: address == "127.0.0.1"
    addresses._look_up = lambda *_: ["127.0.0.1"]
    addresses.Target.port = property(lambda _: port)  # type: ignore[assignment,method-assign]
    app.worker_main(words)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
