"""The catalogue of approved recipes in memory: many threads search it, one at a time changes it."""

import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from apps.search.index import snapshot, state_arrays
from apps.search.index.changes import apply_changes
from apps.search.index.compaction import compact, is_due
from apps.search.index.entries import Entry, Figures
from apps.search.index.matching import match
from apps.search.index.queries import MatchQuery, Position, SearchQuery
from apps.search.index.results import Candidate, IndexedRecipe, SearchPage
from apps.search.index.search import search_recipes
from apps.search.index.state import State

_FILE = "catalogue.index"


class Catalogue:
    """An index whose readers never wait for a change.

    Each method reads one immutable state from beginning to end, and a change puts the next state in its place by one
    assignment. So no reader sees half of a change, and once `apply` has returned, none meets what it removed. Readers
    take turns for the millisecond that a search takes: numpy lets go of the interpreter's lock in every operation, and
    16 threads that snatch it from each other spend half as much again on that. Text is numpy postings of our own:
    tantivy took 10 to 30 ms to hand over all matches of a common word, as sorting by rating or popularity needs where
    figures must not touch the text, and cannot change together with them.
    """

    def __init__(self) -> None:
        self._state = State.empty()
        self._writing = threading.Lock()
        self._reading = threading.Lock()
        self.mark = ""

    def __len__(self) -> int:
        return len(self._state)

    def __contains__(self, recipe_id: str) -> bool:
        return self._state.slot(recipe_id) is not None

    def get(self, recipe_id: str) -> IndexedRecipe | None:
        state = self._state
        slot = state.slot(recipe_id)
        return None if slot is None else state.found(slot)

    def search(self, query: SearchQuery, *, limit: int, after: Position | None = None) -> SearchPage:
        """Return a page of `limit` recipes, shorter only at the end; `after` is the `next` of the page before.

        `ValueError` if `after` is no position of the query's order.
        """
        with self._reading:
            return search_recipes(self._state, query, limit=limit, after=after)

    def match(self, query: MatchQuery) -> list[Candidate]:
        """Return what can be cooked, the best fit first; see `matching.match`."""
        with self._reading:
            return match(self._state, query)

    def apply(
        self,
        upserts: Iterable[Entry] = (),
        figures: Iterable[Figures] = (),
        removals: Iterable[str] = (),
    ) -> None:
        """Make all of it visible at once: `upserts`, then `figures`, then `removals`.

        Upserts may be a stream of any length: 2,000 are held at a time. `ValueError` names an entry that cannot be
        stored, and then nothing has changed. Costs a copy of the columns (figures alone: of three), never of the words.
        """
        with self._writing:
            state = apply_changes(self._state, upserts, figures, removals)
            self._state = compact(state) if is_due(state) else state

    def save(self, directory: Path, *, mark: str = "") -> None:
        """Write a snapshot into `directory`, replacing one that is there; changes may go on meanwhile.

        `mark` comes back with it as `Catalogue.mark`: the place in the feed of changes up to which it was followed.
        """
        directory.mkdir(parents=True, exist_ok=True)
        snapshot.write(directory / _FILE, state_arrays.arrays_of(self._state), {"mark": mark})

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Return the catalogue saved in `directory`; its file is mapped, so it may be replaced but not written to.

        `SnapshotError` if there is none, or it is damaged or of another format.
        """
        arrays, notes = snapshot.read(directory / _FILE)
        loaded = cls()
        loaded._state = state_arrays.state_of(arrays)
        loaded.mark = notes["mark"]
        return loaded
