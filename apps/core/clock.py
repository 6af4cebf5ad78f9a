"""Time, always in UTC and always asked for here."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return `moment` as the interface writes times: 2026-11-21T03:04:05Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sortable(moment: datetime) -> str:
    """Return `moment` with microseconds, so that its text sorts as it does: for keys."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """Read what `iso` or `sortable` wrote."""
    return datetime.fromisoformat(text)


def epoch(moment: datetime) -> int:
    """Return whole seconds since 1970, the unit of DynamoDB's TTL."""
    return int(moment.timestamp())
