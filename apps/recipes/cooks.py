"""Record that a recipe was cooked: a count on the recipe, a row for the cook."""

from dataclasses import dataclass
from datetime import datetime

from apps.core import queries
from apps.core.authentication import Actor
from apps.core.transactions import Transaction
from apps.recipes import catalogue, repositories, services
from apps.recipes.models import CookedRow, RecipeState
from apps.users import services as users
from apps.users import visibility
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
    """Add one cooking to a transaction; return the recipe's new state and whether it was this cook's first time.

    A recipe that is gone by now leaves the transaction as it is: its cook has cooked it all the same.
    """
    standing = repositories.find_standing(recipe_id, user_id)
    if standing is None:
        return None, False
    mark = standing.cooked or repositories.build_cooked(recipe_id, user_id)
    mark.times, mark.last_cooked_at = int(mark.times) + 1, at
    transaction.save(mark)
    state = standing.recipe.state
    state.cook_count = int(state.cook_count) + 1
    repositories.save_state(transaction, state)
    return state, standing.cooked is None


def list_friends_who_cooked(
    recipe_id: str, *, actor: Actor, limit: int, after: str | None
) -> tuple[list[Cook], str | None]:
    """Page through one's friends who cooked a recipe and whose privacy lets one know, in the order of their ids.

    Goes through one's friends, a hundred at a time, and stops when the page is full: at most half a read unit for each
    of them, 1 for those found, whoever else cooked it. `RecipeNotFound` where one may not see the recipe.
    """
    cook_count = services.get_recipe(recipe_id, actor=actor).figures.cook_count
    who = visibility.load_viewer(actor.id)
    friends = who.relations.friend_ids() if cook_count else []

    def read(missing: int, position: str | None) -> tuple[list[Cook], str | None]:
        waiting = [id_ for id_ in friends if position is None or id_ > position]
        chunk = waiting[:_CHUNK]
        marks = repositories.find_cooks(recipe_id, chunk, cook_count=cook_count)
        shown = users.filter_by_privacy(marks, "history", who=who)
        known = users.find_people_for(shown, who=who)
        cooks = [Cook(known[id_], marks[id_]) for id_ in shown if id_ in known]
        if len(cooks) > missing:
            return cooks[:missing], cooks[missing - 1].user.user_id
        return cooks, chunk[-1] if len(waiting) > _CHUNK else None

    return queries.fill_page(read, limit=limit, after=after)


def apply_committed_state(state: RecipeState | None) -> None:
    """Show the new count in this process at once."""
    if state is not None:
        catalogue.live().learn(state)
