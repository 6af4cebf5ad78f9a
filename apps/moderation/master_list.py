"""Decisions about the master list: unknown names, new ingredients, corrections."""

from dataclasses import replace
from typing import Any

from apps.core import audit, text
from apps.core.authentication import Actor
from apps.core.errors import ValidationFailed
from apps.core.food import ALLERGENS, DIETS
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.ingredients.editing import UnknownName, from_body, to_body
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.errors import IngredientNotFound
from apps.moderation import acts, authority
from apps.moderation.acts import Act
from apps.moderation.errors import DecidedAlready, NameNotFound, NameTaken
from apps.recipes import rederivation
from apps.recipes.rederivation import Effect

NAME = "name"
INGREDIENT = "ingredient"
_NAME_DECISIONS = (Act.MAP_NAME, Act.DISMISS_NAME)
_EDITABLE = ("vi", "en", "category", "aliases", "allergens", "breaks", "may_contain", "staple", "kind_of", "made_of")


@retry_conflicts
def map_name(
    name_hash: str, *, ingredient_id: str, language: str, actor: Actor, reason: str = "", check: Check = any_version
) -> str:
    """Make an unknown name an alias of an ingredient. A task derives the recipes that use it again.

    Name, ingredient, audit entry and the task's message are written in one transaction.
    """
    who = authority.require_moderator(actor)
    row = _open_name(name_hash, check)
    stored = editing.load_row(ingredient_id)
    entry = stored.entry()
    _require_free([row.name], entry)
    transaction = Transaction()
    editing.save(transaction, editing.with_alias(entry, row.name, language), stored)
    editing.close_name(transaction, row, status="mapped", ingredient_id=ingredient_id)
    transaction.after(rederivation.REDERIVE, ingredient_id, "")
    entry_id = acts.record(
        transaction, Act.MAP_NAME, who, NAME, name_hash, title=row.name, reason=reason.strip(),
        before={"status": "open"}, after={"ingredient_id": ingredient_id, "language": language, "name": entry.vi},
    )  # fmt: skip
    transaction.commit()
    ingredients.refresh()
    return entry_id


