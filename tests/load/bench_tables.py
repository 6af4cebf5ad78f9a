"""Format results as tables that read well in a terminal and as Markdown."""

import platform
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.load.bench_http import STALL_SECONDS, Outcome

# Goals: API CPU milliseconds per request with the largest catalogue, growth from the smallest, memory, and start.
GOALS_MS = {
    "recipe by id": 5.0, "list of 25": 6.0, "search": 6.0, "suggestion": 8.0, "validation": 5.0, "create recipe": 15.0,
}  # fmt: skip
GROWTH = 2.0
GOALS_MB = {1_000: 150.0, 100_000: 400.0}
GOAL_START = 10.0


@dataclass
class Load:
    """One kind of request over so many connections; CPU of the API and of the local AWS in ms per request."""

    kind: str
    connections: int
    outcome: Outcome
    api_ms: float
    aws_ms: float


@dataclass
class Crowded:
    connections: int
    outcome: Outcome


@dataclass
class SizeReport:
    """Everything measured at one size of the catalogue; memory in MB, times in seconds."""

    recipes: int
    seeded: float
    alive_after: float
    first_answer: float
    memory_at_start: float = 0.0
    memory_under_load: float = 0.0
    memory_of_all: float = 0.0
    loads: list[Load] = field(default_factory=list)
    crowds: list[Crowded] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        """Say whether every request succeeded."""
        outcomes = [*(load.outcome for load in self.loads), *(crowd.outcome for crowd in self.crowds)]
        return not any(outcome.stalls or outcome.errors for outcome in outcomes)

    def api_ms(self, kind: str) -> float:
        """Return CPU milliseconds per request: the higher of one connection and many."""
        return max(load.api_ms for load in self.loads if load.kind == kind)


def page(reports: Sequence[SizeReport], *, python: str, quick: bool) -> str:
    parts = ["# Benchmarks", "", _machine(python), ""]
    if quick:
        parts += ["A quick run: too few requests for figures to rely on.", ""]
    return "\n".join([*parts, *map(section, reports), summary(reports)])


def section(report: SizeReport) -> str:
    """Return the results for one size of the catalogue."""
    return "\n".join([f"## {report.recipes:,} recipes", "", *_loads(report), "", *_crowds(report), ""])


def summary(reports: Sequence[SizeReport]) -> str:
    """Return the tables of sizes, start times and goals."""
    return "\n".join(["## Size", "", *_sizes(reports), "", "## Goals", "", *_goals(reports), ""])


def _machine(python: str) -> str:
    """Describe the machine."""
    version = subprocess.run(
        [python, "-c", "import sys; print(sys.version)"], capture_output=True, text=True, check=True
    ).stdout.strip()
    memory = psutil.virtual_memory().total / 2**30
    load = ", ".join(f"{one:.1f}" for one in psutil.getloadavg())
    return (
        f"Written by `python -m tests.load.bench`. API: {python}, Python {version}. Machine: {_processor()}, "
        f"{psutil.cpu_count()} processors, {memory:.0f} GB, {platform.platform()}; load averages at the end {load}. "
        f"The client and the local AWS run on the same machine."
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    names = [line.partition(":")[2].strip() for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _loads(report: SizeReport) -> list[str]:
    heading = (
        "request",
        "connections",
        "p50 ms",
        "p99 ms",
        "requests/s",
        "API CPU ms",
        "local AWS CPU ms",
        "stalls, errors",
    )
    rows = [
        (
            load.kind, str(load.connections), f"{load.outcome.quantile(0.5):.1f}", f"{load.outcome.quantile(0.99):.1f}",
            f"{load.outcome.per_second:.0f}", f"{load.api_ms:.2f}", f"{load.aws_ms:.2f}", troubles(load.outcome),
        )
        for load in report.loads
    ]  # fmt: skip
    return table(heading, rows)


def _crowds(report: SizeReport) -> list[str]:
    heading = ("mixed, connections", "answered", "p50 ms", "p99 ms", "longest ms", "requests/s", "stalls, errors")
    rows = [
        (
            str(crowd.connections), str(len(crowd.outcome.seconds)), f"{crowd.outcome.quantile(0.5):.0f}",
            f"{crowd.outcome.quantile(0.99):.0f}", f"{crowd.outcome.quantile(1.0):.0f}",
            f"{crowd.outcome.per_second:.0f}", troubles(crowd.outcome),
        )
        for crowd in report.crowds
    ]  # fmt: skip
    return [*table(heading, rows), "", f"A stall is a request without an answer for {STALL_SECONDS:.0f} s."]


def troubles(outcome: Outcome) -> str:
    errors = ", ".join(f"{count}× {name}" for name, count in outcome.errors.most_common())
    return f"{outcome.stalls}, {errors or '0'}"


def _sizes(reports: Sequence[SizeReport]) -> list[str]:
    heading = (
        "recipes", "seeding s", "/livez after s", "first list after that s", "worker MB at start", "under load",
        "with gunicorn's master",
    )  # fmt: skip
    rows = [
        (
            f"{report.recipes:,}", f"{report.seeded:.0f}", f"{report.alive_after:.1f}", f"{report.first_answer:.2f}",
            f"{report.memory_at_start:.0f}", f"{report.memory_under_load:.0f}", f"{report.memory_of_all:.0f}",
        )
        for report in reports
    ]  # fmt: skip
    note = "Every start is from a snapshot in S3; below SNAPSHOT_FROM recipes none is written unless it is forced."
    return [*table(heading, rows), "", note]


def _goals(reports: Sequence[SizeReport]) -> list[str]:
    """Compare the largest catalogue with the goals and with the smallest catalogue, using `api_ms`."""
    first, last = reports[0], reports[-1]
    rows = []
    for kind, goal in GOALS_MS.items():
        spent, growth = last.api_ms(kind), last.api_ms(kind) / first.api_ms(kind)
        rows.append(
            (
                f"API CPU: {kind}",
                f"{spent:.2f} ms, ×{growth:.2f}",
                f"≤{goal:g} ms, <×{GROWTH:g}",
                met(spent <= goal and growth < GROWTH),
            )
        )
    for report in reports:
        if report.recipes in GOALS_MB:
            goal = GOALS_MB[report.recipes]
            found = report.memory_under_load
            rows.append((f"memory at {report.recipes:,}", f"{found:.0f} MB", f"≤{goal:.0f} MB", met(found <= goal)))
    ready = last.alive_after + last.first_answer
    rows.append(("ready, index loaded", f"{ready:.1f} s", f"≤{GOAL_START:g} s", met(ready <= GOAL_START)))
    rows.append(("stalls and errors", "none" if last.is_clean else "some", "none", met(last.is_clean)))
    return table((f"at {last.recipes:,} recipes", "measured", "goal", "met"), rows)


def met(is_met: bool) -> str:  # noqa: FBT001
    return "yes" if is_met else "NO"


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Return a Markdown table with aligned columns."""
    widths = [max(len(row[column]) for row in [heading, *rows]) for column in range(len(heading))]
    lines = [_line(heading, widths), f"|{'|'.join('-' * (width + 2) for width in widths)}|"]
    return lines + [_line(row, widths) for row in rows]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.ljust(width) if not column else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
