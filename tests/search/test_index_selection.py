"""Selecting the best without sorting all."""

import numpy as np
import pytest

from apps.search.index.selection import select_best


@pytest.mark.parametrize("spread", [1, 3, 50, 10_000])
@pytest.mark.parametrize("size", [0, 1, 20, 21, 500, 5_000])
@pytest.mark.parametrize("limit", [1, 20, 700])
@pytest.mark.parametrize("sorted_first", [False, True])
def test_the_best_are_those_that_a_full_sort_puts_first(
    spread: int, size: int, limit: int, *, sorted_first: bool
) -> None:
    chance = np.random.default_rng(size * limit + spread)
    first, second = chance.integers(0, spread, size), chance.random(size)
    if sorted_first:
        first = np.sort(first)

    found = select_best(np.arange(size), limit, lambda at: first[at], lambda at: second[at], lambda at: at)

    assert found.tolist() == np.lexsort((second, first))[::-1][:limit].tolist()


def test_a_sample_that_misleads_is_not_believed() -> None:
    values = np.zeros(5_000)
    values[::64] = 1

    found = select_best(np.arange(5_000), 700, lambda at: values[at], lambda at: at)

    assert values[found].sum() == values.sum()
    assert len(set(found.tolist())) == 700
