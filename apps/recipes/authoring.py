"""Create, edit and delete recipes of the actor's own."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from apps.core import outbox, own_deletions
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.media import services as media
from apps.notifications import removal as notification_removal
from apps.recipes import catalogue, editions, repositories, tag_requests
from apps.recipes.content import Approval, RecipeContent, Source
from apps.recipes.derivation import derive
from apps.recipes.errors import EditionNotFound, RecipeExists, RecipeNotFound
from apps.recipes.models import from_body, to_body
from apps.recipes.recipe import Recipe, version_tag
from apps.recipes.repositories import Stored
from apps.recipes.services import as_seen_by_others, as_seen_by_owner, get_own_recipe
from apps.users import authorship
from apps.users.authorship import retry_renamed
from smartcooking.contract import queues

CLEAR = outbox.Task("recipes.clear", queues.DEFAULT)


@retry_renamed
@retry_conflicts
def create_recipe(*, recipe_id: str, content: RecipeContent, actor: Actor, image: str | None = None) -> Recipe:
    """Create a private recipe under a given id. Repeating the call with the same id returns the existing recipe.

    `image` is the id of an upload.
    """
    transaction = Transaction()
    content = replace(content, image=_change_image(transaction, recipe_id, None, image, actor=actor))
    body = to_body(derive(content))
    owner = (actor.id, authorship.expect_name(transaction, actor))
    stored = repositories.build_recipe(recipe_id, body=body, source=Source.USER, owner=owner)
    _require_rights(stored)
    # Tags given by the owner are settled.
    stored.state.tags_settled = bool(content.tag_corrections) or None
    repositories.create_recipe(transaction, stored)
    tag_requests.want_tags(transaction, stored)
    try:
        transaction.commit()
    except RecipeExists:
        stored = get_own_recipe(recipe_id, actor=actor)
    return as_seen_by_others(stored)


@retry_conflicts
def edit_recipe(recipe_id: str, *, actor: Actor, changes: dict[str, Any], check: Check) -> Recipe:
    """Change the given fields of the actor's recipe and derive allergens and diets again.

    A changed text or picture makes a new edition. On an approved recipe it waits for moderators beside the
    approved edition, and further changes apply to it; on any other recipe it replaces the text and resets the ratings.
    `check` gets the current version and raises if the caller has read another one; what is so already passes.
    """
    stored = get_own_recipe(recipe_id, actor=actor)
    body = to_body(derive(from_body(stored.latest_body | to_changes(changes, image=stored.latest_body.get("image")))))
    transaction = Transaction()
    if "image" in changes:
        body = _with_image(transaction, stored, body, changes["image"], actor=actor)
    is_beside = stored.edition is not None or (
        stored.state.approval == Approval.APPROVED and editions.is_new_edition(body, stored.row.body)
    )
    if body == stored.latest_body:
        return as_seen_by_owner(stored)
    check(version_tag(stored.row, stored.edition))
    if stored.edition:
        stored = editions.revise(transaction, stored, body)
    elif is_beside:
        stored = editions.begin(transaction, stored, body)
    else:
        _rewrite(transaction, stored, body)
    transaction.commit()
    catalogue.live().learn(stored.state)
    return as_seen_by_owner(stored)


def _rewrite(transaction: Transaction, stored: Stored, body: dict[str, Any]) -> None:
    """Replace the text of a recipe that has a single edition."""
    is_another = editions.is_new_edition(body, stored.row.body)
    if is_another:
        editions.replace_text(stored, body)
    stored.row.body = body
    if is_another:
        tag_requests.want_tags(transaction, stored, is_another=True)
    _require_rights(stored)
    repositories.update_content(transaction, stored)


@retry_conflicts
def withdraw_edition(recipe_id: str, *, actor: Actor) -> None:
    """Drop the waiting edition, so that the approved one is the recipe's only text. Idempotent.

    Raises `EditionNotFound` if there never was one.
    """
    stored = get_own_recipe(recipe_id, actor=actor)
    if stored.edition is None:
        if own_deletions.was_deleted_by(actor.id, f"edition.{recipe_id}"):
            return
        raise EditionNotFound
    transaction = Transaction()
    editions.drop(transaction, stored)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=f"edition.{recipe_id}")
    transaction.commit()
    catalogue.live().learn(stored.state)


def _require_rights(stored: Stored) -> None:
    """Keep an imported recipe out of the catalogue until its owner declares the right to publish it."""
    needs_rights = stored.row.content().needs_rights
    if needs_rights:
        repositories.dequeue_from_review(stored.state)
    elif stored.state.needs_rights and stored.state.approval == Approval.PENDING:
        repositories.enqueue_for_review(stored.state)
    stored.state.needs_rights = needs_rights or None


def _with_image(
    transaction: Transaction,
    stored: Stored,
    body: dict[str, Any],
    upload_id: str | None,
    *,
    actor: Actor,
) -> dict[str, Any]:
    """Return the text with another picture, or none. The approved edition's picture stays while it is shown."""
    old = stored.latest_body.get("image")
    if stored.state.approval == Approval.APPROVED and old == stored.row.body.get("image"):
        old = None
    image = _change_image(transaction, stored.id, old, upload_id, actor=actor)
    return to_body(replace(from_body(body), image=image))


def _change_image(
    transaction: Transaction, recipe_id: str, old: str | None, upload_id: str | None, *, actor: Actor
) -> str | None:
    return media.replace(
        transaction, old, upload_id, purpose=media.Purpose.RECIPE, target=picture_target(recipe_id), actor=actor
    )


def picture_target(recipe_id: str) -> str:
    """Return the target under which the media app stores a recipe's picture."""
    return f"recipe:{recipe_id}"


def to_changes(changes: dict[str, Any], *, image: str | None) -> dict[str, Any]:
    """Return changes in the form of a stored body, without the picture. None clears a field."""
    changed = {**changes, "image": image}
    for name in ("ingredients", "steps"):
        if name in changed:
            changed[name] = to_body_lines(changed[name])
    return changed


def to_body_lines(lines: Sequence[Any]) -> list[dict[str, Any]]:
    return [{name: getattr(line, name) for name in line.__dataclass_fields__} for line in lines]


@retry_conflicts
def delete_recipe(recipe_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Delete the actor's recipe. A task removes ratings, access and other attached rows. Idempotent."""
    try:
        stored = get_own_recipe(recipe_id, actor=actor)
    except RecipeNotFound:
        if own_deletions.was_deleted_by(actor.id, recipe_id):
            return
        raise
    check(version_tag(stored.row, stored.edition))
    transaction = Transaction()
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=recipe_id)
    repositories.bury_recipe(stored, transaction)
    pictures = [one for body in (stored.row.body, stored.latest_body) if (one := body.get("image"))]
    media.detach(transaction, pictures)
    transaction.after(CLEAR, recipe_id)
    transaction.commit()
    catalogue.live().learn(stored.state)


def clear_deleted_recipe(recipe_id: str) -> int:
    """Remove ratings, access and cooks of a deleted recipe. Safe to repeat and to interrupt."""
    if repositories.find_recipe(recipe_id) is not None:
        return 0
    removed = 0
    for item in repositories.iterate_dependent_rows(recipe_id):
        item.delete(add_version_condition=False)
        removed += 1
    notification_removal.remove_about(recipe_id)
    return removed
