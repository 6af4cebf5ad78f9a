# ruff: noqa: N999 (gunicorn's own name for this file)
"""How gunicorn serves the API. One process with threads: each process holds an index of the whole catalogue."""

import os
from pathlib import Path

bind = f"{os.environ.get('BIND_HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
backlog = 2048
workers = 1
worker_class = "gthread"
# A request waits for DynamoDB most of its time.
threads = int(os.environ.get("WEB_THREADS", "16"))
# Longer than the idle time of the load balancer, 60 s, which would otherwise send into a connection being closed.
keepalive = 65
timeout = 30
# Requests that are under way when it is told to stop.
graceful_timeout = int(os.environ.get("WEB_GRACE", "4"))
# The index is built by the process that serves it, before it takes its first request.
preload_app = False
control_socket_disable = True
# Where a worker tells that it lives: on a disk, a slow write would be taken for a hanging worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# The application logs each request itself.
accesslog = None
errorlog = "-"
loglevel = "warning"
