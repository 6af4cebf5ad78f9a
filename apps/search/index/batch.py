"""Entries turned into columns and postings, some thousands at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.core.ids import is_id
from apps.core.text import fold
from apps.search.index import words as text
from apps.search.index.arrays import Stored
from apps.search.index.columns import MOST_INGREDIENTS, UNKNOWN_MINUTES, FigureColumns, Rows
from apps.search.index.entries import Entry
from apps.search.index.postings import Lists
from apps.search.index.state import State


@dataclass(frozen=True, slots=True)
class EncodedEntries:
    """New slots, numbered on from those that the state had."""

    rows: Rows
    figures: FigureColumns
    lines: Stored
    ingredients: Lists
    words: Lists

    @classmethod
    def of(cls, entries: Sequence[Entry], state: State, *, slot: int, line: int) -> "EncodedEntries":
        """Return `entries` as slots from `slot` and lines from `line` on.

        Names, words, texts and documents are added to what the states share. `ValueError` names an entry that cannot
        be stored, and nothing refers to what was added for it.
        """
        for entry in entries:
            _check(entry)
        lines = [_counted(entry) for entry in entries]
        codes = [[state.codes.ingredients.add(each) for each in known] for known, _ in lines]
        return cls(
            rows=_rows(entries, state, codes, [unknown for _, unknown in lines], line),
            figures=FigureColumns.of([(each.rating_sum, each.rating_count, each.cook_count) for each in entries]),
            lines=np.array([code for listed in codes for code in listed], np.int32),
            ingredients=_lists([_roles(entry, state) for entry in entries], slot),
            words=_lists([_forms(entry, state) for entry in entries], slot),
        )


def _check(entry: Entry) -> None:
    if not is_id(entry.recipe_id):
        raise ValueError(f"not a ULID: {entry.recipe_id!r}")
    if len(entry.ingredients) > MOST_INGREDIENTS:
        raise ValueError(f"recipe {entry.recipe_id} has {len(entry.ingredients)} ingredients")
    if min(entry.rating_sum, entry.rating_count, entry.cook_count, entry.total_minutes or 0) < 0:
        raise ValueError(f"recipe {entry.recipe_id} has a negative number")


def _counted(entry: Entry) -> tuple[list[str], list[str]]:
    """Return ids and, of those without one, names of the ingredients that count, each once, in the recipe's order."""
    counted = [line for line in entry.ingredients if not line.optional and not line.staple]
    known = dict.fromkeys(line.ingredient_id for line in counted if line.ingredient_id is not None)
    unknown: dict[str, str] = {}
    for line in counted:
        if line.ingredient_id is None:
            unknown.setdefault(fold(line.name), line.name)
    return list(known), list(unknown.values())


def _roles(entry: Entry, state: State) -> dict[int, int]:
    """Return each ingredient of `entry` with 1 if it counts in at least one line, else 0."""
    roles: dict[int, int] = {}
    for ingredient_id, _, optional, staple in entry.ingredients:
        if ingredient_id is not None:
            code = state.codes.ingredients.add(ingredient_id)
            roles[code] = max(roles.get(code, 0), int(not optional and not staple))
    return roles


def _forms(entry: Entry, state: State) -> dict[int, int]:
    return {state.vocabulary.add(word): weight for word, weight in text.weigh_words(entry).items()}


def _lists(weighted: list[dict[int, int]], slot: int) -> Lists:
    sizes = [len(keys) for keys in weighted]
    keys = np.array([key for keys in weighted for key in keys], np.int32)
    weights = np.array([weight for keys in weighted for weight in keys.values()], np.uint8)
    slots = np.repeat(np.arange(slot, slot + len(weighted), dtype=np.int32), sizes)
    return Lists.grouped(keys, slots, weights)


def _rows(entries: Sequence[Entry], state: State, codes: list[list[int]], unknown: list[list[str]], line: int) -> Rows:
    texts = [_text(entry, names) for entry, names in zip(entries, unknown, strict=True)]
    text_at = state.texts.append(texts)
    document_at, document_size = state.documents.append([entry.document for entry in entries])
    rows: list[tuple[Any, ...]] = []
    for n, entry in enumerate(entries):
        counted = len(codes[n]) + len(unknown[n])
        places = (line, len(codes[n]), text_at[n], len(texts[n]), document_at[n], document_size[n])
        rows.append((*_content(entry, state), counted, *places))
        line += len(codes[n])
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
        entry.allergens_complete,
    )


def _text(entry: Entry, unknown: list[str]) -> bytes:
    parts = (part.replace("\0", " ") for part in (entry.title, *unknown))
    return "\0".join(parts).encode("utf-8", "replace")
