"""When releases may start: during Europe's night and Viet Nam's morning, on three working days."""

from datetime import datetime, timedelta

from deploy.environments import Environment

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def is_open(env: Environment, now: datetime) -> bool:
    """Return whether a release may start; `now` is in UTC."""
    return now.weekday() in env.release_days and env.release_opens <= now.hour < env.release_closes


def opening(env: Environment, now: datetime) -> datetime:
    """Return when a release may start: `now`, or the next time that the window opens."""
    if is_open(env, now):
        return now
    begin = now.replace(hour=env.release_opens, minute=0, second=0, microsecond=0)
    while begin <= now or not is_open(env, begin):
        begin += timedelta(days=1)
    return begin


def describe(env: Environment) -> str:
    days = ", ".join(DAYS[day] for day in env.release_days)
    return f"{days} {env.release_opens:02}:00-{env.release_closes:02}:00 UTC"
