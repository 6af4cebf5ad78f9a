"""Derive allergens and diets again after the master list has changed. Runs in the worker."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import orjson

from apps.core import keys, outbox, text
from apps.core.errors import ValidationFailed
from apps.core.models import Item
from apps.core.transactions import Transaction, retry_conflicts
from apps.ingredients import editing
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.recipes import catalogue, repositories, reviewing, services
from apps.search.index import IndexedRecipe, SearchQuery
from smartcooking.contract import queues

REDERIVE = outbox.Task("recipes.rederive", queues.DEFAULT)
# Recipes per run: a few seconds of work, so that a killed worker loses little.
BATCH = 50
# Seconds after which a run leaves the rest to the next one: long recipes take a second each on a busy machine.
LONGEST = 20.0
_PAGE = 500


@dataclass(frozen=True, slots=True)
class Effect:
    """How many recipes of the catalogue gain or lose an allergen or a diet when an ingredient changes."""

    recipes: int
    gained: dict[str, int]
    lost: dict[str, int]
    diets_lost: dict[str, int]


def effect_of(entry: Ingredient, before: Ingredient | None) -> Effect:
    """Count the recipes of the catalogue that a change affects, from memory: 0 read units.

    An allergen counts as lost if no other ingredient of the recipe has it. The recipe may still keep it because of its
    text.
    """
    affected = editing.kinds_below(entry.id)
    gained: dict[str, int] = {}
    lost: dict[str, int] = {}
    diets_lost: dict[str, int] = {}
    count = 0
    for recipe in _affected(affected, editing.names_of(entry)):
        count += 1
        document = orjson.loads(recipe.document)
        held = set(document["allergens"])
        for allergen in entry.allergens - held:
            gained[allergen] = gained.get(allergen, 0) + 1
        for allergen in ((before.allergens - entry.allergens) if before else frozenset()) & held:
            if not _has_otherwise(document, allergen, affected):
                lost[allergen] = lost.get(allergen, 0) + 1
        for diet in entry.breaks & set(document["diets"]):
            diets_lost[diet] = diets_lost.get(diet, 0) + 1
    return Effect(count, gained, lost, diets_lost)


def _has_otherwise(document: dict[str, object], allergen: str, without: set[str]) -> bool:
    lines: list[dict[str, str | None]] = document["ingredients"]  # type: ignore[assignment]
    others = [ingredients.find(id_) for line in lines if (id_ := line["ingredient_id"]) and id_ not in without]
    return any(allergen in other.allergens for other in others if other)


def _affected(ingredient_ids: set[str], names: list[str]) -> Iterator[IndexedRecipe]:
    """Yield the recipes of the catalogue with one of these ingredients, or an unknown name that is one of these."""
    folded = {text.fold(name) for name in names}
    for recipe in _all_public():
        for line in orjson.loads(recipe.document)["ingredients"]:
            if line["ingredient_id"] in ingredient_ids or (
                line["ingredient_id"] is None and text.fold(line["name"]) in folded
            ):
                yield recipe
                break


def _all_public() -> Iterator[IndexedRecipe]:
    position = None
    while True:
        page = catalogue.current().search(SearchQuery(), limit=_PAGE, after=position)
        yield from page.hits
        position = page.next
        if position is None:
            return


def rederive(ingredient_id: str, after: str) -> None:
    """Derive the recipes that a changed ingredient affects again. Safe to repeat and to interrupt.

    Processes recipes of the catalogue and recipes that wait for a moderator, starting after `after`; a message
    continues with the rest. Private recipes are checked against the current list whenever they are suggested.
    """
    ingredients.refresh()
    entry = ingredients.find(ingredient_id)
    names = editing.names_of(entry) if entry else []
    found = {recipe.recipe_id for recipe in _affected(editing.kinds_below(ingredient_id), names)} | set(_pending())
    due = sorted(id_ for id_ in found if id_ > after)
    began, last = time.monotonic(), after
    for recipe_id in due[:BATCH]:
        _rederive_one(recipe_id)
        last = recipe_id
        if time.monotonic() - began > LONGEST:
            break
    if due and last != due[-1]:
        transaction = Transaction()
        transaction.after(REDERIVE, ingredient_id, last)
        transaction.commit()


def _pending() -> Iterator[str]:
    for item in Item.queues.query(keys.pending_queue("-", "-").pk):
        yield keys.last_part(str(item.gsi4sk))


@retry_conflicts
def _rederive_one(recipe_id: str) -> None:
    stored = repositories.find_recipe(recipe_id)
    if stored is None:
        return
    transaction = Transaction()
    try:
        changed = reviewing.rederive(transaction, stored)
    except ValidationFailed:
        # The name no longer means the ingredient stored in its line, so resolve it again.
        changed = reviewing.rederive(transaction, stored, by_name=True)
    if changed:
        transaction.commit()
        services.apply_committed_state(stored)
