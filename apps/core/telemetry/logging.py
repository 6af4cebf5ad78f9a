"""Log as JSON lines. Each line has the request id; secrets and e-mail addresses are redacted."""

import logging
import re
import sys
from functools import lru_cache
from typing import Any

import structlog

_SECRET_NAMES = re.compile(r"token|password|secret|authorization|code|session|email", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
_TOKEN = re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.?[\w-]*")
# Celery adds arguments and results of tasks to its records: ids at best, and names of people.
_OF_TASKS = "data"
# What it says of messages that it cannot read begins like this.
_WHOLE_MESSAGE = "The full contents of the message"
_HARMLESS = {"status_code", "error_code"}


def configure(level: str) -> None:
    """Send structlog's events and the standard library's records through one chain to standard output."""
    chain: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        leave_out_arguments,
        redact,
    ]
    structlog.configure(
        processors=[*chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        cache_logger_on_first_use=True,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *chain],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False, separators=(",", ":")),
        ],
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for chatty in ("botocore", "boto3", "urllib3", "pynamodb", "kombu", "amqp", "s3transfer"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # Its lines of DEBUG repeat the arguments of tasks in the text.
    logging.getLogger("celery").setLevel(max(logging.INFO, logging.getLevelName(level)))
    # RequestContext already logs every request with its status.
    logging.getLogger("django.request").setLevel(logging.CRITICAL)


def leave_out_arguments(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Remove what Celery says about a task beyond its name and id, which are in the text of the event."""
    if str(event.get("logger", "")).startswith("celery"):
        event.pop(_OF_TASKS, None)
        event["event"] = str(event["event"]).partition(_WHOLE_MESSAGE)[0].rstrip()
    return event


def redact(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Redact tokens, passwords, codes and e-mail addresses in an event, including those of libraries."""
    for name, value in event.items():
        if _is_secret(name):
            event[name] = "[redacted]"
        elif isinstance(value, str):
            event[name] = _redacted(value)
    return event


@lru_cache(1000)
def _is_secret(name: str) -> bool:
    return name not in _HARMLESS and _SECRET_NAMES.search(name) is not None


def _redacted(value: str) -> str:
    """Redact a text. Most have neither an address nor a token, which is seen faster than the patterns find nothing."""
    if "@" in value:
        value = _EMAIL.sub("[email]", value)
    return _TOKEN.sub("[token]", value) if "eyJ" in value else value
