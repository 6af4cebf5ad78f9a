"""When releases begin: in the night of Europe, the morning of Viet Nam, with three working days around them."""

from datetime import datetime, time, timedelta

TUESDAY, THURSDAY = 1, 3
OPENS, CLOSES = time(2), time(4)


def is_open(now: datetime) -> bool:
    """Say whether a release may begin; `now` is in UTC."""
    return TUESDAY <= now.weekday() <= THURSDAY and OPENS <= now.time() < CLOSES


def opening(now: datetime) -> datetime:
    """Return when a release may begin: `now`, or the next time that the window opens."""
    if is_open(now):
        return now
    begin = now.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    while begin <= now or not is_open(begin):
        begin += timedelta(days=1)
    return begin
