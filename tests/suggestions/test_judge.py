"""The judge of suggestions, and what it finds with the recipes of the repository."""

from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.ingredients import directory
from apps.recipes import catalogue
from apps.suggestions.judging import fridges, workshop
from apps.suggestions.judging.judge import judge

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("needs_aws")]

# Percentage of answers to the judge's fridges that must be sensible by its rules, and of fridges that must get one.
_LEAST_SENSIBLE = 95.0
_LEAST_ANSWERED = 0.9

load = workshop.load


@pytest.fixture(scope="module")
def kitchen() -> Iterator[Any]:
    """The authored master list and recipes in memory, only for this module."""
    with pytest.MonkeyPatch.context() as patched:
        held_list, held_recipes = directory.LiveDirectory(), catalogue.LiveCatalogue()
        patched.setattr(directory.live, "__wrapped__", lambda: held_list, raising=False)
        patched.setattr("apps.ingredients.services.live", lambda: held_list)
        patched.setattr(workshop, "live_ingredients", lambda: held_list)
        patched.setattr(catalogue, "live", lambda: held_recipes)
        loaded = workshop.load()
        # The commands begin with the same preparation, which takes half a minute each time.
        patched.setattr(workshop, "load", lambda directory=None: load(directory) if directory else loaded)
        yield loaded


def test_the_answers_to_the_judges_fridges_are_sensible(kitchen: Any) -> None:
    judged = [judge(one) for one in fridges.authored()]

    answers = [verdict for one in judged for verdict in one.verdicts]
    sensible = [verdict for verdict in answers if not verdict.faults]
    assert 100 * len(sensible) / len(answers) >= _LEAST_SENSIBLE, [v for v in answers if v.faults]
    answered = sum(one.is_answered for one in judged)
    assert answered / len(judged) >= _LEAST_ANSWERED, [one.fridge.have for one in judged if not one.is_answered]


def test_fridges_that_make_no_dish_get_no_nonsense(kitchen: Any) -> None:
    odd = [judge(one) for one in fridges.authored() if one.kind == "odd"]

    assert all(one.is_answered for one in odd)
    assert sum(len(one.verdicts) for one in odd) <= len(odd)


def test_sampled_fridges_are_the_same_for_the_same_seed() -> None:
    assert list(fridges.sampled(20, seed=3)) == list(fridges.sampled(20, seed=3))
    assert list(fridges.sampled(20, seed=3)) != list(fridges.sampled(20, seed=4))


def test_the_command_prints_a_table_and_fails_below_the_threshold(kitchen: Any) -> None:
    out = StringIO()

    call_command("judge_suggestions", "--kind", "few", "--quiet", stdout=out)
    with pytest.raises(CommandError, match="sensible"):
        call_command("judge_suggestions", "--kind", "few", "--quiet", "--least", "101", stdout=StringIO())

    assert "sensible" in out.getvalue()


def test_the_catalogue_report_counts_what_can_be_cooked(kitchen: Any) -> None:
    out = StringIO()

    call_command("catalogue_report", "--fridges", "20", "--quiet", stdout=out)

    assert "20 fridges" in out.getvalue()
    assert "worst fridges" in out.getvalue()
