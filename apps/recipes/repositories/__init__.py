"""Access to the rows of a recipe: content, state, editions, and who may see it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from apps.core import clock, keys, queries
from apps.core.models import Item
from apps.core.transactions import Transaction
from apps.recipes.content import Approval, Source
from apps.recipes.errors import RecipeExists
from apps.recipes.models import (
    Access,
    CookedRow,
    OwnedRecipe,
    RatingRow,
    RecipeEdition,
    RecipePart,
    RecipeRow,
    RecipeState,
)
from apps.recipes.repositories.stored_ratings import rated_row

# Longer than any snapshot of the catalogue is used, so that no process misses a deletion.
_TOMBSTONE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Stored:
    """A recipe as stored, with the facts that decide who sees it.

    `edition` is the waiting edition, if any; `row` is then the approved text. It is read for single recipes and for the
    owner's own; in lists for other people it is None.
    """

    row: RecipeRow
    state: RecipeState
    edition: RecipeEdition | None = None

    @property
    def latest_body(self) -> dict[str, Any]:
        """The owner's latest text."""
        body: dict[str, Any] = self.edition.body if self.edition else self.row.body
        return body

    @property
    def id(self) -> str:
        return keys.last_part(self.row.pk)

    @property
    def is_public(self) -> bool:
        return self.state.is_public

    @property
    def is_hidden(self) -> bool:
        return self.state.hidden

    @property
    def owner_id(self) -> str | None:
        return self.row.owner_id

    @property
    def made_for(self) -> str | None:
        return self.state.made_for


@dataclass(frozen=True, slots=True)
class Standing:
    """A recipe with one person's rating, cooking and access."""

    recipe: Stored
    rating: RatingRow | None
    cooked: CookedRow | None
    has_access: bool


def find_recipe(recipe_id: str) -> Stored | None:
    """Read content, state and the waiting edition with one consistent query: 1 read unit up to 4 KB."""
    key = keys.recipe(recipe_id)
    found = RecipePart.query(key.pk, RecipePart.sk.startswith(key.sk), consistent_read=True)
    return _assemble(list(found))


def find_standing(recipe_id: str, user_id: str) -> Standing | None:
    """Read a recipe with this person's rating, cooking and access in one request: 5 read units."""
    wanted = {
        "row": keys.recipe(recipe_id),
        "state": keys.recipe_state(recipe_id),
        "rating": keys.rating(recipe_id, user_id),
        "cooked": keys.cooked(recipe_id, user_id),
        "access": keys.recipe_access(recipe_id, user_id),
    }
    found = queries.read_many(Item, list(wanted.values()))
    rows = {name: found.get(key) for name, key in wanted.items()}
    recipe = _assemble([row for row in (rows["row"], rows["state"]) if row])
    if recipe is None:
        return None
    rating, cooked = rows["rating"], rows["cooked"]
    return Standing(
        recipe,
        rating if isinstance(rating, RatingRow) else None,
        cooked if isinstance(cooked, CookedRow) else None,
        rows["access"] is not None,
    )


def find_recipes(recipe_ids: Sequence[str], *, with_editions: bool = False) -> dict[str, Stored]:
    """Read recipes by id, 50 per request. Deleted ones are left out.

    `with_editions` also reads waiting editions: 1 read unit for each recipe that has one.
    """
    wanted = [key for id_ in recipe_ids for key in (keys.recipe(id_), keys.recipe_state(id_))]
    found = queries.read_many(Item, wanted)
    pairs = {
        id_: _assemble([row for key in (keys.recipe(id_), keys.recipe_state(id_)) if (row := found.get(key))])
        for id_ in recipe_ids
    }
    stored = {id_: one for id_, one in pairs.items() if one}
    waiting = [id_ for id_, one in stored.items() if one.state.new_edition] if with_editions else []
    for row in queries.read_many(RecipeEdition, [keys.recipe_edition(id_) for id_ in waiting]).values():
        stored[recipe_id_of(row)] = replace(stored[recipe_id_of(row)], edition=row)
    return stored


def with_edition(stored: Stored) -> Stored:
    """Add the waiting edition to a recipe that was read without: 1 read unit if there is one."""
    if stored.edition is not None or not stored.state.new_edition:
        return stored
    return replace(stored, edition=RecipeEdition.read(keys.recipe_edition(stored.id)))


def read_rows(recipe_ids: Sequence[str]) -> dict[str, RecipeRow]:
    """Read only the recipes' content."""
    found = queries.read_many(RecipeRow, [keys.recipe(id_) for id_ in recipe_ids])
    return {keys.last_part(key.pk): row for key, row in found.items()}


def has_access(recipe_id: str, user_id: str) -> bool:
    return Access.read(keys.recipe_access(recipe_id, user_id)) is not None


def filter_accessible(recipe_ids: Sequence[str], user_id: str) -> set[str]:
    """Return which of these recipes were suggested to, or shared with, this person."""
    found = queries.read_many(Access, [keys.recipe_access(id_, user_id) for id_ in recipe_ids])
    return {key.pk.removeprefix(keys.prefix("RECIPE")) for key in found}


