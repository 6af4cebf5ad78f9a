"""The catalogue of approved recipes in memory. Many threads search it; one at a time changes it."""

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

    Each method reads one immutable state, and a change replaces the state by one assignment. So no reader sees half of
    a change, and after `apply` has returned, none finds what it removed. Readers take turns for the millisecond of a
    search: numpy releases the GIL in every operation, and 16 threads that compete for it take half as long again. Text
    is stored in our own postings in numpy: tantivy took 10 to 30 ms to return all matches of a common word, which
    sorting by rating or popularity needs, and can't change counters and text together.
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
        """Return a page of `limit` recipes, shorter only at the end. `after` is the previous page's `next`.

        `ValueError` if `after` is not a position in the query's order.
        """
        with self._reading:
            return search_recipes(self._state, query, limit=limit, after=after)

    def match(self, query: MatchQuery) -> list[Candidate]:
        """Return recipes that can be cooked, best fit first; see `matching.match`."""
        with self._reading:
            return match(self._state, query)

    def apply(
        self,
        upserts: Iterable[Entry] = (),
        figures: Iterable[Figures] = (),
        removals: Iterable[str] = (),
    ) -> None:
        """Apply `upserts`, then `figures`, then `removals`, all visible at once.

        Upserts may be a stream of any length; 2,000 are held at a time. Raises `ValueError` that names an entry that
        can't be stored, without changing anything. Copies the columns (only three for figures), never the words.
        """
        with self._writing:
            state = apply_changes(self._state, upserts, figures, removals)
            self._state = compact(state) if is_due(state) else state

    def save(self, directory: Path, *, mark: str = "") -> None:
        """Write a snapshot to `directory`, replacing an existing one. Changes may continue meanwhile.

        `mark` is loaded with it as `Catalogue.mark`: the position in the change feed up to which it is complete.
        """
        directory.mkdir(parents=True, exist_ok=True)
        snapshot.write(directory / _FILE, state_arrays.arrays_of(self._state), {"mark": mark})

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Load the catalogue saved in `directory`. Its file is memory-mapped: it may be replaced, but not written to.

        Raises `SnapshotError` if there is none, or it is damaged or in another format.
        """
        arrays, notes = snapshot.read(directory / _FILE)
        loaded = cls()
        loaded._state = state_arrays.state_of(arrays)
        loaded.mark = notes["mark"]
        return loaded
