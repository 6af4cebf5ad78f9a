"""Health of the services that this one depends on."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import structlog
import urllib3
from django.conf import settings

from apps.core import aws, clock, keys
from apps.core.models import Item
from apps.recipes import catalogue
from smartcooking.contract import queues

log = structlog.get_logger()

# The load balancer doesn't wait longer either.
_PATIENCE = 3.0
# The catalogue in memory is five seconds old at most; a single failed poll is no reason for an alarm.
_BEHIND = timedelta(minutes=1)
STATUSES = ("ok", "degraded", "unavailable")


@dataclass(frozen=True, slots=True)
class Health:
    """`services` maps names to up or down; `latency_ms` maps them to their response times."""

    services: dict[str, str]
    latency_ms: dict[str, float]

    @property
    def status(self) -> str:
        """Return the overall status: without the database nothing works; without another service most things do."""
        if self.services["database"] == "down":
            return "unavailable"
        return "degraded" if "down" in self.services.values() else "ok"


def _database() -> None:
    Item.read(keys.user("health"), consistent=False)


def _cache() -> None:
    """Fail if this process has stopped following the catalogue and would answer from outdated data."""
    if clock.now() - catalogue.live().complete_until > _BEHIND:
        raise TimeoutError


def _auth() -> None:
    urllib3.request("GET", settings.COGNITO_JWKS_URL, timeout=_PATIENCE, retries=False)


def _storage() -> None:
    aws.client("s3").head_bucket(Bucket=settings.IMAGES_BUCKET)


def _queue() -> None:
    url = settings.QUEUE_URLS[queues.DEFAULT.name]
    aws.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])


_CHECKS: dict[str, Callable[[], None]] = {
    "database": _database,
    "cache": _cache,
    "auth": _auth,
    "storage": _storage,
    "queue": _queue,
}


def check_services() -> Health:
    """Check all services in parallel, each for at most 3 s."""
    started = {name: (time.perf_counter(), _threads().submit(function)) for name, function in _CHECKS.items()}
    services, latency = {}, {}
    for name, (begun, future) in started.items():
        try:
            future.result(timeout=max(0.0, begun + _PATIENCE - time.perf_counter()))
            services[name] = "up"
        except (Exception, FutureTimeout) as error:  # noqa: BLE001  whatever the error, the service is down
            log.warning("service_down", service=name, error=type(error).__name__)
            services[name] = "down"
        latency[name] = round((time.perf_counter() - begun) * 1000, 1)
    return Health(services, latency)


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=2 * len(_CHECKS), thread_name_prefix="health")
