"""Recipes: write, read, find and keep them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core import hidden_content, ids, keys, outbox, own_deletions, queries
from apps.core.authentication import Actor
from apps.core.errors import InvalidCursor
from apps.core.language import Text
from apps.core.transactions import MAX_ACTIONS, Transaction, retry_conflicts
from apps.ingredients import services as ingredients
from apps.media import services as media
from apps.notifications import removal as notification_removal
from apps.recipes import catalogue, editions, repositories, search_terms, tag_requests
from apps.recipes.content import Approval, RecipeContent, Source
from apps.recipes.derivation import derive
from apps.recipes.errors import EditionNotFound, RecipeExists, RecipeNotFound
from apps.recipes.models import RecipeRow, from_body, to_body
from apps.recipes.recipe import Recipe, from_index, from_rows, version_tag
from apps.recipes.repositories import Stored
from apps.recipes.visibility import visible_to
from apps.search.index import SearchQuery
from apps.search.index.words import fold_phrase
from apps.search.interpretation import plain
from apps.users import visibility
from smartcooking.contract import queues

CLEAR = outbox.Task("recipes.clear", queues.DEFAULT)
# Of what one may not change: true of recipes that are absent, hidden and shown, so that it tells nobody which they are.
NOT_YOURS = Text("Bạn không có công thức nào với mã này", "None of your recipes has this id")
# What is stored of a recipe, under the name by which other apps pass it on.
StoredRecipe = Stored


@dataclass(frozen=True, slots=True)
class RecipePage:
    """A page of the catalogue; `next` is where the following one starts, `did_you_mean` another spelling of a query."""

    recipes: list[Recipe]
    next: Any
    did_you_mean: str | None


def may_see(stored: Stored, *, actor: Actor, has_access: bool | None = None) -> bool:
    """Say whether somebody may see a recipe of the table; `has_access` where that has been read already.

    Reads no more than it needs: 1 read unit for access, 2 for the owner.
    """
    if visible_to(actor.id, stored):
        return True
    if not visible_to(actor.id, stored, has_access=True, meets_owner=True):
        return False
    if not (repositories.has_access(stored.id, actor.id) if has_access is None else has_access):
        return False
    return visible_to(actor.id, stored, has_access=True, meets_owner=_meets_owner(stored, actor=actor))


def _meets_owner(stored: Stored, *, actor: Actor) -> bool:
    """Say whether somebody meets the owner of a recipe: 2 read units, none where nobody owns it."""
    owner_id = stored.owner_id
    return owner_id is None or visibility.load_viewer(actor.id).can_see(owner_id)


def get_visible_recipe(recipe_id: str, *, actor: Actor) -> Stored:
    """Read a recipe from the table; `RecipeNotFound` if it is absent or not for this person. 1 read unit, or 2."""
    stored = repositories.find_recipe(recipe_id) if ids.is_id(recipe_id) else None
    if stored is None or not may_see(stored, actor=actor):
        raise RecipeNotFound
    return stored


def get_stored_recipe(recipe_id: str) -> Stored:
    """Read a recipe, whoever may see it; `RecipeNotFound` where it is gone."""
    stored = repositories.find_recipe(recipe_id)
    if stored is None:
        raise RecipeNotFound
    return stored


def get_stored_recipes(recipe_ids: Sequence[str]) -> dict[str, Stored]:
    """Read recipes with editions that wait, whoever may see them; those that are gone are left out."""
    return repositories.find_recipes(recipe_ids, with_editions=True)


def get_own_recipe(recipe_id: str, *, actor: Actor) -> Stored:
    """Read a recipe to change it; `RecipeNotFound` unless it is this person's, in the same words whoever may see it."""
    stored = repositories.find_recipe(recipe_id) if ids.is_id(recipe_id) else None
    if stored is None or stored.row.owner_id != actor.id:
        raise RecipeNotFound(NOT_YOURS)
    return stored


