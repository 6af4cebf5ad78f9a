"""gunicorn's configuration: one process with threads, since each process holds an index of the whole catalogue."""

import ctypes
import gc
import os
import sys
from contextlib import suppress
from pathlib import Path

bind = f"{os.environ.get('BIND_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
backlog = 2048
workers = 1
# gthread, with requests received whole before a thread gets them: slow senders hold none.
worker_class = "smartcooking.buffering.BufferingWorker"
# A request waits for DynamoDB most of its time.
threads = int(os.environ.get("WEB_THREADS", "16"))
# Longer than the idle time of the load balancer, 60 s, which would otherwise send into a connection being closed.
# Long searches and cursors in a URL; 8190 is the most that gunicorn takes.
limit_request_line = 8190
keepalive = 65
# Seconds without a sign of life after which a worker is killed; building the index of a large catalogue gives none.
timeout = 180
# Seconds for requests that are under way when it is told to stop.
graceful_timeout = int(os.environ.get("WEB_GRACE", "3"))
# The index is built by the process that serves it.
preload_app = False
control_socket_disable = True
# Where a worker tells that it lives: on a disk, a slow write would be taken for a hanging worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# The application logs each request itself.
accesslog = None
errorlog = "-"
loglevel = "warning"

# glibc gives each thread an arena of its own and never takes back what is free in it: 10 to 20 MB with 16 threads.
_M_ARENA_MAX = -8  # malloc.h
with suppress(AttributeError):
    ctypes.CDLL(None).mallopt(_M_ARENA_MAX, 2)


def post_worker_init(worker: object) -> None:
    """Have threads take turns, and give back what loading the catalogue took beside what it left: 5 to 10 MB."""
    gc.collect()
    # Later collections leave out what is loaded now: walking code and catalogue (300,000 objects) takes 0.13 s.
    gc.freeze()
    # Python collects all generations once a quarter more objects are there than the last time: count those of now out.
    gc.collect()
    # Seconds for which a thread may compute before another gets its turn. A request gives its turn away whenever it
    # sends or receives, and beside one that computes waits so long for the next. Half of it costs two such 40 %.
    sys.setswitchinterval(0.0002)
    with suppress(AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
