"""The master list in memory: loaded from the change feed, polled every two seconds, replaced as a whole."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from apps.core import keys
from apps.core.change_feed import ChangeFeedFollower
from apps.ingredients import carrier_table
from apps.ingredients.entry import Ingredient
from apps.ingredients.kinds import Kinds
from apps.ingredients.matching import Matcher
from apps.ingredients.models import IngredientRow
from apps.ingredients.scanning import Scanner


@dataclass(frozen=True)
class Directory:
    """One version of the master list. Immutable; replaced as a whole."""

    by_id: dict[str, Ingredient]
    matcher: Matcher

    @property
    def kinds(self) -> Kinds:
        return self.matcher.kinds

    @cached_property
    def scanner(self) -> Scanner:
        """Created on first use, so that processes that scan no text don't pay for it."""
        return Scanner(self.matcher, carrier_table.table())


class LiveDirectory:
    """The current `Directory` of this process."""

    def __init__(self) -> None:
        self._current = Directory({}, Matcher(()))
        self._by_id: dict[str, Ingredient] = {}
        feed = keys.ingredients_feed("-", "-").pk
        self._follower = ChangeFeedFollower(
            "ingredients", feed, self._apply, model=IngredientRow, settled=self._publish
        )
        self._lock = threading.Lock()
        self._loaded = False

    def current(self) -> Directory:
        """Return the list; the first call loads it (about 75 read units for 1,600 entries)."""
        if not self._loaded:
            with self._lock:
                if not self._loaded:
                    self._follower.catch_up()
                    self._follower.start()
                    self._loaded = True
        return self._current

    def hold(self, entries: Iterable[Ingredient]) -> None:
        """Hold these entries without following the change feed, for tools that run without the table."""
        by_id = {entry.id: entry for entry in entries}
        self._current, self._loaded = Directory(by_id, Matcher(by_id.values())), True

    def refresh(self) -> None:
        """Poll the change feed now, after a write."""
        self._follower.catch_up()

    def _apply(self, rows: Sequence[IngredientRow]) -> None:
        for row in rows:
            if row.deleted:
                self._by_id.pop(keys.last_part(row.pk), None)
            else:
                self._by_id[row.body["id"]] = row.entry()

    def _publish(self) -> None:
        """Replace the list once for all changes, since building a matcher takes half a second and 10 MB."""
        if self._by_id != self._current.by_id:
            by_id = dict(self._by_id)
            self._current = Directory(by_id, Matcher(by_id.values()))


@cache
def live() -> LiveDirectory:
    return LiveDirectory()