def get_recipe(recipe_id: str, *, actor: Actor, approved: bool = False) -> Recipe:
    """Return a recipe that somebody may see; `RecipeNotFound` otherwise.

    Its owner gets what they wrote last, which may wait while others see the `approved` edition. Approved ones of others
    come from memory for 0 read units and are at most 5 s old, the rest from the table for 1.
    """
    found = catalogue.find_recipe(recipe_id)
    if found is not None and (approved or found.owner_id != actor.id):
        return found
    stored = get_visible_recipe(recipe_id, actor=actor)
    if approved and stored.state.approval != Approval.APPROVED:
        raise RecipeNotFound
    return _own_recipe(stored) if stored.owner_id == actor.id and not approved else _recipe(stored)


def _recipe(stored: Stored) -> Recipe:
    """Return a recipe as everybody but its owner sees it."""
    return from_rows(stored.id, stored.row, stored.state)


def _own_recipe(stored: Stored) -> Recipe:
    """Return what the owner wrote last."""
    return from_rows(stored.id, stored.row, stored.state, stored.edition)


@retry_conflicts
def create_recipe(*, recipe_id: str, content: RecipeContent, actor: Actor, image: str | None = None) -> Recipe:
    """Store a private recipe under an id chosen before; the same id again returns what it made the first time.

    `image` is the id of an upload.
    """
    transaction = Transaction()
    content = replace(content, image=_change_image(transaction, recipe_id, None, image, actor=actor))
    body = to_body(derive(content))
    stored = repositories.build_recipe(recipe_id, body=body, source=Source.USER, owner=(actor.id, actor.username))
    _hold_back(stored)
    # Who brought tags along has said what they are.
    stored.state.tags_settled = bool(content.tag_corrections) or None
    repositories.create_recipe(transaction, stored)
    tag_requests.want_tags(transaction, stored)
    try:
        transaction.commit()
    except RecipeExists:
        stored = get_own_recipe(recipe_id, actor=actor)
    return _recipe(stored)


@retry_conflicts
def edit_recipe(recipe_id: str, *, actor: Actor, changes: dict[str, Any], check: Any) -> Recipe:
    """Change the given fields of one's own recipe and derive allergens and diets anew.

    Another title, list of ingredients or step is another edition. Of an approved recipe it waits for moderators beside
    the approved one, and so does what is changed after that; any other recipe has it in place of its text, without
    ratings. `check` gets the current version and raises where the caller has read another one.
    """
    stored = get_own_recipe(recipe_id, actor=actor)
    check(version_tag(stored.row, stored.edition))
    body = to_body(derive(from_body(stored.latest_body | to_changes(changes, image=stored.latest_body.get("image")))))
    is_beside = stored.edition is not None or (
        stored.state.approval == Approval.APPROVED and editions.says_something_else(body, stored.row.body)
    )
    transaction = Transaction()
    if "image" in changes:
        body = _with_image(transaction, stored, body, changes["image"], is_beside=is_beside, actor=actor)
    if body == stored.latest_body:
        return _own_recipe(stored)
    if stored.edition:
        stored = editions.revise(transaction, stored, body)
    elif is_beside:
        stored = editions.begin(transaction, stored, body)
    else:
        _rewrite(transaction, stored, body)
    transaction.commit()
    catalogue.live().learn(stored.state)
    return _own_recipe(stored)


def _rewrite(transaction: Transaction, stored: Stored, body: dict[str, Any]) -> None:
    """Replace the only text of a recipe."""
    is_another = editions.says_something_else(body, stored.row.body)
    if is_another:
        editions.write_anew(stored, body)
    stored.row.body = body
    if is_another:
        tag_requests.want_tags(transaction, stored, is_another=True)
    _hold_back(stored)
    repositories.update_content(transaction, stored)


@retry_conflicts
def withdraw_edition(recipe_id: str, *, actor: Actor) -> None:
    """Give up the edition that waits; the approved one is the recipe again. Again changes nothing.

    `EditionNotFound` where there was none.
    """
    stored = get_own_recipe(recipe_id, actor=actor)
    if stored.edition is None:
        if own_deletions.was_deleted_by(actor.id, f"edition.{recipe_id}"):
            return
        raise EditionNotFound
    transaction = Transaction()
    editions.drop(transaction, stored)
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=f"edition.{recipe_id}")
    transaction.commit()
    catalogue.live().learn(stored.state)


