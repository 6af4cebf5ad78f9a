"""Read, search and share recipes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from apps.core import hidden_content, ids, keys, queries
from apps.core.authentication import Actor
from apps.core.errors import InvalidCursor
from apps.core.language import Text
from apps.core.transactions import MAX_ACTIONS, Transaction
from apps.ingredients import services as ingredients
from apps.recipes import catalogue, repositories, search_terms
from apps.recipes.content import Approval, RecipeContent, Source
from apps.recipes.derivation import derive
from apps.recipes.errors import RecipeNotFound
from apps.recipes.models import RecipeRow, to_body
from apps.recipes.recipe import Recipe, from_index, from_rows
from apps.recipes.repositories import Stored, stored_lists
from apps.recipes.visibility import visible_to
from apps.search.index import SearchQuery
from apps.search.index.words import fold_phrase
from apps.search.searching import search
from apps.users import visibility

# Shown if the actor doesn't own the recipe. True of absent, hidden and visible recipes, so it doesn't tell which it is.
NOT_YOURS = Text("Bạn không có công thức nào với mã này", "None of your recipes has this id")

# Stored recipes, under the name by which other apps refer to them.
StoredRecipe = Stored


@dataclass(frozen=True, slots=True)
class RecipePage:
    """A page of the catalogue. `next` is where the next page starts, `did_you_mean` another spelling of the query."""

    recipes: list[Recipe]
    next: Any
    did_you_mean: str | None


def may_see(stored: Stored, *, actor: Actor, has_access: bool | None = None) -> bool:
    """Return whether somebody may see a recipe read from the table. `has_access` is passed if it is known already.

    Reads no more than needed: 1 read unit for access, 2 for the owner.
    """
    if visible_to(actor.id, stored):
        return True
    if not visible_to(actor.id, stored, has_access=True, meets_owner=True):
        return False
    if not (repositories.has_access(stored.id, actor.id) if has_access is None else has_access):
        return False
    return visible_to(actor.id, stored, has_access=True, meets_owner=_meets_owner(stored, actor=actor))


def _meets_owner(stored: Stored, *, actor: Actor) -> bool:
    """Return whether the owner is neither hidden nor blocked: 2 read units, none if nobody owns the recipe."""
    owner_id = stored.owner_id
    return owner_id is None or visibility.load_viewer(actor.id).can_see(owner_id)


def get_visible_recipe(recipe_id: str, *, actor: Actor) -> Stored:
    """Read a recipe from the table; `RecipeNotFound` if it is absent or not visible. 1 or 2 read units."""
    stored = repositories.find_recipe(recipe_id) if ids.is_id(recipe_id) else None
    if stored is None or not may_see(stored, actor=actor):
        raise RecipeNotFound
    return stored


def get_stored_recipe(recipe_id: str) -> Stored:
    """Read a recipe without checking visibility; `RecipeNotFound` if it doesn't exist."""
    stored = repositories.find_recipe(recipe_id)
    if stored is None:
        raise RecipeNotFound
    return stored


def get_stored_recipes(recipe_ids: Sequence[str]) -> dict[str, Stored]:
    """Read recipes and their waiting editions without checking visibility. Deleted ones are left out."""
    return repositories.find_recipes(recipe_ids, with_editions=True)


def get_own_recipe(recipe_id: str, *, actor: Actor) -> Stored:
    """Read a recipe in order to change it. Raises the same `RecipeNotFound` for all that the actor doesn't own."""
    stored = repositories.find_recipe(recipe_id) if ids.is_id(recipe_id) else None
    if stored is None or stored.row.owner_id != actor.id:
        raise RecipeNotFound(NOT_YOURS)
    return stored


def get_recipe(recipe_id: str, *, actor: Actor, approved: bool = False) -> Recipe:
    """Return a recipe that the actor may see; `RecipeNotFound` otherwise.

    The owner gets their latest text, which may still wait for approval while others see the `approved` edition. Other
    people's approved recipes come from memory, at most 5 s old, for 0 read units; all others from the table for 1.
    """
    found = catalogue.find_recipe(recipe_id)
    if found is not None and (approved or found.owner_id != actor.id):
        return found
    stored = get_visible_recipe(recipe_id, actor=actor)
    if approved and stored.state.approval != Approval.APPROVED:
        raise RecipeNotFound
    return as_seen_by_owner(stored) if stored.owner_id == actor.id and not approved else as_seen_by_others(stored)


