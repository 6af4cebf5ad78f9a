"""Abuse points, and the suspensions that they cause."""

from dataclasses import dataclass
from datetime import timedelta

from apps.core import audit, clock
from apps.core.language import Text
from apps.core.transactions import Transaction, retry_conflicts
from apps.moderation import acts, repositories
from apps.moderation.acts import Act
from apps.users import services as users
from apps.users import suspensions
from apps.users.errors import UserNotFound

# Causes of points: decisions by moderators, and input that the service refused as abuse.
CONFIRMED = 3
REJECTED_INPUT = 1
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Tier:
    """A number of points within a period that suspends an account for some time."""

    points: int
    within: timedelta
    lasts: timedelta


# The longest suspension first.
TIERS = (
    Tier(30, timedelta(days=30), timedelta(days=30)),
    Tier(15, timedelta(days=1), timedelta(days=1)),
    Tier(5, timedelta(hours=1), timedelta(hours=1)),
)
_REASON = Text("Nhiều vi phạm trong thời gian ngắn", "Many violations in a short time")


def add_points(transaction: Transaction, *, user_id: str, points: int, cause: str) -> Tier | None:
    """Add points to `transaction`, with the suspension that they cause. `WriteConflict` on concurrent changes.

    A suspension that lasts longer stays.
    """
    row = repositories.load_points(user_id)
    now = clock.now()
    entries = [*row.body, {"at": clock.sortable(now), "points": points, "cause": cause}]
    row.body = [one for one in entries if clock.parse(one["at"]) > now - _KEPT]
    transaction.save(row)
    tier = _tier_of(row.body)
    current = suspensions.find_suspension(user_id)
    if tier is None or (current is not None and current.until >= now + tier.lasts):
        return None
    suspensions.suspend(transaction, user_id=user_id, until=now + tier.lasts, reason=str(_REASON))
    entry_id = acts.record(
        transaction, Act.SUSPEND, audit.SYSTEM, "user", user_id, reason=str(_REASON),
        before={"until": clock.iso(current.until), "reason": current.reason} if current else None,
        after={"until": clock.iso(now + tier.lasts)},
    )  # fmt: skip
    acts.notify(transaction, to=user_id, target_type="user", target_id=user_id, entry_id=entry_id)
    return tier


def take_back_points(transaction: Transaction, *, user_id: str, cause: str) -> None:
    """Remove the latest points with this cause in `transaction`, and the suspension that only they caused.

    Suspensions by moderators stay, and so do those that the remaining points still cause.
    """
    row = repositories.load_points(user_id)
    latest = max((one for one in row.body if one["cause"] == cause), key=lambda one: str(one["at"]), default=None)
    if latest is None:
        return
    row.body = [one for one in row.body if one is not latest]
    transaction.save(row)
    last = audit.last("user", user_id, (Act.SUSPEND, Act.LIFT))
    by_points = last is not None and last.act == Act.SUSPEND and last.actor_id == audit.SYSTEM.id
    if not by_points or _tier_of(row.body) is not None:
        return
    term = suspensions.lift_suspension(transaction, user_id=user_id)
    if term is not None:
        entry_id = acts.record(
            transaction, Act.LIFT, audit.SYSTEM, "user", user_id,
            before={"until": clock.iso(term.until), "reason": term.reason}, after={"until": None},
        )  # fmt: skip
        acts.notify(transaction, to=user_id, target_type="user", target_id=user_id, entry_id=entry_id)


def _tier_of(entries: list[dict[str, object]]) -> Tier | None:
    return next((tier for tier in TIERS if _sum(entries, tier.within) >= tier.points), None)


def _sum(entries: list[dict[str, object]], within: timedelta) -> int:
    since = clock.now() - within
    return sum(int(str(one["points"])) for one in entries if clock.parse(str(one["at"])) > since)


@retry_conflicts
def reject_input(*, user_id: str, cause: str) -> Tier | None:
    """Add points for input that was refused as abuse, once per cause. No effect if the author's account is deleted."""
    if any(one["cause"] == cause for one in repositories.load_points(user_id).body):
        return None
    transaction = Transaction()
    tier = add_points(transaction, user_id=user_id, points=REJECTED_INPUT, cause=cause)
    if tier is None:
        users.expect_present(transaction, user_id=user_id)
    try:
        transaction.commit()
    except UserNotFound:
        return None
    return tier
