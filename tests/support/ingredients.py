"""The master list of the tests: made once for all processes of a run, written by each into its own environment."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from apps.core import clock
from apps.core.change_feed import OVERLAP
from apps.ingredients import directory, master, repositories
from apps.ingredients import services as ingredients
from apps.ingredients.carrier_table import Table
from apps.ingredients.directory import Directory
from apps.ingredients.entry import Ingredient
from apps.ingredients.matching import Matcher
from apps.ingredients.models import IngredientRow
from apps.ingredients.scanning import Scanner
from apps.suggestions import services as suggestions
from tests.support import once

# What DynamoDB takes at a time.
_CHUNK = 25
# How much older than it is a row of the list looks: whoever follows the feed looks back for a while, and would read all
# of it once more.
_EARLIER = timedelta(days=1)


def seed() -> None:
    """Write the rows that `seed_ingredients` writes, and have this process know them.

    Reading 2,654 entries, making their rows and a matcher of them takes five seconds of the processor.
    """
    rows, held = once.make_once("master-list", _make)
    connection = IngredientRow._get_connection()
    for start in range(0, len(rows), _CHUNK):
        assert not connection.batch_write_item(put_items=rows[start : start + _CHUNK]).get("UnprocessedItems")
    _hold(held, since=clock.now() - OVERLAP)
    directory.live()._loaded = True
    directory.live()._follower.start()


def _hold(held: Directory, *, since: datetime) -> None:
    """Have this process know the list as it was seeded, and read what has changed since then."""
    live = directory.live()
    live._by_id, live._current = dict(held.by_id), held
    live._follower._watermark = since


@cache
def listed() -> tuple[Ingredient, ...]:
    """Return the entries of the list on file, read once for all processes of a run: that takes a second each."""
    entries: tuple[Ingredient, ...] = once.make_once("listed", master.load)
    return entries


@cache
def matcher() -> Matcher:
    """Return a matcher of the list on file, for tests that ask nothing else and change nothing."""
    made: Matcher = once.make_once("matcher", lambda: Matcher(listed()))
    return made


def share_what_is_built() -> None:
    """Have this process, and those forked from it, begin with the list as it was seeded, and all that is built of it.

    That takes three seconds of the processor. They read what has changed since; of a list with a change they build a
    matcher and a scanner as ever.
    """
    _, held = once.make_once("master-list", _make)
    scanner = held.scanner

    def matcher_of(entries: Iterable[Ingredient]) -> Matcher:
        by_id = {entry.id: entry for entry in entries}
        return held.matcher if by_id == held.by_id else Matcher(by_id.values())

    def scanner_of(matcher: Matcher, table: Table) -> Scanner:
        return scanner if matcher is held.matcher else Scanner(matcher, table)

    for name, made in (("Matcher", matcher_of), ("Scanner", scanner_of)):
        setattr(directory, name, made)
    # Rows of the list bear the time `_EARLIER` before they were made, changes one after it.
    _hold(held, since=clock.now() - _EARLIER / 2)
    directory.live()._loaded = True
    suggestions.prepare()
    # So that they do ask what has changed.
    directory.live()._loaded = False


def _make() -> tuple[list[dict[str, Any]], Directory]:
    earlier = clock.now() - _EARLIER
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: earlier)
        rows = [repositories._row(entry, None) for entry in master.load()]
    by_id = {row.body["id"]: row.entry() for row in rows}
    return [row.serialize() for row in rows], Directory(by_id, Matcher(by_id.values()))


def id_of(name: str) -> str:
    """Return the id of the ingredient with this name, as recipes use it."""
    found = ingredients.resolve(name)
    assert found is not None, name
    return found.id