def as_seen_by_others(stored: Stored) -> Recipe:
    """Return a recipe as everybody except its owner sees it."""
    return from_rows(stored.id, stored.row, stored.state)


def as_seen_by_owner(stored: Stored) -> Recipe:
    """Return a recipe as its owner sees it: their latest text."""
    return from_rows(stored.id, stored.row, stored.state, stored.edition)


def search_catalogue(query: SearchQuery, *, limit: int, after: Any) -> RecipePage:
    """Search the catalogue in memory: 0 read units. `InvalidCursor` if `after` is not a position of this query."""
    try:
        page = search(catalogue.current(), search_terms.current().interpreter, query, limit=limit, after=after)
    except ValueError as error:
        raise InvalidCursor from error
    return RecipePage([from_index(hit) for hit in page.hits], page.next, page.did_you_mean)


def prepare() -> None:
    """Load what searches keep in the memory of a process: its first takes a hundred times as long as any other."""
    search_catalogue(SearchQuery(q="canh chua"), limit=1, after=None)


def list_own_titles(*, actor: Actor, most: int) -> dict[str, str]:
    """Return the titles of the actor's latest recipes by id, at most `most`: 1 read unit each."""
    found = stored_lists.page_owned(actor.id, limit=most, after=None)
    rows = repositories.read_rows([keys.last_part(item.sk) for item in found.items])
    return {recipe_id: row.body["title"] for recipe_id, row in rows.items()}


def count_own_recipes(*, actor: Actor) -> int:
    """Count the actor's recipes: 1 read unit for about 40."""
    return stored_lists.count_owned(actor.id)


def expand_kinds(ingredient_ids: Sequence[str]) -> frozenset[str]:
    """Return these ingredients and all their kinds, which "without chicken" excludes."""
    return frozenset().union(*(ingredients.kinds_of(id_) for id_ in ingredient_ids))


def list_own_recipes(
    *, actor: Actor, q: str = "", language: str | None = None, limit: int, after: Any
) -> tuple[list[Recipe], Any]:
    """Page through the actor's recipes, newest first: 1 read unit for a page of ids and 1 for each recipe.

    With `q`, return those whose titles contain all its words, the last one as a prefix, with or without diacritics.
    Other recipes, and those in another language than `language`, are read as well.
    """
    words = fold_phrase(q).split()

    def read(missing: int, position: Any) -> tuple[list[Recipe], Any]:
        found = stored_lists.page_owned(actor.id, limit=missing, after=position)
        stored = repositories.find_recipes([keys.last_part(item.sk) for item in found.items], with_editions=True)
        recipes = map(as_seen_by_owner, stored.values())
        return [one for one in recipes if is_in(one, language) and _has_words(one, words)], found.next

    return queries.fill_page(read, limit=limit, after=after)


def _has_words(recipe: Recipe, words: Sequence[str]) -> bool:
    content = recipe.content
    title = fold_phrase(f"{content.title} {content.translated_title}").split()
    *whole, last = words or [""]
    return set(whole) <= set(title) and any(written.startswith(last) for written in title)


def is_in(recipe: Recipe, language: str | None) -> bool:
    """Say whether a recipe is written in a language; None for any."""
    return language in (None, recipe.content.language)


def list_visible_recipes(recipe_ids: Sequence[str], *, actor: Actor) -> list[Recipe]:
    """Return the recipes that the actor may see, in the given order: from memory if possible, else read in batches."""
    public, stored = _read_many(recipe_ids)
    seen = _visible(stored, actor=actor)
    recipes = public | {id_: as_seen_by_others(one) for id_, one in stored.items() if id_ in seen}
    return [recipes[id_] for id_ in recipe_ids if id_ in recipes]


