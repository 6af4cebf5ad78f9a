"""Read the admin's models: which rows make up an object, and which partitions list them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from apps.core import clock, ids, keys, queries, text
from apps.core.audit import AuditEntry
from apps.core.language import Text
from apps.core.models import Item
from apps.dynamo_admin.stores import Attributes, Listing, Store
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.jobs import services as jobs
from apps.moderation import failed_jobs, members, queues, sign_ins
from apps.recipes import catalogue, reviewing
from apps.recipes import services as recipes
from apps.recipes.approval import average
from apps.search.index import SearchQuery
from apps.users import services as users
from apps.users import suspensions
from apps.users.people import is_user_id

# Maximum number of objects that a search returns.
_MOST_FOUND = 50


def load_nobody(_ids: Sequence[str]) -> dict[str, Attributes]:
    return {}


def _of(id_: str, row: Any, *names: str, **more: Any) -> Attributes:
    """Return attributes of a row by name, with its version, the row itself, and any further values."""
    held = {name: getattr(row, name) for name in names}
    return {"id": id_, "version": int(row.version or 0), "record": row, **held, **more}


def _since(row: Any) -> datetime | None:
    start = keys.first_part(str(row.gsi4sk)) if row.gsi4sk else ""
    return clock.parse(start) if start else None


def _load_recipes(recipe_ids: Sequence[str]) -> dict[str, Attributes]:
    found = recipes.get_stored_recipes([id_ for id_ in recipe_ids if ids.is_id(id_)])
    return {id_: _recipe(id_, stored) for id_, stored in found.items()}


def _recipe(recipe_id: str, stored: Any) -> Attributes:
    row, state = stored.row, stored.state
    return {
        "id": recipe_id,
        "title": stored.latest_body.get("title", ""),
        "approval": state.approval,
        "queue": "pending" if reviewing.waits(stored) else state.approval,
        "hidden": bool(state.hidden),
        "source": row.source,
        "language": row.body.get("language", ""),
        "owner_id": row.owner_id,
        "owner_name": row.owner_name,
        "rating_average": average(int(state.rating_sum), int(state.rating_count)),
        "rating_count": int(state.rating_count),
        "cook_count": int(state.cook_count),
        "created_at": row.created_at,
        "since": _since(state),
        "version": int(state.version or 0),
        "record": stored,
    }


def _find_recipes(words: str) -> list[str]:
    """Find recipes in the catalogue by words, or any recipe by its id."""
    if ids.is_id(words.strip()):
        return [words.strip()]
    page = catalogue.current().search(SearchQuery(q=words), limit=_MOST_FOUND)
    return [hit.recipe_id for hit in page.hits]


RECIPES = Store(
    _load_recipes,
    [
        Listing(
            lambda: keys.pending_queue("-", "-").pk, "gsi4", {"queue": "pending"}, order_by="since",
            newest_first=False,
        ),
        Listing(lambda: keys.rejected_recipes("-", "-").pk, "gsi4", {"queue": "rejected"}, order_by="since"),
        Listing(lambda: keys.catalogue_feed("-", "-").pk, "gsi1", {"queue": "approved"}),
    ],
    find=_find_recipes,
)  # fmt: skip


def _load_cases(case_ids: Sequence[str]) -> dict[str, Attributes]:
    """Read cases with the names of the authors: 1.5 read units each."""
    found = queues.load_cases([id_ for id_ in case_ids if ":" in id_])
    authors = users.find_profile_rows({row.user_id for row in found.values() if row.user_id})
    return {id_: _case(id_, row, authors.get(row.user_id)) for id_, row in found.items()}


def _case(case_id: str, row: Any, author: Any) -> Attributes:
    return _of(
        case_id, row, "target_type", "target_id", "status",
        owner_id=row.user_id, owner_name=author.username if author else None, reporters=int(row.reporters),
        since=_since(row),
    )  # fmt: skip


def _case_id(row: Item, _index: str) -> str:
    return ":".join(str(row.gsi4sk).split(keys.SEPARATOR)[1:])


CASES = Store(
    _load_cases,
    [
        Listing(
            lambda: keys.reports_queue("-", "-", "-").pk, "gsi4", {"status": "hidden"}, order_by="since",
            newest_first=False, id_of=_case_id,
        ),
        Listing(
            lambda: keys.decided_reports("-", "-", "-").pk, "gsi4", {"status": "confirmed"}, order_by="since",
            id_of=_case_id,
        ),
    ],
    find=lambda words: [words.strip()],
)  # fmt: skip


def _load_people(user_ids: Sequence[str]) -> dict[str, Attributes]:
    """Read people's profiles, suspensions and points: 1.5 read units each."""
    wanted = [id_ for id_ in user_ids if is_user_id(id_)]
    points = members.find_points(wanted)
    return {id_: _person(id_, user, points.get(id_, [])) for id_, user in users.find_profile_rows(wanted).items()}


