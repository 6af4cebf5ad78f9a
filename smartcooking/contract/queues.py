"""The queues, declared once: Celery, the templates in `deploy/` and the dashboards read this."""

from dataclasses import dataclass

# The suffix of a dead-letter queue's name and URL.
DEAD_LETTERS_SUFFIX = "-dead"


@dataclass(frozen=True)
class Queue:
    """One SQS queue and its dead-letter queue; times in seconds."""

    name: str
    visibility_timeout: int
    # Below the visibility timeout: a task must be killed before SQS delivers its message to another worker.
    time_limit: int
    max_receives: int = 5
    retention: int = 4 * 24 * 3600


AI = Queue("ai", visibility_timeout=60, time_limit=45)
NOTIFICATIONS = Queue("notifications", visibility_timeout=60, time_limit=45)
MEDIA = Queue("media", visibility_timeout=180, time_limit=150)
DEFAULT = Queue("default", visibility_timeout=120, time_limit=100)
# For untrusted input: web pages and archives. Its worker has its own role and network.
IMPORTS = Queue("imports", visibility_timeout=180, time_limit=150)

QUEUES = (AI, NOTIFICATIONS, MEDIA, DEFAULT, IMPORTS)
