"""The feed under measurement: a page of 20 for readers with 10, 100 and 1,000 friends, as time, CPU and read units."""

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
# One more than the friends of the reader who has most, so that everybody is somebody's.
PEOPLE = 1_001
POSTS, QUICK_POSTS = 5_000, 800
# Readers take turns, since the machine is not as fast at one minute as at the next; the turn in the middle counts.
TURNS = 3
REQUESTS, QUICK_REQUESTS = 100, 40
_WARM_UP = 20
_SECONDS = 60.0
# What is promised of a page, and what counts as flat: 1,000 friends against 10, by CPU and by the latency at one
# connection (at many it is the wait for a processor). A page of posts that the index of public ones has brought takes
# one request less.
MOST_UNITS = 15.0
MOST_REQUESTS = 6
MOST_GROWTH = 1.5
MOST_SLOWING = 1.25


@dataclass
class Page:
    """One kind of page for one reader: what it takes of the table, and how it was answered."""

    kind: str
    friends: int
    writing: int
    requests: int
    read_units: float
    posts: int
    loads: list[Load] = field(default_factory=list)

    @property
    def is_common(self) -> bool:
        """Say whether the page has the posts that others of its kind have."""
        return self.writing == feed_stage.WRITERS

    @property
    def api_ms(self) -> float:
        """Return CPU per page, the dearer of what one connection and many gave."""
        return max(one.api_ms for one in self.loads)

    @property
    def p50(self) -> float:
        """Return milliseconds at one connection: at many, pages wait for the processors of the machine."""
        return self.loads[0].outcome.quantile(0.5)


def measure(stack: Stack, recipes: int, *, quick: bool) -> list[Page]:
    """Seed a society and read feeds in it; the catalogue of `recipes` is there by now."""
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
    # Log lines go to the same place; the answer is the last one.
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
    """Say whether the pages cost what they may, alike for few and many friends, and all were answered."""
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
