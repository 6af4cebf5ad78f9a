"""Remove or anonymize a person's recipes and ratings when their account is deleted."""

from contextlib import suppress
from uuid import uuid4

from apps.core import clock, keys
from apps.core.authentication import Actor
from apps.core.errors import NotFound
from apps.core.transactions import Transaction, retry_conflicts
from apps.recipes import authoring, repositories, services
from apps.recipes.models import OwnedRecipe, RatedRecipe, RatingRow, RecipeState
from apps.recipes.repositories import stored_ratings

# The author shown on ratings of deleted accounts.
DELETED = "deleted"


def remove_private_and_disown_public(actor: Actor) -> None:
    """Delete private recipes. Recipes in the catalogue stay, without an owner. Safe to repeat and to interrupt."""
    rows = OwnedRecipe.query(
        keys.user(actor.id).pk, OwnedRecipe.sk.startswith(keys.prefix("RECIPE")), consistent_read=True
    )
    for row in list(rows):
        _remove_or_disown(keys.last_part(row.sk), row, actor)


def _remove_or_disown(recipe_id: str, pointer: OwnedRecipe, actor: Actor) -> None:
    stored = repositories.find_recipe(recipe_id)
    if stored is not None and stored.state.is_public:
        _disown(recipe_id, pointer)
        return
    with suppress(NotFound):
        authoring.delete_recipe(recipe_id, actor=actor)
    authoring.clear_deleted_recipe(recipe_id)


@retry_conflicts
def _disown(recipe_id: str, pointer: OwnedRecipe) -> None:
    stored = repositories.find_recipe(recipe_id)
    if stored is None:
        return
    stored.row.owner_id = stored.row.owner_name = None
    # The picture belongs to the person, so the recipe loses it.
    stored.row.body = {name: value for name, value in stored.row.body.items() if name != "image"}
    transaction = Transaction()
    if stored.edition:
        transaction.delete(stored.edition)
        stored.state.new_edition = None
        repositories.dequeue_from_review(stored.state)
    repositories.update_content(transaction, stored)
    transaction.discard(OwnedRecipe(pk=pointer.pk, sk=pointer.sk))
    transaction.commit()
    services.apply_committed_state(stored)


@retry_conflicts
def forget_recipient(recipe_id: str, user_id: str) -> None:
    """Forget that a generated recipe was made for this person. No effect if it was made for somebody else."""
    state = RecipeState.read(keys.recipe_state(recipe_id))
    if state is not None and state.made_for == user_id:
        state.made_for = None
        transaction = Transaction()
        repositories.save_state(transaction, state)
        transaction.commit()


def anonymize_ratings(user_id: str) -> None:
    """Make somebody's ratings anonymous: the stars stay, the comments go. Safe to repeat."""
    rows = RatedRecipe.query(
        keys.user(user_id).pk, RatedRecipe.sk.startswith(keys.prefix("RATED")), consistent_read=True
    )
    for row in list(rows):
        _anonymize(keys.last_part(row.sk), user_id, row)


@retry_conflicts
def _anonymize(recipe_id: str, user_id: str, pointer: RatedRecipe) -> None:
    """Exchange the rating for an anonymous one in one transaction. The recipe's average and count don't change."""
    transaction = Transaction()
    transaction.discard(RatedRecipe(pk=pointer.pk, sk=pointer.sk))
    rating = stored_ratings.find_rating(recipe_id, user_id)
    if rating is not None:
        nobody = str(uuid4())
        key = keys.rating(recipe_id, nobody)
        listed = keys.ratings_list(recipe_id, clock.sortable(rating.updated_at), nobody)
        kept = RatingRow(
            pk=key.pk, sk=key.sk, user_id=nobody, username=DELETED, stars=rating.stars, counts=rating.counts,
            is_echo=rating.is_echo, edition=rating.edition, verified_cook=rating.verified_cook,
            created_at=rating.created_at, updated_at=rating.updated_at, gsi2pk=listed.pk, gsi2sk=listed.sk,
        )  # fmt: skip
        transaction.delete(rating)
        transaction.save(kept)
    transaction.commit()