def filter_disclosable(recipe_ids: Sequence[str], *, by: str, actor: Actor) -> set[str]:
    """Return which of these recipes may be shown to the actor as cooked by `by`.

    These are recipes of the catalogue, recipes owned by `by`, and others that the actor may see too: whoever got access
    to a private recipe can't pass on its title. Checks memory first; 2 or 3 read units for each of the rest.
    """
    public, stored = _read_many(recipe_ids)
    own = {id_ for id_, one in stored.items() if by in {one.row.owner_id, one.state.made_for} and not one.state.hidden}
    rest = {id_: one for id_, one in stored.items() if id_ not in own}
    return set(public) | own | _visible(rest, actor=actor)


def _read_many(recipe_ids: Sequence[str]) -> tuple[dict[str, Recipe], dict[str, Stored]]:
    """Return recipes from the catalogue in memory, and the rest from the table."""
    public = {id_: found for id_ in recipe_ids if (found := catalogue.find_recipe(id_))}
    rest = [id_ for id_ in recipe_ids if id_ not in public]
    return public, repositories.find_recipes(rest) if rest else {}


def _visible(stored: dict[str, Stored], *, actor: Actor) -> set[str]:
    """Return which of these recipes the actor may see. Reads access in batches and each person once, only if needed."""
    seen = {id_ for id_, one in stored.items() if visible_to(actor.id, one)}
    shared = {
        id_: one
        for id_, one in stored.items()
        if id_ not in seen and visible_to(actor.id, one, has_access=True, meets_owner=True)
    }
    accessible = repositories.filter_accessible(list(shared), actor.id) if shared else set()
    who = (
        visibility.load_viewer(actor.id)
        if any(shared[id_].owner_id for id_ in accessible)
        else visibility.own_viewer(actor.id)
    )
    return seen | {
        id_
        for id_ in accessible
        if visible_to(actor.id, shared[id_], has_access=True, meets_owner=who.can_see(shared[id_].owner_id or ""))
    }


def add_generated_recipe(
    transaction: Transaction, *, recipe_id: str, content: RecipeContent, source: Source, user_id: str
) -> RecipeContent:
    """Store a generated recipe: private, without an owner, and visible to the person it was made for."""
    derived = derive(content)
    stored = repositories.build_recipe(recipe_id, body=to_body(derived), source=source, made_for=user_id)
    repositories.create_recipe(transaction, stored)
    return derived


def grant_access(transaction: Transaction, recipe_ids: Sequence[str], *, user_id: str) -> None:
    """Grant somebody access to recipes that were generated for another person's identical request."""
    for recipe_id in recipe_ids:
        repositories.grant_access(transaction, recipe_id, user_id)


def share_recipe(recipe_id: str, *, by: str, user_ids: Sequence[str]) -> None:
    """Grant others access to a private recipe. Only its owner can, or if it has none, people with access."""
    stored = repositories.find_recipe(recipe_id)
    if stored is None or stored.state.is_public:
        return
    belongs = by in {stored.row.owner_id, stored.state.made_for}
    if not belongs and (stored.row.owner_id or not repositories.has_access(recipe_id, by)):
        return
    for start in range(0, len(user_ids), MAX_ACTIONS):
        transaction = Transaction()
        for user_id in user_ids[start : start + MAX_ACTIONS]:
            repositories.grant_access(transaction, recipe_id, user_id)
        transaction.commit()


def set_hidden(transaction: Transaction, stored: Stored, *, hidden: bool) -> None:
    """Hide a recipe from everybody but its owner, or show it again: 14 write units.

    Call `apply_committed_state` after the commit.
    """
    stored.state.hidden = hidden
    repositories.save_state(transaction, stored.state)
    change = hidden_content.hide if hidden else hidden_content.show_again
    change(transaction, ids.pack(stored.id))


def apply_committed_state(stored: Stored) -> None:
    """Apply a committed change to this process's catalogue. Other processes follow the change feed."""
    catalogue.live().learn(stored.state)


def read_rows(recipe_ids: Sequence[str]) -> dict[str, RecipeRow]:
    """Return the content of recipes, for services that check visibility themselves."""
    return repositories.read_rows(recipe_ids)
