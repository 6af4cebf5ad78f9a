"""What actions may cost at most: counted, so that a change that makes one dearer is seen."""

from io import StringIO

import pytest
from django.core.management import call_command

from apps.insights import actions, report
from apps.insights.capacity import Consumed
from apps.insights.stage import Stage
from apps.recipes import catalogue

# (read units, write units) at most.
TARGETS = {
    # Attempts are counted before they are made and given back: by person and by address.
    "login": (0.5, 4),
    "validate 10 known names": (0, 0),
    "complete a name": (0, 0),
    "list the catalogue": (0, 0),
    "search": (0, 0),
    "read a recipe: approved": (0, 0),
    "read a recipe: one's own, private": (1, 0),
    "read a recipe: suggested, private": (2, 0),
    "rate a pending recipe": (5, 12),
    "rate: the rating that approves": (6, 12),
    "rate an approved recipe": (5, 12),
    "change a rating": (5, 12),
    "create a recipe": (0, 12),
    "ask for an upload": (0, 5),
    "complete an upload": (1, 6),
    "check a picture: worker": (1, 2),
    "use a picture as avatar": (2, 7),
    "suggest from the catalogue": (1, 6),
    "a look of a follower, nothing changed": (0.5, 0),
    "a round of the outbox sweeper, nothing left": (4, 0),
}


@pytest.fixture(scope="module")
def stage(seeded: None) -> Stage:
    call_command("seed_demo", "--users=3", "--recipes=60", "--seed=77", "--quiet", stdout=StringIO())
    catalogue.live().load()
    catalogue.live().refresh()
    played = Stage()
    actions.play_all(played)
    return played


@pytest.fixture(scope="module")
def consumed(stage: Stage) -> dict[str, Consumed]:
    return {one.action: one.consumed for one in stage.measured}


@pytest.mark.parametrize("action", TARGETS)
def test_an_action_stays_within_its_units(consumed: dict[str, Consumed], action: str) -> None:
    reads, writes = TARGETS[action]

    assert consumed[action].read_units <= reads
    assert consumed[action].write_units <= writes


def test_the_emulator_counts_writes_as_we_do(stage: Stage) -> None:
    assert stage.differences == []


def test_every_action_is_in_the_report(stage: Stage) -> None:
    page, text = report.markdown(stage.measured), report.text(stage.measured)

    assert all(one.action in page and one.action in text for one in stage.measured)
