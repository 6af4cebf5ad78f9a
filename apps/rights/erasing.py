"""Erase an account: every trace of a person except anonymous ratings and recipes of the catalogue.

Each step finds what is left for it to erase and is safe to repeat, so after an interruption at any moment another run
can start again. Sessions end first, so that nothing can be added behind a step's back.
"""

from collections.abc import Callable
from typing import Any

import structlog

from apps.core import audit, keys
from apps.core.audit import SYSTEM
from apps.core.authentication import Actor
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.dynamo_admin import sessions
from apps.feed import account_deletion as feed
from apps.friends import account_deletion
from apps.households import services as households
from apps.media import removal
from apps.plans import services as plans
from apps.posts import account_deletion as posts
from apps.recipes import account_deletion as recipes
from apps.rights import archives
from apps.users import cognito_admin, erasures, registrations
from apps.users.erasures import Erasure
from apps.users.errors import ErasureDone

log = structlog.get_logger()

Step = Callable[[Erasure], None]


def erase(user_id: str) -> bool:
    """Erase an account that is due; False if nobody requested it, it was cancelled, or another run was faster.

    Safe to repeat, and to run concurrently: a worker and `erase_due` may overlap.
    """
    row = erasures.begin(user_id)
    if row is None:
        return False
    for step in STEPS:
        step(row)
    if not _finish(row):
        return False
    log.info("account_erased", user_id=user_id)
    return True


def expire_registrations() -> int:
    """Erase every account that was not confirmed in time, and return their number.

    An interrupted run leaves either the record of the registration, or the request that `erase_due` carries out.
    """
    return sum(_expire(account) for account in registrations.list_expired())


def _expire(account: str) -> bool:
    user_id = registrations.begin_erasure(account)
    return user_id is not None and erase(user_id)


def erase_due() -> int:
    """Erase every account whose erasure is due, and return their number."""
    return sum(erase(user_id) for user_id in erasures.list_due())


def _account(row: Erasure) -> None:
    cognito_admin.delete(row.account_name)
    sessions.end_all(row.user_id)


def _profile(row: Erasure) -> None:
    erasures.remove_profile(row)


def _relations(row: Erasure) -> None:
    account_deletion.remove_relations(row.user_id)


def _household(row: Erasure) -> None:
    households.forget_person(row.user_id)


def _generated(row: Erasure) -> None:
    """Remove the person from generated recipes, of suggestions and plans; before the household is left."""
    partition = keys.user(row.user_id).pk
    recipe_ids = plans.list_planned_recipes(row.user_id)
    for item in Item.query(partition, Item.sk.startswith(keys.prefix("SUGGESTION")), consistent_read=True):
        suggestion: Any = item
        recipe_ids.update(entry["recipe_id"] for entry in suggestion.recipes)
    for recipe_id in recipe_ids:
        recipes.forget_recipient(recipe_id, row.user_id)


def _posts(row: Erasure) -> None:
    posts.remove_all(Actor(row.user_id, row.username))


def _cooking(row: Erasure) -> None:
    """Remove the person's marks of having cooked from recipes, without changing their counts.

    The sessions are deleted with the person's partition.
    """
    partition = keys.user(row.user_id).pk
    for item in Item.query(partition, Item.sk.startswith(keys.prefix("COOKING")), consistent_read=True):
        session: Any = item
        mark = keys.cooked(session.recipe_id, row.user_id)
        _delete(Item(pk=mark.pk, sk=mark.sk))


def _recipes(row: Erasure) -> None:
    recipes.remove_private_and_disown_public(Actor(row.user_id, row.username))


def _ratings(row: Erasure) -> None:
    recipes.anonymize_ratings(row.user_id)


def _feed(row: Erasure) -> None:
    feed.remove_from_fan_outs(row.user_id)


def _uploads(row: Erasure) -> None:
    """Remove the uploads, and delete their bytes at once."""
    removal.discard_uploads_of(row.user_id)
    for item in Item.query(keys.user(row.user_id).pk, Item.sk.startswith(keys.prefix("UPLOAD"))):
        removal.remove_upload(row.user_id, keys.last_part(item.sk))


def _archives(row: Erasure) -> None:
    archives.delete_all(row.user_id)


def _traces(row: Erasure) -> None:
    """Delete rows about the person in other partitions: reports, access to recipes, reported names."""
    for item in Item.lists.query(keys.traces_of(row.user_id, "-").pk):
        _delete(item)
    for item in Item.query(keys.report_case("user", row.user_id).pk):
        _delete(item)


def _partitions(row: Erasure) -> None:
    """Delete everything in the person's partitions except two rows.

    The erasure itself records that it is in progress. The sign-out refuses access tokens that are still valid; it
    contains only the id, and expires.
    """
    kept = (keys.erasure(row.user_id), keys.signed_out(row.user_id))
    for partition in (keys.user(row.user_id).pk, keys.feed_reference(row.user_id, "-").pk):
        for item in Item.query(partition, consistent_read=True):
            if item.key not in kept:
                _delete(item)
    for item in Item.query(keys.idempotency(row.user_id, "-").pk):
        _delete(item)


def _delete(item: Item) -> None:
    Item(pk=item.pk, sk=item.sk).delete(add_version_condition=False)


STEPS: tuple[Step, ...] = (
    _account, _profile, _relations, _generated, _household, _posts, _feed, _cooking, _recipes, _ratings, _uploads,
    _archives, _traces, _partitions,
)  # fmt: skip


def _finish(row: Erasure) -> bool:
    """Record the erasure in the audit log by id only, and remove the request; exactly once among concurrent runs."""
    transaction = Transaction()
    audit.record(transaction, act="erase", who=SYSTEM, target_type="user", target_id=row.user_id)
    erasures.forget(transaction, row)
    try:
        transaction.commit()
    except ErasureDone:
        return False
    return True
