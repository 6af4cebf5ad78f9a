"""The actions by the names that the API and `manage.py moderate` use."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.errors import FieldError, NotFound, ValidationFailed
from apps.core.language import Text
from apps.core.preconditions import Check, any_version
from apps.moderation import appeals, cases, dead_letters, failed_jobs, master_list, meanings, members, reviews
from apps.moderation.acts import Act
from apps.moderation.content import Target
from apps.moderation.errors import DecidedAlready, ReasonNeeded, UnknownAct

Run = Callable[..., str]

_WHICH_LINE = Text("Hãy cho biết dòng nguyên liệu nào, tính từ 0.", "Say which ingredient line, counted from 0.")


def carry_out(
    kind: str,
    target_id: str,
    act: str,
    *,
    actor: Actor,
    reason: str = "",
    check: Check = any_version,
    **more: Any,
) -> str:
    """Perform an action and return the id of its audit entry; `UnknownAct` if the kind has no such action.

    Each action calls `check` with the current version of its subject. A moderator who repeats their own action gets its
    entry again while it is in force; `DecidedAlready` if another action is, or another moderator's.
    """
    run = _ACTS.get((kind, act))
    if run is None:
        raise UnknownAct
    try:
        return run(target_id, actor=actor, reason=reason, check=check, **more)
    except DecidedAlready as error:
        if error.entry is None or not _is_same(error.entry, act, actor=actor, reason=reason, more=more):
            raise
        return error.entry.id


def _is_same(entry: AuditEntry, act: str, *, actor: Actor, reason: str, more: dict[str, Any]) -> bool:
    """Return whether an entry is of exactly this action. Merging adds the other recipe's title before the reason."""
    chosen = {name: more[name] for name in ("into", "ingredient_id") if more.get(name)}
    because = entry.reason or ""
    return (
        entry.actor_id == actor.id
        and entry.act in {act, f"{act}_name"}
        and (because == reason.strip() or (act == Act.MERGE and because.endswith(reason.strip())))
        and chosen.items() <= (entry.after or {}).items()
    )


def acts_of(kind: str) -> list[str]:
    return [act for one, act in _ACTS if one == kind]


def _case(decide: Run) -> Run:
    def run(case_id: str, *, actor: Actor, reason: str, check: Check, **_more: Any) -> str:
        target, target_id = parse_case_id(case_id)
        return decide(target, target_id, actor=actor, reason=reason, check=check)

    return run


def parse_case_id(case_id: str) -> tuple[Target, str]:
    """Parse the id of a case, such as "post:01…"."""
    kind, _, target_id = case_id.partition(":")
    if kind not in Target._value2member_map_ or not target_id:
        raise NotFound
    return Target(kind), target_id


def _plain(decide: Run) -> Run:
    return lambda target_id, *, actor, reason, check, **_more: decide(
        target_id, actor=actor, reason=reason, check=check
    )


def _suspend(
    user_id: str, *, actor: Actor, reason: str, check: Check, until: datetime | None = None, **_more: Any
) -> str:
    if until is None:
        raise ReasonNeeded("until")
    return members.suspend(user_id, until=until, reason=reason, actor=actor, check=check)


def _merge(recipe_id: str, *, actor: Actor, reason: str, check: Check, into: str = "", **_more: Any) -> str:
    return reviews.merge(recipe_id, into=into, actor=actor, reason=reason, check=check)


def _correct(
    recipe_id: str,
    *,
    actor: Actor,
    reason: str,
    check: Check,
    line: int | None = None,
    ingredient_id: str | None = None,
    confirmed: bool = False,
    **_more: Any,
) -> str:
    if line is None:
        raise ValidationFailed(errors=(FieldError("line", "required", str(_WHICH_LINE)),))
    return meanings.correct(
        recipe_id, line=line, ingredient_id=ingredient_id, actor=actor, reason=reason, confirmed=confirmed, check=check
    )


def _map(
    name_hash: str, *, actor: Actor, check: Check, ingredient_id: str | None = None, language: str = "vi", **_more: Any
) -> str:
    return master_list.map_name(
        name_hash, ingredient_id=ingredient_id or "", language=language, actor=actor, check=check
    )


def _recipe_visibility(decide: Run) -> Run:
    """Pass the check on to the recipe, whose version the queue of recipes shows, instead of to its reports."""
    return lambda recipe_id, *, actor, reason, check, **_more: decide(
        Target.RECIPE, recipe_id, actor=actor, reason=reason, check_target=check
    )


_ACTS: dict[tuple[str, str], Run] = {
    ("recipes", "approve"): _plain(reviews.approve),
    ("recipes", "reject"): _plain(reviews.reject),
    ("recipes", "send_back"): _plain(reviews.send_back),
    ("recipes", "merge"): _merge,
    ("recipes", "correct_meaning"): _correct,
    ("recipes", "hide"): _recipe_visibility(cases.hide),
    ("recipes", "restore"): _recipe_visibility(cases.restore),
    ("reports", "hide"): _case(cases.hide),
    ("reports", "confirm"): _case(cases.confirm),
    ("reports", "dismiss"): _case(cases.dismiss),
    ("reports", "restore"): _case(cases.restore),
    ("names", "map"): _map,
    ("names", "dismiss"): _plain(master_list.dismiss_name),
    ("names", "reopen"): _plain(master_list.reopen_name),
    ("names", "unmap"): _plain(master_list.unmap_name),
    ("users", "suspend"): _suspend,
    ("users", "lift"): _plain(members.lift),
    ("users", "end_sessions"): _plain(members.end_sessions),
    ("appeals", "uphold"): _plain(appeals.uphold),
    ("appeals", "overturn"): _plain(appeals.overturn),
    ("failed_jobs", "retry"): _plain(failed_jobs.retry),
    ("jobs", "retry"): _plain(dead_letters.retry),
    ("jobs", "discard"): _plain(dead_letters.discard),
}
