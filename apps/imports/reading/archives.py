"""Recipes of files: JSON-LD, and what Mealie, Tandoor, Nextcloud Cookbook, RecipeSage, Paprika and we export.

A file is unpacked within bounds, whatever it says of its own size, and each document in it is read by its shape: names
of files differ between versions of the exporters, shapes hardly do.
"""

import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import orjson

from apps.imports.errors import FileNotUnderstood, FileTooLarge
from apps.imports.reading import captions, pages, schema_org
from apps.imports.reading.drafts import Draft, lines_of, minutes_of, one_line, plain, servings_of, steps_of

MAX_UNPACKED = 50 * 1024 * 1024
MAX_ENTRIES = 5_000
MAX_RECIPES = 200
# Tandoor puts an archive for each recipe into an archive.
_MAX_NESTED = 2
_DOCUMENTS = (".json", ".json-ld", ".jsonld", ".paprikarecipe", ".zip", ".html", ".htm", ".txt")


@dataclass(slots=True)
class _Budget:
    """How much may still be unpacked."""

    left: int = MAX_UNPACKED
    entries: int = MAX_ENTRIES

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise FileTooLarge


def read_file(content: bytes) -> list[Draft]:
    """Return the recipes of a file, 200 at most; `FileNotUnderstood` where it is of no kind that is known."""
    found: list[Draft] = []
    for draft in _drafts(content, "", _Budget(), 0):
        found.append(draft)
        if len(found) == MAX_RECIPES:
            break
    return found


def _drafts(content: bytes, name: str, budget: _Budget, depth: int) -> Iterator[Draft]:
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        if depth < _MAX_NESTED:
            yield from _of_zip(content, budget, depth)
    elif content.startswith(b"\x1f\x8b"):
        yield from _drafts(_gunzip(content, budget), name, budget, depth)
    else:
        yield from _of_document(content, name, is_alone=depth == 0)


def _of_zip(content: bytes, budget: _Budget, depth: int) -> Iterator[Draft]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist():
                budget.entries -= 1
                if budget.entries < 0:
                    raise FileTooLarge
                if not entry.is_dir() and entry.filename.lower().endswith(_DOCUMENTS):
                    yield from _drafts(_unzip(archive, entry, budget), entry.filename, budget, depth + 1)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileNotUnderstood from error


def _unzip(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: _Budget) -> bytes:
    """Unpack an entry; no more is read than may be, whatever size it declares."""
    with archive.open(entry) as packed:
        content = packed.read(budget.left + 1)
    budget.take(len(content))
    return content


def _gunzip(content: bytes, budget: _Budget) -> bytes:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            unpacked = packed.read(budget.left + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise FileNotUnderstood from error
    budget.take(len(unpacked))
    return unpacked


def _of_document(content: bytes, name: str, *, is_alone: bool) -> Iterator[Draft]:
    try:
        yield from _of_json(orjson.loads(content))
    except orjson.JSONDecodeError:
        text = content.decode("utf-8", "replace")
        if "<html" in text[:2000].lower() or name.endswith((".html", ".htm")):
            draft = pages.read_page(text, "")
            if draft.is_recipe:
                yield draft
        elif is_alone and "\x00" not in text and "\ufffd" not in text:
            yield captions.read_text(text)
        elif is_alone:
            raise FileNotUnderstood from None


def _of_json(document: Any) -> Iterator[Draft]:
    """Read a document by its shape: schema.org anywhere in it, else one of the exporters' own, or a list of them."""
    if _is_mealie(document):
        yield _of_mealie(document)
        return
    found = schema_org.recipes_in(document)
    if found:
        yield from (schema_org.to_draft(one) for one in found)
    elif isinstance(document, list):
        for one in document:
            yield from _of_json(one)
    elif isinstance(document, dict):
        yield from _of_object(document)


def _of_object(document: dict[str, Any]) -> Iterator[Draft]:
    if isinstance(document.get("recipes"), list):
        for one in document["recipes"]:
            yield from _of_json(one)
    elif isinstance(document.get("steps"), list) and "name" in document:
        yield _of_tandoor(document)
    elif "directions" in document and "name" in document:
        yield _of_paprika(document)
    elif "instructions" in document and "title" in document:
        yield _of_recipesage(document)
    elif "recipeIngredient" in document and "name" in document:
        yield schema_org.to_draft(document)


def _is_mealie(document: Any) -> bool:
    """Say whether ingredients are objects with a note or food, as Mealie has them beside names of schema.org."""
    if not isinstance(document, dict):
        return False
    lines = document.get("recipe_ingredient") or document.get("recipeIngredient")
    steps = document.get("recipe_instructions") or document.get("recipeInstructions")
    return isinstance(lines, list) and isinstance(steps, list) and any(isinstance(line, dict) for line in lines)


def _of_mealie(document: dict[str, Any]) -> Draft:
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
        tags=schema_org.keywords([_named(one) for one in document.get("tags") or ()]),
        url=_link(get("org_url", "orgURL")),
    )


