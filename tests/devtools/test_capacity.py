"""The maximum cost of actions, so that a change that makes one more expensive is noticed."""

from io import StringIO

import pytest
from django.core.management import call_command

from apps.core import ids, outbox, transactions
from apps.recipes import catalogue
from deploy.costing import usage
from devtools.capacity import actions, report
from devtools.capacity.stage import Stage
from devtools.capacity.units import Consumed
from smartcooking.contract import queues
from tests.support import society

# Every written row is read twice for counting, which takes minutes on a busy machine.
pytestmark = [pytest.mark.long, pytest.mark.timeout(900)]

# Maximum (read units, write units). One of the read units of each write checks whether the account is suspended.
TARGETS = {
    # Attempts are counted in advance, by person, by address and by both, and given back on success. Four of the writes
    # count somebody as active, once a day.
    "login": (7, 12),
    # The first request with a token checks whether its session was ended; the process caches that.
    "validate 10 known names": (1, 0),
    "complete a name": (0, 0),
    "list the catalogue": (0, 0),
    "search": (0, 0),
    "read a recipe: approved": (0, 0),
    "read a recipe: one's own, private": (1, 0),
    "read a recipe: private, shown to one besides": (4, 0),
    "rate a pending recipe": (11.5, 12),
    # Two of the writes count the approval, and a message requests tags that the rules don't know.
    "rate: the rating that approves": (12.5, 17),
    "rate an approved recipe": (9.5, 12),
    "change a rating": (9, 12),
    "leave a rating out after a block: worker": (14, 14),
    "create a recipe": (1, 12),
    "ask for an upload": (1, 5),
    "complete an upload": (2, 6),
    "check a picture: worker": (1, 2),
    "use a picture as avatar": (3, 10),
    "suggest from the catalogue": (2, 6),
    # Three recipes, each of which fits into 1 KB, with its state, its record and the suggestion.
    "suggest with a gap of 3: worker": (12, 39),
    # Two reads tell whether the recipe's owner may still be named. A copy of the median recipe is above 1 KB.
    "begin to cook": (3, 2),
    "next step": (4, 2),
    # The pantry is read at once, however many ingredients the dish has.
    "complete, with stars": (23.5, 23),
    "ask to be friends": (7.5, 13),
    "accept a friend request": (7.5, 20),
    "list friends (1)": (4, 0),
    "read a friend's profile": (5, 0),
    "list friends who cooked a recipe (1)": (5, 0),
    "block a friend": (4, 25),
    "lift a block": (3, 15),
    "end a friendship": (3, 17),
    "write a public post, 1 friend": (2, 14),
    "read a post": (4, 0),
    "react to a public post": (7, 10),
    # Two of the writes check the author's name and picture, of which the comment carries a copy.
    "comment on a public post": (5, 12),
    "list comments (1)": (5, 0),
    "read 20 friends' posts in the feed, 10 friends": (13, 0),
    "read 20 friends' posts in the feed, 1000 friends": (15, 0),
    "read 20 public posts in the feed, 1000 friends": (7, 0),
    "fan a post out to 1000 friends": (8, 1100),
    "the badge, 63 unread": (1, 0),
    "deliver a reaction: joins a fold": (9, 10),
    "read all of 62": (2, 2),
    "begin an import": (2, 13),
    # One of the reads is of the person's current username.
    "read a text into a draft: worker": (9, 14),
    "look at an import (1 draft)": (3, 0),
    "accept a draft": (6, 20),
    "look at an import (20 drafts)": (10, 0),
    "bring the picture of a draft: worker": (3, 6),
    "read the tags of one's recipe": (2, 0),
    "correct the tags of one's recipe": (3, 9),
    "search by a tag": (0, 0),
    "found a household": (3.5, 8),
    "join a household": (7, 14),
    "read a household of 2": (6, 0),
    "add a lot": (3, 4),
    # One of the reads is of the person's time zone: it decides on the month.
    "use something up": (4, 6),
    "read a plan of 14 meals": (6, 0),
    "check an item": (5, 3),
    "add an item": (13, 4),
    "a look of a follower, nothing changed": (0.5, 0),
    "a round of the outbox sweeper, nothing left": (4, 0),
}


@pytest.fixture(scope="module")
def stage(seeded: None, request: pytest.FixtureRequest) -> Stage:
    """Play all actions beside a catalogue of 60 recipes; with `--write-capacity`, write docs/capacity.md of it."""
    call_command("seed_demo", "--users=3", "--recipes=60", "--seed=77", "--quiet", stdout=StringIO())
    catalogue.live().load()
    catalogue.live().refresh()
    society.forget_changes()
    # A leftover as after a crash, which must not count for any action.
    transactions.save(outbox.message(outbox.Task("tests.nothing", queues.MEDIA), [ids.new_id()]))
    played = Stage()
    actions.play_all(played)
    if path := request.config.getoption("--write-capacity"):
        path.write_text(report.markdown(played.measured), "utf-8")
    return played


@pytest.fixture(scope="module")
def consumed(stage: Stage) -> dict[str, Consumed]:
    return {one.action: one.consumed for one in stage.measured}


@pytest.mark.parametrize("action", TARGETS)
def test_an_action_stays_within_its_units(consumed: dict[str, Consumed], action: str) -> None:
    reads, writes = TARGETS[action]

    assert consumed[action].read_units <= reads
    assert consumed[action].write_units <= writes


@pytest.mark.parametrize("number", [10, 100, 1000])
def test_a_page_of_the_feed_costs_15_units_and_six_requests_however_many_friends_one_has(
    consumed: dict[str, Consumed], number: int
) -> None:
    page = consumed[f"read 20 friends' posts in the feed, {number} friends"]

    assert (page.read_units <= 15, page.requests) == (True, 6)


def test_the_emulator_counts_writes_as_we_do(stage: Stage) -> None:
    assert stage.differences == []


def test_the_page_of_capacity_has_what_was_measured(consumed: dict[str, Consumed]) -> None:
    """`make capacity` writes it again. The bill is computed from it: what one person does in a month, in units."""
    page = usage.measurements()

    for unit, kind in enumerate(("read_units", "write_units")):
        told = sum(page[action][unit] * often for action, often in usage.ACTIONS.items())
        measured = sum(getattr(consumed[action], kind) * often for action, often in usage.ACTIONS.items())
        # An item close to a full KB may fall on either side of it, by its names of people and ids.
        assert measured == pytest.approx(told, rel=0.03), kind


def test_every_action_is_in_the_report(stage: Stage) -> None:
    page, text = report.markdown(stage.measured), report.text(stage.measured)

    assert all(one.action in page and one.action in text for one in stage.measured)
