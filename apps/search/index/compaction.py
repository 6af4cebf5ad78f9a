"""Compaction: rebuild the index without the slots, words and bytes of removed recipes."""

from dataclasses import replace

import numpy as np

from apps.search.index.arrays import Int64
from apps.search.index.columns import Rows
from apps.search.index.lines import Lines
from apps.search.index.postings import Lists, Postings
from apps.search.index.state import State
from apps.search.index.vocabulary import Letters, Vocabulary

# If a quarter of the slots are dead, searches take a quarter longer. Compacting at that point costs each change four
# times its share of a full copy.
_DEAD_SHARE = 4
_DEAD_LEAST = 1_000


def is_due(state: State) -> bool:
    return state.slots - len(state) > _DEAD_LEAST + state.slots // _DEAD_SHARE


def compact(state: State) -> State:
    """Return `state` with live slots only, renumbered in the same order, and everything in one part.

    O(size): about 0.5 s, and temporarily 100 MB, for 100,000 recipes. Shares nothing that grows with `state` except
    codes.
    """
    live = np.flatnonzero(state.live)
    numbers = np.full(state.slots, -1, np.int32)
    numbers[live] = np.arange(len(live), dtype=np.int32)
    rows, lines = _with_lines(state.rows.taken(live), state.lines)
    words = state.words.settled().renumbered(numbers)
    return _with_blobs(
        _with_words(
            replace(
                state,
                rows=rows,
                lines=lines,
                figures=state.figures.taken(live),
                live=np.ones(len(live), np.bool_),
                orders=state.orders.renumbered(numbers),
                ingredients=Postings(state.ingredients.settled().renumbered(numbers), Lists.empty()),
                titles=Postings(state.titles.settled().renumbered(numbers), Lists.empty()),
            ),
            words,
        )
    )


def _with_lines(rows: Rows, lines: Lines) -> tuple[Rows, Lines]:
    sizes: Int64 = rows.lines_size.astype(np.int64)
    starts = np.cumsum(sizes) - sizes
    places = np.repeat(rows.lines_at - starts, sizes) + np.arange(sizes.sum())
    return replace(rows, lines_at=starts), lines.taken(places)


def _with_words(state: State, words: Lists) -> State:
    used = words.counts() > 0
    vocabulary = Vocabulary(state.vocabulary.forms[form] for form in np.flatnonzero(used).tolist())
    postings = Postings(words.without_keys(used), Lists.empty())
    return replace(state, vocabulary=vocabulary, words=postings, letters=Letters.of(vocabulary.stems))


def _with_blobs(state: State) -> State:
    rows = state.rows
    texts, text_at = state.texts.rewritten(rows.text_at, rows.text_size)
    documents, document_at, document_size = state.documents.rewritten(rows.document_at, rows.document_size)
    moved = replace(
        rows,
        text_at=np.array(text_at, np.int64),
        document_at=np.array(document_at, np.int64),
        document_size=np.array(document_size, np.uint32),
    )
    return replace(state, rows=moved, texts=texts, documents=documents)
