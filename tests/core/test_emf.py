"""Values that are collected share lines of metrics, and none is lost."""

import json
import threading
from typing import Any

import pytest

from apps.core.telemetry import emf
from smartcooking.contract import metrics

NAME = metrics.PLAIN_LATENCY.name


class Lines:
    """Stands for standard output."""

    def __init__(self) -> None:
        self.written: list[dict[str, Any]] = []

    def info(self, line: str) -> None:
        self.written.append(json.loads(line))


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Lines:
    settings.METRICS = "emf"
    stdout = Lines()
    monkeypatch.setattr(emf, "_writer", lambda: stdout)
    return stdout


def test_a_line_takes_as_many_values_as_cloudwatch_does(lines: Lines) -> None:
    collected = emf._Collected(metrics.PLAIN_LATENCY)
    for value in range(250):
        collected.add(value)
    collected.write()

    assert [len(line[NAME]) for line in lines.written] == [100, 100, 50]
    assert [value for line in lines.written for value in line[NAME]] == list(range(250))


def test_what_is_collected_is_written_without_waiting_for_more(lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    """The timer is started with the first value, and once for all of them."""
    started: list[Any] = []

    def start(timer: Any) -> None:
        started.append(timer)

    monkeypatch.setattr(threading.Timer, "start", start)
    collected = emf._Collected(metrics.PLAIN_LATENCY)
    collected.add(1.5)
    collected.add(2.5)

    (timer,) = started
    assert (timer.interval, lines.written) == (10.0, [])
    timer.function()

    assert [line[NAME] for line in lines.written] == [[1.5, 2.5]]
    collected.add(3.5)
    collected.write()
    assert len(started) == 2


def test_a_line_of_collected_values_is_a_metric_of_the_environment(lines: Lines) -> None:
    collected = emf._Collected(metrics.PLAIN_LATENCY)
    collected.add(1.5)
    collected.write()

    (line,) = lines.written
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    assert directive["Dimensions"] == [[metrics.ENVIRONMENT]]
    assert directive["Metrics"] == [{"Name": NAME, "Unit": "Milliseconds"}]
    assert set(line) == {NAME, metrics.ENVIRONMENT, "_aws"}


def test_nothing_is_collected_where_metrics_are_off(lines: Lines, settings: Any) -> None:
    settings.METRICS = ""

    emf.collect(metrics.PLAIN_LATENCY, 1.5)
    emf._collected(metrics.PLAIN_LATENCY).write()

    assert lines.written == []
