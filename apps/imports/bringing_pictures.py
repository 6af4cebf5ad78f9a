"""Pictures of imported recipes: fetched or unpacked, checked by the picture worker, then attached.

If any step fails, the recipe simply stays without a picture.
"""

import structlog

from apps.core import ids
from apps.core.authentication import Actor
from apps.core.errors import DomainError, Unavailable
from apps.imports import fetching, repositories
from apps.imports.models import DraftRow
from apps.imports.reading import enclosed_pictures
from apps.media import services as media
from apps.recipes import authoring
from apps.recipes import services as recipes
from apps.recipes.errors import RecipeNotFound

log = structlog.get_logger()


def bring(user_id: str, import_id: str, draft_id: str) -> None:
    """Hand the picture of an accepted draft to the picture worker. Idempotent."""
    draft = repositories.read_draft(user_id, import_id, draft_id)
    if draft is None or not draft.recipe_id or not draft.picture:
        return
    content = _content(user_id, draft)
    kind = enclosed_pictures.kind_of(content) if content else None
    if content is None or kind is None:
        log.info("picture_not_brought", import_id=import_id)
        return
    upload_id = ids.derived_id("picture", user_id, import_id, draft_id, at=ids.made_at(import_id))
    media.bring_picture(
        user_id, upload_id, content, content_type=kind, target=authoring.picture_target(draft.recipe_id)
    )


def _content(user_id: str, draft: DraftRow) -> bytes | None:
    """Return the picture, at most 10 MB, with the same checks as pages and archives; None if there is none."""
    try:
        if "url" in draft.picture:
            return fetching.fetch_picture(draft.picture["url"])
        file = media.read_file(user_id, draft.picture["upload_id"])
        return enclosed_pictures.read(file, draft.picture["entries"]) if file else None
    except Unavailable:
        raise
    except DomainError:
        return None


def attach(user_id: str, upload_id: str) -> None:
    """Attach a checked picture to its recipe, unless the recipe has another one by now."""
    target = media.target_of(user_id, upload_id)
    if target is None:
        return
    actor, recipe_id = Actor(user_id, ""), target.rpartition(":")[2]
    try:
        shown = recipes.get_own_recipe(recipe_id, actor=actor).row.body.get("image")
        if shown is None:
            authoring.edit_recipe(recipe_id, actor=actor, changes={"image": upload_id}, check=lambda _: None)
            return
    except RecipeNotFound:
        shown = None
    if shown is None or media.upload_id_of(shown) != upload_id:
        media.give_up(user_id, upload_id)
