"""Measure searches and whole suggestions, of the catalogue and of rules, against a running service.

    python -m tests.load.suggestion_speed [--recipes 100000] [--keep .local/bench] [--queries FILE]

Fridges are those by which `manage.py judge_suggestions` judges, without their preferences, which are settings of
people. AI is off. One connection at a time, so that times are of one request alone.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from apps.suggestions.judging import fridges
from tests.load import bench_http, bench_service
from tests.load.bench_service import Server, Stack

QUERIES = Path(__file__).parents[1] / "search" / "judged_queries.tsv"
# A person's quota of composed recipes a day is 20: four fridges of five.
_ROUNDS = 3


def main() -> None:
    options = _parser().parse_args()
    queries = [line.split("\t")[0] for line in options.queries.read_text("utf-8").splitlines()]
    with bench_service.running(options.keep, sys.executable) as stack:
        if not options.seeded:
            stack.seed(options.recipes)
        tokens = stack.log_in()
        with stack.serving() as server:
            print(f"Python {sys.version.split()[0]}, {sys.executable}, {options.recipes:,} recipes")
            _measure_searches(stack, server, tokens, queries)
            _measure_suggestions(stack, server, tokens)


def _measure_searches(stack: Stack, server: Server, tokens: Sequence[str], queries: Sequence[str]) -> None:
    people = cycle(tokens)
    paths = [f"/v1/recipes?limit=25&q={quote(query)}" for query in queries]
    for name in ("search, first time", *["search"] * _ROUNDS):
        requests = [bench_http.build("GET", path, token=next(people)) for path in paths]
        _report(name, queries, server, requests)


def _measure_suggestions(stack: Stack, server: Server, tokens: Sequence[str]) -> None:
    people = cycle(tokens)
    asked = [list(fridge.have)[:20] for fridge in fridges.authored() if len(fridge.have) > 1]
    requests = [
        bench_http.build("POST", "/v1/suggestions", token=next(people), body={"ingredients": names, "recipe_count": 5})
        for names in asked
    ]
    _report("suggestion", [", ".join(names) for names in asked], server, requests)


def _report(name: str, asked: Sequence[str], server: Server, requests: Sequence[bytes]) -> None:
    taken = []
    before = server.processes.cpu_seconds()
    composed = answered = 0
    for question, request in zip(asked, requests, strict=True):
        started = time.perf_counter()
        answer = bench_http.ask(server.port, request)
        taken.append(((time.perf_counter() - started) * 1000, question, answer.status))
        if name == "suggestion" and answer.status < 300:
            sources = [each["source"] for each in answer.json()["recipes"]]
            composed += "rules" in sources
            answered += 1
    cpu = (server.processes.cpu_seconds() - before) / len(requests) * 1000
    times = sorted(each[0] for each in taken)
    middle, end = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{name}: {len(times)} requests, p50 {middle:.1f} ms, p95 {end:.1f} ms, longest {times[-1]:.1f} ms")
    print(f"  {cpu:.2f} ms of CPU each")
    if answered:
        print(f"  {answered} answered, {composed} with recipes of rules")
    for each in sorted(taken, reverse=True)[:5]:
        print(f"  {each[0]:7.1f} ms  {each[2]}  {each[1][:90]}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, metavar="DIRECTORY", help="where data is kept for the next run")
    parser.add_argument("--seeded", action="store_true", help="use the data that is kept as it is")
    parser.add_argument("--queries", type=Path, default=QUERIES, help="lines that begin with a query and a tab")
    return parser


if __name__ == "__main__":
    main()
