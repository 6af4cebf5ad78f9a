"""Benchmark the index by size of the catalogue: its operations, memory, building and loading.

    python -m tests.load.index_bench [--sizes 1000 10000 100000] [--seed 1]

Each size is built in one process and loaded from its snapshot in another, so that memory is measured as in a server.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import psutil
from ulid import ULID

from apps.search.index import Catalogue, Entry, Figures, Line, MatchQuery, SearchQuery, Sort

METHODS = ("stir_fry", "soup", "steam", "fry", "grill", "boil", "braise", "salad", "bake", "raw", "other")
MEALS = ("breakfast", "lunch", "dinner", "snack", "dessert")
ALLERGENS = ("gluten", "crustaceans", "eggs", "fish", "peanuts", "soy", "milk")
DIETS = ("vegetarian", "vegan", "halal", "gluten_free", "no_pork")
ONSETS = (
    "b", "c", "ch", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "qu", "r", "s", "t", "th",
    "tr", "v", "x",
)  # fmt: skip
RIMES = (
    "a", "à", "á", "ả", "am", "ám", "an", "án", "ang", "anh", "ánh", "ao", "áo", "ay", "ây", "ăn", "ắm", "em", "én",
    "eo", "ê", "ếch", "ên", "i", "ich", "ín", "inh", "o", "ò", "óc", "oi", "om", "ong", "ô", "ốc", "ôm", "ông", "ơ",
    "ơm", "ua", "úa", "ui", "um", "ún", "ung", "uôi", "uống", "ư", "ưa", "ức", "ương", "y", "yên",
)  # fmt: skip
STAPLES = 8


class Kitchen:
    """Random words, ingredients and recipes, the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.words = [onset + rime for onset in ONSETS for rime in RIMES]
        self.random.shuffle(self.words)
        self.word_weights = [1 / (rank + 3) for rank in range(len(self.words))]
        self.ingredients = [(f"i{n:03}", self.phrase(2)) for n in range(700)]
        self.weights = [1 / (rank + 3) for rank in range(700)]

    def phrase(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, self.word_weights, k=words))

    def some_ingredients(self, number: int) -> list[int]:
        return list(dict.fromkeys(self.random.choices(range(700), self.weights, k=number)))

    def entry(self, n: int) -> Entry:
        chance = self.random
        lines = tuple(self._line(each) for each in self.some_ingredients(chance.randint(8, 14)))
        title, tags = self.phrase(chance.randint(3, 7)), tuple(self.phrase(2) for _ in range(3))
        created, ratings = 1_700_000_000 + n * 60, chance.choice((0, 0, 1, 3, 12, 80))
        content = {
            "title": title,
            "description": self.phrase(25),
            "ingredients": [{"id": line[0], "name": line[1], "quantity": 2.5, "unit": "g"} for line in lines],
            "steps": [{"text": self.phrase(28), "minutes": 5} for _ in range(4)],
            "tags": tags,
        }
        return Entry(
            recipe_id=str(ULID.from_bytes(((created * 1000) << 80 | chance.getrandbits(80)).to_bytes(16, "big"))),
            content_version=1,
            title=title,
            description=str(content["description"]),
            cuisine=chance.choice(("Việt Nam", "Thái", "Ý", "Nhật", "Pháp")),
            method=chance.choice(METHODS),
            meal=chance.choice((None, *MEALS)),
            difficulty=chance.choice(("easy", "medium", "hard")),
            total_minutes=chance.choice((None, 15, 30, 45, 60, 90)),
            language="vi",
            tags=tags,
            ingredients=lines,
            allergens=frozenset(chance.sample(ALLERGENS, chance.randint(0, 3))),
            diets=frozenset(chance.sample(DIETS, chance.randint(0, 3))),
            allergens_complete=all(line.ingredient_id for line in lines),
            rating_sum=sum(chance.choices((1, 3, 4, 5), k=ratings)),
            rating_count=ratings,
            cook_count=chance.randint(0, 500),
            created_at=created,
            document=json.dumps(content, ensure_ascii=False).encode(),
        )

    def _line(self, n: int) -> Line:
        known, optional = self.random.random() > 0.02, self.random.random() < 0.1
        return Line(self.ingredients[n][0] if known else None, self.ingredients[n][1], optional, n < STAPLES)

    def typo(self, phrase: str) -> str:
        """Swap two letters in the longest word."""
        word = max(phrase.split(), key=len)
        at = self.random.randrange(len(word) - 1) if len(word) > 1 else 0
        return phrase.replace(word, word[:at] + word[at : at + 2][::-1] + word[at + 2 :], 1)


