"""Recount ratings after a block or suspension begins or ends. Runs in the worker."""

from apps.core import outbox
from apps.core.transactions import Transaction
from apps.recipes import ratings
from apps.recipes.repositories import stored_lists, stored_ratings
from smartcooking.contract import queues

RECOUNT = outbox.Task("recipes.recount_ratings", queues.DEFAULT)

# Recipes per run: a few seconds of work, so that a killed worker loses little.
BATCH = 100


def recount_ratings(rater_id: str, owner_id: str, after: str) -> None:
    """Update which of somebody's ratings count by current blocks and suspensions. Safe to repeat and to interrupt.

    Processes all their ratings, or with `owner_id` those of this owner's recipes, starting after the recipe `after`; a
    message continues with the rest. Costs 1 read unit for about 40 recipes, and 7 for each one checked.
    """
    rated = stored_ratings.list_rated_ids(rater_id, after=after, limit=BATCH)
    for recipe_id in stored_lists.filter_owned(owner_id, rated) if owner_id else rated:
        ratings.reconcile_rating(recipe_id, rater_id)
    if len(rated) == BATCH:
        transaction = Transaction()
        transaction.after(RECOUNT, rater_id, owner_id, rated[-1])
        transaction.commit()
