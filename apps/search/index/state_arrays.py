"""Convert a state to named arrays for a snapshot, and back."""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from apps.search.index.arrays import Bytes
from apps.search.index.blobs import Blobs, Documents
from apps.search.index.codes import CodeBook
from apps.search.index.columns import FigureColumns, Rows
from apps.search.index.compaction import compact
from apps.search.index.lines import Lines
from apps.search.index.orders import Orders
from apps.search.index.postings import Lists, Postings
from apps.search.index.state import State
from apps.search.index.vocabulary import Letters, Vocabulary

_ORDERS = ("by_id", "newest", "rating", "popular")
_LISTS = ("offsets", "slots", "weights")


def arrays_of(state: State) -> dict[str, NDArray[Any]]:
    """Return the arrays of `state` without dead slots."""
    kept = compact(state)
    dictionary = kept.documents.dictionary
    return {
        **_named("rows", kept.rows.arrays()),
        **_named("figures", kept.figures.arrays()),
        **_named("orders", {name: getattr(kept.orders, name) for name in _ORDERS}),
        **_named("ingredients", {name: getattr(kept.ingredients.base, name) for name in _LISTS}),
        **_named("titles", {name: getattr(kept.titles.base, name) for name in _LISTS}),
        **_named("words", {name: getattr(kept.words.base, name) for name in _LISTS}),
        **_named("lines", kept.lines.arrays()),
        "letters.bits": kept.letters.bits,
        "letters.sizes": kept.letters.sizes,
        "vocabulary": _json(kept.vocabulary.forms),
        "codes": _json(kept.codes.texts()),
        "texts": np.frombuffer(kept.texts.piece(), np.uint8),
        "documents": np.frombuffer(kept.documents.piece(), np.uint8),
        "dictionary": np.frombuffer(dictionary.as_bytes() if dictionary else b"", np.uint8),
    }


def state_of(arrays: dict[str, NDArray[Any]]) -> State:
    """Return the state of these arrays, which are used without copying."""
    rows = Rows(**_under("rows", arrays))
    return State(
        rows=rows,
        figures=FigureColumns(**_under("figures", arrays)),
        live=np.ones(len(rows.recipe_id), np.bool_),
        orders=Orders(**_under("orders", arrays)),
        ingredients=Postings(Lists(**_under("ingredients", arrays)), Lists.empty()),
        titles=Postings(Lists(**_under("titles", arrays)), Lists.empty()),
        words=Postings(Lists(**_under("words", arrays)), Lists.empty()),
        lines=Lines(**_under("lines", arrays)),
        letters=Letters(**_under("letters", arrays)),
        vocabulary=Vocabulary(json.loads(arrays["vocabulary"].tobytes())),
        codes=CodeBook.of(json.loads(arrays["codes"].tobytes())),
        texts=Blobs(arrays["texts"].data),
        documents=Documents(Blobs(arrays["documents"].data), arrays["dictionary"].tobytes()),
    )


def _named(prefix: str, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {f"{prefix}.{name}": array for name, array in arrays.items()}


def _under(prefix: str, arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    start = f"{prefix}."
    return {name.removeprefix(start): array for name, array in arrays.items() if name.startswith(start)}


def _json(value: Any) -> Bytes:
    """Encode as JSON, which escapes what UTF-8 can't represent, such as half a surrogate pair."""
    return np.frombuffer(json.dumps(value).encode(), np.uint8)
