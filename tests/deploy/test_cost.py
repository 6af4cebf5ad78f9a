"""The estimated bill follows from the templates, the measured units and the dated prices."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from apps.core.telemetry import emf
from deploy import __main__ as command
from deploy.commands import console
from deploy.commands import cost as cost_command
from deploy.costing import data, inventory, prices, tasks, usage, variants
from deploy.costing.bill import AI, IDENTITY, bill, ours, total
from deploy.costing.month import Line, Month
from deploy.environments import BY_KIND, DEV, PROD, STAGING, Environment
from smartcooking.celery import app
from smartcooking.contract import metrics
from tests.deploy import write_snapshots
from tests.deploy.conftest import BUILT

ROOT = Path(__file__).resolve().parents[2]
COSTING = ROOT / "deploy/costing"
EVERYTHING = replace(PROD, cache=True, tracing=True, egress="nat", workers=BY_KIND)


def by_service(lines: list[Line]) -> dict[str, float]:
    return {line.service: line.usd for line in lines}


# --- Held to the templates


def test_every_type_of_resource_is_charged_or_listed_as_free() -> None:
    kinds = {kind for env in (DEV, STAGING, PROD, EVERYTHING) for kind in inventory.Inventory(env).kinds}

    assert kinds == {*inventory.CHARGED, *inventory.FREE}
    assert not set(inventory.CHARGED) & set(inventory.FREE)
    assert all(inventory.FREE.values())


def test_what_is_charged_is_on_a_line_of_the_bill() -> None:
    services = {line.service for line in bill(EVERYTHING, 1000)}

    assert set(inventory.CHARGED.values()) <= services


def test_a_bill_has_each_service_once_and_nothing_below_zero() -> None:
    for env in (DEV, STAGING, PROD, EVERYTHING):
        lines = bill(env, 1)
        assert len(lines) == len({line.service for line in lines})
        assert all(line.usd >= 0 and line.basis for line in lines)


def test_tasks_have_the_sizes_of_their_definitions() -> None:
    definitions = {
        properties["Family"]: (int(properties["Cpu"]) / 1024, int(properties["Memory"]) / 1024)
        for properties in (one["Properties"] for one in _of("AWS::ECS::TaskDefinition"))
    }
    month = Month.of(PROD, 1)
    running = [*tasks.api_tasks(month), *tasks.worker_tasks(month), *tasks.scheduled_tasks(month)]

    # A colour rests.
    assert {one.family for one in running} == set(definitions) - {"smart-cooking-prod-green"}
    assert all((one.vcpu, one.gigabytes) == definitions[one.family] for one in running)
    assert sum(one.count for one in tasks.api_tasks(month)) == PROD.api_tasks


def test_a_task_on_spot_costs_its_share_and_one_on_demand_does_not() -> None:
    own, spare = (tasks.worker_tasks(Month.of(replace(PROD, workers_on_demand=base), 1))[0] for base in (1, 0))
    commands = tasks.scheduled_tasks(Month.of(PROD, 1))

    assert own.share == 1
    assert spare.share == prices.usd("spot-share")
    assert spare.usd == pytest.approx(own.usd * prices.usd("spot-share"))
    assert {one.share for one in commands} == {prices.usd("spot-share")}


def test_commands_that_are_due_together_are_charged_once_and_messages_are_no_tasks() -> None:
    # A check each five minutes, and those of each hour together.
    assert tasks.runs(Month.of(PROD, 1)) == 730 * (12 + 1)
    # Three each minute, two each quarter of an hour, two each hour.
    assert tasks.scheduled_messages(Month.of(PROD, 1)) == 730 * (3 * 60 + 2 * 4 + 2)


def test_a_gateway_stands_in_for_addresses() -> None:
    public = by_service(bill(PROD, 1000))
    nat = by_service(bill(replace(PROD, egress="nat"), 1000))

    assert nat["NAT"] == pytest.approx(prices.HOURS * prices.usd("nat"), rel=0.05)
    assert nat["Public addresses"] == pytest.approx(prices.HOURS * prices.usd("address"))
    assert "NAT" not in public
    # Two of the API, one of the workers, one of those of imports, now and then one of the commands that run alone.
    assert public["Public addresses"] == pytest.approx(prices.HOURS * prices.usd("address") * 4.2, rel=0.05)


def test_nothing_is_paid_for_that_free_metrics_have() -> None:
    for env in (DEV, STAGING, PROD, EVERYTHING):
        for cluster in inventory.Inventory(env).of("AWS::ECS::Cluster"):
            assert cluster.properties["ClusterSettings"] == [{"Name": "containerInsights", "Value": "disabled"}]
        assert not inventory.Inventory(env).kinds["AWS::KMS::Key"]


def test_alarms_are_charged_by_the_metrics_that_they_read() -> None:
    read = sum(
        sum("MetricStat" in one for one in alarm["Properties"].get("Metrics", [])) or 1
        for alarm in _of("AWS::CloudWatch::Alarm")
    )
    # Each policy keeps two alarms: one metric of AWS's own, or its queues and the tasks that run.
    # The colour that rests has none.
    scaling = 2 * (2 + (4 + 1) + (1 + 1))
    composite = len(_of("AWS::CloudWatch::CompositeAlarm"))
    expected = (read + scaling - 10) * prices.usd("alarm-metric") + composite * prices.usd("alarm-composite")

    assert by_service(bill(PROD, 1))["CloudWatch: alarms"] == pytest.approx(expected)


def test_a_dashboard_stays_within_what_is_free() -> None:
    """The first three are free as long as none shows more than fifty metrics."""
    for one in _of("AWS::CloudWatch::Dashboard"):
        body = one["Properties"]["DashboardBody"]
        widgets = json.loads(body if isinstance(body, str) else body["Fn::Sub"])["widgets"]
        assert sum(len(widget["properties"].get("metrics", [])) for widget in widgets) <= 50


def test_the_firewall_the_cache_and_traces_are_charged_where_they_are() -> None:
    assert "WAF" not in by_service(bill(DEV, 1000))
    assert not {"Cache", "X-Ray", "NAT"} & set(by_service(bill(PROD, 1000)))
    assert {"Cache", "X-Ray", "NAT"} <= set(by_service(bill(EVERYTHING, 1000)))


def _of(kind: str) -> list[dict[str, Any]]:
    return [
        resource
        for (env, _), template in BUILT.items()
        if env == "prod"
        for resource in template["Resources"].values()
        if resource["Type"] == kind
    ]


# --- Held to what was measured


def test_every_action_of_the_model_was_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    measured = usage.measurements()
    units = usage.units()

    assert units.reads == pytest.approx(sum(measured[name][0] * often for name, often in usage.ACTIONS.items()))
    assert units.writes == pytest.approx(sum(measured[name][1] * often for name, often in usage.ACTIONS.items()))
    assert units.requests + units.messages == pytest.approx(sum(usage.ACTIONS.values()))
    monkeypatch.setitem(usage.ACTIONS, "fly", 1.0)
    with pytest.raises(LookupError, match="has no fly"):
        usage.units()


def test_what_an_action_costs_is_read_from_the_page_of_capacity() -> None:
    page = usage.CAPACITY.read_text("utf-8")
    reads, writes = re.findall(r"^\| complete, with stars \| \d+ \| ([\d.]+) \| ([\d.]+) \|", page, re.MULTILINE)[0]

    assert usage.measurements()["complete, with stars"] == (float(reads), float(writes))


def test_the_lines_of_a_request_are_no_longer_than_the_model_says(settings: Any) -> None:
    """The access line is 275 bytes long, which tests of logging hold; each event is charged 26 bytes more.

    Ten requests in ten seconds share a line of metrics: at 100,000 people there are more of them but at night.
    """
    settings.ENVIRONMENT = "prod"
    line = {**emf._line({metrics.PLAIN_LATENCY: 0}, {}), metrics.PLAIN_LATENCY.name: [1234.5] * 10}
    shared = len(json.dumps(line, separators=(",", ":"))) + 26

    assert 0.9 * usage.API_LOG_KB < (275 + 26 + shared / 10) / 1000 <= usage.API_LOG_KB


def test_workers_ask_as_often_as_celery_is_told() -> None:
    wait = app.conf.broker_transport_options["wait_time_seconds"]

    assert 60 / wait == usage.POLLS_A_MINUTE


def test_processes_look_as_often_as_they_follow_feeds() -> None:
    from apps.core.change_feed import INTERVAL  # noqa: PLC0415

    assert usage.LOOKS_A_MINUTE == 2 * 60 / INTERVAL


def test_each_dimension_of_a_metric_has_a_number_of_values() -> None:
    own = {name for metric in metrics.METRICS for name in metric.dimensions}

    assert own == set(usage.DIMENSION_VALUES)


def test_every_assumption_has_a_reason_and_is_used() -> None:
    text = "".join(path.read_text("utf-8") for path in COSTING.glob("*.py"))
    named = re.findall(r"^([A-Z_]+) = _assume\(", (COSTING / "usage.py").read_text("utf-8"), re.MULTILINE)

    assert len(named) == len(usage.ASSUMED) >= 25
    assert all(one.what and one.why and one.value > 0 for one in usage.ASSUMED)
    assert not [name for name in named if len(re.findall(rf"usage\.{name}\b", text)) == 0]


# --- Held to dated prices


def test_every_price_has_a_source_a_date_and_a_confidence() -> None:
    for name, one in prices.PRICES.items():
        assert one.usd > 0, name
        assert one.unit, name
        assert one.source, name
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])|", one.seen), name
        assert one.confidence in {"high", "medium", "low"}, name
        # What nobody has looked up is not sure.
        assert one.seen or one.confidence != "high", name
        assert "Price List" not in one.source or one.seen >= "2026-08", name


def test_the_date_of_the_table_is_that_of_its_newest_price() -> None:
    assert max(one.seen for one in prices.PRICES.values()) == prices.AS_OF


def test_every_price_is_used() -> None:
    text = "".join(path.read_text("utf-8") for path in COSTING.glob("*.py") if path.name != "prices.py")
    used = set(re.findall(r'usd\("([a-z-]+)"\)', text))

    # Those that fall in steps are in tables of their own.
    assert used == set(prices.PRICES) - {"identity", "edge-gb"}


def test_prices_in_steps_begin_with_the_price_of_the_table() -> None:
    assert prices.IDENTITY[1][1] == prices.usd("identity")
    assert prices.EDGE_GB[1][1] == prices.usd("edge-gb")
    assert prices.in_steps(((10, 0.0), (5, 2.0), (float("inf"), 1.0)), 18) == 10 + 3


@pytest.mark.parametrize(
    ("people", "cost"),
    [(10_000, 0), (100_000, 495), (1_000_000, 495 + 4140), (20_000_000, 495 + 4140 + 29_250 + 25_000)],
)
def test_people_cost_less_the_more_there_are(people: int, cost: float) -> None:
    assert by_service(bill(replace(PROD, waf=False), people))[IDENTITY] == pytest.approx(cost)


# --- What it says


def test_more_people_cost_more_and_each_of_them_less() -> None:
    totals = [ours(bill(PROD, people)) for people in (1_000, 10_000, 100_000, 1_000_000, 10_000_000)]

    assert totals == sorted(totals)
    each = [
        total_ / people for total_, people in zip(totals, (1_000, 10_000, 100_000, 1_000_000, 10_000_000), strict=True)
    ]
    # From a million on each costs the same: what falls is what is there whether anybody comes or not.
    assert all(later < earlier * 1.02 for earlier, later in pairwise(each))


def test_generation_ends_with_its_budget() -> None:
    few, many = (by_service(bill(PROD, people))[AI] for people in (1_000, 100_000))

    assert few < PROD.ai_budget
    assert many == PROD.ai_budget


def test_people_who_come_half_as_often_ask_half_as_much() -> None:
    often, seldom = (bill(PROD, 1_000_000, share) for share in (1.0, 0.5))

    assert by_service(seldom)["SES"] == by_service(often)["SES"]
    assert by_service(seldom)["DynamoDB: storage"] == by_service(often)["DynamoDB: storage"]
    assert by_service(seldom)["DynamoDB: requests"] == pytest.approx(
        by_service(often)["DynamoDB: requests"] / 2, rel=0.01
    )


def test_copies_of_the_second_region_cost_a_tenth_of_vaults() -> None:
    copies = by_service(bill(PROD, 100_000))["Backups"]

    assert copies < data.in_vaults(Month.of(PROD, 100_000)) / 10


def test_requests_are_charged_by_the_firewall_that_sees_them() -> None:
    """That of the sites sees them all, that of the pool of accounts what people send to Cognito themselves."""
    found = by_service(bill(PROD, 100_000))["WAF"]
    few = by_service(bill(PROD, 1))["WAF"]
    requests = Month.of(PROD, 100_000).requests + Month.of(PROD, 100_000).visits * usage.FILES

    assert found - few == pytest.approx(requests * prices.usd("waf-request"), rel=0.01)


def test_a_month_of_100_000_people_is_within_what_was_decided() -> None:
    """docs/decisions/0063: whatever makes it dearer than this is a decision of its own."""
    assert ours(bill(PROD, 100_000)) <= cost_command.GOAL
    assert ours(bill(PROD, 1_000)) <= 120


def test_the_totals_leave_out_what_they_say() -> None:
    lines = bill(PROD, 100_000)
    found = by_service(lines)

    assert ours(lines) == pytest.approx(total(lines) - found[IDENTITY] - found[AI])
    assert total(lines, IDENTITY) == pytest.approx(total(lines) - found[IDENTITY])


def _cost(*options: str) -> int:
    return command.main(["cost", "--env", "prod", *options])


def _amounts(text: str) -> list[float]:
    found = re.findall(r"^\S.*?  +([\d,]+\.\d\d)  +\d+\.\d%", text, re.MULTILINE)
    return [float(amount.replace(",", "")) for amount in found]


def test_the_report_has_the_largest_lines_first_and_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert _cost("--mau", "100000") == 0

    printed = capsys.readouterr().out
    amounts = _amounts(printed)
    whole = float(re.findall(r"WITHOUT COGNITO AND AI +([\d.]+)", printed)[0])
    assert len(amounts) >= 15
    assert amounts == sorted(amounts, reverse=True)
    assert sum(amounts) == pytest.approx(whole, abs=0.2)
    verdict = f"met, {200 - whole:.2f} below" if whole <= 200 else f"missed by {whole - 200:.2f}"
    assert f"Goal: at most 200 beside Cognito and AI tokens: {verdict}" in printed


@pytest.mark.parametrize(
    "title",
    ["What fields of deploy/environments.py change", "What is not given up for it", "Beside that", "Growth", "Assumed"],
)
def test_the_report_has_what_an_operator_asks_for(title: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _cost() == 0

    assert f"\n{title}\n" in capsys.readouterr().out


def test_the_goal_is_met_where_it_is(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deploy.commands.cost.GOAL", 1000.0)
    assert _cost("--mau", "100,000", "--often", "0.5") == 0

    assert re.search(r"tokens: met, [\d.]+ below", capsys.readouterr().out)


def test_the_report_names_sources_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert _cost("--prices") == 0

    printed = capsys.readouterr().out
    assert "Price List, AmazonECS: APS1-Fargate-ARM-vCPU-Hours:perCPU" in printed
    assert "memory" in printed


def _changes(env: Environment) -> Iterator[tuple[str, float]]:
    for table in (variants.fields, variants.promises_given_up, variants.alternatives):
        yield from ((one.what, one.change) for one in table(env, 100_000))


@pytest.mark.parametrize("env", [DEV, STAGING, PROD, EVERYTHING], ids=["dev", "staging", "prod", "everything"])
def test_every_variant_changes_the_bill_and_is_named_once(env: Environment) -> None:
    found = list(_changes(env))

    assert all(abs(change) > 0.1 for _, change in found)
    assert len(found) == len({what for what, _ in found})


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--mau", "0"], "0 is no number of people"),
        (["--mau", "many"], "many is no number of people"),
        (["--mau", "2000000000"], "is no number of people from 1 to 1,000,000,000"),
        (["--often", "never"], "never is no share"),
        (["--often", "0"], "0 is no share"),
    ],
)
def test_what_is_no_number_is_wrong_usage(
    options: list[str], complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        _cost(*options)

    assert ended.value.code == console.WRONG_USAGE
    assert complaint in capsys.readouterr().err


def test_the_page_has_the_report_and_counts_its_prices() -> None:
    page = write_snapshots.COSTS.read_text("utf-8")
    seen = sum(bool(one.seen) for one in prices.PRICES.values())

    assert write_snapshots.REPORT.findall(page) == [write_snapshots.report()], "run: make snapshots"
    assert f"{seen} of {len(prices.PRICES)} prices were looked up" in page


def test_what_runs_on_this_machine_has_no_bill(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["cost", "--env", "local"]) == console.WRONG_USAGE
    assert "costs nothing" in capsys.readouterr().err
