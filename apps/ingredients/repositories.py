"""Every access of the ingredients app to the table."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

import orjson

from apps.core import clock, keys, queries, text
from apps.core.models import derived_keys
from apps.core.transactions import Transaction, retry_conflicts
from apps.ingredients.entry import Ingredient
from apps.ingredients.errors import AlreadyReported
from apps.ingredients.models import IngredientRow, UnknownName, UnknownNameReporter, to_body

# A name that nobody else reports in this time is probably a typo and expires.
_UNKNOWN_KEPT = timedelta(days=90)


def put_entries(entries: Sequence[Ingredient]) -> int:
    """Write entries that are new or whose seed has changed; return how many.

    Changes by moderators stay, unless the seed itself has changed.
    """
    stored = queries.read_many(IngredientRow, [keys.ingredient(entry.id) for entry in entries])
    changed = [entry for entry in entries if _differs(entry, stored.get(keys.ingredient(entry.id)))]
    with IngredientRow.batch_write() as batch:
        for entry in changed:
            batch.save(_row(entry, stored.get(keys.ingredient(entry.id))))
    return len(changed)


def seed_hash(entry: Ingredient) -> str:
    return hashlib.sha256(orjson.dumps(to_body(entry), option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


def _differs(entry: Ingredient, row: IngredientRow | None) -> bool:
    return row is None or row.seed_hash != seed_hash(entry)


def _row(entry: Ingredient, stored: IngredientRow | None) -> IngredientRow:
    feed = keys.ingredients_feed(clock.sortable(clock.now()), entry.id)
    key = keys.ingredient(entry.id)
    row = IngredientRow(
        pk=key.pk, sk=key.sk, body=to_body(entry), seed_hash=seed_hash(entry), **derived_keys(gsi1=feed)
    )
    row.version = (stored.version if stored else 0) + 1
    return row


def unknown_name_hash(name: str) -> str:
    """Return the id under which an unknown name is reported: the same with and without diacritics."""
    return hashlib.sha256(text.fold(name).encode()).hexdigest()[:32]


@retry_conflicts
def report_unknown(name: str, *, user_id: str, queue_at: int) -> None:
    """Count a distinct reporter. At `queue_at` reporters the name enters the moderators' queue, exactly once.

    Raises `AlreadyReported` if this person reported it before: a condition on the reporter's row, in the same
    transaction as the count, keeps reporters distinct.
    """
    name_hash = unknown_name_hash(name)
    key = keys.unknown_name(name_hash)
    row = _find_unknown(key) or UnknownName(pk=key.pk, sk=key.sk, name=name, first_seen_at=clock.now())
    row.reporters = int(row.reporters) + 1
    expires_at = clock.epoch(clock.now() + _UNKNOWN_KEPT)
    # In the queue it doesn't expire.
    row.ttl = expires_at if row.reporters < queue_at else None
    if row.reporters == queue_at:
        queue = keys.unknown_names_queue(clock.sortable(clock.now()), name_hash)
        row.gsi4pk, row.gsi4sk = queue.pk, queue.sk
    place = keys.unknown_name_reporter(name_hash, user_id)
    transaction = Transaction()
    trace = derived_keys(gsi2=keys.traces_of(user_id, name_hash))
    reporter = UnknownNameReporter(pk=place.pk, sk=place.sk, user_id=user_id, ttl=expires_at, **trace)
    transaction.save(reporter, otherwise=AlreadyReported())
    transaction.save(row)
    transaction.commit()


def _find_unknown(key: keys.Key) -> UnknownName | None:
    """Return the row, even if expired: a new one replaces it, with a check of its version."""
    try:
        row = UnknownName.get(key.pk, key.sk, consistent_read=True)
    except UnknownName.DoesNotExist:
        return None
    if row.is_expired:
        row.reporters, row.first_seen_at = 0, clock.now()
    return row
