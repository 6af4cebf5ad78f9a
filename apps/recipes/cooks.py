"""Record who cooked a recipe: a counter on the recipe and a row for each cook."""

from dataclasses import dataclass
from datetime import datetime

from apps.core import queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction
from apps.recipes import catalogue, repositories, services
from apps.recipes.models import CookedRow, RecipeState
from apps.recipes.repositories import stored_lists
from apps.users import privacy, visibility
from apps.users import services as users
from apps.users.people import Person

# DynamoDB: at most 100 keys in one BatchGetItem.
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Cook:
    """Somebody who cooked a recipe."""

    user: Person
    mark: CookedRow


def record_cooking(
    transaction: Transaction, *, recipe_id: str, user_id: str, at: datetime
) -> tuple[RecipeState | None, bool]:
    """Add one cooking to a transaction. Return the recipe's new state, and whether it was this cook's first time.

    If the recipe has been deleted, adds nothing to the transaction: the cooking session still counts.
    """
    standing = repositories.find_standing(recipe_id, user_id)
    if standing is None:
        return None, False
    mark = standing.cooked or stored_lists.build_cooked(recipe_id, user_id)
    mark.times, mark.last_cooked_at = int(mark.times) + 1, at
    transaction.save(mark)
    state = standing.recipe.state
    state.cook_count = int(state.cook_count) + 1
    repositories.save_state(transaction, state)
    return state, standing.cooked is None


def list_friends_who_cooked(
    recipe_id: str, *, actor: Actor, limit: int, after: str | None
) -> tuple[list[Cook], str | None]:
    """Page through the actor's friends who cooked a recipe and whose privacy settings show it, by id.

    Goes through the friends a hundred at a time until the page is full. Costs at most half a read unit for each friend
    and 1 for each one found, however many others cooked the recipe. Raises `RecipeNotFound` if the actor can't see the
    recipe.
    """
    cook_count = services.get_recipe(recipe_id, actor=actor).figures.cook_count
    who = visibility.load_viewer(actor.id)
    friends = who.relations.friend_ids() if cook_count else []

    def read(missing: int, position: str | None) -> tuple[list[Cook], str | None]:
        waiting = [id_ for id_ in friends if position is None or id_ > position]
        chunk = waiting[:_CHUNK]
        marks = stored_lists.find_cooks(recipe_id, chunk, cook_count=cook_count)
        shown = privacy.filter_by_privacy(marks, "history", viewer=who)
        known = users.find_people_for(shown, who=who)
        cooks = [Cook(known[id_], marks[id_]) for id_ in shown if id_ in known]
        if len(cooks) > missing:
            return cooks[:missing], cooks[missing - 1].user.user_id
        return cooks, chunk[-1] if len(waiting) > _CHUNK else None

    return queries.fill_page(read, limit=limit, after=after)


def apply_committed_state(state: RecipeState | None) -> None:
    """Update the count in this process's catalogue."""
    if state is not None:
        catalogue.live().learn(state)
