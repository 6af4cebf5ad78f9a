"""Results of the index."""

from dataclasses import dataclass

from apps.search.index.entries import Figures
from apps.search.index.queries import Position


@dataclass(frozen=True, slots=True)
class IndexedRecipe:
    """A recipe as it stood at one moment: its document and its figures belong together."""

    recipe_id: str
    content_version: int
    document: bytes
    figures: Figures
    image: str | None = None


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`next` continues after the last hit and is None at the end; `did_you_mean` is a query that finds something."""

    hits: tuple[IndexedRecipe, ...]
    next: Position | None = None
    did_you_mean: str | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A recipe that can be cooked with what is at hand.

    `coverage` is `len(have) / (len(have) + len(missing))`. `have` and `missing` name counted ingredients by id, in the
    recipe's order; those not in the master list come last in `missing`, by the name written. `substituted` maps those
    in `have` that only a substitute stands for to it. `score` orders the candidates of one query and means nothing
    beyond it. `average` is of stars.
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
