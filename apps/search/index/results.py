"""Results of the index."""

from dataclasses import dataclass

from apps.search.index.entries import Figures
from apps.search.index.queries import Position


@dataclass(frozen=True, slots=True)
class IndexedRecipe:
    """A recipe at one moment: its document and figures are consistent."""

    recipe_id: str
    content_version: int
    document: bytes
    figures: Figures
    image: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`next` continues after the last hit and is None at the end. `did_you_mean` is a query that finds something.

    `is_guess` means that no recipe has the words as typed: those found, if any, have similar words, or all but one.
    """

    hits: tuple[IndexedRecipe, ...]
    next: Position | None = None
    did_you_mean: str | None = None
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that can be cooked with what is at hand.

    `coverage` is `len(have) / (len(have) + len(missing))`. `have` and `missing` are the ids of counted ingredients, in
    the recipe's order; unknown ones come last in `missing`, by name. `substituted` maps those in `have` that only a
    substitute satisfies to that substitute. `score` orders the candidates of one query and has no other meaning.
    `average` is the mean of stars.
    """

    recipe_id: str
    score: float
    coverage: float
    have: tuple[str, ...]
    missing: tuple[str, ...]
    substituted: dict[str, str]
    essential: tuple[str, ...]
    average: float
    count: int
    title: str
    method: str
    language: str
