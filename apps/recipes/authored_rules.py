"""Additional rules for authored recipes: essential ingredients must be declared, and times must add up."""

from collections.abc import Iterator
from dataclasses import replace

from apps.ingredients import services as ingredients
from apps.recipes import cooking_rules, essentials
from apps.recipes.content import IngredientLine, RecipeContent

FEWEST_STEPS, MOST_STEPS = 3, 10
MOST_ESSENTIAL = 4
# Allowed ratio of the steps' minutes to preparation plus cooking time. Some chopping overlaps; some steps give no time.
LEAST_OF_TIME, MOST_OF_TIME, SLACK_MINUTES = 0.3, 1.15, 3


def problems(content: RecipeContent) -> Iterator[str]:
    """Yield a message to the author for each rule that the recipe breaks."""
    yield from _structure(content)
    yield from cooking_rules.problems(content)
    yield from _times(content)


def _structure(content: RecipeContent) -> Iterator[str]:
    if not content.translated_title:
        yield "has a title in one language only"
    if not FEWEST_STEPS <= len(content.steps) <= MOST_STEPS:
        yield f"has {len(content.steps)} steps instead of {FEWEST_STEPS} to {MOST_STEPS}"
    essential = [line for line in content.ingredients if line.essential]
    if not 1 <= len(essential) <= MOST_ESSENTIAL:
        yield f"names {len(essential)} essential ingredients instead of 1 to {MOST_ESSENTIAL}"
    for line in essential:
        found = ingredients.find(line.ingredient_id or "")
        if line.optional:
            yield f"{line.name} is essential and optional"
        if found is not None and found.staple:
            yield f"{line.name} is a staple and essential"
    yield from (f"names {line.name} in its title and makes it optional" for line in _named_and_optional(content))
    ids = [line.ingredient_id for line in content.ingredients if line.ingredient_id]
    yield from (f"lists {line.name} twice" for line in content.ingredients if ids.count(line.ingredient_id or "") > 1)


def _named_and_optional(content: RecipeContent) -> Iterator[IngredientLine]:
    """Yield optional ingredients that the title names. A word that is part of a longer name doesn't count."""
    known = [(line, found) for line in content.ingredients if (found := ingredients.find(line.ingredient_id or ""))]
    titles = replace(content, translated_title="")
    for line, found in known:
        others = {name for other, one in known if other is not line for name in essentials.names_in(one, titles)}
        own = essentials.names_in(found, titles)
        if line.optional and any(not any(f" {name} " in f" {other} " for other in others) for name in own):
            yield line


def _times(content: RecipeContent) -> Iterator[str]:
    steps = sum(step.minutes or 0 for step in content.steps)
    whole = content.total_minutes or 0
    if steps > whole * MOST_OF_TIME + SLACK_MINUTES:
        yield f"its steps take {steps} minutes, the whole {whole}"
    if content.cook_minutes and steps < whole * LEAST_OF_TIME:
        yield f"its steps take only {steps} of {whole} minutes"