def _hold_back(stored: Stored) -> None:
    """Keep what came from somewhere else out of the catalogue until its owner declares the right to publish it."""
    needs_rights = stored.row.content().needs_rights
    if needs_rights:
        repositories.dequeue_from_review(stored.state)
    elif stored.state.needs_rights and stored.state.approval == Approval.PENDING:
        repositories.enqueue_for_review(stored.state)
    stored.state.needs_rights = needs_rights or None


def _with_image(
    transaction: Transaction,
    stored: Stored,
    body: dict[str, Any],
    upload_id: str | None,
    *,
    is_beside: bool,
    actor: Actor,
) -> dict[str, Any]:
    """Return a text with another picture, or none; that of the approved edition stays while it is shown."""
    old = stored.latest_body.get("image")
    if is_beside and old == stored.row.body.get("image"):
        old = None
    image = _change_image(transaction, stored.id, old, upload_id, actor=actor)
    return to_body(replace(from_body(body), image=image))


def _change_image(
    transaction: Transaction, recipe_id: str, old: str | None, upload_id: str | None, *, actor: Actor
) -> str | None:
    return media.replace(
        transaction, old, upload_id, purpose=media.Purpose.RECIPE, target=picture_target(recipe_id), actor=actor
    )


def picture_target(recipe_id: str) -> str:
    """Return what the picture of a recipe is attached to, as the media app keeps it."""
    return f"recipe:{recipe_id}"


def to_changes(changes: dict[str, Any], *, image: str | None) -> dict[str, Any]:
    """Return what is changed as it lies in a body, but for the picture; None empties a field."""
    changed = {**changes, "image": image}
    for name in ("ingredients", "steps"):
        if name in changed:
            changed[name] = to_body_lines(changed[name])
    return changed


def to_body_lines(lines: Sequence[Any]) -> list[dict[str, Any]]:
    return [{name: getattr(line, name) for name in line.__dataclass_fields__} for line in lines]


@retry_conflicts
def delete_recipe(recipe_id: str, *, actor: Actor) -> None:
    """Delete one's own recipe; what others attached to it goes in the background. Again changes nothing."""
    try:
        stored = get_own_recipe(recipe_id, actor=actor)
    except RecipeNotFound:
        if own_deletions.was_deleted_by(actor.id, recipe_id):
            return
        raise
    transaction = Transaction()
    own_deletions.record_deletion(transaction, user_id=actor.id, deleted=recipe_id)
    repositories.bury_recipe(stored, transaction)
    pictures = [one for body in (stored.row.body, stored.latest_body) if (one := body.get("image"))]
    media.detach(transaction, pictures)
    transaction.after(CLEAR, recipe_id)
    transaction.commit()
    catalogue.live().learn(stored.state)


def clear_deleted_recipe(recipe_id: str) -> int:
    """Remove ratings, access and cooking marks of a deleted recipe; safe to repeat and to interrupt."""
    if repositories.find_recipe(recipe_id) is not None:
        return 0
    removed = 0
    for item in repositories.iterate_dependent_rows(recipe_id):
        item.delete(add_version_condition=False)
        removed += 1
    notification_removal.remove_about(recipe_id)
    return removed


def search_catalogue(query: SearchQuery, *, limit: int, after: Any) -> RecipePage:
    """Search the catalogue in memory: 0 read units. `InvalidCursor` where `after` is no position of this query."""
    index = catalogue.current()
    try:
        page = index.search(search_terms.current().interpreter.interpret(query), limit=limit, after=after)
        if not page.hits and query.q:
            page = index.search(plain(query), limit=limit, after=after)
    except ValueError as error:
        raise InvalidCursor from error
    return RecipePage([from_index(hit) for hit in page.hits], page.next, page.did_you_mean)


def list_own_titles(*, actor: Actor, most: int) -> dict[str, str]:
    """Return the titles of one's latest recipes, `most` at most, by id: 1 read unit each."""
    found = repositories.page_owned(actor.id, limit=most, after=None)
    rows = repositories.read_rows([keys.last_part(item.sk) for item in found.items])
    return {recipe_id: row.body["title"] for recipe_id, row in rows.items()}


