"""Measure searches and suggestions, of catalogue and rules, over many recipes in this process: no HTTP, no table.

    python -m tests.load.search_speed [--recipes 100000] [--snapshot DIRECTORY]

Each recipe is an authored one with a word of the title and two ingredients of another. Fridges are those by which
`manage.py judge_suggestions` judges; queries are the judged ones.
"""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from deploy.local import offline

if TYPE_CHECKING:
    from apps.search.index import Catalogue, Entry

QUERIES = Path(__file__).parents[1] / "search" / "judged_queries.tsv"
_ROUNDS = 3
# A suggestion takes ten times as long as a search: one fridge in five is asked for.
_EVERY = 5
_SLOWEST = 6


def main() -> None:
    options = _parser().parse_args()
    os.environ.update(offline.environment())
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartcooking.settings"

    import django  # noqa: PLC0415  only now is the environment complete

    django.setup()
    _measure(options.recipes, options.snapshot, only_suggestions=options.only_suggestions)


def _measure(recipes: int, snapshot: Path | None, *, only_suggestions: bool) -> None:
    from apps.recipes import catalogue, search_terms  # noqa: PLC0415
    from apps.search.index import Catalogue, SearchQuery  # noqa: PLC0415
    from apps.search.searching import search  # noqa: PLC0415
    from apps.suggestions import offers  # noqa: PLC0415
    from apps.suggestions.errors import NotEnoughIngredients  # noqa: PLC0415
    from apps.suggestions.judging import fridges, workshop  # noqa: PLC0415

    contents, _ = workshop.load()
    if snapshot is not None and snapshot.exists():
        index = Catalogue.load(snapshot)
    else:
        index = _filled(list(catalogue._held(contents)), recipes)
        if snapshot is not None:
            index.save(snapshot)
    catalogue.live().index = index
    print(f"Python {sys.version.split()[0]}, {sys.executable}, {len(index):,} recipes", flush=True)
    interpreter = search_terms.current().interpreter

    def ask(query: str) -> None:
        search(index, interpreter, SearchQuery(query), limit=20)

    def suggest(number: str) -> None:
        try:
            offers.find(asked[int(number)].question(5), exclude=frozenset())
        except NotEnoughIngredients:
            return

    asked = fridges.authored()[::_EVERY]
    if not only_suggestions:
        _report("search", [line.split("\t")[0] for line in QUERIES.read_text("utf-8").splitlines()], ask)
    slowest = _report("suggestion", [str(number) for number in range(len(asked))], suggest)
    for number in slowest:
        print(f"  fridge {number}: {', '.join(asked[int(number)].have)}")


def _filled(authored: "Sequence[Entry]", recipes: int) -> "Catalogue":
    from apps.search.index import Catalogue  # noqa: PLC0415

    made = Catalogue()
    made.apply(_varied(authored, recipes))
    return made


def _varied(authored: "Sequence[Entry]", recipes: int) -> "Iterator[Entry]":
    from ulid import ULID  # noqa: PLC0415

    chance = random.Random(1)
    for number in range(recipes):
        one, other = chance.choice(authored), chance.choice(authored)
        created = 1_700_000_000 + number * 60
        lines = (*one.ingredients[:-1], *chance.sample(other.ingredients, min(2, len(other.ingredients))))
        ratings = chance.choice((0, 0, 1, 3, 12, 80))
        yield replace(
            one,
            recipe_id=str(ULID.from_bytes(((created * 1000) << 80 | chance.getrandbits(80)).to_bytes(16, "big"))),
            title=f"{one.title} {chance.choice(other.title.split())}",
            ingredients=tuple(dict.fromkeys(lines)),
            created_at=created,
            rating_count=ratings,
            rating_sum=4 * ratings,
        )


def _report(name: str, questions: Sequence[str], answer: Callable[[str], None]) -> list[str]:
    """Ask everything once to warm up, then several times; print milliseconds, and return the slowest questions."""
    clock: list[float] = []
    processor: list[tuple[float, str]] = []
    for number in range(_ROUNDS + 1):
        for question in questions:
            started, worked = time.perf_counter(), time.thread_time()
            answer(question)
            if number:
                processor.append(((time.thread_time() - worked) * 1000, question))
                clock.append((time.perf_counter() - started) * 1000)
    print(f"{name}, {len(questions)} questions: clock {_spread(clock)}; CPU {_spread([ms for ms, _ in processor])}")
    slowest = list(dict.fromkeys(question for _, question in sorted(processor, reverse=True)))[:_SLOWEST]
    print(f"  slowest: {', '.join(slowest)}", flush=True)
    return slowest


def _spread(taken: Sequence[float]) -> str:
    ordered = sorted(taken)
    middle, end = ordered[len(ordered) // 2], ordered[int(len(ordered) * 0.95)]
    return f"p50 {middle:.1f} ms, p95 {end:.1f} ms, longest {ordered[-1]:.1f} ms"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recipes", type=int, default=100_000)
    parser.add_argument(
        "--snapshot", type=Path, metavar="DIRECTORY", help="where the catalogue is kept for the next run"
    )
    parser.add_argument("--only-suggestions", action="store_true", help="measure no searches")
    return parser


if __name__ == "__main__":
    main()
