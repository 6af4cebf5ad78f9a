"""The catalogue of approved recipes as an index in memory; see `catalogue.Catalogue`."""

from apps.search.index.catalogue import Catalogue
from apps.search.index.entries import Entry, Figures, Line
from apps.search.index.queries import MatchQuery, Position, SearchQuery, Sort, Term, Wanted
from apps.search.index.results import Candidate, IndexedRecipe, SearchPage
from apps.search.index.snapshot import SnapshotError

__all__ = [
    "Candidate", "Catalogue", "Entry", "Figures", "IndexedRecipe", "Line", "MatchQuery", "Position", "SearchPage",
    "SearchQuery", "SnapshotError", "Sort", "Term", "Wanted",
]  # fmt: skip
