"""Variety among suggestions: methods that are not covered yet, no two recipes of the same name."""

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from apps.core.text import fold
from apps.recipes.content import Method

# "Canh chua cá lóc" and "Canh chua cá lóc miền Tây" are one dish to somebody who chooses; token_set_ratio, 0–100.
_SAME_DISH = 90.0


def is_near_duplicate(title: str, others: Iterable[str]) -> bool:
    folded = fold(title)
    return any(fuzz.token_set_ratio(folded, fold(other)) >= _SAME_DISH for other in others)


# The order in which methods are tried for a gap: what most kitchens can do with most things comes first.
_METHODS = (
    Method.STIR_FRY, Method.SOUP, Method.BRAISE, Method.STEAM, Method.SALAD, Method.FRY, Method.BOIL, Method.GRILL,
    Method.BAKE,
)  # fmt: skip


def methods_for_gap(count: int, *, covered: Sequence[str], asked: str | None, preferred: Sequence[str]) -> list[Method]:
    """Choose a method for each recipe to be generated: those asked for, else ones not covered yet, preferred first."""
    if asked:
        return [Method(asked)] * count
    order = [Method(name) for name in preferred if name in _METHODS] + list(_METHODS)
    distinct = list(dict.fromkeys(order))
    fresh = [method for method in distinct if method not in covered]
    return (fresh + [method for method in distinct if method in covered])[:count]
