"""Benchmark the running service with growing catalogues: latency, CPU, memory, and many connections.

    python -m tests.load.bench                         1,000, 10,000, 100,000 recipes; matching, safety and the index
    python -m tests.load.bench --quick                 1,000 recipes and few requests: does it run at all?
    python -m tests.load.bench --only-feed             only a page of the feed with 10, 100 and 1,000 friends
    python -m tests.load.bench --keep .local/bench     keep the data for the next run
    python -m tests.load.bench --write docs/benchmarks.md

Starts a local AWS with the service's stacks, and gunicorn, all on the loopback interface, and stops them at the end.
The client runs on the same machine: CPU per request counts only the measured processes, but latency and throughput
depend on what else the machine was doing.
"""

import argparse
import subprocess
import sys
from pathlib import Path

from tqdm import tqdm

from tests.load import bench_feed, bench_http, bench_service, bench_tables
from tests.load.bench_questions import Questions
from tests.load.bench_service import Server, Stack
from tests.load.bench_tables import Crowded, SizeReport

SIZES = (1_000, 10_000, 100_000)
CONNECTIONS = (1, 16)
CROWDS = (16, 64, 256)
# Requests of each kind for each number of connections, and the time limit for all of them in seconds.
REQUESTS = 300
CROWD_REQUESTS = 2_000
QUICK_REQUESTS = 40
_WARM_UP = 20
_SECONDS = 60.0
_OTHERS = ("spellings", "alarms", "index_bench", "suggestions_bench")


def main() -> int:
    options = _parser().parse_args()
    sizes = [SIZES[0]] if options.quick else sorted(options.sizes)
    reports = []
    with bench_service.running(options.keep, options.python) as stack:
        if options.only_feed:
            stack.seed(sizes[0])
            return _measure_feed(stack, sizes[0], quick=options.quick)[1]
        for size in sizes:
            reports.append(_measure(stack, size, quick=options.quick))
            _show(bench_tables.section(reports[-1]))
        feed, failed = _measure_feed(stack, sizes[-1], quick=options.quick)
    _show(bench_tables.summary(reports))
    page = f"{bench_tables.page(reports, python=options.python, quick=options.quick)}\n{feed}"
    if not options.quick and not options.only_service:
        page += _others()
    if options.write:
        options.write.write_text(page, "utf-8")
    return failed if all(report.is_clean for report in reports) else 1


def _measure_feed(stack: Stack, recipes: int, *, quick: bool) -> tuple[str, int]:
    """Return the tables of the feed, and 1 if it misses a goal."""
    _say("the feed: seeding")
    pages = bench_feed.measure(stack, recipes, quick=quick)
    section = bench_feed.section(pages)
    _show(section)
    return section, int(not bench_feed.is_met(pages))


def _measure(stack: Stack, size: int, *, quick: bool) -> SizeReport:
    """Seed up to `size` recipes, start the server and run all requests against it."""
    _say(f"{size} recipes: seeding")
    seeded = stack.seed(size)
    tokens = stack.log_in()
    with stack.serving() as server:
        first = bench_http.drive(
            server.port,
            [bench_http.build("GET", "/v1/recipes?limit=1", token=tokens[0])],
            connections=1,
            seconds=_SECONDS,
        )
        report = SizeReport(size, seeded, server.alive_after, first.quantile(0.5) / 1000)
        report.memory_at_start = server.processes.largest_mb()
        questions = Questions(server.port, tokens)
        _measure_kinds(stack, server, questions, report, QUICK_REQUESTS if quick else REQUESTS)
        _measure_crowds(server, questions, report, QUICK_REQUESTS * 8 if quick else CROWD_REQUESTS)
        report.memory_under_load = server.processes.largest_mb()
        report.memory_of_all = server.processes.resident_mb()
    return report


def _measure_kinds(stack: Stack, server: Server, questions: Questions, report: SizeReport, count: int) -> None:
    kinds = questions.kinds()
    with tqdm(total=len(kinds) * len(CONNECTIONS), desc=f"{report.recipes} recipes", leave=False) as progress:
        for kind, make in kinds.items():
            bench_http.drive(server.port, [make() for _ in range(_WARM_UP)], connections=4, seconds=_SECONDS)
            for connections in CONNECTIONS:
                requests = [make() for _ in range(count)]
                report.loads.append(bench_service.load(stack, server, kind, requests, connections))
                progress.update()


def _measure_crowds(server: Server, questions: Questions, report: SizeReport, count: int) -> None:
    for connections in tqdm(CROWDS, desc=f"{report.recipes} recipes, crowds", leave=False):
        requests = [questions.mixed() for _ in range(count)]
        outcome = bench_http.drive(server.port, requests, connections=connections, seconds=2 * _SECONDS)
        report.crowds.append(Crowded(connections, outcome))


def _others() -> str:
    """Run the benchmarks of matching, safety and the index, each with its own tables."""
    parts = []
    for name in _OTHERS:
        _say(name)
        command = [sys.executable, "-u", "-m", f"tests.load.{name}"]
        out = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout
        _show(out)
        parts.append(f"\n## {name.replace('_', ' ').capitalize()}\n\n```\n{out.rstrip()}\n```\n")
    return "".join(parts)


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say(text: str) -> None:
    sys.stderr.write(f"bench: {text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(SIZES), metavar="N", help="recipes, ascending")
    parser.add_argument("--quick", action="store_true", help="1,000 recipes, few requests")
    parser.add_argument("--only-feed", action="store_true", help="nothing but the feed, over the smallest catalogue")
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where data is kept for the next run")
    parser.add_argument("--python", default=sys.executable, metavar="PATH", help="interpreter that runs gunicorn")
    parser.add_argument("--only-service", action="store_true", help="without matching, safety and index")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the page there as well")
    return parser


if __name__ == "__main__":
    sys.exit(main())
