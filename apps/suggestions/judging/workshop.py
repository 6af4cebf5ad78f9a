"""The master list and recipes from files, in memory, for tools that work without the table."""

from pathlib import Path

import yaml

from apps.ingredients import master
from apps.ingredients.directory import live as live_ingredients
from apps.recipes import catalogue, seeds
from apps.recipes.content import RecipeContent


def load(directory: Path | None = None) -> tuple[dict[str, RecipeContent], list[str]]:
    """Hold the authored master list and recipes: those of the repository, or of `directory`.

    Returns the recipes by id, and what is wrong with the files that were passed over: somebody may be writing them.
    """
    live_ingredients().hold(master.load())
    contents: dict[str, RecipeContent] = {}
    problems: list[str] = []
    for path in sorted((directory or seeds.DATA).rglob("*.yaml")):
        try:
            contents |= seeds.load_file(path)
        except (ValueError, yaml.YAMLError) as error:
            problems.append(str(error))
    catalogue.live().hold(contents)
    return contents, problems
