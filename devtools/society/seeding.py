"""Write synthetic people, recipes and ratings to the table, several batches in parallel."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed

from apps.core import keys
from devtools import bulk_writes
from devtools.society import recipes
from devtools.society.people import person
from devtools.society.recipes import Head
from devtools.society.rows import Crowd, person_rows, rated_row, rating_rows, recipe_rows

# Recipes per batch: few enough that their rows are written long before polls of the change feed have passed them.
_CHUNK = 100
# Threads that write rows while others build the next ones.
_THREADS = 4
# Rating rows of one recipe, at most.
_RATINGS_EACH = 5

Work = Callable[[range], int]
Progress = Callable[[int], object]


def seed_people(crowd: Crowd, *, progress: Progress) -> int:
    """Write the missing people and return their number."""

    def work(numbers: range) -> int:
        people = [person(crowd.seed, number) for number in numbers]
        there = bulk_writes.existing([keys.username(one.username) for one in people])
        missing = [one for one in people if keys.username(one.username) not in there]
        rows = [person_rows(one) for one in missing]
        # The claim is written last: if it exists, so does the profile.
        bulk_writes.put_all([row.profile for row in rows])
        bulk_writes.put_all([row.claim for row in rows])
        return len(missing)

    return in_parallel(work, crowd.size, progress)


def seed_recipes(crowd: Crowd, count: int, *, progress: Progress) -> int:
    """Write the missing ones of the first `count` recipes and return their number; about 4 write units each."""

    def work(numbers: range) -> int:
        rows = [recipe_rows(head, crowd) for head in _missing(crowd.seed, numbers)]
        bulk_writes.put_all([row.content for row in rows])
        bulk_writes.put_all([row.pointer for row in rows])
        bulk_writes.put_all([row.state for row in rows])
        return len(rows)

    return in_parallel(work, count, progress)


def seed_ratings(crowd: Crowd, recipe_count: int, count: int, *, progress: Progress) -> int:
    """Write the missing ones of the first `count` ratings, up to five per recipe, and return their number."""
    written, number = 0, 0
    while count > 0 and number < recipe_count:
        head = recipes.head(crowd.seed, number)
        rows = list(rating_rows(head, crowd, limit=min(count, _RATINGS_EACH)))
        there = bulk_writes.existing([row.key for row in rows])
        missing = [row for row in rows if row.key not in there]
        bulk_writes.put_all([rated_row(row) for row in missing])
        bulk_writes.put_all(missing)
        progress(len(rows))
        written, count, number = written + len(missing), count - len(rows), number + 1
    return written


def in_parallel(work: Work, count: int, progress: Progress) -> int:
    """Call `work` for chunks of the numbers below `count` in parallel, and return the sum of its results."""
    chunks = [range(start, min(start + _CHUNK, count)) for start in range(0, count, _CHUNK)]
    done = 0
    with ThreadPoolExecutor(max_workers=_THREADS, thread_name_prefix="seed") as executor:
        running = {executor.submit(work, chunk): chunk for chunk in chunks}
        try:
            for future in as_completed(running):
                done += future.result()
                progress(len(running[future]))
        finally:
            executor.shutdown(cancel_futures=True)
    return done


def _missing(seed: int, numbers: Sequence[int]) -> Iterator[Head]:
    heads = [recipes.head(seed, number) for number in numbers]
    there = bulk_writes.existing([keys.recipe_state(head.recipe_id) for head in heads])
    return (head for head in heads if keys.recipe_state(head.recipe_id) not in there)