def operations(kitchen: Kitchen, catalogue: Catalogue) -> Iterator[tuple[str, int, Callable[[], Any]]]:
    """Yield each operation with the number of repetitions."""
    chance = kitchen.random
    commonest = max(kitchen.words[:30], key=lambda word: (len(word) > 3, -kitchen.words.index(word)))
    ids = [hit.recipe_id for hit in catalogue.search(SearchQuery(), limit=200).hits]
    fresh = count(10_000_000)

    def search(**fields: Any) -> Any:
        return catalogue.search(SearchQuery(**fields), limit=20)

    def match(have: list[int], **fields: Any) -> Any:
        return catalogue.match(MatchQuery({kitchen.ingredients[each][0]: 1.0 for each in have}, **fields))

    def figures() -> Figures:
        return Figures(chance.choice(ids), chance.randint(5, 500), 100, chance.randint(0, 500))

    yield "text, 1-3 words", 400, lambda: search(q=kitchen.phrase(chance.randint(1, 3)))
    yield "text with a typo", 400, lambda: search(q=kitchen.typo(kitchen.phrase(chance.randint(1, 3))))
    yield "text, 8 common words", 100, lambda: search(q=" ".join(chance.sample(kitchen.words[:60], 8)))
    yield "text, commonest word", 100, lambda: search(q=commonest)
    yield "text, 32 words", 50, lambda: search(q=" ".join(kitchen.words[:32]))
    yield "text, by rating", 200, lambda: search(q=kitchen.phrase(2), sort=Sort.RATING)
    yield "text, 4 filters", 200, lambda: search(q=kitchen.phrase(1), method="soup", meal="dinner", max_minutes=60)
    yield "nothing, did you mean", 100, lambda: search(q=f"{kitchen.phrase(1)} {kitchen.phrase(1)}zzz")
    yield "match 8", 400, lambda: match(kitchen.some_ingredients(8))
    yield "match 8 commonest", 100, lambda: match(list(range(STAPLES, STAPLES + 8)))
    yield "match 20 + staples", 100, lambda: match([*range(STAPLES), *kitchen.some_ingredients(20)])
    yield (
        "match 8, allergies",
        200,
        lambda: match(
            kitchen.some_ingredients(8),
            excluded_allergens=frozenset({"milk", "fish"}),
            excluded_ingredients=frozenset({"i009"}),
        ),
    )
    yield "list, newest", 400, search
    yield "list, filtered", 400, lambda: search(cuisine="viet nam", method="soup", diets=frozenset({"vegan"}))
    yield "list, 1 ingredient", 200, lambda: search(ingredient_ids=frozenset({"i020"}), sort=Sort.RATING)
    yield "list, nothing left", 100, lambda: search(ingredient_ids=frozenset(f"i{n:03}" for n in range(300, 303)))
    yield "get", 400, lambda: catalogue.get(chance.choice(ids))
    yield "apply 1 figure", 200, lambda: catalogue.apply(figures=[figures()])
    yield "apply 100 figures", 20, lambda: catalogue.apply(figures=[figures() for _ in range(100)])
    ones = iter([[kitchen.entry(next(fresh))] for _ in range(50)])
    yield "apply 1 recipe", 50, lambda: catalogue.apply(next(ones))
    hundreds = iter([[kitchen.entry(next(fresh)) for _ in range(100)] for _ in range(20)])
    yield "apply 100 recipes", 20, lambda: catalogue.apply(next(hundreds))


