"""Turn entries into columns and postings, thousands at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.core.ids import is_id
from apps.core.text import fold
from apps.search.index import words as text
from apps.search.index.columns import MOST_INGREDIENTS, UNKNOWN_MINUTES, FigureColumns, Rows
from apps.search.index.entries import Entry, Line
from apps.search.index.lines import COUNTED, ESSENTIAL, UNCOUNTED, Lines
from apps.search.index.postings import Lists
from apps.search.index.state import State
from apps.search.index.words import split_words

# A line of a recipe: the codes of its ingredient, role and substitutes.
Listed = tuple[int, int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class EncodedEntries:
    """New slots, numbered after those of the state."""

    rows: Rows
    figures: FigureColumns
    lines: Lines
    ingredients: Lists
    words: Lists
    titles: Lists

    @classmethod
    def of(cls, entries: Sequence[Entry], state: State, *, slot: int, line: int) -> "EncodedEntries":
        """Return `entries` as slots numbered from `slot` and lines numbered from `line`.

        Adds names, words, texts and documents to the structures that states share. Raises `ValueError` that names an
        entry that can't be stored; nothing refers to what was added for it.
        """
        for entry in entries:
            _check(entry)
        lines = [_lines(entry, state) for entry in entries]
        unknown = [_unknown(entry) for entry in entries]
        return cls(
            rows=_rows(entries, state, lines, unknown, line),
            figures=FigureColumns.of([(each.rating_sum, each.rating_count, each.cook_count) for each in entries]),
            lines=Lines.of([each for listed in lines for each in listed], first=line),
            ingredients=_postings(
                [{code: int(role > UNCOUNTED) for code, role, _ in listed} for listed in lines], slot
            ),
            words=_postings([_forms(entry, state) for entry in entries], slot),
            titles=_postings([_named_in_title(entry, state) for entry in entries], slot),
        )


def _check(entry: Entry) -> None:
    if not is_id(entry.recipe_id):
        raise ValueError(f"not a ULID: {entry.recipe_id!r}")
    if len(entry.ingredients) > MOST_INGREDIENTS:
        raise ValueError(f"recipe {entry.recipe_id} has {len(entry.ingredients)} ingredients")
    if min(entry.rating_sum, entry.rating_count, entry.cook_count, entry.total_minutes or 0) < 0:
        raise ValueError(f"recipe {entry.recipe_id} has a negative number")


def _lines(entry: Entry, state: State) -> list[Listed]:
    """Return (code, role, substitutes) of each distinct known ingredient, in the recipe's order."""
    add = state.codes.ingredients.add
    found: dict[int, Listed] = {}
    for line in entry.ingredients:
        if line.ingredient_id is not None:
            code = add(line.ingredient_id)
            _, role, others = found.get(code, (code, UNCOUNTED, ()))
            more = tuple(dict.fromkeys((*others, *map(add, line.substitutes))))
            found[code] = code, max(role, _role(line)), more
    return list(found.values())


def _role(line: Line) -> int:
    if line.essential:
        return ESSENTIAL
    return UNCOUNTED if line.optional or line.staple else COUNTED


def _unknown(entry: Entry) -> list[str]:
    """Return the distinct names of counted ingredients that are not in the master list."""
    counted = (each for each in entry.ingredients if each.ingredient_id is None and _role(each) > UNCOUNTED)
    names: dict[str, str] = {}
    for line in counted:
        names.setdefault(fold(line.name), line.name)
    return list(names.values())


def _named_in_title(entry: Entry, state: State) -> dict[int, int]:
    return {state.codes.ingredients.add(each): 1 for each in sorted(entry.title_ingredients)}


def _forms(entry: Entry, state: State) -> dict[int, int]:
    return {state.vocabulary.add(word): weight for word, weight in text.weigh_words(entry).items()}


def _postings(weighted: list[dict[int, int]], slot: int) -> Lists:
    sizes = [len(keys) for keys in weighted]
    keys = np.array([key for keys in weighted for key in keys], np.int32)
    weights = np.array([weight for keys in weighted for weight in keys.values()], np.uint8)
    slots = np.repeat(np.arange(slot, slot + len(weighted), dtype=np.int32), sizes)
    return Lists.grouped(keys, slots, weights)


def _rows(
    entries: Sequence[Entry], state: State, lines: list[list[Listed]], unknown: list[list[str]], line: int
) -> Rows:
    texts = [_text(entry, names) for entry, names in zip(entries, unknown, strict=True)]
    text_at = state.texts.append(texts)
    document_at, document_size = state.documents.append([_stored_document(entry) for entry in entries])
    rows: list[tuple[Any, ...]] = []
    for n, entry in enumerate(entries):
        counted = sum(role > UNCOUNTED for _, role, _ in lines[n]) + len(unknown[n])
        places = (line, len(lines[n]), text_at[n], len(texts[n]), document_at[n], document_size[n])
        rows.append((*_content(entry, state), counted, *places))
        line += len(lines[n])
    return Rows.of(rows)


def _content(entry: Entry, state: State) -> tuple[Any, ...]:
    codes = state.codes
    return (
        entry.recipe_id.encode(),
        entry.content_version,
        entry.created_at,
        codes.cuisine.add(fold(entry.cuisine)),
        codes.method.add(entry.method),
        codes.meal.add(entry.meal or ""),
        codes.difficulty.add(entry.difficulty or ""),
        codes.language.add(entry.language),
        UNKNOWN_MINUTES if entry.total_minutes is None else min(entry.total_minutes, UNKNOWN_MINUTES - 1),
        codes.allergens.add_bits(entry.allergens),
        codes.diets.add_bits(entry.diets),
        codes.labels.add_bits(entry.labels, most=64),
        entry.allergens_complete,
        all(line.ingredient_id is not None for line in entry.ingredients if line.essential),
    )


def _stored_document(entry: Entry) -> bytes:
    """Return the picture's name and the document in one blob, since they are read together."""
    return (entry.image or "").encode() + b"\0" + entry.document


def _title_words(entry: Entry) -> str:
    """Return the words of both titles with diacritics, then without."""
    spelled = [" ".join(split_words(title)) for title in (entry.title, entry.translated_title)]
    return "|".join([*spelled, *map(fold, spelled)])


def _text(entry: Entry, unknown: list[str]) -> bytes:
    parts = (part.replace("\0", " ") for part in (entry.title, _title_words(entry), *unknown))
    return "\0".join(parts).encode("utf-8", "replace")
