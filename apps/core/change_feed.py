"""Following a feed of GSI1: what changed since the last look, for processes that hold a whole list in memory."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import structlog

from apps.core import clock
from apps.core.models import Item

log = structlog.get_logger()

# A row shows up in the index a moment after it is written, and clocks differ: look this far back each time.
OVERLAP = timedelta(seconds=10)
# Half of the staleness that the interface promises, less what a look itself may take.
INTERVAL = 2.0
# Rows handed on at a time: a process that starts must not hold the whole feed beside what it makes of it.
_CHUNK = 500

Apply = Callable[[Sequence[Any]], None]


class ChangeFeedFollower:
    """Hands every row that is new or changed in one partition to `apply`, at least once, oldest change first.

    Costs half a read unit a look while nothing changes. `apply` must bear rows that it has seen before; rows come in
    chunks, and `settled` is called after the last one.
    """

    def __init__(
        self,
        name: str,
        partition: str,
        apply: Apply,
        *,
        since: datetime | None = None,
        settled: Callable[[], None] = lambda: None,
    ) -> None:
        self._name = name
        self._partition = partition
        self._apply = apply
        self._settled = settled
        self._watermark = since
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()

    @property
    def watermark(self) -> datetime | None:
        """Everything that changed before this moment has been applied."""
        return self._watermark

    def catch_up(self) -> int:
        """Look once and return how many rows were handed on."""
        with self._lock:
            begun, count = clock.now(), 0
            rows = self._changed()
            while chunk := list(islice(rows, _CHUNK)):
                self._apply(chunk)
                count += len(chunk)
            if count:
                self._settled()
            self._watermark = begun - OVERLAP
            return count

    def start(self) -> None:
        """Look every two seconds from now on, in a thread of this process."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name=f"follow-{self._name}", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        self._stop.set()

    def _changed(self) -> Any:
        since = clock.sortable(self._watermark) if self._watermark else None
        within = Item.gsi1sk > since if since else None
        return Item.feeds.query(self._partition, within, page_size=_CHUNK)

    def _run(self) -> None:
        while not self._stop.wait(INTERVAL):
            try:
                self.catch_up()
            except Exception:
                # The next look is two seconds away; what is in memory stays good meanwhile.
                log.warning("feed_not_followed", feed=self._name, exc_info=True)