@retry_conflicts
def unmap_name(name_hash: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Remove the alias and put the name back into the queue."""
    who = authority.require_moderator(actor)
    row = editing.load_unknown_name(name_hash)
    if row is None or row.ingredient_id is None:
        raise NameNotFound
    check(int(row.version or 0))
    stored = editing.load_row(row.ingredient_id)
    ingredient_id, entry = row.ingredient_id, stored.entry()
    language = next((one for one, names in entry.aliases.items() if row.name in names), "vi")
    transaction = Transaction()
    editing.save(transaction, editing.without_alias(entry, row.name), stored)
    editing.reopen_name(transaction, row)
    transaction.after(rederivation.REDERIVE, ingredient_id, "")
    entry_id = acts.record(
        transaction, Act.UNMAP_NAME, who, NAME, name_hash, title=row.name, reason=reason.strip(),
        before={"ingredient_id": ingredient_id, "language": language}, after={"status": "open"},
    )  # fmt: skip
    transaction.commit()
    ingredients.refresh()
    return entry_id


@retry_conflicts
def dismiss_name(name_hash: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    """Mark a name as not a food, which removes it from the queue."""
    who = authority.require_moderator(actor)
    row = _open_name(name_hash, check)
    transaction = Transaction()
    editing.close_name(transaction, row, status="dismissed")
    entry_id = acts.record(
        transaction, Act.DISMISS_NAME, who, NAME, name_hash, title=row.name, reason=reason.strip(),
        before={"status": "open"}, after={"status": "dismissed"},
    )  # fmt: skip
    transaction.commit()
    return entry_id


@retry_conflicts
def reopen_name(name_hash: str, *, actor: Actor, reason: str = "", check: Check = any_version) -> str:
    who = authority.require_moderator(actor)
    row = editing.load_unknown_name(name_hash)
    if row is None or row.status != "dismissed":
        raise NameNotFound
    check(int(row.version or 0))
    transaction = Transaction()
    editing.reopen_name(transaction, row)
    entry_id = acts.record(
        transaction, Act.REOPEN_NAME, who, NAME, name_hash, title=row.name, reason=reason.strip(),
        before={"status": "dismissed"}, after={"status": "open"},
    )  # fmt: skip
    transaction.commit()
    return entry_id


def _open_name(name_hash: str, check: Check) -> UnknownName:
    row = editing.load_unknown_name(name_hash)
    if row is None:
        raise NameNotFound
    if row.gsi4pk is None:
        raise DecidedAlready(audit.last(NAME, name_hash, _NAME_DECISIONS))
    check(int(row.version or 0))
    return row


def changed_entry(entry: Ingredient, changes: dict[str, Any]) -> Ingredient:
    """Return an entry with the changes of a form or request applied; ValidationFailed if they are invalid."""
    given = {name: value for name, value in changes.items() if name in _EDITABLE}
    if "category" in given:
        given["category"] = Category(given["category"])
    for name in ("allergens", "breaks", "may_contain"):
        if name in given:
            given[name] = frozenset(given[name])
    if "aliases" in given:
        aliases = given["aliases"].items()
        given["aliases"] = {language: tuple(text.clean(one) for one in names) for language, names in aliases if names}
    made = replace(entry, **given)
    unknown = (made.allergens | made.may_contain) - set(ALLERGENS) or made.breaks - set(DIETS)
    parents = {made.kind_of, *made.made_of} - {None}
    if unknown or not made.vi.strip() or not made.en.strip() or made.id in parents:
        raise ValidationFailed
    if any(ingredients.find(str(parent)) is None for parent in parents):
        raise IngredientNotFound
    return made


def preview(entry: Ingredient, before: Ingredient | None) -> Effect:
    """Return the effect that saving an entry would have on the catalogue."""
    return rederivation.effect_of(entry, before)


@retry_conflicts
def add_ingredient(*, vi: str, en: str, category: str, changes: dict[str, Any], actor: Actor) -> str:
    """Add an ingredient to the master list and return its id."""
    who = authority.require_moderator(actor)
    entry = changed_entry(editing.build_entry(vi=vi, en=en, category=Category(category)), changes)
    require_free_names(entry, None)
    transaction = Transaction()
    editing.save(transaction, entry, None)
    _settle_names(transaction, entry.id, before=None, after=entry)
    transaction.after(rederivation.REDERIVE, entry.id, "")
    acts.record(transaction, Act.ADD_INGREDIENT, who, INGREDIENT, entry.id, title=entry.vi, after=to_body(entry))
    transaction.commit()
    ingredients.refresh()
    return entry.id


@retry_conflicts
def edit_ingredient(
    ingredient_id: str, *, changes: dict[str, Any], actor: Actor, reason: str = "", check: Check = any_version
) -> str:
    """Change an ingredient. All processes use it within five seconds; a task derives its recipes again."""
    who = authority.require_moderator(actor)
    stored = editing.load_row(ingredient_id)
    check(int(stored.version or 0))
    before = stored.entry()
    entry = changed_entry(before, changes)
    require_free_names(entry, before)
    old, new = to_body(before), to_body(entry)
    changed = [name for name in new if new[name] != old.get(name)]
    transaction = Transaction()
    editing.save(transaction, entry, stored)
    _settle_names(transaction, ingredient_id, before=before, after=entry)
    transaction.after(rederivation.REDERIVE, ingredient_id, "")
    entry_id = acts.record(
        transaction, Act.EDIT_INGREDIENT, who, INGREDIENT, ingredient_id, title=entry.vi, reason=reason.strip(),
        before={name: old.get(name) for name in changed}, after={name: new[name] for name in changed},
    )  # fmt: skip
    transaction.commit()
    ingredients.refresh()
    return entry_id


def has_values(ingredient_id: str, values: dict[str, Any]) -> bool:
    """Return whether fields of an ingredient have these values, in the format of the audit log: 1 read unit."""
    body = to_body(editing.load_row(ingredient_id).entry())
    return all(body.get(name) == value for name, value in values.items())


@retry_conflicts
def delete_ingredient(ingredient_id: str, *, actor: Actor, reason: str) -> str:
    """Delete an ingredient. Its name is unresolved in recipes from then on."""
    who, reason = authority.require_moderator(actor), acts.require_reason(reason)
    stored = editing.load_row(ingredient_id)
    transaction = Transaction()
    editing.save(transaction, stored.entry(), stored, deleted=True)
    _settle_names(transaction, ingredient_id, before=stored.entry(), after=None)
    transaction.after(rederivation.REDERIVE, ingredient_id, "")
    entry_id = acts.record(
        transaction, Act.DELETE_INGREDIENT, who, INGREDIENT, ingredient_id, title=stored.entry().vi, reason=reason,
        before=stored.body,
    )  # fmt: skip
    transaction.commit()
    ingredients.refresh()
    return entry_id


@retry_conflicts
def restore_ingredient(ingredient_id: str, body: dict[str, Any], *, actor: Actor, reason: str = "") -> str:
    """Restore a deleted ingredient."""
    who = authority.require_moderator(actor)
    row = editing.load_deleted_row(ingredient_id)
    if row is None:
        raise DecidedAlready(audit.last(INGREDIENT, ingredient_id))
    transaction, entry = Transaction(), from_body(body)
    editing.save(transaction, entry, row)
    _settle_names(transaction, ingredient_id, before=None, after=entry)
    transaction.after(rederivation.REDERIVE, ingredient_id, "")
    entry_id = acts.record(
        transaction, Act.ADD_INGREDIENT, who, INGREDIENT, ingredient_id, title=body["vi"], reason=reason, after=body
    )
    transaction.commit()
    ingredients.refresh()
    return entry_id


def _settle_names(
    transaction: Transaction, ingredient_id: str, *, before: Ingredient | None, after: Ingredient | None
) -> None:
    """Remove names that the ingredient gains from the queue of unknown names, and add those that it loses."""
    old, new = ({text.fold(name) for name in editing.names_of(entry)} if entry else set() for entry in (before, after))
    for row in editing.find_reported(new - old):
        if row.gsi4pk is not None:
            editing.close_name(transaction, row, status="mapped", ingredient_id=ingredient_id)
    for row in editing.find_reported(old - new):
        if row.ingredient_id == ingredient_id:
            editing.reopen_name(transaction, row)


def require_free_names(entry: Ingredient, before: Ingredient | None) -> None:
    """Raise `NameTaken`, with the name, if the entry would gain a name of another ingredient."""
    known = set(editing.names_of(before)) if before else set()
    _require_free([name for name in editing.names_of(entry) if name not in known], entry)


def _require_free(names: list[str], entry: Ingredient) -> None:
    """Raise `NameTaken`, with the name, for names of other ingredients."""
    for name in names:
        owner = editing.owner_of(name)
        if owner is not None and owner.id != entry.id:
            raise NameTaken(f"{name}: {owner.vi} / {owner.en}")
