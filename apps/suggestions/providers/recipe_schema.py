"""The schema of a model's recipe: the JSON Schema sent to it, and the strict parser of its answer."""

from collections.abc import Iterator, Mapping
from typing import Any

from rest_framework.exceptions import ErrorDetail

from apps.recipes.content import Difficulty, Meal, RecipeContent
from apps.recipes.serializers import RecipeIn, to_content
from apps.suggestions.providers.port import GenerationRequest
from apps.suggestions.providers.untrusted import plain_all

# Fewer than cooks may write: a longer recipe does not fit into the answer.
MOST_INGREDIENTS = 25
MOST_STEPS = 12
_MOST_MINUTES = 24 * 60
# How deep names nest: recipe → ingredient → name.
_LINES = {
    "ingredients": ("name", "quantity", "unit", "preparation", "optional"),
    "steps": ("text", "minutes"),
}
_PLAIN = ("title", "description", "method", "meal", "difficulty", "prep_minutes", "cook_minutes", "tags")
# Every name that can stand in a fault.
NAMES = frozenset({"answer", *_PLAIN, *_LINES, *(name for names in _LINES.values() for name in names)})
# A wholly wrong answer has a fault in every line; the first tell enough.
_MOST_FAULTS = 12


class Malformed(Exception):
    """The answer is not a recipe; `faults` as "path:code", of our own names only."""

    def __init__(self, *faults: str) -> None:
        super().__init__(", ".join(faults))
        self.faults = faults


def schema(request: GenerationRequest) -> dict[str, Any]:
    """Return the JSON Schema of the answer to `request`.

    Of the plainest keywords, which every model takes: Nova knows no others at the top, some no types in a list. No
    lengths of texts: llama.cpp, which Ollama makes a grammar of this with, unrolls them until it gives up. They are
    checked when the answer is read, and null is taken for what was left out.
    """
    minutes = {"type": "integer", "minimum": 0, "maximum": _MOST_MINUTES}
    ingredient = {
        "name": {"type": "string", "description": "spelt as in at_hand or usual"},
        "quantity": {"type": "number", "description": "left out only for: to taste"},
        "unit": {"type": "string"},
        "preparation": {"type": "string", "description": "e.g. finely sliced"},
        "optional": {"type": "boolean"},
    }
    return _object(
        {
            "title": {"type": "string", "description": "a dish by its usual name"},
            "description": {"type": "string", "description": "one or two sentences"},
            "method": {"type": "string", "enum": [request.method.value]},
            "meal": {"type": "string", "enum": [request.meal.value] if request.meal else [meal.value for meal in Meal]},
            "difficulty": {"type": "string", "enum": [difficulty.value for difficulty in Difficulty]},
            "prep_minutes": minutes,
            "cook_minutes": minutes,
            "ingredients": _list(_object(ingredient, required=("name",)), MOST_INGREDIENTS),
            "steps": _list(_object({"text": {"type": "string"}, "minutes": minutes}), MOST_STEPS),
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 5},
        },
        required=_REQUIRED,
    )


_REQUIRED = ("title", "method", "difficulty", "prep_minutes", "cook_minutes", "ingredients", "steps")


def _object(properties: dict[str, Any], *, required: tuple[str, ...] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties if required is None else required),
    }


def _list(items: dict[str, Any], most: int) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": 2, "maxItems": most}


def read(answer: Any, request: GenerationRequest) -> RecipeContent:
    """Return the recipe in an answer, its texts cleaned, its ingredients unresolved; Malformed where it is none.

    Held to the limits of what cooks may write. Fields that were not asked for are dropped: they are of no use and do
    no harm. What is missing, too long or out of range is refused, never filled in or cut: half a step is no step. The
    method, language and servings are those that were asked for.
    """
    if not isinstance(answer, Mapping):
        raise Malformed("answer:not_an_object")
    try:
        given = plain_all(_asked_for(answer))
    except RecursionError as error:
        raise Malformed("answer:malformed") from error
    serializer = RecipeIn(data=given)
    faults = [*_missing(given), *_mismatched(given, request), *_unstructured(given)]
    if not serializer.is_valid():
        faults += _paths(serializer.errors)
    if faults:
        raise Malformed(*list(dict.fromkeys(faults))[:_MOST_FAULTS])
    values = {**serializer.validated_data, "servings": request.servings, "cuisine": request.cuisine}
    return to_content(values, language=request.language.value)


def _asked_for(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Drop what is not in the schema, at each level."""
    given = {name: answer[name] for name in (*_PLAIN, *_LINES) if answer.get(name) is not None}
    for name, known in _LINES.items():
        if isinstance(given.get(name), list):
            given[name] = [_only(line, known) for line in given[name]]
    # Nobody misses an empty hint, a text of nothing but markup is one, and a recipe does not fail over its tags.
    tags = given.pop("tags", None)
    if isinstance(tags, list):
        given["tags"] = [tag for tag in plain_all(tags) if isinstance(tag, str) and 0 < len(tag) <= _LONGEST_TAG][:5]
    return given


_LONGEST_TAG = 30


def _only(line: Any, known: tuple[str, ...]) -> Any:
    """Keep the known fields; an empty text says the same as null where null may be."""
    if not isinstance(line, Mapping):
        return line
    kept = {name: line[name] for name in known if name in line}
    return {name: value for name, value in kept.items() if value not in (None, "") or name in ("name", "text")}


def _missing(given: dict[str, Any]) -> Iterator[str]:
    return (f"{name}:required" for name in _REQUIRED if name not in given)


def _unstructured(given: dict[str, Any]) -> Iterator[str]:
    """Refuse lines of plain text: cooks may write them so, the schema does not allow it."""
    for name in _LINES:
        lines = given.get(name)
        for position, line in enumerate(lines if isinstance(lines, list) else ()):
            if not isinstance(line, Mapping):
                yield f"{name}.{position}:invalid"


def _mismatched(given: dict[str, Any], request: GenerationRequest) -> Iterator[str]:
    """Refuse another dish than was asked for, and a list that our schema does not allow."""
    if given.get("method") not in (None, request.method.value):
        yield "method:invalid_choice"
    if request.meal and given.get("meal") not in (None, request.meal.value):
        yield "meal:invalid_choice"
    for name, most in (("ingredients", MOST_INGREDIENTS), ("steps", MOST_STEPS)):
        lines = given.get(name)
        if isinstance(lines, list) and len(lines) > most:
            yield f"{name}:max_length"


def _paths(errors: Any, path: str = "") -> Iterator[str]:
    """Name the place and code of each error; messages are left behind, they may repeat what the model wrote."""
    if isinstance(errors, ErrorDetail):
        yield f"{path}:{errors.code}"
    elif isinstance(errors, Mapping):
        for name, inner in errors.items():
            yield from _paths(inner, f"{path}.{name}".lstrip(".") if name != "non_field_errors" else path)
    elif isinstance(errors, list) and all(isinstance(one, ErrorDetail) for one in errors):
        for one in errors:
            yield from _paths(one, path)
    elif isinstance(errors, list):
        for position, inner in enumerate(errors):
            yield from _paths(inner, f"{path}.{position}")
