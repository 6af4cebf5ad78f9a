"""Cooking sessions: cook a recipe step by step, and record that it was cooked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.cooking import repositories
from apps.cooking.errors import SessionEnded, SessionExists, SessionNotFound
from apps.cooking.models import CookingStats, SessionRow, Status
from apps.core import clock, ids, keys, own_deletions, queries, transactions
from apps.core.authentication import Actor
from apps.core.errors import FieldError, ValidationFailed
from apps.core.language import Text
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.pantry.using import Offer, offer
from apps.recipes import cooks, ratings
from apps.recipes import services as recipes
from apps.recipes.errors import OwnRecipe, RecipeNotFound
from apps.recipes.rendering import to_snapshot
from apps.users import privacy, visibility
from apps.users import services as users


def start_session(*, session_id: str, recipe_id: str, servings: int | None, actor: Actor) -> SessionRow:
    """Start cooking a visible recipe, of which the session keeps a copy. Repeating the id returns the same session."""
    recipe = recipes.get_recipe(recipe_id, actor=actor)
    content = recipe.content.scaled_to(servings) if servings else recipe.content
    key = keys.cooking_session(actor.id, session_id)
    row = SessionRow(
        pk=key.pk, sk=key.sk, user_id=actor.id, recipe_id=recipe_id, snapshot=to_snapshot(recipe, content),
        servings=content.servings,
        started_at=clock.now(),
    )  # fmt: skip
    try:
        transactions.save(row, otherwise=SessionExists())
    except SessionExists:
        return get_session(session_id, actor=actor)
    return row


def get_session(session_id: str, *, actor: Actor) -> SessionRow:
    """Return the actor's session; `SessionNotFound` for other people's."""
    row = repositories.find_session(actor.id, session_id) if ids.is_id(session_id) else None
    if row is None:
        raise SessionNotFound
    return row


@dataclass(frozen=True, slots=True)
class Shown:
    """What a cook may still see of a session's copy of its recipe: the picture, and who owns it."""

    picture: bool
    owner: bool


def find_shown(row: SessionRow, *, actor: Actor) -> Shown:
    """Decide what a session shows: 2 read units for another person's recipe, which a block leaves without its owner."""
    owner = row.snapshot.get("owner")
    is_shown = owner is None or owner["id"] == actor.id or visibility.load_viewer(actor.id).can_see(owner["id"])
    return Shown(picture=bool(find_shown_pictures([row], actor=actor)), owner=is_shown)


def find_shown_pictures(rows: Sequence[SessionRow], *, actor: Actor) -> frozenset[str]:
    """Return the recipes whose picture the cook may still see, since a session outlives the sharing of its recipe.

    0 read units for recipes of the catalogue and those without a picture.
    """
    wanted = list(dict.fromkeys(row.recipe_id for row in rows if row.snapshot.get("image")))
    return frozenset(one.id for one in recipes.list_visible_recipes(wanted, actor=actor)) if wanted else frozenset()


def list_shown_sessions(
    *, actor: Actor, status: Status | None, limit: int, after: Any
) -> tuple[list[tuple[SessionRow, frozenset[str]]], Any]:
    """Page through the actor's sessions, newest first, with `find_shown_pictures` of the page."""
    found = repositories.page_sessions(
        actor.id, limit=limit, after=after, keep=(lambda row: row.status == status) if status else None
    )
    pictures = find_shown_pictures(found.items, actor=actor)
    return [(row, pictures) for row in found.items], found.next


@retry_conflicts
def edit_session(session_id: str, *, actor: Actor, changes: dict[str, Any], check: Check) -> SessionRow:
    """Change the notes or the current step. Notes can be changed after the session has ended."""
    row = get_session(session_id, actor=actor)
    before = (row.current_step, row.notes)
    if "current_step" in changes:
        _require_open(row)
        row.current_step = _step_of(row, changes["current_step"])
    if "notes" in changes:
        row.notes = changes["notes"] or None
    if (row.current_step, row.notes) != before:
        check(int(row.version or 0))
        transactions.save(row)
    return row


def _step_of(row: SessionRow, step: int) -> int:
    """Validate a step of the recipe. The number of steps means "after the last one". Raises `ValidationFailed`."""
    last = len(row.snapshot["steps"])
    if step > last:
        message = Text(f"Công thức này có {last} bước.", f"This recipe has {last} steps.")
        raise ValidationFailed(errors=(FieldError("current_step", "max_value", str(message)),))
    return step


