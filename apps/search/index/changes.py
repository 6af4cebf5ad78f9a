"""Apply a change to the index: recipes, counters and removals become visible together."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

import numpy as np

from apps.search.index.batch import EncodedEntries
from apps.search.index.columns import FigureColumns, Rows
from apps.search.index.entries import Entry, Figures
from apps.search.index.lines import Lines
from apps.search.index.orders import Ranks
from apps.search.index.state import State

# Entries held at once while a change streams in. 2,000 take about 15 MB.
_BATCH = 2_000


def apply_changes(state: State, upserts: Iterable[Entry], figures: Iterable[Figures], removals: Iterable[str]) -> State:
    """Return the state after `upserts`, then `figures`, then `removals`; `state` itself if nothing changes.

    Of several entries for a recipe the last one counts. Figures and removals of unknown recipes are ignored. An entry
    that can't be stored raises `ValueError` and leaves `state` unchanged.
    """
    draft = _Draft(state)
    for batch in _batches(upserts):
        draft.add(batch)
    for each in figures:
        draft.count(each)
    for recipe_id in removals:
        draft.remove(recipe_id)
    return draft.finished()


class _Draft:
    """A state under construction, not yet visible to readers."""

    def __init__(self, state: State) -> None:
        self._before = state
        self._words, self._ingredients, self._titles = state.words, state.ingredients, state.titles
        self._batches: list[EncodedEntries] = []
        self._next_slot, self._next_line = state.slots, len(state.lines)
        # The current slots of the recipes that this change writes or removes; None if there is none.
        self._slots: dict[str, int | None] = {}
        self._figures: dict[int, Figures] = {}

    def add(self, entries: list[Entry]) -> None:
        batch = EncodedEntries.of(entries, self._before, slot=self._next_slot, line=self._next_line)
        self._slots.update((entry.recipe_id, self._next_slot + n) for n, entry in enumerate(entries))
        self._words = self._words.added(batch.words)
        self._ingredients = self._ingredients.added(batch.ingredients)
        self._titles = self._titles.added(batch.titles)
        self._batches.append(batch)
        self._next_slot += len(entries)
        self._next_line += len(batch.lines)

    def count(self, figures: Figures) -> None:
        if min(figures.rating_sum, figures.rating_count, figures.cook_count) < 0:
            raise ValueError(f"recipe {figures.recipe_id} has a negative figure")
        slot = self._slot(figures.recipe_id)
        if slot is not None:
            self._figures[slot] = figures

    def remove(self, recipe_id: str) -> None:
        if self._slot(recipe_id) is not None:
            self._slots[recipe_id] = None

    def finished(self) -> State:
        if self._slots:
            return self._with_content()
        return self._with_figures() if self._figures else self._before

    def _slot(self, recipe_id: str) -> int | None:
        return self._slots[recipe_id] if recipe_id in self._slots else self._before.slot(recipe_id)

    def _with_figures(self) -> State:
        """Copy three columns and move the recipes in two orders, without reading text."""
        figures, moved = self._counted([self._before.figures]), list(self._figures)
        after = Ranks(self._before.rows, figures)
        orders = self._before.orders.reranked(moved, moved, before=self._before.ranks, after=after)
        return replace(self._before, figures=figures, orders=orders)

    def _with_content(self) -> State:
        state = self._before
        rows = Rows.joined([state.rows, *(batch.rows for batch in self._batches)])
        figures = self._counted([state.figures, *(batch.figures for batch in self._batches)])
        gone, come = self._gone(), [slot for slot in self._slots.values() if slot is not None]
        live = np.concatenate((state.live, np.zeros(self._next_slot - state.slots, np.bool_)))
        live[gone], live[come] = False, True
        moved = [slot for slot in self._figures if slot < state.slots and live[slot]]
        after = Ranks(rows, figures)
        return replace(
            state,
            rows=rows,
            figures=figures,
            live=live,
            orders=state.orders.changed(gone=gone, come=come, moved=moved, before=state.ranks, after=after),
            ingredients=self._ingredients,
            words=self._words,
            titles=self._titles,
            lines=Lines.joined([state.lines, *(batch.lines for batch in self._batches)]),
            letters=state.letters.followed(state.vocabulary.stems),
        )

    def _counted(self, parts: list[FigureColumns]) -> FigureColumns:
        """Return a copy of the figures with this change applied."""
        figures = FigureColumns.joined(parts) if len(parts) > 1 else parts[0].copy()
        for slot, each in self._figures.items():
            figures.rating_sum[slot] = each.rating_sum
            figures.rating_count[slot] = each.rating_count
            figures.cook_count[slot] = each.cook_count
        return figures

    def _gone(self) -> list[int]:
        slots = (self._before.slot(recipe_id) for recipe_id in self._slots)
        return [slot for slot in slots if slot is not None]


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    stream = iter(entries)
    while batch := list(islice(stream, _BATCH)):
        yield batch
