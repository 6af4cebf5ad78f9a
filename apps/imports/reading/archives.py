"""Read recipes from files: JSON-LD, our archives, Mealie, Tandoor, Nextcloud Cookbook, RecipeSage, Paprika.

Documents are recognized by their structure, which varies less between versions of the exporters than file names do.
"""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import orjson

from apps.imports import own_archive
from apps.imports.errors import FileNotUnderstood, FileTooLarge
from apps.imports.reading import captions, enclosed_pictures, mealie, pages, schema_org, unpacking
from apps.imports.reading.drafts import Draft, lines_of, minutes_of, one_line, plain, servings_of, steps_of
from apps.imports.reading.unpacking import Budget

MAX_RECIPES = 500
_DEEPEST = 12
_DOCUMENTS = (".json", ".json-ld", ".jsonld", ".paprikarecipe", ".zip", ".html", ".htm", ".txt")


@dataclass(frozen=True, slots=True)
class Reading:
    """The recipes of a file, up to the limit of an import, and how many more there are."""

    drafts: list[Draft]
    left_out: int = 0


def read_file(content: bytes) -> Reading:
    """Return the recipes of a file, at most 500; `FileNotUnderstood` if its format is unknown."""
    found: list[Draft] = []
    left_out = 0
    for draft in _drafts(content, "", Budget(), ()):
        if len(found) < MAX_RECIPES:
            found.append(draft)
        else:
            left_out += 1
    return Reading(found, left_out)


def _drafts(content: bytes, name: str, budget: Budget, path: tuple[str, ...]) -> Iterator[Draft]:
    """Yield the recipes of a file or of an archive's entry. `path` names the archives around it."""
    if unpacking.is_zip(content):
        if len(path) < unpacking.MAX_NESTED:
            yield from _of_zip(content, budget, path)
    elif unpacking.is_gzip(content):
        unpacked = unpacking.gunzip(content, budget)
        # Only one level of gzip, since a file can be constructed that unpacks to itself forever.
        if not unpacking.is_gzip(unpacked):
            yield from _drafts(unpacked, name, budget, path)
    elif len(content) > unpacking.MAX_DOCUMENT:
        raise FileTooLarge
    else:
        yield from _of_document(content, name, is_alone=not path)


def _of_zip(content: bytes, budget: Budget, path: tuple[str, ...]) -> Iterator[Draft]:
    with unpacking.opened(content) as archive:
        entries = archive.infolist()
        budget.entries -= len(entries)
        if budget.entries < 0:
            raise FileTooLarge
        beside = enclosed_pictures.Shelf(entry.filename for entry in entries)
        for entry in entries:
            if not entry.is_dir() and entry.filename.lower().endswith(_DOCUMENTS):
                inner = (*path, entry.filename)
                found = list(_drafts(_entry(archive, entry, budget), entry.filename, budget, inner))
                yield from (_with_picture(draft, beside, path, entry.filename, len(found)) for draft in found)


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, budget: Budget) -> bytes:
    is_archive = entry.filename.lower().endswith(".zip")
    most = unpacking.MAX_UNPACKED if is_archive else unpacking.MAX_DOCUMENT
    return unpacking.unzip(archive, entry, budget, most=most)


def _with_picture(
    draft: Draft, beside: enclosed_pictures.Shelf, path: tuple[str, ...], document: str, recipes: int
) -> Draft:
    """Return the drafts with the places of their pictures: in the document or beside it."""
    if draft.picture == (enclosed_pictures.WITHIN,):
        return replace(draft, picture=(*path, document, enclosed_pictures.WITHIN))
    if draft.picture:
        return draft
    found = beside.find(document, draft.image, is_alone=recipes == 1)
    return replace(draft, picture=(*path, found)) if found else draft


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


def _of_json(document: Any, depth: int = 0) -> Iterator[Draft]:
    """Read a document by its structure: schema.org anywhere in it, else a format of an exporter, or a list of these."""
    if depth > _DEEPEST:
        return
    if mealie.is_recipe(document):
        yield mealie.to_draft(document)
        return
    if mealie.is_backup(document):
        yield from mealie.of_backup(document)
        return
    found = schema_org.recipes_in(document)
    if found:
        yield from (_of_schema_org(one) for one in found)
    elif isinstance(document, list):
        for one in document:
            yield from _of_json(one, depth + 1)
    elif isinstance(document, dict):
        yield from _of_object(document, depth)


def _of_schema_org(document: dict[str, Any]) -> Draft:
    """Read a recipe in schema.org's vocabulary, with our own fields if it is from our archive."""
    draft, given = schema_org.to_draft(document), document.get(own_archive.OURS)
    if not isinstance(given, dict):
        return draft
    said = document.get(own_archive.TAGS)
    return replace(
        draft,
        given=given,
        identifier=one_line(document.get("identifier"), 26),
        owner=one_line(document.get(own_archive.OWNER), 100),
        tags_said={str(name): value is True for name, value in said.items()} if isinstance(said, dict) else None,
    )


def _of_object(document: dict[str, Any], depth: int) -> Iterator[Draft]:
    if isinstance(document.get("recipes"), list):
        for one in document["recipes"]:
            yield from _of_json(one, depth + 1)
    elif isinstance(document.get("steps"), list) and "name" in document:
        yield _of_tandoor(document)
    elif "directions" in document and "name" in document:
        yield _of_paprika(document)
    elif "instructions" in document and "title" in document:
        yield _of_recipesage(document)
    elif "recipeIngredient" in document and "name" in document:
        yield schema_org.to_draft(document)


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
        tags=schema_org.keywords([mealie.named(one) for one in document.get("keywords") or ()]),
        url=_link(document.get("source_url")),
    )


def _paragraphs(text: Any) -> list[str]:
    """Return the paragraphs of an instruction. Tandoor puts several, separated by blank lines, into one step."""
    return [part.strip() for part in str(text or "").replace("\r", "").split("\n\n") if part.strip()]


def _tandoor_line(line: dict[str, Any]) -> str:
    if line.get("is_header"):
        return ""
    if line.get("original_text"):
        return str(line["original_text"])
    amount = "" if line.get("no_amount") else mealie.number(line.get("amount"))
    whole = " ".join(part for part in (amount, mealie.named(line.get("unit")), mealie.named(line.get("food"))) if part)
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
        picture=(enclosed_pictures.WITHIN,) if document.get(enclosed_pictures.FIELD) else (),
    )


def _of_recipesage(document: dict[str, Any]) -> Draft:
    labels = document.get("labels") or document.get("recipeLabels") or ()
    return Draft(
        title=one_line(document.get("title"), 200),
        lines=lines_of(line for line in _text(document.get("ingredients")) if not schema_org.is_heading(line)),
        steps=steps_of(line for line in _text(document.get("instructions")) if not schema_org.is_heading(line)),
        description=plain(document.get("description") or document.get("notes"))[:2000],
        servings=servings_of(document.get("yield")),
        prep_minutes=minutes_of(document.get("activeTime")),
        cook_minutes=minutes_of(document.get("totalTime")),
        tags=schema_org.keywords([one.get("title") if isinstance(one, dict) else one for one in labels]),
        site=one_line(document.get("source"), 100),
        url=_link(document.get("url")),
        image=_picture_address(document.get("images")),
    )


def _picture_address(images: Any) -> str:
    first = images[0] if isinstance(images, list) and images else None
    return _link(first.get("location") if isinstance(first, dict) else first)


def _text(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else plain(value).split("\n")


def _link(value: Any) -> str:
    text = one_line(value, 2000)
    return text if text.startswith(("http://", "https://")) else ""
