"""The queues, described once: Celery, the templates in `deploy/` and the dashboards read this."""

from dataclasses import dataclass

# What follows a queue's name, and its URL, in those of its dead-letter queue.
DEAD_LETTERS_SUFFIX = "-dead"


@dataclass(frozen=True)
class Queue:
    """One SQS queue and its dead-letter queue; times in seconds."""

    name: str
    visibility_timeout: int
    # Below the visibility timeout: a task must be dead before SQS hands its message to the next worker.
    time_limit: int
    max_receives: int = 5
    retention: int = 4 * 24 * 3600


AI = Queue("ai", visibility_timeout=60, time_limit=45)
NOTIFICATIONS = Queue("notifications", visibility_timeout=60, time_limit=45)
MEDIA = Queue("media", visibility_timeout=180, time_limit=150)
DEFAULT = Queue("default", visibility_timeout=120, time_limit=100)
# What strangers wrote is read here: pages of the web, archives. Its worker has a role and a network of its own.
IMPORTS = Queue("imports", visibility_timeout=180, time_limit=150)

QUEUES = (AI, NOTIFICATIONS, MEDIA, DEFAULT, IMPORTS)
