"""Benchmark the feed: time, CPU and read units of a page of 20 for readers with 10, 100 and 1,000 friends."""

import subprocess
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import orjson
from tqdm import tqdm

from tests.load import bench_http, feed_stage
from tests.load.bench_service import ROOT, Stack, load
from tests.load.bench_tables import Load, met, table, troubles

FRIENDS = (10, 100, 1_000)
CONNECTIONS = (1, 16)
# The largest number of friends, and the reader.
PEOPLE = 1_001
POSTS, QUICK_POSTS = 5_000, 800
# Readers alternate, since the machine's speed varies from minute to minute; the median turn counts.
TURNS = 3
REQUESTS, QUICK_REQUESTS = 100, 40
_WARM_UP = 20
_SECONDS = 60.0
# Goals for a page. Cost counts as flat by the ratio of 1,000 friends to 10, of CPU and of latency with one connection
# (with many, latency is mostly waiting for a processor). A page of posts from the index of public posts takes one
# request less.
MOST_UNITS = 15.0
MOST_REQUESTS = 6
MOST_GROWTH = 1.5
MOST_SLOWING = 1.25


@dataclass
class Page:
    """One kind of page for one reader: its requests and read units, and the measured loads."""

    kind: str
    friends: int
    writing: int
    requests: int
    read_units: float
    posts: int
    loads: list[Load] = field(default_factory=list)

    @property
    def is_common(self) -> bool:
        """Say whether the page shows the same posts as the others of its kind."""
        return self.writing == feed_stage.WRITERS

    @property
    def api_ms(self) -> float:
        """Return CPU milliseconds per page: the higher of one connection and many."""
        return max(one.api_ms for one in self.loads)

    @property
    def p50(self) -> float:
        """Return the median latency in milliseconds with one connection; with many, pages wait for a processor."""
        return self.loads[0].outcome.quantile(0.5)


def measure(stack: Stack, recipes: int, *, quick: bool) -> list[Page]:
    """Seed a society and read feeds in it; the catalogue already holds `recipes` recipes."""
    stack.manage(
        "seed_demo", "--users", str(PEOPLE), "--recipes", str(recipes),
        "--posts", str(QUICK_POSTS if quick else POSTS),
    )  # fmt: skip
    readers = _readers(stack)
    count = QUICK_REQUESTS if quick else REQUESTS
    with stack.serving() as server:
        pages = [(token, page) for token, pages in readers for page in pages]
        turns: dict[int, list[list[Load]]] = defaultdict(list)
        for token, page in tqdm(pages * TURNS, desc="feed", leave=False):
            request = bench_http.build("GET", feed_stage.PATHS[page.kind], token=token)
            bench_http.drive(server.port, [request] * _WARM_UP, connections=4, seconds=_SECONDS)
            turns[id(page)].append(
                [load(stack, server, page.kind, [request] * count, number) for number in CONNECTIONS]
            )
    for _, page in pages:
        page.loads = [_middle(loads) for loads in zip(*turns[id(page)], strict=True)]
    return sorted((page for _, page in pages), key=lambda page: (page.kind, page.friends, page.writing))


def _middle(loads: Sequence[Load]) -> Load:
    return sorted(loads, key=lambda one: one.outcome.quantile(0.5))[len(loads) // 2]


def _readers(stack: Stack) -> list[tuple[str, list[Page]]]:
    done = subprocess.run(
        [stack.python, "-m", "tests.load.feed_stage", "--people", str(PEOPLE), "--friends", *map(str, FRIENDS)],
        cwd=ROOT, env=stack.environment(), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    # Standard output also has log lines; the result is the last line.
    found = orjson.loads(done.stdout.splitlines()[-1])
    return [
        (
            one["token"],
            [Page(kind, one["friends"], one["writing"], **figures) for kind, figures in one["pages"].items()],
        )
        for one in found
    ]


def section(pages: Sequence[Page]) -> str:
    heading = (
        "page of 20", "friends", "writing", "posts", "DynamoDB requests", "read units", "connections", "p50 ms",
        "p99 ms", "pages/s", "API CPU ms", "local AWS CPU ms", "stalls, errors",
    )  # fmt: skip
    rows = [
        (
            page.kind, f"{page.friends:,}", f"{page.writing:,}", str(page.posts), str(page.requests),
            f"{page.read_units:g}", str(load.connections),
            f"{load.outcome.quantile(0.5):.1f}", f"{load.outcome.quantile(0.99):.1f}",
            f"{load.outcome.per_second:.0f}", f"{load.api_ms:.2f}", f"{load.aws_ms:.2f}", troubles(load.outcome),
        )
        for page in pages
        for load in page.loads
    ]  # fmt: skip
    return "\n".join(["## Feed", "", *table(heading, rows), "", *_goals(pages), ""])


def is_met(pages: Sequence[Page]) -> bool:
    """Say whether the pages meet all goals and every request was answered."""
    return all(is_good for _, _, _, is_good in _checks(pages))


def _goals(pages: Sequence[Page]) -> list[str]:
    rows = [(name, measured, goal, met(is_good)) for name, measured, goal, is_good in _checks(pages)]
    return table(("feed", "measured", "goal", "met"), rows)


def _checks(pages: Sequence[Page]) -> list[tuple[str, str, str, bool]]:
    checks = []
    for kind in dict.fromkeys(page.kind for page in pages):
        alike = [page for page in pages if page.kind == kind]
        units, requests = max(page.read_units for page in alike), sorted({page.requests for page in alike})
        common = [page for page in alike if page.is_common]
        growth = common[-1].api_ms / common[0].api_ms
        slowing = common[-1].p50 / common[0].p50
        checks += [
            (f"{kind}: read units", f"{units:g}", f"≤{MOST_UNITS:g}", units <= MOST_UNITS),
            (f"{kind}: requests", ", ".join(map(str, requests)), f"≤{MOST_REQUESTS}", requests[-1] <= MOST_REQUESTS),
            (f"{kind}: p50, 1,000 : 10 friends", f"×{slowing:.2f}", f"<×{MOST_SLOWING:g}", slowing < MOST_SLOWING),
            (f"{kind}: API CPU, 1,000 : 10 friends", f"×{growth:.2f}", f"<×{MOST_GROWTH:g}", growth < MOST_GROWTH),
        ]
    outcomes = [load.outcome for page in pages for load in page.loads]
    clean = not any(outcome.stalls or outcome.errors for outcome in outcomes)
    full = all(page.posts == feed_stage.PAGE for page in pages)
    checks.append(("stalls, errors, short pages", "none" if clean and full else "some", "none", clean and full))
    return checks