def _person(user_id: str, user: Any, points: list[dict[str, Any]]) -> Attributes:
    term, version = suspensions.find_suspension_and_version(user_id)
    return {
        "id": user_id,
        "version": version,
        "username": user.username,
        "language": user.language,
        "hidden": bool(user.hidden),
        "suspended": term is not None,
        "suspended_until": term.until if term else None,
        "suspension_reason": term.reason if term else None,
        "points": sum(int(one["points"]) for one in points),
        "created_at": user.created_at,
        "record": {"user": user, "points": points},
    }


def _find_people(words: str) -> list[str]:
    """Find people by their id, or by their username or at least its first two letters."""
    wanted = words.strip().lower().removeprefix("@")
    if is_user_id(wanted):
        return [wanted]
    if len(wanted) < 2 or not all(one.isalnum() or one in "_." for one in wanted):  # noqa: PLR2004  the index's prefix
        return []
    return users.find_ids_by_username(wanted, limit=_MOST_FOUND)


PEOPLE = Store(
    _load_people,
    [
        Listing(
            lambda: keys.suspended_queue("-", "-").pk, "gsi4", {"suspended": True}, order_by="suspended_until",
            newest_first=False,
        )
    ],
    find=_find_people,
)  # fmt: skip


def _waits(row: Any) -> bool:
    return row.gsi4pk is not None


def _load_names(hashes: Sequence[str]) -> dict[str, Attributes]:
    found = editing.load_unknown_names(list(hashes))
    return {
        id_: _of(id_, row, "name", "status", "first_seen_at", reporters=int(row.reporters), waits=_waits(row))
        for id_, row in found.items()
    }


NAMES = Store(
    _load_names,
    [Listing(lambda: keys.unknown_names_queue("-", "-").pk, "gsi4", {"waits": True}, newest_first=False)],
)


def _load_ingredients(ingredient_ids: Sequence[str]) -> dict[str, Attributes]:
    found = editing.load_rows([id_ for id_ in ingredient_ids if ids.is_id(id_)])
    return {id_: _ingredient(id_, row) for id_, row in found.items()}


def _ingredient(ingredient_id: str, row: Any) -> Attributes:
    entry = row.entry()
    return {
        "id": ingredient_id,
        "vi": entry.vi,
        "en": entry.en,
        "category": entry.category.value,
        "allergens": ", ".join(sorted(entry.allergens)),
        "version": int(row.version or 0),
        "record": entry,
    }


def _find_ingredients(words: str) -> list[str]:
    found, _ = ingredients.complete(text.clean(words), category=None, limit=_MOST_FOUND)
    return [one.id for one in found]


INGREDIENTS = Store(
    _load_ingredients,
    [Listing(lambda: keys.ingredients_feed("-", "-").pk, "gsi1")],
    find=_find_ingredients,
)


