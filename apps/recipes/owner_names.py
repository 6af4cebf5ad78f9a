"""The username stored with a person's recipes and ratings, kept current when it changes."""

from apps.core import keys, outbox
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import repositories, services
from apps.recipes.repositories import stored_lists, stored_ratings
from apps.users import services as users
from smartcooking.contract import queues

SHOW = outbox.Task("recipes.show_owner", queues.DEFAULT)

# Recipes and ratings per run: a few seconds of work, so that a killed worker loses little.
BATCH = 100


def show(user_id: str, after: str) -> None:
    """Write somebody's username to their recipes, then to their ratings. Safe to repeat and to interrupt.

    `after` is the last row of the previous run; a message continues with the rows that this run doesn't reach. Costs 1
    read unit for about 40 rows, and 2 read and about 8 write units for each row with another name.
    """
    person = users.find_person(user_id)
    if person is None:
        return
    rows = stored_lists.list_written(user_id, after=after, limit=BATCH)
    for sort_key in rows:
        part, recipe_id = keys.first_part(sort_key), keys.last_part(sort_key)
        (_show_in_recipe if part == "RECIPE" else show_in_rating)(recipe_id, user_id, person.username)
    if len(rows) == BATCH:
        transaction = Transaction()
        transaction.after(SHOW, user_id, rows[-1])
        transaction.commit()


@retry_conflicts
def _show_in_recipe(recipe_id: str, user_id: str, username: str) -> None:
    stored = repositories.find_recipe(recipe_id)
    if stored is None or stored.owner_id != user_id or stored.row.owner_name == username:
        return
    stored.row.owner_name = username
    transaction = Transaction()
    repositories.update_owner_name(transaction, stored)
    transaction.commit()
    services.apply_committed_state(stored)


@retry_conflicts
def show_in_rating(recipe_id: str, user_id: str, username: str) -> None:
    """Write somebody's username to their rating of a recipe: 1 read unit, and 3 write units if it has another one."""
    rating = stored_ratings.find_rating(recipe_id, user_id)
    if rating is not None and rating.username != username:
        rating.username = username
        transaction = Transaction()
        transaction.save(rating)
        transaction.commit()