def count_own_recipes(*, actor: Actor) -> int:
    """Count one's own recipes: 1 read unit for about 40."""
    return repositories.count_owned(actor.id)


def expand_kinds(ingredient_ids: Sequence[str]) -> frozenset[str]:
    """Return these ingredients and all their kinds: what "without chicken" keeps out."""
    return frozenset().union(*(ingredients.kinds_of(id_) for id_ in ingredient_ids))


def list_own_recipes(
    *, actor: Actor, q: str = "", language: str | None = None, limit: int, after: Any
) -> tuple[list[Recipe], Any]:
    """Page through one's own recipes, newest first: 1 read unit a page of pointers and 1 for each recipe.

    With `q` those whose titles have all its words, the last of which may go on, with or without diacritics; recipes
    that do not, or are in another language than `language`, are read as well.
    """
    words = fold_phrase(q).split()

    def read(missing: int, position: Any) -> tuple[list[Recipe], Any]:
        found = repositories.page_owned(actor.id, limit=missing, after=position)
        stored = repositories.find_recipes([keys.last_part(item.sk) for item in found.items], with_editions=True)
        recipes = map(_own_recipe, stored.values())
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
    """Return those of these recipes that somebody may see, in this order: from memory first, the rest in batches."""
    public, stored = _read_many(recipe_ids)
    seen = _visible(stored, actor=actor)
    recipes = public | {id_: _recipe(one) for id_, one in stored.items() if id_ in seen}
    return [recipes[id_] for id_ in recipe_ids if id_ in recipes]


def filter_disclosable(recipe_ids: Sequence[str], *, by: str, actor: Actor) -> set[str]:
    """Return of which of these recipes `by` may tell somebody that they cooked them.

    Those of the catalogue, their own, and what the other may see as well: the title of a recipe that was shown to them
    in private is not theirs to show. From memory first, 2 or 3 read units for each of the rest.
    """
    public, stored = _read_many(recipe_ids)
    own = {id_ for id_, one in stored.items() if by in {one.row.owner_id, one.state.made_for} and not one.state.hidden}
    rest = {id_: one for id_, one in stored.items() if id_ not in own}
    return set(public) | own | _visible(rest, actor=actor)


def _read_many(recipe_ids: Sequence[str]) -> tuple[dict[str, Recipe], dict[str, Stored]]:
    """Return recipes as the catalogue in memory has them, and the rest from the table."""
    public = {id_: found for id_ in recipe_ids if (found := catalogue.find_recipe(id_))}
    rest = [id_ for id_ in recipe_ids if id_ not in public]
    return public, repositories.find_recipes(rest) if rest else {}


def _visible(stored: dict[str, Stored], *, actor: Actor) -> set[str]:
    """Return which of these recipes somebody may see: access is read in batches, people once, and only where needed."""
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
    """Store a generated recipe, nobody's own and private, visible to the person it was made for."""
    derived = derive(content)
    stored = repositories.build_recipe(recipe_id, body=to_body(derived), source=source, made_for=user_id)
    repositories.create_recipe(transaction, stored)
    return derived


def grant_access(transaction: Transaction, recipe_ids: Sequence[str], *, user_id: str) -> None:
    """Let somebody see recipes that were generated for another person with the same question."""
    for recipe_id in recipe_ids:
        repositories.grant_access(transaction, recipe_id, user_id)


def find_titles(recipe_ids: Sequence[str]) -> dict[str, str]:
    """Return the titles of those of these recipes that are there, whoever may see them: 1 read unit each."""
    return {id_: row.content().title for id_, row in repositories.read_rows(list(dict.fromkeys(recipe_ids))).items()}


def share_recipe(recipe_id: str, *, by: str, user_ids: Sequence[str]) -> None:
    """Let others see a recipe that is not public: by its owner, or where it has none by somebody it was shown to."""
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
    """Let this process know at once what was committed; the others follow."""
    catalogue.live().learn(stored.state)


def read_rows(recipe_ids: Sequence[str]) -> dict[str, RecipeRow]:
    """Return what recipes say, for services that check before they show."""
    return repositories.read_rows(recipe_ids)
