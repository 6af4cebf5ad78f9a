"""Daily statistics: one row per day with the sums of its records, however often it is written."""

from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.core import clock
from apps.core.transactions import Transaction
from apps.insights import costs, rollups
from apps.moderation import reviews
from apps.moderation.authority import OPERATOR
from apps.recipes import repositories
from apps.recipes import services as recipe_services
from apps.users import activity
from apps.users.repositories import stored_accounts
from devtools.capacity.metering import metered
from smartcooking.contract.schedules import SCHEDULES
from tests.support import recipes
from tests.support.people import PASSWORD
from tests.support.suggestions import asked

pytestmark = pytest.mark.usefixtures("seeded")


def run(*args: str) -> str:
    written = StringIO()
    call_command("roll_up_days", *args, "--quiet", stdout=written)
    return written.getvalue()


def test_a_day_is_rolled_up_as_its_records_say_and_the_same_the_second_time(api: Any, ana: Any, ben: Any) -> None:
    recipes.create(api, ana)
    asked(api, ben, "thịt nai", "củ đậu", "khoai tây", recipe_count=2, max_minutes=57)
    today = clock.now().date()

    run()
    first = rollups.load(today, today)
    run()

    records = costs.load_daily_costs(today, today)[0]
    (shown,) = rollups.load(today, today)
    assert (shown.suggestions, shown.from_rules) == (records.suggestions, records.from_rules)
    assert (shown.input_tokens, shown.cost_usd) == (records.input_tokens, records.cost_usd)
    assert (shown.calls, shown.failed) == (records.calls, records.failed)
    assert shown.sign_ups >= 2
    assert shown.waiting >= 1
    assert first == [shown]


def test_approvals_count_whether_a_moderator_or_ratings_brought_them(
    api: Any, ana: Any, person: Callable[..., Any]
) -> None:
    today = clock.now().date()
    before = rollups.roll_up(today).approvals
    by_moderator, by_ratings, rejected = (recipes.create(api, ana)["id"] for _ in range(3))

    reviews.approve(by_moderator, actor=OPERATOR)
    reviews.reject(rejected, actor=OPERATOR, reason="Trùng")
    for _ in range(3):
        rater, transaction = person(), Transaction()
        repositories.grant_access(transaction, by_ratings, rater.id)
        transaction.commit()
        api.put(f"/v1/recipes/{by_ratings}/rating", json={"stars": 5}, token=rater.token)

    assert rollups.roll_up(today).approvals >= before + 2
    assert recipe_services.get_stored_recipe(by_ratings).state.approval == "approved"


def test_whoever_signs_in_or_renews_it_is_counted_once_a_day(
    api: Any, person: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    tomorrow = clock.now() + timedelta(days=1)
    somebody = person()
    login = {"username": somebody.username, "password": PASSWORD}
    monkeypatch.setattr(clock, "now", lambda: tomorrow)
    before = rollups.roll_up(tomorrow.date()).active

    for _ in range(2):
        activity.count_as_active(somebody.id)
    counted = rollups.roll_up(tomorrow.date()).active
    monkeypatch.undo()
    refreshed = api.post("/v1/auth/login", json=login).json()["refresh_token"]
    api.post("/v1/auth/refresh", json={"refresh_token": refreshed})

    assert counted == before + 1
    assert stored_accounts.find_active_day(somebody.id) == clock.now().date().isoformat()


def test_what_lay_in_the_queues_on_a_day_that_is_over_stays_as_it_was_written() -> None:
    yesterday = clock.now().date() - timedelta(days=1)

    shown = rollups.roll_up(yesterday)

    assert (shown.waiting, shown.oldest_hours) == (0, 0)


def test_days_that_nobody_rolled_up_are_zeros_and_a_month_costs_one_read_unit() -> None:
    with metered() as meter:
        days = rollups.load(date(2019, 1, 1), date(2019, 1, 31))

    assert [one.day.day for one in days] == list(range(1, 32))
    assert {(one.suggestions, one.catalogue_percent) for one in days} == {(0, None)}
    assert meter.consumed.read_units <= 1


def test_a_dry_run_writes_nothing_and_days_are_bounded() -> None:
    assert "would add up" in run("--dry-run", "--days", "3")
    with pytest.raises(CommandError, match="1 to 366"):
        run("--days", "0")


def test_the_clock_runs_it() -> None:
    assert "roll_up_days" in {schedule.command for schedule in SCHEDULES}
