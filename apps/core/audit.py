"""The audit log: who did what, when and why; written in the transaction of the act, never changed afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from apps.core import clock, context, ids, keys, queries
from apps.core.models import BodyAttribute, Item, derived_keys
from apps.core.transactions import Transaction

# The longest reason, and the longest title of a target, that a row keeps.
_REASON_LENGTH = 2000
_TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Who:
    """The actor: a person by id and username, or a command by name."""

    id: str
    name: str


SYSTEM = Who("system", "system")
OPERATOR = Who("operator", "manage.py")


class AuditEntry(Item, discriminator="audit_entry"):
    """One action. `before` and `after` hold only what it changed, as JSON."""

    actor_id = UnicodeAttribute()
    actor_name = UnicodeAttribute()
    act = UnicodeAttribute()
    target_type = UnicodeAttribute()
    target_id = UnicodeAttribute()
    title = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)
    before = BodyAttribute(null=True)
    after = BodyAttribute(null=True)
    request_id = UnicodeAttribute(null=True)

    @property
    def id(self) -> str:
        return self.sk

    @property
    def at(self) -> datetime:
        return ids.made_at(self.sk)


def record(  # noqa: PLR0913  an audit entry says all of this
    transaction: Transaction,
    *,
    act: str,
    who: Who,
    target_type: str,
    target_id: str,
    title: str = "",
    reason: str = "",
    before: Any = None,
    after: Any = None,
    kept: timedelta | None = None,
) -> str:
    """Add an entry to `transaction` and return its id: the act and its record happen together or not at all.

    It stays for ever, or for as long as `kept` says. 4 write units and 2 for each of three indexes.
    """
    entry_id = ids.new_id()
    key = keys.audit_entry(target_type, target_id, entry_id)
    row = AuditEntry(
        pk=key.pk, sk=key.sk, actor_id=who.id, actor_name=who.name, act=act, target_type=target_type,
        target_id=target_id, title=title[:_TITLE_LENGTH] or None, reason=reason[:_REASON_LENGTH] or None,
        before=before, after=after, request_id=context.request_id.get() or None,
        ttl=clock.epoch(clock.now() + kept) if kept else None,
        **derived_keys(
            gsi1=keys.audit_by_actor(who.id, entry_id),
            gsi2=keys.audit_by_act(act, entry_id),
            gsi4=keys.audit_log(entry_id),
        ),
    )  # fmt: skip
    transaction.save(row)
    return entry_id


def write(**entry: Any) -> str:
    """Record an action without a transaction of its own: a sign-in, a view of personal data."""
    transaction = Transaction()
    entry_id = record(transaction, **entry)
    transaction.commit()
    return entry_id


def history(
    target_type: str, target_id: str, *, limit: int, after: dict[str, str] | None = None
) -> queries.Slice[AuditEntry]:
    """Page through what was done to one thing, newest first, consistently: 1 read unit for about ten entries."""
    partition = keys.audit_entry(target_type, target_id, "-").pk
    return queries.query_page(AuditEntry, partition, limit=limit, after=after, newest_first=True, consistent=True)


def last(target_type: str, target_id: str, acts: Sequence[str] = ()) -> AuditEntry | None:
    """Return the latest act on a thing, of certain kinds if they are named."""
    found = history(target_type, target_id, limit=20).items
    return next((entry for entry in found if not acts or entry.act in acts), None)


def recent(*, actor_id: str | None, limit: int) -> list[AuditEntry]:
    """Return the latest entries, of one person or of all: half a read unit for the index and one for each entry."""
    source, partition = (
        (Item.feeds, keys.audit_by_actor(actor_id, "-").pk) if actor_id else (Item.queues, keys.audit_log("-").pk)
    )
    found: queries.Slice[Item] = queries.query_page(source, partition, limit=limit, newest_first=True)
    rows = queries.read_many(AuditEntry, [item.key for item in found.items])
    return [rows[item.key] for item in found.items if item.key in rows]
