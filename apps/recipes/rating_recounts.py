"""Recount ratings after a block or suspension begins or ends. Runs in the worker."""

from apps.core import outbox
from apps.core.transactions import Transaction
from apps.recipes import ratings, repositories
from smartcooking.contract import queues

RECOUNT = outbox.Task("recipes.recount_ratings", queues.DEFAULT)

# Recipes of one run: some seconds of work, so that a worker that is killed has little to do again.
BATCH = 100


def recount_ratings(rater_id: str, owner_id: str, after: str) -> None:
    """Have somebody's ratings count, or not, as blocks and suspensions say by now; safe to repeat and to interrupt.

    All their ratings, or where an `owner_id` is given those of this owner's recipes, from the recipe behind `after`
    on; what one run leaves is the next message's. 1 read unit for about 40 recipes, 7 for each that is settled.
    """
    rated = repositories.list_rated_ids(rater_id, after=after, limit=BATCH)
    for recipe_id in repositories.filter_owned(owner_id, rated) if owner_id else rated:
        ratings.reconcile_rating(recipe_id, rater_id)
    if len(rated) == BATCH:
        transaction = Transaction()
        transaction.after(RECOUNT, rater_id, owner_id, rated[-1])
        transaction.commit()
