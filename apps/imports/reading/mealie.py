"""Read recipes of Mealie. Its export has a document for each recipe, its backup a list for each table."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from apps.imports.reading import schema_org
from apps.imports.reading.drafts import Draft, lines_of, minutes_of, one_line, plain, servings_of, steps_of


def is_recipe(document: Any) -> bool:
    """Return whether ingredients are objects with a note or food, which Mealie adds to schema.org's properties."""
    if not isinstance(document, dict):
        return False
    lines = document.get("recipe_ingredient") or document.get("recipeIngredient")
    steps = document.get("recipe_instructions") or document.get("recipeInstructions")
    return isinstance(lines, list) and isinstance(steps, list) and any(isinstance(line, dict) for line in lines)


def to_draft(document: dict[str, Any]) -> Draft:
    def get(snake: str, camel: str) -> Any:
        return document.get(camel, document.get(snake))

    lines = get("recipe_ingredient", "recipeIngredient") or ()
    steps = get("recipe_instructions", "recipeInstructions") or ()
    cook_time = get("perform_time", "performTime") or get("cook_time", "cookTime") or get("total_time", "totalTime")
    return Draft(
        title=one_line(document.get("name"), 200),
        lines=lines_of(_mealie_line(line) for line in lines),
        steps=steps_of(one.get("text") if isinstance(one, dict) else one for one in steps),
        description=plain(document.get("description"))[:2000],
        servings=servings_of(get("recipe_servings", "recipeServings") or get("recipe_yield", "recipeYield")),
        prep_minutes=minutes_of(get("prep_time", "prepTime")),
        cook_minutes=minutes_of(cook_time),
        tags=schema_org.keywords([named(one) for one in document.get("tags") or ()]),
        url=_address(get("org_url", "orgURL")),
    )


def _mealie_line(line: Any) -> str:
    """Return a line as written, or composed of quantity, unit, food and note."""
    if not isinstance(line, dict):
        return str(line)
    written = line.get("originalText") or line.get("original_text")
    if written:
        return str(written)
    food, unit = named(line.get("food")), named(line.get("unit"))
    quantity = (
        line.get("quantity")
        if line.get("disable_amount") is not True and line.get("disableAmount") is not True
        else None
    )
    note = line.get("note")
    if not food:
        return " ".join(
            part for part in (number(quantity) if unit else "", unit, str(note or line.get("display") or "")) if part
        )
    whole = " ".join(part for part in (number(quantity), unit, food) if part)
    return f"{whole}, {note}" if note else whole


def named(value: Any) -> str:
    return str(value.get("name") or "") if isinstance(value, dict) else str(value or "")


def number(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return f"{value:g}"
    return str(value) if isinstance(value, str) and value not in {"", "0"} else ""


def _address(value: Any) -> str:
    text = one_line(value, 2000)
    return text if schema_org.is_address(text) else ""


def is_backup(document: Any) -> bool:
    """Return whether a document contains tables, like `database.json` in a backup."""
    return isinstance(document, dict) and all(
        isinstance(document.get(table), list) for table in ("recipes", "recipes_ingredients", "recipe_instructions")
    )


def of_backup(document: dict[str, Any]) -> Iterator[Draft]:
    """Assemble recipes whose ingredients and steps are in separate tables."""
    lines, steps = _by_recipe(document["recipes_ingredients"]), _by_recipe(document["recipe_instructions"])
    units, foods = _by_id(document.get("ingredient_units")), _by_id(document.get("ingredient_foods"))
    for recipe in document["recipes"]:
        if isinstance(recipe, dict):
            own = lines[recipe.get("id")]
            named_lines = [
                {**line, "unit": units.get(line.get("unit_id")), "food": foods.get(line.get("food_id"))} for line in own
            ]
            yield to_draft({**recipe, "recipe_ingredient": named_lines, "recipe_instructions": steps[recipe.get("id")]})


def _by_recipe(rows: list[Any]) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for row in sorted((row for row in rows if isinstance(row, dict)), key=_position):
        if isinstance(row.get("recipe_id"), str | int):
            found[row["recipe_id"]].append(row)
    return found


def _position(row: dict[str, Any]) -> float:
    position = row.get("position")
    return position if isinstance(position, int | float) else 0


def _by_id(rows: Any) -> dict[Any, dict[str, Any]]:
    known = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return {row["id"]: row for row in known if isinstance(row.get("id"), str | int)}