def _load_failed_jobs(job_ids: Sequence[str]) -> dict[str, Attributes]:
    wanted = [key for id_ in job_ids if is_user_id((key := failed_jobs.parse_id(id_))[0]) and ids.is_id(key[1])]
    found = jobs.load_failed(wanted)
    owners = users.find_profile_rows({user_id for user_id, _ in found})
    return {":".join(key): _failed_job(":".join(key), row, owners.get(key[0])) for key, row in found.items()}


def _failed_job(id_: str, row: Any, owner: Any) -> Attributes:
    """Return a failed job's owner, purpose and error, but not its input, which is private."""
    problem = row.problem or {}
    return _of(
        id_, row, "user_id", "task", "created_at", "finished_at", job_kind=row.job_kind, code=problem.get("code"),
        problem=str(Text(problem.get("vi", ""), problem.get("en", ""))), can_be_retried=row.can_be_retried,
        owner_name=owner.username if owner else None,
    )  # fmt: skip


def _failed_job_id(row: Item, _index: str) -> str:
    return ":".join(str(row.gsi4sk).split(keys.SEPARATOR)[1:])


FAILED_JOBS = Store(
    _load_failed_jobs,
    [Listing(lambda: keys.failed_jobs("-", "-", "-").pk, "gsi4", order_by="finished_at", id_of=_failed_job_id)],
)


def _load_appeals(appeal_ids: Sequence[str]) -> dict[str, Attributes]:
    found = queues.load_appeals([id_ for id_ in appeal_ids if ids.is_id(id_)])
    return {
        id_: _of(id_, row, "target_type", "target_id", "text", "status", "created_at", waits=_waits(row))
        for id_, row in found.items()
    }


APPEALS = Store(
    _load_appeals,
    [Listing(lambda: keys.appeals_queue("-", "-").pk, "gsi4", {"waits": True}, newest_first=False)],
)


def audit_id(entry: AuditEntry) -> str:
    """Return the id of an entry in the admin: its target and entry, as in its key."""
    return f"{entry.target_type}:{entry.target_id}:{entry.id}"


def _audit_key(audit_id: str) -> keys.Key | None:
    kind, _, rest = audit_id.partition(":")
    target_id, _, entry_id = rest.rpartition(":")
    return keys.audit_entry(kind, target_id, entry_id) if kind and target_id and ids.is_id(entry_id) else None


def _load_audit(audit_ids: Sequence[str]) -> dict[str, Attributes]:
    wanted = {id_: key for id_ in audit_ids if (key := _audit_key(id_))}
    found = queries.read_many(AuditEntry, list(wanted.values()))
    refusals = sign_ins.count_refusals(list(found.values()))
    return {id_: _audit(id_, found[key], refusals) for id_, key in wanted.items() if key in found}


def _audit(audit_id: str, entry: AuditEntry, refusals: Mapping[str, sign_ins.Refusals]) -> Attributes:
    names = ("actor_id", "actor_name", "act", "target_type", "target_id", "title", "reason", "at")
    held = {name: getattr(entry, name) for name in names}
    return {"id": audit_id, "record": entry, "refusals": refusals.get(entry.id), **held}


def _id_of_entry(row: Item, _index: str) -> str:
    _, kind, target_id = row.pk.split(keys.SEPARATOR)
    return f"{kind}:{target_id}:{row.sk}"


def _audit_listing(partition: Callable[..., str], index: str, *by: str) -> Listing:
    return Listing(partition, index, by=by, order_by="at", bound=ids.first_id_at, id_of=_id_of_entry)


AUDIT = Store(
    _load_audit,
    [
        _audit_listing(lambda: keys.audit_log("-").pk, "gsi4"),
        _audit_listing(lambda actor_id: keys.audit_by_actor(actor_id, "-").pk, "gsi1", "actor_id"),
        _audit_listing(lambda act: keys.audit_by_act(act, "-").pk, "gsi2", "act"),
        _audit_listing(lambda kind, id_: keys.audit_entry(kind, id_, "-").pk, "", "target_type", "target_id"),
    ],
)
