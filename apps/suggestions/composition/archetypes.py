"""Dish archetypes: the roles they need, the foods that fill them, and how to cook them, in both languages.

Read from data/cooking/archetypes/*.yaml, which `data/cooking/README.md` explains.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import yaml

from apps.recipes.content import Meal, Method
from apps.suggestions.composition.foods import DATA, Both


@dataclass(frozen=True, slots=True)
class Slot:
    """A role of a dish: up to `most` foods of these classes, or of these keys of the master list and their kinds.

    `amount` is per serving and in the unit of the food's class, unless `unit` is given.
    """

    name: str
    classes: frozenset[str]
    keys: frozenset[str]
    excluded: frozenset[str]
    most: int = 1
    is_needed: bool = False
    amount: float | None = None
    unit: tuple[str, str] | None = None
    heat: str | None = None
    # In how many authored recipes two classes that share the slot meet at least.
    pairs: int = 0
    # Whether `amount` is that of all its foods together.
    is_shared: bool = False
    # Whether its foods are prepared as their class says in general, whatever the heat: mince that is stirred in.
    is_plain: bool = False


@dataclass(frozen=True, slots=True)
class StepTemplate:
    """One step; `minutes` is a number, or the slots whose longest cooking time counts, and `more` is added to it.

    It is left out where a slot of `unless` is filled, and where `only` names a class of which the dish has no food.
    """

    text: Both
    minutes: int | str
    more: int = 0
    unless: str = ""
    only: str = ""


@dataclass(frozen=True, slots=True)
class Archetype:
    key: str
    method: Method
    meals: tuple[Meal, ...]
    heat: str
    languages: tuple[str, ...]
    cuisine: str
    slots: tuple[Slot, ...]
    any_of: tuple[tuple[str, ...], ...]
    mains: tuple[str, ...]
    titles: tuple[tuple[str, Both], ...]
    descriptions: Both
    season: dict[str, tuple[str, ...]]
    staples: dict[str, float]
    steps: tuple[StepTemplate, ...]
    is_sweet: bool = False
    # Whether its slots say enough of what goes together: pairings are not asked.
    is_free: bool = False
    least: int = 2
    rank: dict[str, float] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    at_least: dict[str, int] = field(default_factory=dict)
    # Classes or staples of which the dish has at least one: nobody sips salt water.
    tastes: frozenset[str] = frozenset()
    # Ml of liquid for each gram in a slot, or for each person as `serving`; stock takes the place of water.
    liquid: dict[str, float] = field(default_factory=dict)
    tags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Taken from the score where a food of such a class is in it: nobody boils rice in order to fry it.
    less: dict[str, float] = field(default_factory=dict)
    # Slots that give it its taste: without any of them it is bland, where salt is all that seasons it.
    flavours: tuple[str, ...] = ()
    # Whether it is soft and needs neither salt nor sugar, as babies eat.
    is_for_babies: bool = False
    is_for_babies_only: bool = False
    # Whether what is baked can be done in an air fryer as well; its steps name `{oven}`.
    suits_air_fryer: bool = False


@cache
def archetypes() -> tuple[Archetype, ...]:
    """Return all archetypes, in the order of the files and of each file."""
    found: list[Archetype] = []
    for path in sorted((DATA / "archetypes").glob("*.yaml")):
        written = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
        found += [_archetype(each) for each in written]
    return tuple(found)


@cache
def _groups() -> dict[str, list[str]]:
    written: dict[str, list[str]] = yaml.load((DATA / "groups.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return written


def _archetype(written: dict[str, Any]) -> Archetype:
    titles = written["title"] if isinstance(written["title"], list) else [written["title"]]
    season = written.get("season", {})
    return Archetype(
        key=written["key"],
        method=Method(written["method"]),
        meals=tuple(Meal(name) for name in written["meals"]),
        heat=written["heat"],
        languages=tuple(written.get("languages", ("vi", "en"))),
        cuisine=written.get("cuisine", ""),
        slots=tuple(_slot(name, fields) for name, fields in written["slots"].items()),
        any_of=tuple(tuple(each) for each in written.get("any_of", ())),
        mains=tuple(written.get("mains", ())),
        titles=tuple((each.get("if", ""), {"vi": each.get("vi", ""), "en": each.get("en", "")}) for each in titles),
        descriptions=written.get("about", {}),
        season={language: tuple(season.get(language, ())) for language in ("vi", "en")},
        staples=written.get("staples", {}),
        steps=tuple(_step(step) for step in written["steps"]),
        is_sweet=written.get("sweet", False),
        is_free=written.get("free", False) or written.get("sweet", False),
        least=written.get("least", 2),
        rank=_by_language(written.get("rank", 0.0)),
        needs=tuple(written.get("needs", ())),
        at_least=written.get("at_least", {}),
        tastes=_classes(written.get("tastes", ())),
        liquid=written.get("liquid", {}),
        tags={language: tuple(names) for language, names in written.get("tags", {}).items()},
        less=written.get("less", {}),
        flavours=tuple(written.get("flavours", ())),
        is_for_babies=bool(written.get("babies")),
        is_for_babies_only=written.get("babies") == "only",
        suits_air_fryer=written.get("fryer", False),
    )


def _by_language(rank: float | dict[str, float]) -> dict[str, float]:
    return rank if isinstance(rank, dict) else {"vi": rank, "en": rank}


def _classes(written: Iterable[str]) -> frozenset[str]:
    return frozenset(key for each in written for key in _groups().get(each, [each]))


def _slot(name: str, written: dict[str, Any]) -> Slot:
    unit = written.get("unit")
    return Slot(
        name=name,
        classes=_classes(written.get("of", ())),
        keys=frozenset(written.get("keys", ())),
        excluded=frozenset(written.get("not", ())),
        most=written.get("most", 1),
        is_needed=written.get("need", False),
        amount=written.get("amount"),
        unit=(unit[0], unit[1]) if unit else None,
        heat=written.get("heat"),
        pairs=written.get("pairs", 0),
        is_shared=written.get("shared", False),
        is_plain=written.get("plain", False),
    )


def _step(written: dict[str, Any]) -> StepTemplate:
    return StepTemplate(
        {"vi": written.get("vi", ""), "en": written.get("en", "")},
        written.get("minutes", 1),
        written.get("more", 0),
        written.get("unless", ""),
        written.get("only", ""),
    )
