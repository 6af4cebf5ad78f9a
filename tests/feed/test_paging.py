"""Any sequence of posting, editing, deleting, befriending, blocking and hiding, also between pages, against a model."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, product
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from apps.core import keys
from apps.core.transactions import Transaction
from apps.feed import fan_out
from apps.users import services as users
from apps.users.models import RelationsRow
from tests.support import people, society
from tests.support.between import between
from tests.support.client import InProcess

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("seeded"), pytest.mark.timeout(900)]

PEOPLE = 3
PAIRS = [frozenset(pair) for pair in combinations(range(PEOPLE), 2)]
READERS = st.integers(0, PEOPLE - 1)
VISIBILITIES = st.sampled_from(["public", "friends", "private"])
SCOPES = st.sampled_from(["", "friends", "public"])
ACTS = ["post", "edit", "delete", "befriend", "unfriend", "hide", "show"]


@cache
def cast() -> list[Any]:
    return [people.make() for _ in range(PEOPLE)]


@dataclass
class Reading:
    """Somebody who is reading a feed. `due` are posts that they could see throughout, so the feed must show them."""

    reader: int
    scope: str
    cursor: str = ""
    seen: list[str] = field(default_factory=list)
    due: set[str] = field(default_factory=set)


class Feeds(RuleBasedStateMachine):
    """The model: posts as author and visibility, friendships and blocks as pairs, and hidden people."""

    def __init__(self) -> None:
        super().__init__()
        self.api = InProcess()
        self.posts: dict[str, tuple[int, str]] = {}
        self.made: set[str] = set()
        self.friends: set[frozenset[int]] = set()
        self.blocks: set[frozenset[int]] = set()
        self.hidden: set[int] = set()
        self.readings: list[Reading] = []

    @initialize(
        pairs=st.sets(st.sampled_from(PAIRS)), posts=st.lists(st.tuples(READERS, VISIBILITIES), min_size=4, max_size=9)
    )
    def begin(self, pairs: set[frozenset[int]], posts: list[tuple[int, str]]) -> None:
        """Start with some posts and friendships: sequences from an empty state rarely become interesting."""
        for number, person in enumerate(cast()):
            key = keys.relations(person.id)
            RelationsRow(pk=key.pk, sk=key.sk).delete(add_version_condition=False)
            self.set_hidden(number, False)
        for pair in pairs:
            self.befriend(pair)
        for author, visibility in posts:
            self.post(author, visibility, 1)

    def visible(self, reader: int, scope: str) -> set[str]:
        return {id_ for id_, post in self.posts.items() if self._sees(reader, scope, *post)}

    def _sees(self, reader: int, scope: str, author: int, visibility: str) -> bool:
        pair = frozenset({reader, author})
        near = reader == author or pair in self.friends
        if pair in self.blocks or (scope == "friends" and not near) or (scope == "public" and visibility != "public"):
            return False
        if author in self.hidden and author != reader:
            return False
        return visibility == "public" or reader == author or (visibility == "friends" and near)

    def changed(self) -> None:
        """Remove posts from `due` that the reader can't see now."""
        for reading in self.readings:
            reading.due &= self.visible(reading.reader, reading.scope)

    def ask(self, method: str, path: str, person: int, **body: Any) -> Any:
        answer = self.api.request(method, f"/v1/posts{path}", json=body or None, token=cast()[person].token)
        assert answer.status_code < 300, answer.content
        return answer

    @rule(author=READERS, visibility=VISIBILITIES, deliveries=st.integers(1, 2))
    def post(self, author: int, visibility: str, deliveries: int) -> None:
        id_ = self.ask("POST", "", author, content="x", visibility=visibility).json()["id"]
        self.posts[id_] = author, visibility
        self.made.add(id_)
        for _ in range(deliveries):
            fan_out.fan_out_post(id_, cast()[author].id)

    @precondition(lambda self: self.posts)
    @rule(data=st.data(), visibility=VISIBILITIES)
    def edit(self, data: Any, visibility: str) -> None:
        self._edit(data.draw(st.sampled_from(sorted(self.posts))), visibility)

    def _edit(self, id_: str, visibility: str) -> None:
        author, _ = self.posts[id_]
        self.ask("PATCH", f"/{id_}", author, visibility=visibility)
        self.posts[id_] = author, visibility
        fan_out.fan_out_post(id_, cast()[author].id)
        self.changed()

    @precondition(lambda self: self.posts)
    @rule(data=st.data(), cleared=st.booleans())
    def delete(self, data: Any, cleared: bool) -> None:  # noqa: FBT001
        self._delete(data.draw(st.sampled_from(sorted(self.posts))), cleared=cleared)

    def _delete(self, id_: str, *, cleared: bool) -> None:
        author, _ = self.posts.pop(id_)
        self.ask("DELETE", f"/{id_}", author)
        if cleared:
            fan_out.withdraw_post(id_, cast()[author].id)
        self.changed()

    @rule(pair=st.sampled_from(PAIRS))
    def befriend(self, pair: frozenset[int]) -> None:
        one, other = pair
        if pair not in self.blocks:
            society.befriend(cast()[one], cast()[other])
            self.friends.add(pair)
            fan_out.exchange_posts(cast()[one].id, cast()[other].id)

    @rule(pair=st.sampled_from(PAIRS))
    def unfriend(self, pair: frozenset[int]) -> None:
        one, other = pair
        society.unfriend(cast()[one], cast()[other])
        self.friends.discard(pair)
        self.changed()

    @precondition(lambda self: not self.blocks)
    @rule(pair=st.sampled_from(PAIRS))
    def block(self, pair: frozenset[int]) -> None:
        one, other = pair
        society.block(cast()[one], cast()[other])
        self.friends.discard(pair)
        self.blocks.add(pair)
        self.changed()

    @rule(person=READERS, hidden=st.booleans())
    def set_hidden(self, person: int, hidden: bool) -> None:  # noqa: FBT001
        """Hide somebody by reports, or show them again as a moderator."""
        transaction = Transaction()
        users.set_hidden(transaction, user_id=cast()[person].id, hidden=hidden)
        transaction.commit()
        (self.hidden.add if hidden else self.hidden.discard)(person)
        self.changed()

    @precondition(lambda self: len(self.readings) < 3)
    @rule(reader=READERS, scope=SCOPES)
    def begin_to_read(self, reader: int, scope: str) -> None:
        self.readings.append(Reading(reader, scope, due=self.visible(reader, scope)))

    @precondition(lambda self: self.readings)
    @rule(data=st.data(), limit=st.integers(1, 4))
    def read_on(self, data: Any, limit: int) -> None:
        reading = data.draw(st.sampled_from(self.readings))
        self.turn(reading, limit)
        if reading.cursor is None:
            self.finish(reading)

    @precondition(lambda self: self.readings and self.posts)
    @rule(data=st.data(), limit=st.integers(1, 4), step=st.integers(0, 6), what=st.sampled_from(ACTS))
    def read_on_while(self, data: Any, limit: int, step: int, what: str) -> None:
        """Read a page while something happens. It may show the state before or after."""
        reading = data.draw(st.sampled_from(self.readings))
        act = self._act(what, data)
        before = self.visible(reading.reader, reading.scope)
        with between(step, act):
            self.turn(reading, limit, before=before)
        if reading.cursor is None:
            self.finish(reading)

    def _act(self, what: str, data: Any) -> Callable[[], None]:
        """Choose an action and its target."""
        pair, person = data.draw(st.sampled_from(PAIRS)), data.draw(READERS)
        visibility, id_ = data.draw(VISIBILITIES), data.draw(st.sampled_from(sorted(self.posts)))
        acts: dict[str, Callable[[], None]] = {
            "post": lambda: self.post(person, visibility, 1),
            "edit": lambda: self._edit(id_, visibility),
            "delete": lambda: self._delete(id_, cleared=True),
            "befriend": lambda: self.befriend(pair),
            "unfriend": lambda: self.unfriend(pair),
            "hide": lambda: self.set_hidden(person, True),
            "show": lambda: self.set_hidden(person, False),
        }
        return acts[what]

    def turn(self, reading: Reading, limit: int, *, before: set[str] | None = None) -> None:
        """Read a page: full unless it is the last, in order, without duplicates, and only with visible posts.

        `before` is what was visible when the page was requested, if that differs.
        """
        query = f"?limit={limit}{reading.scope and '&scope=' + reading.scope}"
        query += reading.cursor and f"&cursor={reading.cursor}"
        answer = self.api.get(f"/v1/feed{query}", token=cast()[reading.reader].token).json()
        page, reading.cursor = [one["id"] for one in answer["items"]], answer["next"]
        assert len(page) == limit or reading.cursor is None
        assert set(page) & self.made <= self.visible(reading.reader, reading.scope) | (before or set())
        reading.seen += page
        assert reading.seen == sorted(set(reading.seen), reverse=True)

    def finish(self, reading: Reading) -> None:
        self.readings.remove(reading)
        assert reading.due <= set(reading.seen)

    def read_through(self, reading: Reading) -> None:
        """Read until all of these posts are passed. Older ones belong to other tests."""
        while reading.cursor is not None and not (reading.seen and reading.seen[-1] < min(self.made)):
            self.turn(reading, 50)

    @invariant()
    def positions_go_back(self) -> None:
        assert all(reading.cursor is not None for reading in self.readings)

    def teardown(self) -> None:
        for reading in list(self.readings):
            self.read_through(reading)
            self.finish(reading)
        for reader, scope in product(range(PEOPLE), ("", "friends", "public")):
            whole = Reading(reader, scope)
            self.read_through(whole)
            assert set(whole.seen) & set(self.posts) == self.visible(reader, scope)
        for id_, (author, _) in list(self.posts.items()):
            self.ask("DELETE", f"/{id_}", author)


TestFeeds = Feeds.TestCase
# No shrinking: ids contain the time, so a sequence can't be repeated exactly.
TestFeeds.settings = settings(
    phases=[Phase.explicit, Phase.generate],
    max_examples=8, stateful_step_count=20, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip
