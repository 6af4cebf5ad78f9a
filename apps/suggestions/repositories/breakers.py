"""Access to the circuit breakers: one small row per provider, shared by all workers."""

from collections.abc import Sequence

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from apps.core import clock, keys, queries, transactions
from apps.suggestions.models import BreakerRow


def read(providers: Sequence[str]) -> dict[str, BreakerRow]:
    """Return the breakers that have ever had anything to count: half a read unit each."""
    wanted = {keys.breaker(name): name for name in providers}
    found = queries.read_many(BreakerRow, list(wanted), consistent=False)
    return {wanted[key]: row for key, row in found.items()}


def count_failure(provider: str) -> int:
    """Count a failure and return the count; a single write, so that none is lost."""
    row = _row(provider)
    row.update([BreakerRow.failures.add(1), *_shape(row)], add_version_condition=False)
    return int(row.failures)


def open_for(provider: str, *, seconds: int, failures: int) -> bool:
    """Have the provider left alone, unless somebody else has just seen to that; `failures` is what is kept counted."""
    row, now = _row(provider), clock.epoch(clock.now())
    closed = BreakerRow.open_until.does_not_exist() | (BreakerRow.open_until <= now)
    actions = [BreakerRow.open_until.set(now + seconds), BreakerRow.failures.set(failures), *_shape(row)]
    try:
        row.update(actions, condition=closed, add_version_condition=False)
    except UpdateError as error:
        if isinstance(transactions.explain_single(error, None), transactions.WriteConflict):
            return False
        raise
    return True


def reset(provider: str) -> None:
    row = _row(provider)
    row.update([BreakerRow.failures.set(0), BreakerRow.open_until.set(0), *_shape(row)], add_version_condition=False)


def _row(provider: str) -> BreakerRow:
    key = keys.breaker(provider)
    return BreakerRow(pk=key.pk, sk=key.sk, version=0)


def _shape(row: BreakerRow) -> list[Action]:
    return [BreakerRow.kind.set(type(row)), BreakerRow.schema.set(row.SCHEMA)]
