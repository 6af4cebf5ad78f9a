"""The catalogue that a test meets in this process: what it and its module have published, and nothing of other tests.

All tests of a process share one table, and `LiveCatalogue` mirrors it: what a search finds, a suggestion chooses or a
plan is made of would depend on which tests ran before. So what is published during a test leaves the memory when the
test ends, what is published for a module when the module ends, and the authored recipes are there for modules that
ask for them. Rows of other tests' recipes stay in the table, and processes that a test starts read them.
"""

import secrets
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pytest

from apps.core import ids, keys, queries
from apps.recipes import catalogue, repositories
from apps.recipes.catalogue import LiveCatalogue
from apps.recipes.content import Approval, Source
from apps.recipes.models import RecipeState, to_body
from apps.search.index import Entry
from apps.suggestions.question import Question
from tests.support import authored

# Recipes that no test meets until they are shown or published again.
_hidden: set[str] = set()
# What has been published in each scope that has not ended; the last one is the innermost.
_scopes: list[set[str]] = [set()]
# The thread that follows the feed must not bring back what a test that ends takes away.
_taking_up = threading.RLock()
_append_to_feed = repositories.append_to_feed
_fingerprint = Question.fingerprint


class CatalogueOfTheTest(LiveCatalogue):
    """Takes up nothing that is hidden, though the feed and snapshots have it."""

    def apply(self, states: Sequence[RecipeState]) -> None:
        with _taking_up:
            shown = [state for state in states if repositories.recipe_id_of(state) not in _hidden]
            for state in shown:
                _note(repositories.recipe_id_of(state))
            super().apply(shown)

    def _load(self) -> None:
        super()._load()
        self.index.apply(removals=_hidden)


def install() -> None:
    """Let this process have such a catalogue."""
    ours = CatalogueOfTheTest()
    catalogue.live = lambda: ours  # type: ignore[assignment]
    repositories.append_to_feed = _publish


def _publish(state: RecipeState) -> None:
    recipe_id = repositories.recipe_id_of(state)
    _hidden.discard(recipe_id)
    _note(recipe_id)
    _append_to_feed(state)


def _note(recipe_id: str) -> None:
    if not any(recipe_id in scope for scope in _scopes):
        _scopes[-1].add(recipe_id)


@contextmanager
def scope() -> Iterator[None]:
    """Hide at the end what has been published since the beginning."""
    _scopes.append(set())
    yield
    hide(_scopes.pop())


def hide(recipe_ids: Iterable[str]) -> None:
    gone = set(recipe_ids)
    with _taking_up:
        _hidden.update(gone)
        catalogue.live().index.apply(removals=gone)


@contextmanager
def shown(entries: Sequence[Entry]) -> Iterator[None]:
    """Have these recipes, whose rows are in the table, in the catalogue."""
    recipe_ids = {entry.recipe_id for entry in entries}
    _hidden.difference_update(recipe_ids)
    _scopes[0].update(recipe_ids)
    catalogue.live().index.apply(entries)
    yield
    _scopes[0].difference_update(recipe_ids)
    hide(recipe_ids)


def seed_authored() -> list[Entry]:
    """Write the authored recipes, and return them as the catalogue has them, shown to nobody yet.

    They are not in the feed: a process that any later test starts would read them all, and have them.
    """
    contents = authored.recipes()
    rows = [
        repositories.build_recipe(id_, body=to_body(content), source=Source.SEED, approval=Approval.APPROVED)
        for id_, content in contents.items()
    ]
    repositories.put_seeds(rows)
    _hidden.update(contents)
    return [catalogue.entry(repositories.recipe_id_of(one.row), one.row, one.state) for one in rows]


def entries_of(recipe_ids: Iterable[str]) -> list[Entry]:
    states = queries.read_many(RecipeState, [keys.recipe_state(id_) for id_ in recipe_ids])
    by_id = {repositories.recipe_id_of(state): state for state in states.values()}
    return list(catalogue._entries(sorted(by_id), by_id))


@contextmanager
def copies_of_authored(number: int) -> Iterator[None]:
    """Have copies of some authored recipes in the catalogue of all processes, and take them away at the end."""
    contents = list(authored.recipes().values())
    rows = [
        repositories.build_recipe(ids.new_id(), body=to_body(one), source=Source.SEED, approval=Approval.APPROVED)
        for one in contents[:: len(contents) // number]
    ]
    for approval in (Approval.APPROVED, Approval.REJECTED):
        for one in rows:
            one.state.approval = approval.value
            repositories.append_to_feed(one.state)
        repositories.put_seeds(rows)
        catalogue.live().refresh()
        if approval == Approval.APPROVED:
            yield


@contextmanager
def questions_of_its_own() -> Iterator[None]:
    """Let nobody be answered with what was composed or generated for another test that asked the same."""
    salt = secrets.token_hex(8)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Question, "fingerprint", lambda *asked: f"{salt}{_fingerprint(*asked)}")
        yield