def measured(times: int, operation: Callable[[], Any]) -> list[float]:
    """Return median and 99th percentile in ms of wall time and of CPU time, which other processes don't affect."""
    operation()
    clock, processor = [], []
    for _ in range(times - 1):
        start, worked = time.perf_counter(), time.thread_time()
        operation()
        processor.append((time.thread_time() - worked) * 1000)
        clock.append((time.perf_counter() - start) * 1000)
    return [*middle_and_end(clock), *middle_and_end(processor)]


def middle_and_end(taken: list[float]) -> tuple[float, float]:
    taken = sorted(taken)
    return taken[len(taken) // 2], taken[int(len(taken) * 0.99)]


def while_applying(kitchen: Kitchen, catalogue: Catalogue) -> tuple[float, float]:
    """Measure a search while another thread keeps applying changes of 100 recipes."""
    entries = [kitchen.entry(20_000_000 + n) for n in range(2_000)]
    done = threading.Event()

    def write() -> None:
        for start in range(0, len(entries), 100):
            catalogue.apply(entries[start : start + 100])
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    taken = []
    while not done.is_set():
        start = time.perf_counter()
        catalogue.search(SearchQuery(method="soup"), limit=20)
        taken.append((time.perf_counter() - start) * 1000)
    writer.join()
    return middle_and_end(taken)


def memory() -> float:
    """Return resident memory in MB, including mapped files."""
    return float(psutil.Process().memory_info().rss) / 1e6


def build(directory: Path, size: int, seed: int) -> None:
    kitchen, catalogue = Kitchen(seed), Catalogue()
    start, generating = time.perf_counter(), 0.0

    def entries() -> Iterator[Entry]:
        nonlocal generating
        for n in range(size):
            began = time.perf_counter()
            made = kitchen.entry(n)
            generating += time.perf_counter() - began
            yield made

    catalogue.apply(entries())
    built = time.perf_counter() - start - generating
    resident, start = memory(), time.perf_counter()
    catalogue.save(directory)
    print(f"  build {built:.1f} s, {resident:.0f} MB; save {time.perf_counter() - start:.1f} s")


def measure(directory: Path, seed: int) -> None:
    empty, start = memory(), time.perf_counter()
    catalogue = Catalogue.load(directory)
    size = sum(path.stat().st_size for path in directory.iterdir()) / 1e6
    print(f"  load {time.perf_counter() - start:.2f} s, snapshot {size:.0f} MB, {empty:.0f} → {memory():.0f} MB")
    kitchen = Kitchen(seed)
    kitchen.random.seed(seed + 1)
    print(f"  {'':24}{'median':>9}{'p99':>9}{'CPU':>9}{'CPU p99':>9}  (ms)")
    for name, times, operation in operations(kitchen, catalogue):
        if name.startswith("apply 1 f"):
            print(f"  after reading: {memory():.0f} MB")
        print(f"  {name:24}" + "".join(f"{each:9.2f}" for each in measured(times, operation)))
    print(f"  {'list, while applying':24}" + "".join(f"{each:9.2f}" for each in while_applying(kitchen, catalogue)))
    print(f"  after writing: {memory():.0f} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--step", choices=("build", "measure"))
    parser.add_argument("--directory", type=Path)
    given = parser.parse_args()
    if given.step == "build":
        build(given.directory, given.sizes[0], given.seed)
    elif given.step == "measure":
        measure(given.directory, given.seed)
    else:
        run(given.sizes, given.seed)


def run(sizes: list[int], seed: int) -> None:
    print(f"Python {sys.version.split()[0]}, {sys.executable}", flush=True)
    for size in sizes:
        print(f"{size:,} recipes", flush=True)
        with tempfile.TemporaryDirectory() as directory:
            for step in ("build", "measure"):
                options = ["--sizes", str(size), "--seed", str(seed), "--directory", directory]
                subprocess.run([sys.executable, "-m", "tests.load.index_bench", "--step", step, *options], check=True)


if __name__ == "__main__":
    main()
