"""How foods that take different times are cooked together: what takes longest begins, the others join it."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.suggestions.composition.texts import joined

# Foods whose times differ by no more than a minute, or than a fifth, go in together.
_TOGETHER, _SHARE = 1, 0.2


@dataclass(frozen=True, slots=True)
class Timed:
    name: str
    minutes: int


def stages(foods: Sequence[Timed], language: str) -> str:
    """Return "the potatoes for 20 minutes, then add the salmon for another 15 minutes"; in all the longest time."""
    groups = _groups(foods)
    said: list[str] = []
    for number, group in enumerate(groups):
        following = groups[number + 1][0].minutes if number + 1 < len(groups) else 0
        names = joined(list(dict.fromkeys(food.name for food in group)), language)
        said.append(_said(names, group[0].minutes - following, language, is_first=number == 0))
    return (", then " if language == "en" else ", rồi ").join(said)


def _said(names: str, minutes: int, language: str, *, is_first: bool) -> str:
    if language == "en":
        unit = "minute" if minutes == 1 else "minutes"
        return f"the {names} for {minutes} {unit}" if is_first else f"add the {names} for another {minutes} {unit}"
    return f"{names} {minutes} phút" if is_first else f"cho {names} vào thêm {minutes} phút"


def _groups(foods: Sequence[Timed]) -> list[list[Timed]]:
    groups: list[list[Timed]] = []
    for food in sorted(foods, key=lambda one: -one.minutes):
        if groups and groups[-1][0].minutes - food.minutes <= max(_TOGETHER, _SHARE * groups[-1][0].minutes):
            groups[-1].append(food)
        else:
            groups.append([food])
    return groups
