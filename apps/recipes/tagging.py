"""Read and correct the tags of a recipe, and store those by a model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import catalogue, editions, repositories, services, tag_requests, tags
from apps.recipes.content import RecipeContent
from apps.recipes.errors import RecipeNotFound
from apps.recipes.models import to_body
from apps.recipes.repositories import Stored
from apps.recipes.tag_rules import Tag, TagKind

_MODERATORS = frozenset({"moderators", "admins"})


def get_tags(recipe_id: str, *, actor: Actor) -> list[Tag]:
    """Return the tags of a visible recipe, including the latest corrections: 1 read unit."""
    stored = services.get_visible_recipe(recipe_id, actor=actor)
    return tags.effective_tags(stored.row.content(), stored.state.ai_tags)


@retry_conflicts
def set_tags(recipe_id: str, names: Sequence[str], *, actor: Actor) -> list[Tag]:
    """Set a recipe's tags, as its owner or a moderator; `RecipeNotFound` for everybody else.

    From then on no model adds any. Tags by a model that stay in the list become the person's; the others are removed. A
    model's answer in progress conflicts with this write of the state, and then finds the tags settled.
    """
    stored = services.get_visible_recipe(recipe_id, actor=actor)
    is_owner = stored.row.owner_id == actor.id
    if not is_owner and actor.groups.isdisjoint(_MODERATORS):
        raise RecipeNotFound(services.NOT_YOURS)
    content = tags.corrected(stored.row.content(), frozenset(names), by="owner" if is_owner else "moderator")
    body = to_body(content)
    if body != stored.row.body or not stored.state.tags_settled:
        stored.row.body = body
        stored.state.tags_settled, stored.state.ai_tags = True, None
        transaction = Transaction()
        if stored.edition:
            stored.edition.body = to_body(replace(stored.edition.content(), tag_corrections=content.tag_corrections))
            transaction.save(stored.edition)
        repositories.update_content(transaction, stored)
        transaction.commit()
        catalogue.live().learn(stored.state)
    return tags.effective_tags(content)


@dataclass(frozen=True, slots=True)
class Untagged:
    """A recipe that lacks some kinds of tags. `for_user` is the person whose daily quota pays for the model."""

    stored: Stored
    content: RecipeContent
    unknown: tuple[TagKind, ...]

    @property
    def for_user(self) -> str:
        return self.stored.owner_id or self.stored.made_for or "nobody"


def find_untagged(recipe_id: str) -> Untagged | None:
    """Return a recipe for a model to tag; None if it was deleted, settled or tagged, or if rules know all its tags."""
    stored = repositories.find_recipe(recipe_id)
    if stored is None or not tag_requests.wants_tags(stored):
        return None
    content = stored.row.content()
    unknown = tags.unknown_kinds(content)
    return Untagged(stored, content, unknown) if unknown else None


@retry_conflicts
def keep_ai_tags(untagged: Untagged, found: Mapping[str, float]) -> bool:
    """Store a model's tags. Return False if the recipe's text has changed, or somebody has settled its tags.

    Writes only the state, checking its version. Corrections are stored in the recipe's row, which models never write.
    """
    stored = repositories.find_recipe(untagged.stored.id)
    if stored is None or not tag_requests.wants_tags(stored):
        return False
    if editions.is_new_edition(stored.row.body, untagged.stored.row.body):
        return False
    stored.state.ai_tags = dict(found)
    transaction = Transaction()
    repositories.save_state(transaction, stored.state)
    transaction.commit()
    catalogue.live().learn(stored.state)
    return True