def _assemble(rows: Sequence[Item]) -> Stored | None:
    """Combine content and state; None if either is missing, expired or deleted."""
    row = next((item for item in rows if isinstance(item, RecipeRow)), None)
    state = next((item for item in rows if isinstance(item, RecipeState)), None)
    if row is None or state is None or state.deleted or state.is_expired:
        return None
    edition = next((item for item in rows if isinstance(item, RecipeEdition)), None)
    return Stored(row, state, edition if state.new_edition else None)


def build_recipe(
    recipe_id: str,
    *,
    body: dict[str, object],
    source: Source,
    owner: tuple[str, str] | None = None,
    approval: Approval = Approval.PENDING,
    made_for: str | None = None,
) -> Stored:
    """Build the rows of a recipe that is not stored yet. `owner` is id and username; `made_for` is who may see it."""
    key, place, now = keys.recipe(recipe_id), keys.recipe_state(recipe_id), clock.now()
    owner_id, owner_name = owner or (None, None)
    row = RecipeRow(
        pk=key.pk, sk=key.sk, owner_id=owner_id, owner_name=owner_name, source=source.value, body=body,
        created_at=now, updated_at=now,
    )  # fmt: skip
    state = RecipeState(pk=place.pk, sk=place.sk, approval=approval.value, made_for=made_for)
    if source == Source.USER:
        enqueue_for_review(state)
    return Stored(row, state)


def create_recipe(transaction: Transaction, stored: Stored) -> None:
    """Create a recipe. Raises `RecipeExists` if its id is taken, which shows that the request is a repetition."""
    transaction.save(stored.row, otherwise=RecipeExists())
    transaction.save(stored.state, otherwise=RecipeExists())
    if stored.row.owner_id:
        key = keys.owned_recipe(stored.row.owner_id, stored.id)
        transaction.save(OwnedRecipe(pk=key.pk, sk=key.sk))


def update_content(transaction: Transaction, stored: Stored) -> None:
    """Write changed content, and the state for the change feed. `WriteConflict` if somebody else wrote first."""
    stored.row.updated_at = clock.now()
    stored.state.content_version = int(stored.row.version or 0) + 1
    transaction.save(stored.row)
    save_state(transaction, stored.state)


def update_owner_name(transaction: Transaction, stored: Stored) -> None:
    """Write the owner's name like `update_content`, without changing `updated_at`."""
    stored.state.content_version = int(stored.row.version or 0) + 1
    transaction.save(stored.row)
    save_state(transaction, stored.state)


def save_state(transaction: Transaction, state: RecipeState) -> None:
    """Write the state. After a recipe's first approval each change moves it to the end of the change feed."""
    if state.is_public or state.gsi1pk:
        append_to_feed(state)
    transaction.save(state)


def recipe_id_of(item: Item) -> str:
    """Return the id of the recipe in whose partition a row lies."""
    return keys.last_part(item.pk)


def enqueue_for_review(state: RecipeState) -> None:
    """Put the recipe into the moderators' queue."""
    queue = keys.pending_queue(clock.sortable(clock.now()), recipe_id_of(state))
    state.gsi4pk, state.gsi4sk = queue.pk, queue.sk


def dequeue_from_review(state: RecipeState) -> None:
    state.gsi4pk = state.gsi4sk = None


def bury_recipe(stored: Stored, transaction: Transaction) -> None:
    """Delete the content and turn the state into a tombstone, which the change feed shows to all processes."""
    transaction.delete(stored.row)
    if stored.edition:
        transaction.delete(stored.edition)
    if stored.row.owner_id:
        key = keys.owned_recipe(stored.row.owner_id, stored.id)
        pointer = OwnedRecipe.read(key)
        if pointer:
            transaction.delete(pointer)
    state = stored.state
    state.deleted, state.ttl, state.new_edition = True, clock.epoch(clock.now() + _TOMBSTONE), None
    dequeue_from_review(state)
    save_state(transaction, state)


def iterate_dependent_rows(recipe_id: str) -> Iterable[Item]:
    """Yield the rows of a recipe besides its content and state: ratings, access, cooks.

    The row that lists a rating with its author comes before the rating, so that an interrupted deletion finds both
    again.
    """
    partition = keys.recipe(recipe_id).pk
    for part in ("ACCESS", "COOKED", "RATING"):
        for item in Item.query(partition, Item.sk.startswith(keys.prefix(part))):
            if isinstance(item, RatingRow):
                yield rated_row(item.user_id, recipe_id)
            yield item


def grant_access(transaction: Transaction, recipe_id: str, user_id: str) -> None:
    """Grant somebody access to a private recipe. Idempotent."""
    key = keys.recipe_access(recipe_id, user_id)
    trace = keys.traces_of(user_id, recipe_id)
    transaction.update(Access(pk=key.pk, sk=key.sk), [Access.gsi2pk.set(trace.pk), Access.gsi2sk.set(trace.sk)])


def put_seeds(seeds: Sequence[Stored]) -> None:
    """Write approved recipes in bulk, without conditions. Only for seeding."""
    with Item.batch_write() as batch:
        for stored in seeds:
            for item in (stored.row, stored.state):
                item.version = int(item.version or 0) + 1
                batch.save(item)


def append_to_feed(state: RecipeState) -> None:
    """Move the state to the end of the catalogue's change feed."""
    feed = keys.catalogue_feed(clock.sortable(clock.now()), recipe_id_of(state))
    state.gsi1pk, state.gsi1sk = feed.pk, feed.sk
