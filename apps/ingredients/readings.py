"""Which of two readings of a phrase is the better one: what it leaves unknown, counts, and leaves open."""

from collections.abc import Sequence

from apps.ingredients.noun_phrases import is_unit
from apps.ingredients.phrase_foods import Food


def _looseness(foods: Sequence[Food]) -> int:
    """Return how many words of a reading nobody knows."""
    return sum(len(food.unknown) for food in foods)


def is_better(found: Sequence[Food], best: Sequence[Food]) -> bool:
    """Say whether a reading leaves fewer unknown words, counts more, or leaves less open: "hành khô", not "củ hành"."""
    if _looseness(found) != _looseness(best):
        return _looseness(found) < _looseness(best)
    if _is_counted(found, best):
        return True
    if found[0].amount.unit and not best[0].amount.unit and found[0].name in " ".join(best[0].preparation):
        # "3 cloves minced garlic"
        return True
    counter, _, counted = best[0].name.partition(" ")
    if len(found) == len(best) == 1 and counted and is_unit(counter) and found[0].name.startswith(f"{counted} "):
        # "1 con mực khô" is no fresh squid: the longer name has no counter in it.
        return True
    if len(found) == len(best) == 1 and found[0].name.endswith(f" {best[0].name}"):
        # "large can pork and beans" is no can of beans.
        return True
    return len(found) == len(best) == 1 and len(best[0].known.ingredients) > len(found[0].known.ingredients)


def _is_counted(found: Sequence[Food], best: Sequence[Food]) -> bool:
    """Say whether more foods are found now, or the same with a unit: of "2 quả cà chua" the whole is a name too."""
    if len(found) > len(best) and _looseness(found) == _looseness(best):
        return True
    same = [food.known.ingredients for food in found] == [food.known.ingredients for food in best]
    return same and _looseness(found) == _looseness(best) and not best[0].amount.unit
