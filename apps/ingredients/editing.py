"""Changes to the master list, added to the transaction of the moderator's decision."""

from collections.abc import Iterable
from dataclasses import replace

from apps.core import clock, ids, keys, queries, text
from apps.core.models import derived_keys
from apps.core.transactions import Transaction
from apps.ingredients import repositories
from apps.ingredients.directory import live
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.errors import IngredientNotFound
from apps.ingredients.models import IngredientRow, UnknownName, from_body, to_body


def load_row(ingredient_id: str) -> IngredientRow:
    """Read an entry consistently; `IngredientNotFound` if it doesn't exist or was deleted."""
    row = IngredientRow.read(keys.ingredient(ingredient_id))
    if row is None or row.deleted:
        raise IngredientNotFound
    return row


def load_rows(ingredient_ids: list[str]) -> dict[str, IngredientRow]:
    found = queries.read_many(IngredientRow, [keys.ingredient(id_) for id_ in ingredient_ids])
    return {keys.last_part(key.pk): row for key, row in found.items() if not row.deleted}


def build_entry(*, vi: str, en: str, category: Category) -> Ingredient:
    """Build a new entry with a new id."""
    made = ids.new_id()
    slug = "-".join(filter(None, text.fold(en).split())) or made.lower()
    return Ingredient(made, slug, vi, en, category, {}, frozenset(), frozenset())


def save(transaction: Transaction, entry: Ingredient, row: IngredientRow | None, *, deleted: bool = False) -> None:
    """Write an entry. All processes use it within five seconds. The version of a row that was read is checked."""
    feed = keys.ingredients_feed(clock.sortable(clock.now()), entry.id)
    key = keys.ingredient(entry.id)
    saved = row or IngredientRow(pk=key.pk, sk=key.sk)
    saved.body, saved.deleted = to_body(entry), deleted
    for name, value in derived_keys(gsi1=feed).items():
        setattr(saved, name, value)
    transaction.save(saved)


def with_alias(entry: Ingredient, name: str, language: str) -> Ingredient:
    names = [*entry.aliases.get(language, ()), name]
    return replace(entry, aliases={**entry.aliases, language: tuple(dict.fromkeys(names))})


def without_alias(entry: Ingredient, name: str) -> Ingredient:
    """Return the entry without a name. Names that differ in diacritics are different and stay."""
    aliases = {
        language: tuple(one for one in names if text.normalize(one) != text.normalize(name))
        for language, names in entry.aliases.items()
    }
    return replace(entry, aliases={language: names for language, names in aliases.items() if names})


def names_of(entry: Ingredient) -> list[str]:
    return [entry.vi, entry.en, *(name for names in entry.aliases.values() for name in names)]


def owner_of(name: str) -> Ingredient | None:
    """Return the ingredient with exactly this name, including diacritics."""
    wanted = text.normalize(name)
    return next(
        (
            one
            for one in live().current().by_id.values()
            if any(text.normalize(other) == wanted for other in names_of(one))
        ),
        None,
    )


def kinds_below(ingredient_id: str) -> set[str]:
    """Return an ingredient, its kinds and everything made of them, all of which a change of allergens affects."""
    entries = live().current().by_id.values()
    touched, grew = {ingredient_id}, True
    while grew:
        more = {one.id for one in entries if one.kind_of in touched or not touched.isdisjoint(one.made_of)} - touched
        touched |= more
        grew = bool(more)
    return touched


def load_deleted_row(ingredient_id: str) -> IngredientRow | None:
    """Read a deleted entry; None if there is none."""
    row = IngredientRow.read(keys.ingredient(ingredient_id))
    return row if row is not None and row.deleted else None


def load_unknown_name(name_hash: str) -> UnknownName | None:
    return UnknownName.read(keys.unknown_name(name_hash))


def load_unknown_names(hashes: list[str]) -> dict[str, UnknownName]:
    found = queries.read_many(UnknownName, [keys.unknown_name(one) for one in hashes])
    return {keys.last_part(key.pk): row for key, row in found.items()}


def find_reported(names: Iterable[str]) -> list[UnknownName]:
    """Return which of these names people have reported as unknown. Half a read unit per name."""
    return list(load_unknown_names(sorted({repositories.unknown_name_hash(name) for name in names})).values())


def close_name(transaction: Transaction, row: UnknownName, *, status: str, ingredient_id: str | None = None) -> None:
    """Remove a name from the moderators' queue."""
    row.status, row.ingredient_id, row.gsi4pk, row.gsi4sk = status, ingredient_id, None, None
    transaction.save(row)


def reopen_name(transaction: Transaction, row: UnknownName) -> None:
    queue = keys.unknown_names_queue(clock.sortable(clock.now()), keys.last_part(row.pk))
    row.status, row.ingredient_id, row.gsi4pk, row.gsi4sk = "open", None, queue.pk, queue.sk
    transaction.save(row)


__all__ = [
    "IngredientRow",
    "UnknownName",
    "build_entry",
    "close_name",
    "find_reported",
    "from_body",
    "kinds_below",
    "load_deleted_row",
    "load_row",
    "load_rows",
    "load_unknown_name",
    "load_unknown_names",
    "names_of",
    "owner_of",
    "reopen_name",
    "save",
    "to_body",
    "with_alias",
    "without_alias",
]