def _mealie_line(line: Any) -> str:
    """Return a line as it was written, or put together: quantity, unit, food, note."""
    if not isinstance(line, dict):
        return str(line)
    written = line.get("originalText") or line.get("original_text")
    if written:
        return str(written)
    food, unit = _named(line.get("food")), _named(line.get("unit"))
    quantity = (
        line.get("quantity")
        if line.get("disable_amount") is not True and line.get("disableAmount") is not True
        else None
    )
    note = line.get("note")
    if not food:
        return " ".join(
            part for part in (_number(quantity) if unit else "", unit, str(note or line.get("display") or "")) if part
        )
    whole = " ".join(part for part in (_number(quantity), unit, food) if part)
    return f"{whole}, {note}" if note else whole


def _named(value: Any) -> str:
    return str(value.get("name") or "") if isinstance(value, dict) else str(value or "")


def _number(value: Any) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
        return f"{value:g}"
    return str(value) if isinstance(value, str) and value not in {"", "0"} else ""


def _of_tandoor(document: dict[str, Any]) -> Draft:
    steps = [step for step in document["steps"] if isinstance(step, dict)]
    lines = [_tandoor_line(line) for step in steps for line in step.get("ingredients") or () if isinstance(line, dict)]
    return Draft(
        title=one_line(document.get("name"), 200),
        lines=lines_of(line for line in lines if line),
        steps=steps_of(text for step in steps for text in _paragraphs(step.get("instruction"))),
        description=plain(document.get("description"))[:2000],
        servings=servings_of(document.get("servings")),
        prep_minutes=minutes_of(document.get("working_time")),
        cook_minutes=minutes_of(document.get("waiting_time")),
        tags=schema_org.keywords([_named(one) for one in document.get("keywords") or ()]),
        url=_link(document.get("source_url")),
    )


def _paragraphs(text: Any) -> list[str]:
    """Return the paragraphs of an instruction: Tandoor has one text a step, with blank lines between what one does."""
    return [part.strip() for part in str(text or "").replace("\r", "").split("\n\n") if part.strip()]


def _tandoor_line(line: dict[str, Any]) -> str:
    if line.get("is_header"):
        return ""
    if line.get("original_text"):
        return str(line["original_text"])
    amount = "" if line.get("no_amount") else _number(line.get("amount"))
    whole = " ".join(part for part in (amount, _named(line.get("unit")), _named(line.get("food"))) if part)
    return f"{whole}, {line['note']}" if line.get("note") else whole


def _of_paprika(document: dict[str, Any]) -> Draft:
    return Draft(
        title=one_line(document.get("name"), 200),
        lines=lines_of(plain(document.get("ingredients")).split("\n")),
        steps=steps_of(plain(document.get("directions")).split("\n")),
        description=plain(document.get("description") or document.get("notes"))[:2000],
        servings=servings_of(document.get("servings")),
        prep_minutes=minutes_of(document.get("prep_time")),
        cook_minutes=minutes_of(document.get("cook_time") or document.get("total_time")),
        tags=schema_org.keywords(document.get("categories")),
        site=one_line(document.get("source"), 100),
        url=_link(document.get("source_url")),
    )


def _of_recipesage(document: dict[str, Any]) -> Draft:
    labels = document.get("labels") or document.get("recipeLabels") or ()
    return Draft(
        title=one_line(document.get("title"), 200),
        lines=lines_of(line for line in _text(document.get("ingredients")) if not _is_section(line)),
        steps=steps_of(line for line in _text(document.get("instructions")) if not _is_section(line)),
        description=plain(document.get("description") or document.get("notes"))[:2000],
        servings=servings_of(document.get("yield")),
        prep_minutes=minutes_of(document.get("activeTime")),
        cook_minutes=minutes_of(document.get("totalTime")),
        tags=schema_org.keywords([one.get("title") if isinstance(one, dict) else one for one in labels]),
        site=one_line(document.get("source"), 100),
        url=_link(document.get("url")),
    )


def _text(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else plain(value).split("\n")


def _is_section(line: str) -> bool:
    """Say whether a line is a heading as RecipeSage writes it: "[For the sauce]"."""
    return line.strip().startswith("[") and line.strip().endswith("]")


def _link(value: Any) -> str:
    text = one_line(value, 2000)
    return text if text.startswith(("http://", "https://")) else ""
