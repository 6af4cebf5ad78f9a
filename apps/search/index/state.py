"""The index at one moment. Immutable, so that readers never see half of a change."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Self

import numpy as np

from apps.search.index.arrays import Bools
from apps.search.index.blobs import Blobs, Documents
from apps.search.index.codes import CodeBook
from apps.search.index.columns import FigureColumns, Rows
from apps.search.index.entries import Figures
from apps.search.index.lines import Lines
from apps.search.index.orders import Orders, Ranks
from apps.search.index.postings import Postings
from apps.search.index.results import IndexedRecipe
from apps.search.index.vocabulary import Letters, Vocabulary


@dataclass(frozen=True, slots=True)
class State:
    """Everything by slot. A changed recipe gets a new slot; the old one is dead until a compaction drops it.

    `codes`, `vocabulary`, `texts` and `documents` are shared with earlier and later states: they only grow, and this
    state doesn't refer to later additions. `ingredients` have weight 1 if counted, else 0, and `titles` are those named
    in a title. A text consists of the title, the words of both titles with diacritics and without (separated by |), and
    the unknown counted ingredients, all separated by NUL.
    """

    rows: Rows
    figures: FigureColumns
    live: Bools
    orders: Orders
    ingredients: Postings
    words: Postings
    titles: Postings
    lines: Lines
    letters: Letters
    vocabulary: Vocabulary
    codes: CodeBook
    texts: Blobs
    documents: Documents

    @classmethod
    def empty(cls) -> Self:
        none = np.zeros(0, np.intp)
        return cls(
            rows=Rows.of([]),
            figures=FigureColumns.of([]),
            live=np.zeros(0, np.bool_),
            orders=Orders(none, none, none, none),
            ingredients=Postings.empty(),
            words=Postings.empty(),
            titles=Postings.empty(),
            lines=Lines.of([], first=0),
            letters=Letters.of([]),
            vocabulary=Vocabulary(),
            codes=CodeBook(),
            texts=Blobs(),
            documents=Documents(),
        )

    def __len__(self) -> int:
        return len(self.orders.by_id)

    @property
    def slots(self) -> int:
        """Live and dead."""
        return len(self.live)

    @property
    def ranks(self) -> Ranks:
        return Ranks(self.rows, self.figures)

    def slot(self, recipe_id: str) -> int | None:
        """Return the live slot of a recipe. O(log n), about 5 µs."""
        wanted = (recipe_id.encode("ascii", "replace"),)
        rank, by_id = self.ranks.by_id, self.orders.by_id
        place = bisect_left(by_id, wanted, key=rank)
        if place == len(by_id) or rank(by_id[place]) != wanted:
            return None
        return int(by_id[place])

    def recipe_id(self, slot: int) -> str:
        return str(self.rows.recipe_id[slot].decode("ascii"))

    def figures_of(self, slot: int) -> Figures:
        columns = self.figures
        numbers = columns.rating_sum[slot], columns.rating_count[slot], columns.cook_count[slot]
        return Figures(self.recipe_id(slot), *map(int, numbers))

    def found(self, slot: int) -> IndexedRecipe:
        rows = self.rows
        stored = self.documents.get(int(rows.document_at[slot]), int(rows.document_size[slot]))
        image, _, document = stored.partition(b"\0")
        return IndexedRecipe(
            recipe_id=self.recipe_id(slot),
            content_version=int(rows.content_version[slot]),
            document=document,
            figures=self.figures_of(slot),
            image=image.decode() or None,
        )

    def text(self, slot: int) -> list[str]:
        """Return the title and the names of unknown counted ingredients."""
        title, _, *unknown = self._text(slot)
        return [title, *unknown]

    def title_words(self, slot: int) -> list[tuple[str, str]]:
        """Return the words of both titles, with diacritics and without; those of the second may be empty."""
        one, other, one_folded, other_folded = self._text(slot)[1].split("|")
        return [(one, one_folded), (other, other_folded)]

    def _text(self, slot: int) -> list[str]:
        stored = self.texts.get(int(self.rows.text_at[slot]), int(self.rows.text_size[slot]))
        return stored.decode().split("\0")
