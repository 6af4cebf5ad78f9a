"""Follow a change feed: a partition of GSI1, ordered by time of change, that a process mirrors in memory."""

import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import structlog

from apps.core import clock
from apps.core.models import Item

log = structlog.get_logger()

# The index lags behind the table, and clocks differ: each poll goes back this far.
OVERLAP = timedelta(seconds=10)
# Seconds between polls: half of the staleness that the interface promises, minus the time a poll may take.
INTERVAL = 2.0
# Rows passed on at a time: a starting process must not hold the whole feed beside what it builds from it.
_CHUNK = 500
# Seconds for which the index may still show what a row was before this process wrote it. Polls within `OVERLAP` read it
# again afterwards, so a newer change by a machine whose clock is behind is late by that much at most.
_OUTDATED = 3.0

Apply = Callable[[Sequence[Any]], None]


class ChangeFeedFollower:
    """Passes every new or changed row of one partition to `apply`, at least once, oldest change first.

    A poll costs half a read unit while nothing changes. `apply` gets rows in chunks and must accept rows that it has
    seen before; `settled` is called after the last chunk. `model` is the kind of row that the feed has: where it is not
    known, each poll names all kinds.
    """

    def __init__(
        self,
        name: str,
        partition: str,
        apply: Apply,
        *,
        model: type[Item] = Item,
        since: datetime | None = None,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._partition = partition
        self._model = model
        self._apply = apply
        self._settled = settled
        self._watermark = since
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        # Rows that this process has just written, by key, each with the time until which it replaces older ones.
        self._written: dict[Any, tuple[Any, float]] = {}

    @property
    def watermark(self) -> datetime | None:
        """Everything that changed before this moment has been applied."""
        return self._watermark

    def catch_up(self) -> int:
        """Poll once and return how many rows were passed on."""
        with self._lock:
            begun, count = clock.now(), 0
            if self._watermark:
                # A clock that was ahead and has been set back must not hide what changes until it is there again.
                self._watermark = min(self._watermark, begun - OVERLAP)
            rows = self._changed()
            while chunk := list(islice(rows, _CHUNK)):
                self._apply_read(chunk)
                count += len(chunk)
            if count:
                self._settled()
            self._watermark = begun - OVERLAP
            return count

    def learn(self, row: Any) -> None:
        """Apply a row that this process has just written; a poll that read it before does not bring that back."""
        self._written[row.key] = row, time.monotonic() + _OUTDATED
        self._apply([row])

    def _apply_read(self, rows: Sequence[Any]) -> None:
        self._apply([row for row in rows if not self._is_outdated(row)])
        # What was written while these were applied, perhaps over it.
        if again := [self._written[row.key][0] for row in rows if self._is_outdated(row)]:
            self._apply(again)
        for key, held in list(self._written.items()):
            if held[1] <= time.monotonic() and self._written.get(key) is held:
                del self._written[key]

    def _is_outdated(self, row: Any) -> bool:
        written, until = self._written.get(row.key, (None, 0.0))
        return written is not None and bool(row.gsi1sk < written.gsi1sk) and until > time.monotonic()

    def start(self) -> None:
        """Poll every two seconds from now on, in a thread of this process."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name=f"follow-{self._name}", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _changed(self) -> Any:
        since = clock.sortable(self._watermark) if self._watermark else None
        within = self._model.gsi1sk > since if since else None
        return self._model.feeds.query(self._partition, within, page_size=_CHUNK)

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL):
            try:
                self.catch_up()
            except Exception:
                # The next poll is in two seconds; the state in memory stays valid until then.
                log.warning("feed_not_followed", feed=self._name, exc_info=True)
