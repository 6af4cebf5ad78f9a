"""The current time and its formats, always in UTC."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Format `moment` as the interface does: 2026-11-21T03:04:05Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sortable(moment: datetime) -> str:
    """Format `moment` with microseconds, so that texts sort like moments: for keys."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def parse(text: str) -> datetime:
    """Parse what `iso` or `sortable` formatted."""
    return datetime.fromisoformat(text)


def epoch(moment: datetime) -> int:
    """Return whole seconds since 1970, the unit of DynamoDB's TTL."""
    return int(moment.timestamp())
