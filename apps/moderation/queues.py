"""The moderators' queues: their lengths and ages, and pages of entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apps.core import clock, keys, queries
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.ingredients import editing
from apps.moderation import authority, dead_letters
from apps.moderation.models import Appeal, ReportCase
from apps.recipes import services as recipes
from apps.users import suspensions

# Counting reads the index: half a read unit for about 50 entries. Longer queues are shown as "this many or more".
MOST_COUNTED = 1000

PARTITIONS = {
    "recipes": keys.pending_queue("-", "-").pk,
    "reports": keys.reports_queue("-", "-", "-").pk,
    "names": keys.unknown_names_queue("-", "-").pk,
    "appeals": keys.appeals_queue("-", "-").pk,
    "suspended": keys.suspended_queue("-", "-").pk,
}


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue. `count` is exact up to `MOST_COUNTED`; `oldest` is the time of the first entry."""

    name: str
    count: int
    oldest: datetime | None


def summarize(*, actor: Actor) -> list[Queue]:
    """Return all queues with their length and age: about 10 read units per thousand entries."""
    authority.require_moderator(actor)
    return [*count_waiting(), Queue("jobs", sum(dead_letters.count().values()), None)]


def count_failed_jobs(*, actor: Actor) -> Queue:
    """Return how many jobs of people have failed: half a read unit for about 50, up to a thousand."""
    authority.require_moderator(actor)
    return _summary("failed_jobs", keys.failed_jobs("-", "-", "-").pk)


def count_waiting() -> list[Queue]:
    """Return the queues stored in the table, without dead letters, for the service's own metrics."""
    return [_summary(name, partition) for name, partition in PARTITIONS.items()]


def _summary(name: str, partition: str) -> Queue:
    oldest = next(iter(Item.queues.query(partition, limit=1)), None)
    if oldest is None:
        return Queue(name, 0, None)
    count = Item.queues.count(partition, limit=MOST_COUNTED)
    return Queue(name, count, clock.parse(keys.first_part(str(oldest.gsi4sk))))


def page_recipes(*, actor: Actor, limit: int, after: Any) -> tuple[list[Any], Any]:
    """Page through the waiting recipes, oldest first."""
    return _page("recipes", recipes.get_stored_recipes, actor=actor, limit=limit, after=after)


def page_cases(*, actor: Actor, limit: int, after: Any) -> tuple[list[Any], Any]:
    return _page("reports", _load_cases, actor=actor, limit=limit, after=after, id_of=_case_id)


def page_names(*, actor: Actor, limit: int, after: Any) -> tuple[list[Any], Any]:
    return _page("names", editing.load_unknown_names, actor=actor, limit=limit, after=after)


def page_appeals(*, actor: Actor, limit: int, after: Any) -> tuple[list[Any], Any]:
    return _page("appeals", load_appeals, actor=actor, limit=limit, after=after)


def page_suspended(*, actor: Actor, limit: int, after: Any) -> tuple[list[Any], Any]:
    """Page through the current suspensions by their end."""
    return _page("suspended", suspensions.load_rows, actor=actor, limit=limit, after=after)


def _page(
    name: str, load: Any, *, actor: Actor, limit: int, after: Any, id_of: Any = keys.last_part
) -> tuple[list[Any], Any]:
    """Read a page of the index and its full rows. Entries decided since are left out."""
    authority.require_moderator(actor)

    def read(missing: int, position: Any) -> tuple[list[Any], Any]:
        found: queries.Slice[Item] = queries.query_page(Item.queues, PARTITIONS[name], limit=missing, after=position)
        ids = [id_of(str(item.gsi4sk)) for item in found.items]
        rows = load(ids)
        return [rows[id_] for id_ in ids if id_ in rows and _waits(rows[id_], name)], found.next

    return queries.fill_page(read, limit=limit, after=after)


def _waits(row: Any, name: str) -> bool:
    held = getattr(row, "state", row)
    return bool(held.gsi4pk == PARTITIONS[name])


def _case_id(sort_key: str) -> str:
    return ":".join(sort_key.split(keys.SEPARATOR)[1:])


def _load_cases(case_ids: list[str]) -> dict[str, ReportCase]:
    wanted = {id_: keys.report_case(*id_.split(":", 1)) for id_ in case_ids}
    found = queries.read_many(ReportCase, list(wanted.values()))
    return {id_: found[key] for id_, key in wanted.items() if key in found}


load_cases = _load_cases


def load_appeals(appeal_ids: list[str]) -> dict[str, Appeal]:
    found = queries.read_many(Appeal, [keys.appeal(id_) for id_ in appeal_ids])
    return {keys.last_part(key.pk): row for key, row in found.items()}
