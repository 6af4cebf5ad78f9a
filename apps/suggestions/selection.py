"""Which of the candidates are offered: varied in method, no two of the same name."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar

from rapidfuzz import fuzz

from apps.core.text import fold
from apps.recipes.content import Method

MOST_OF_A_METHOD = 2
# "Canh chua cá lóc" and "Canh chua cá lóc miền Tây" are one dish to somebody who chooses; token_set_ratio, 0–100.
_SAME_DISH = 90.0


class Titled(Protocol):
    """What a choice looks at."""

    @property
    def title(self) -> str: ...
    @property
    def method(self) -> str: ...


C = TypeVar("C", bound=Titled)


def choose(candidates: Iterable[C], count: int) -> list[C]:
    """Take `count` candidates in their order: at most two of a method while there are others, no near-duplicates."""
    chosen: list[C] = []
    passed_over: list[C] = []
    methods: Counter[str] = Counter()
    for candidate in candidates:
        if len(chosen) == count:
            return chosen
        if is_near_duplicate(candidate.title, [other.title for other in chosen]):
            continue
        if methods[candidate.method] >= MOST_OF_A_METHOD:
            passed_over.append(candidate)
            continue
        methods[candidate.method] += 1
        chosen.append(candidate)
    return chosen + _rest(passed_over, chosen, count - len(chosen))


def _rest(passed_over: Sequence[C], chosen: Sequence[C], count: int) -> list[C]:
    """Fill up with what was passed over for its method."""
    titles = [other.title for other in chosen]
    rest: list[C] = []
    for candidate in passed_over:
        if len(rest) == count:
            break
        if not is_near_duplicate(candidate.title, titles):
            rest.append(candidate)
            titles.append(candidate.title)
    return rest


def is_near_duplicate(title: str, others: Iterable[str]) -> bool:
    folded = fold(title)
    return any(fuzz.token_set_ratio(folded, fold(other)) >= _SAME_DISH for other in others)


# The order in which methods are tried for a gap: what most kitchens can do with most things comes first.
_METHODS = (
    Method.STIR_FRY, Method.SOUP, Method.BRAISE, Method.STEAM, Method.SALAD, Method.FRY, Method.BOIL, Method.GRILL,
    Method.BAKE,
)  # fmt: skip


def other_methods(planned: Iterable[str]) -> tuple[Method, ...]:
    """Return what may be tried where a planned method cannot be cooked with what is at hand."""
    taken = set(planned)
    return tuple(method for method in _METHODS if method not in taken)


def methods_for_gap(count: int, *, covered: Sequence[str], asked: str | None, preferred: Sequence[str]) -> list[Method]:
    """Choose a method for each recipe to be generated: those asked for, else ones not covered yet, preferred first."""
    if asked:
        return [Method(asked)] * count
    order = [Method(name) for name in preferred if name in _METHODS] + list(_METHODS)
    distinct = list(dict.fromkeys(order))
    fresh = [method for method in distinct if method not in covered]
    return (fresh + [method for method in distinct if method in covered])[:count]
