"""The repository's authored recipes as rows of the catalogue."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from apps.core import ids, keys, queries
from apps.ingredients import services as ingredients
from apps.recipes import repositories
from apps.recipes.content import (
    Approval,
    Difficulty,
    IngredientLine,
    Language,
    Meal,
    Method,
    RecipeContent,
    Source,
    Step,
)
from apps.recipes.derivation import derive
from apps.recipes.models import RecipeRow, RecipeState, to_body
from apps.recipes.repositories import Stored

DATA = Path(__file__).parent / "data"


# What the rows of authored recipes depend on: their files, the master list, and the code that reads both.
_SOURCES = (
    (DATA, "*/*.yaml"),
    (Path(ingredients.__file__).parent, "**/*.yaml"),
    (Path(ingredients.__file__).parent, "**/*.py"),
    (Path(__file__).parent, "*.py"),
)


def compute_fingerprint() -> str:
    """Return a hash of everything that the rows depend on. Takes 20 ms, while deriving the rows takes 5 s."""
    digest = hashlib.sha256()
    for directory, pattern in _SOURCES:
        for path in sorted(directory.glob(pattern)):
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def load_recipes(directory: Path = DATA) -> dict[str, RecipeContent]:
    """Read all authored recipes, id → content. Raises ValueError that names an invalid recipe."""
    found: dict[str, RecipeContent] = {}
    for path in sorted(directory.glob("*/*.yaml")):
        more = load_file(path)
        if twice := found.keys() & more.keys():
            message = f"{path.name}: {more[min(twice)].title} is there twice"
            raise ValueError(message)
        found |= more
    return found


def load_file(path: Path) -> dict[str, RecipeContent]:
    """Read the recipes of one file, id → content. Raises ValueError that names an invalid recipe."""
    found: dict[str, RecipeContent] = {}
    for written in yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader) or ():
        recipe_id = ids.derived_id("recipe", written["key"])
        if recipe_id in found:
            message = f"{path.name}: {written['key']} is there twice"
            raise ValueError(message)
        found[recipe_id] = _content(path, written)
    return found


def put_recipes(contents: dict[str, RecipeContent]) -> tuple[int, list[str]]:
    """Write new and changed recipes to the catalogue. Return how many there were, and unresolved names.

    Existing recipes keep their ratings and counters.
    """
    unresolved: list[str] = []
    changed: list[Stored] = []
    rows = queries.read_many(RecipeRow, [keys.recipe(id_) for id_ in contents])
    states = queries.read_many(RecipeState, [keys.recipe_state(id_) for id_ in contents])
    for recipe_id, content in contents.items():
        derived = derive(content)
        unresolved += _unresolved(derived)
        row, state = rows.get(keys.recipe(recipe_id)), states.get(keys.recipe_state(recipe_id))
        body = to_body(derived)
        if row is None or state is None or (row.body != body and not state.deleted):
            changed.append(_seeded(recipe_id, body, row, state))
    repositories.put_seeds(changed)
    return len(changed), unresolved


def _seeded(recipe_id: str, body: dict[str, Any], row: RecipeRow | None, state: RecipeState | None) -> Stored:
    fresh = repositories.build_recipe(recipe_id, body=body, source=Source.SEED, approval=Approval.APPROVED)
    if row is None or state is None:
        repositories.append_to_feed(fresh.state)
        return fresh
    row.body, row.updated_at = body, fresh.row.updated_at
    state.content_version = int(row.version or 0) + 1
    if state.gsi1pk:
        repositories.append_to_feed(state)
    return Stored(row, state)


def _unresolved(content: RecipeContent) -> Iterator[str]:
    return (line.name for line in content.ingredients if line.ingredient_id is None)


def _content(path: Path, written: dict[str, Any]) -> RecipeContent:
    try:
        language, titles = Language(written["language"]), written["title"]
        return RecipeContent(
            title=titles[language],
            translated_title=next((text for key, text in titles.items() if key != language), ""),
            description=written["description"],
            ingredients=tuple(_line(line) for line in written["ingredients"]),
            steps=tuple(Step(**step) for step in written["steps"]),
            language=language,
            method=Method(written["method"]),
            meal=Meal(written["meal"]),
            difficulty=Difficulty(written["difficulty"]),
            cuisine=written["cuisine"],
            prep_minutes=written["prep_minutes"],
            cook_minutes=written["cook_minutes"],
            servings=written["servings"],
            tags=tuple(written["tags"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        message = f"{path.name}: {written.get('key', '?')}: {error!r}"
        raise ValueError(message) from error


def _line(written: dict[str, Any]) -> IngredientLine:
    """Return an ingredient line with its substitutes as ids. Raises ValueError that names an unknown substitute."""
    substitutes = []
    for name in written.get("substitutes", ()):
        found = ingredients.resolve(name)
        if found is None:
            message = f"{name} is not in the master list"
            raise ValueError(message)
        substitutes.append(found.id)
    return IngredientLine(**{**written, "substitutes": tuple(substitutes)})
