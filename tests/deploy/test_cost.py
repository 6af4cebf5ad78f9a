"""The bill follows from the templates, the measured units and the prices."""

from dataclasses import replace

import pytest

from deploy import __main__ as command
from deploy import console
from deploy.costing import prices, usage
from deploy.costing.bill import AI, IDENTITY, bill, total
from deploy.environments import DEV, PROD


def by_service(lines: list[object]) -> dict[str, float]:
    return {line.service: line.usd for line in lines}  # type: ignore[attr-defined]


def test_units_are_those_that_were_measured() -> None:
    reads, writes, requests = usage.units()

    assert reads > usage.SOCIAL_READS
    assert writes > usage.SOCIAL_WRITES
    assert requests < sum(usage.ACTIONS.values()) + usage.SOCIAL_REQUESTS


def test_resources_of_the_templates_are_on_the_bill() -> None:
    nat, public = (by_service(bill(replace(PROD, egress=way), 1000)) for way in ("nat", "public-tasks"))

    assert nat["NAT"] == pytest.approx(prices.HOURS * prices.usd("nat"), rel=0.05)
    assert "NAT" not in public
    assert public["Public addresses"] > nat["Public addresses"]
    assert "WAF" not in by_service(bill(DEV, 1000))
    assert "Cache" in by_service(bill(replace(PROD, cache=True), 1000))


def test_more_people_cost_more_and_each_of_them_less() -> None:
    totals = [total(bill(PROD, people), IDENTITY, AI) for people in (1_000, 10_000, 100_000, 1_000_000, 10_000_000)]

    assert totals == sorted(totals)
    assert totals[4] / 10_000_000 < totals[0] / 1_000


def test_the_first_ten_thousand_people_need_no_identity_bill() -> None:
    assert by_service(bill(PROD, 10_000))[IDENTITY] == 0
    assert by_service(bill(PROD, 100_000))[IDENTITY] == pytest.approx(495)


def test_every_price_has_a_source_and_a_confidence() -> None:
    assert {one.confidence for one in prices.PRICES.values()} == {"high", "medium", "low"}
    assert all(one.source and one.unit for one in prices.PRICES.values())


def test_the_command_says_how_far_the_goal_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["cost", "--env", "prod", "--mau", "100000", "--prices"]) == 0

    printed = capsys.readouterr().out
    assert "Goal: at most 150 beside Cognito and AI tokens" in printed
    assert "public-tasks: addresses, no NAT" in printed
    assert "10,000,000" in printed


@pytest.mark.parametrize("options", [["--env", "local"], ["--env", "prod", "--mau", "0"]])
def test_what_has_no_bill_is_wrong_usage(options: list[str]) -> None:
    assert command.main(["cost", *options]) == console.WRONG_USAGE
