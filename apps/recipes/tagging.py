"""Reading and correcting the tags of a recipe."""

from collections.abc import Sequence
from dataclasses import replace

from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import catalogue, repositories, services, tags
from apps.recipes.errors import RecipeNotFound
from apps.recipes.models import to_body
from apps.recipes.tag_rules import Tag

_MODERATORS = frozenset({"moderators", "admins"})


def get_tags(recipe_id: str, *, actor: Actor) -> list[Tag]:
    """Return the tags of a recipe that somebody may see, corrections of this moment included: 1 read unit."""
    return tags.effective_tags(services.get_visible_recipe(recipe_id, actor=actor).row.content())


@retry_conflicts
def set_tags(recipe_id: str, names: Sequence[str], *, actor: Actor) -> list[Tag]:
    """Make these a recipe's tags, as its owner or a moderator; `RecipeNotFound` for everybody else."""
    stored = services.get_visible_recipe(recipe_id, actor=actor)
    is_owner = stored.row.owner_id == actor.id
    if not is_owner and actor.groups.isdisjoint(_MODERATORS):
        raise RecipeNotFound
    content = tags.corrected(stored.row.content(), frozenset(names), by="owner" if is_owner else "moderator")
    body = to_body(content)
    if body != stored.row.body:
        stored.row.body = body
        transaction = Transaction()
        if stored.edition:
            stored.edition.body = to_body(replace(stored.edition.content(), tag_corrections=content.tag_corrections))
            transaction.save(stored.edition)
        repositories.update_content(transaction, stored)
        transaction.commit()
        catalogue.live().learn(stored.state)
    return tags.effective_tags(content)
