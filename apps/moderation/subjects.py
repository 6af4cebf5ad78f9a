"""Read one subject of moderation, in a queue or not, with the version for `If-Match`.

Dead letters are not included: they are always in their queue and never change.
"""

from collections.abc import Callable
from typing import Any

from apps.core import ids
from apps.core.authentication import Actor
from apps.core.errors import NotFound
from apps.ingredients import editing
from apps.jobs import services as jobs
from apps.moderation import authority, failed_jobs, queues
from apps.moderation.errors import AppealNotFound, NameNotFound
from apps.moderation.operations import parse_case_id
from apps.recipes import services as recipes
from apps.users import services as users
from apps.users import suspensions


def get(kind: str, target_id: str, *, actor: Actor) -> Any:
    """Read a subject by its kind and id; `NotFound` if there is none. 1 read unit, 2 for recipes and people."""
    authority.require_moderator(actor)
    if kind not in _READERS:
        raise NotFound
    return _READERS[kind](target_id)


def _recipe(recipe_id: str) -> Any:
    return recipes.get_stored_recipe(recipe_id)


def _case(case_id: str) -> Any:
    target, target_id = parse_case_id(case_id)
    return _one(queues.load_cases([f"{target}:{target_id}"]), f"{target}:{target_id}", NotFound)


def _name(name_hash: str) -> Any:
    return _one(editing.load_unknown_names([name_hash]), name_hash, NameNotFound)


def _appeal(decision_id: str) -> Any:
    found = queues.load_appeals([decision_id]) if ids.is_id(decision_id) else {}
    return _one(found, decision_id, AppealNotFound)


def _person(user_id: str) -> Any:
    users.require_person(user_id)
    return user_id, *suspensions.find_suspension_and_version(user_id)


def _failed_job(failed_job_id: str) -> Any:
    key = failed_jobs.parse_id(failed_job_id)
    return _one(jobs.load_failed([key]) if all(key) else {}, key, NotFound)


def _one(found: dict[Any, Any], key: Any, absent: type[NotFound]) -> Any:
    if key not in found:
        raise absent
    return found[key]


_READERS: dict[str, Callable[[str], Any]] = {
    "recipes": _recipe,
    "reports": _case,
    "names": _name,
    "appeals": _appeal,
    "users": _person,
    "failed_jobs": _failed_job,
}
