"""Reading and correcting the tags of a recipe, and keeping those that a model says."""

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
    """Return the tags of a recipe that somebody may see, corrections of this moment included: 1 read unit."""
    stored = services.get_visible_recipe(recipe_id, actor=actor)
    return tags.effective_tags(stored.row.content(), stored.state.ai_tags)


@retry_conflicts
def set_tags(recipe_id: str, names: Sequence[str], *, actor: Actor) -> list[Tag]:
    """Make these a recipe's tags, as its owner or a moderator; `RecipeNotFound` for everybody else.

    From then on no model adds any: tags of a model that somebody leaves in the list become theirs, the others go. A
    model's answer under way runs into the state that is written here, and finds the tags settled.
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
    """A recipe of which rules do not know some kinds of tags; `for_user` is whose day's quota a model takes from."""

    stored: Stored
    content: RecipeContent
    unknown: tuple[TagKind, ...]

    @property
    def for_user(self) -> str:
        return self.stored.owner_id or self.stored.made_for or "nobody"


def find_untagged(recipe_id: str) -> Untagged | None:
    """Return a recipe that a model should tag; None where it is gone, settled or tagged, or rules know everything."""
    stored = repositories.find_recipe(recipe_id)
    if stored is None or not tag_requests.wants_tags(stored):
        return None
    content = stored.row.content()
    unknown = tags.unknown_kinds(content)
    return Untagged(stored, content, unknown) if unknown else None


@retry_conflicts
def keep_ai_tags(untagged: Untagged, found: Mapping[str, float]) -> bool:
    """Keep what a model says of a recipe; False where it says something else meanwhile, or somebody settled its tags.

    Only the state is written, under its version: corrections lie in the recipe's row, which no model touches.
    """
    stored = repositories.find_recipe(untagged.stored.id)
    if stored is None or not tag_requests.wants_tags(stored):
        return False
    if editions.says_something_else(stored.row.body, untagged.stored.row.body):
        return False
    stored.state.ai_tags = dict(found)
    transaction = Transaction()
    repositories.save_state(transaction, stored.state)
    transaction.commit()
    catalogue.live().learn(stored.state)
    return True
