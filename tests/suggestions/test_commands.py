"""Commands for operators: settings of generation, costs, generations without a worker."""

import io
import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core import clock
from apps.suggestions.generation import configuration
from tests.support.suggestions import asked

pytestmark = pytest.mark.usefixtures("seeded", "unchanged")


@pytest.fixture
def unchanged() -> Iterator[None]:
    yield
    configuration.change(**dict.fromkeys(configuration.AiSettings.__dataclass_fields__))


def run(*args: Any) -> str:
    out = io.StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_settings_are_shown_changed_and_reset() -> None:
    changed = run("ai_settings", "--providers", "bedrock,rules", "--daily-quota", "7", "--monthly-budget-usd", "12.5")
    back = run("ai_settings", "--reset", "providers", "daily_quota", "monthly_budget_usd")

    lines = {line.split()[0]: line.split()[1:] for line in changed.splitlines()}
    assert lines["providers"] == ["bedrock,rules", "changed"]
    assert lines["daily_quota"] == ["7", "changed"]
    assert lines["monthly_budget_usd"] == ["12.5", "changed"]
    assert lines["ollama_model"][-1] == "environment"
    assert "changed" not in back


def test_an_invalid_setting_is_refused_by_name() -> None:
    with pytest.raises(CommandError, match=r"bedrock, ollama, rules.*nothing was changed"):
        run("ai_settings", "--providers", "oracle")


def test_costs_are_reported_by_day_with_a_total(api: Any, ben: Any) -> None:
    before = json.loads(run("cost_report", "--days", "1", "--json", "--quiet"))[-1]
    asked(api, ben, "thịt nai", "củ đậu", "khoai tây", recipe_count=2, max_minutes=58)

    *days, total = json.loads(run("cost_report", "--days", "3", "--json", "--quiet"))
    table = run("cost_report", "--quiet")

    today = clock.now().date()
    assert [one["day"] for one in days] == [(today - timedelta(days=back)).isoformat() for back in (2, 1, 0)]
    assert days[-1]["suggestions"] == before["suggestions"] + 1
    assert days[-1]["from_rules"] == before["from_rules"] + 2
    assert days[-1]["calls"] >= before["calls"] + 2
    assert total["suggestions"] == sum(one["suggestions"] for one in days)
    assert table.splitlines()[0].split()[:2] == ["day", "suggestions"]
    assert len(table.splitlines()) == 9


def test_a_day_without_suggestions_has_no_shares() -> None:
    only, total = json.loads(run("cost_report", "--from", "2020-02-01", "--to", "2020-02-01", "--json", "--quiet"))

    assert (only["suggestions"], only["catalogue_percent"], only["cost_per_suggestion_usd"]) == (0, None, None)
    assert total["day"] == "total"


@pytest.mark.parametrize("last", [date(2026, 1, 1), date(2030, 1, 1)])
def test_an_invalid_range_of_days_is_refused(last: date) -> None:
    with pytest.raises(CommandError, match="days"):
        run("cost_report", "--from", "2026-06-01", "--to", last.isoformat(), "--quiet")


def test_generations_in_progress_are_not_ended(api: Any, ben: Any, settings: Any) -> None:
    settings.AI_PROVIDERS = ["ollama", "rules"]
    question = asked(api, ben, "thịt nai", "rau má", recipe_count=1, cuisine="nowhere", max_minutes=45)

    run("end_generations")

    again = api.get(f"/v1/suggestions/{question['id']}", token=ben.token).json()
    assert again["status"] == "generating"
