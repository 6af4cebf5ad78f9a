"""Which foods go together: how often authored recipes combine two classes of food."""

from collections import Counter
from collections.abc import Iterable
from functools import cache
from itertools import combinations

import yaml

from apps.ingredients import services as ingredients
from apps.recipes.content import RecipeContent
from apps.suggestions.composition.foods import DATA, FoodClass, all_classes, class_of

_FILE = DATA / "pairings.yaml"
# Kinds of food that an archetype may mix as it likes: vegetables among each other and with what fills.
_MIXED_FREELY = frozenset({"firm", "soft", "leafy", "crisp", "salad_leaf", "root", "rice", "noodle", "bread", "wrap"})
# What fills goes with any meat, fish, tofu or beans.
_FILLING, _MEATS = frozenset({"rice", "noodle", "bread"}), frozenset({"protein", "bean"})
# Two classes that no authored recipe combines don't go together, unless those like them do often enough.
_FEWEST_ALIKE = 4


def goes_together(one: FoodClass, other: FoodClass) -> bool:
    roles = {one.role, other.role}
    if one.key == other.key or roles <= _MIXED_FREELY or (roles & _FILLING and roles <= _MIXED_FREELY | _MEATS):
        return True
    return times_together(one, other) > 0 or _times_alike(one, other) >= _FEWEST_ALIKE


def _times_alike(one: FoodClass, other: FoodClass) -> int:
    """Return how many authored recipes use a class of the same family and role as each of the two."""
    by_kind = _counts_by_kind()
    first, second = sorted((_kind(one), _kind(other)))
    return by_kind.get((first, second), 0)


def _kind(food: FoodClass) -> str:
    return f"{food.role}:{food.family}"


@cache
def _counts_by_kind() -> dict[tuple[str, str], int]:
    classes = {kind.key: kind for kind in all_classes()}
    found: Counter[tuple[str, str]] = Counter()
    for first, others in _counts().items():
        for second, times in others.items():
            if first in classes and second in classes:
                one, other = sorted((_kind(classes[first]), _kind(classes[second])))
                found[one, other] += times
    return dict(found)


def times_together(one: FoodClass, other: FoodClass) -> int:
    """Return how many authored recipes use both classes."""
    first, second = sorted((one.key, other.key))
    return _counts().get(first, {}).get(second, 0)


@cache
def _counts() -> dict[str, dict[str, int]]:
    read: dict[str, dict[str, int]] = yaml.load(_FILE.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


def prepare() -> None:
    """Read the counts and add them up."""
    _counts_by_kind()


def count(contents: Iterable[RecipeContent]) -> dict[str, dict[str, int]]:
    """Count the pairs of classes in recipes: class → class that follows in the alphabet → recipes with both."""
    found: Counter[tuple[str, str]] = Counter()
    for content in contents:
        known = [ingredients.find(line.ingredient_id) for line in content.ingredients if line.ingredient_id]
        kinds = {kind.key for one in known if one and not one.staple and (kind := class_of(one))}
        found.update(combinations(sorted(kinds), 2))
    counted: dict[str, dict[str, int]] = {}
    for (first, second), times in sorted(found.items()):
        counted.setdefault(first, {})[second] = times
    return counted


def write(counted: dict[str, dict[str, int]]) -> None:
    """Replace the counts of the repository."""
    head = "# Recipes of apps/recipes/data with foods of both classes. Written by `manage.py count_pairings`.\n"
    rows = (
        f"{first}: {{{', '.join(f'{second}: {times}' for second, times in others.items())}}}\n"
        for first, others in counted.items()
    )
    _FILE.write_text(head + "".join(rows), "utf-8")