@retry_conflicts
def delete_session(session_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Delete a session from the actor's history. The recipe still counts as cooked.

    Idempotent.
    """
    try:
        row = get_session(session_id, actor=actor)
    except SessionNotFound:
        if own_deletions.was_deleted_by(actor.id, session_id):
            return
        raise
    check(int(row.version or 0))
    transaction = Transaction()
    transaction.delete(row)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=session_id)
    transaction.commit()


def complete_session(
    session_id: str, *, actor: Actor, notes: str | None, stars: int | None, comment: str | None
) -> SessionRow:
    """Complete a session. Stars become the actor's rating of the recipe.

    The session's end, the recipe's counter and the person's statistics are one transaction. The rating follows it, so
    that it finds a verified cook. After an interruption in between, completing again only sets the rating, and so does
    completing with other stars or another comment. Repeating the same call changes nothing. Raises `OwnRecipe` for
    stars for the actor's own recipe.
    """
    row = get_session(session_id, actor=actor)
    if row.status == Status.ABANDONED:
        raise SessionEnded
    if stars is not None:
        _require_anothers(row, actor=actor)
    if row.status == Status.COOKING:
        row = _complete(session_id, actor=actor, notes=notes)
    if stars is not None and not _is_rated(row, actor, stars, comment):
        _rate(row, actor=actor, stars=stars, comment=comment)
    return row


def _require_anothers(row: SessionRow, *, actor: Actor) -> None:
    owner = row.snapshot.get("owner")
    if owner and owner["id"] == actor.id:
        raise OwnRecipe


def _is_rated(row: SessionRow, actor: Actor, stars: int, comment: str | None) -> bool:
    rating = ratings.find_own_rating(recipe_id=row.recipe_id, actor=actor)
    return rating is not None and rating.verified_cook and (rating.stars, rating.comment) == (stars, comment)


def _rate(row: SessionRow, *, actor: Actor, stars: int, comment: str | None) -> None:
    """Rate the cooked recipe. If it has been deleted, the session is completed without a rating."""
    try:
        ratings.rate_recipe(recipe_id=row.recipe_id, actor=actor, stars=stars, comment=comment)
    except RecipeNotFound:
        return


@retry_conflicts
def _complete(session_id: str, *, actor: Actor, notes: str | None) -> SessionRow:
    row = get_session(session_id, actor=actor)
    if row.status == Status.COMPLETED:
        return row
    _require_open(row)
    now = clock.now()
    row.stored_status, row.ended_at, row.notes = Status.COMPLETED.value, now, notes or row.notes
    transaction = Transaction()
    transaction.save(row)
    state, first = cooks.record_cooking(transaction, recipe_id=row.recipe_id, user_id=actor.id, at=now)
    transaction.save(_figures(row, is_new_recipe=first))
    users.note_cooked(transaction, user_id=actor.id, recipe_id=row.recipe_id, at=now)
    transaction.commit()
    cooks.apply_committed_state(state)
    return row


def _figures(row: SessionRow, *, is_new_recipe: bool) -> CookingStats:
    """Return the person's statistics including this session."""
    stats = repositories.load_stats(row.user_id)
    method = row.snapshot["method"]
    stats.completed = int(stats.completed) + 1
    stats.recipes = int(stats.recipes) + is_new_recipe
    stats.minutes = int(stats.minutes) + (row.snapshot["prep_minutes"] or 0) + (row.snapshot["cook_minutes"] or 0)
    stats.methods = {**stats.methods, method: stats.methods.get(method, 0) + 1}
    stats.last_cooked_at = row.ended_at
    return stats


@retry_conflicts
def abandon_session(session_id: str, *, actor: Actor) -> SessionRow:
    """Abandon a session. Idempotent."""
    row = get_session(session_id, actor=actor)
    if row.status == Status.ABANDONED:
        return row
    _require_open(row)
    row.stored_status, row.ended_at = Status.ABANDONED.value, clock.now()
    transactions.save(row)
    return row


def pantry_offers(row: SessionRow, *, actor: Actor) -> list[Offer]:
    """Return what a session used of the pantry, for the cook to confirm: 2 read units, and 1 for 25 things at home."""
    lines = row.snapshot["ingredients"]
    return offer([(one["ingredient_id"], one["quantity"], one["unit"]) for one in lines], actor=actor)


def get_stats(*, actor: Actor) -> CookingStats:
    return repositories.load_stats(actor.id)


def list_completed_sessions(user_id: str, *, actor: Actor, limit: int, after: Any) -> tuple[list[SessionRow], Any]:
    """Page through what somebody has cooked, if their privacy settings show it to the actor. Never shows notes.

    Leaves out recipes that the actor may not see, unless the cook owns them.
    """
    privacy.require_visible(user_id, "history", actor=actor)

    def read(missing: int, position: Any) -> tuple[list[SessionRow], Any]:
        found = repositories.page_sessions(
            user_id, limit=missing, after=position, keep=lambda row: row.status == Status.COMPLETED
        )
        if user_id == actor.id:
            return found.items, found.next
        told = recipes.filter_disclosable(list({row.recipe_id for row in found.items}), by=user_id, actor=actor)
        return [row for row in found.items if row.recipe_id in told], found.next

    return queries.fill_page(read, limit=limit, after=after)


def _require_open(row: SessionRow) -> None:
    if row.status != Status.COOKING:
        raise SessionEnded
