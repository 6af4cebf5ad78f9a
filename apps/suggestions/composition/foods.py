"""Culinary knowledge of an ingredient: its class, from the reviewed list in data/cooking/foods.yaml."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category, Ingredient
from apps.suggestions.at_hand import form_degree
from apps.suggestions.composition.texts import plural

DATA = Path(__file__).parents[1] / "data" / "cooking"

Both = dict[str, str]

# A dish lacks little without one of these, and nobody is served by one alone.
_MINOR = frozenset(
    {
        "aromatic",
        "herb",
        "spice",
        "sauce",
        "fat",
        "thickener",
        "sour",
        "sweet",
        "sweet_spice",
        "dressing",
        "stock",
        "topping",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class FoodClass:
    """How the ingredients of one class are measured, prepared and cooked; the fields are told in foods.yaml."""

    key: str
    role: str
    names: tuple[str, ...]
    amount: float = 0
    unit: tuple[str, str] = ("g", "g")
    family: str = ""
    many: bool = False
    raw: bool = False
    cooked_cold: bool = False
    hot: bool = False
    whole: bool = False
    wetness: float = 0.0
    savoury: bool = False
    minutes: dict[str, int] = field(default_factory=dict)
    prep: dict[str, Any] | None = None
    prep_for: dict[str, dict[str, Any]] = field(default_factory=dict)
    prep_of: dict[str, dict[str, Any]] = field(default_factory=dict)
    done: Both = field(default_factory=dict)
    done_for: dict[str, Both] = field(default_factory=dict)
    ahead: Both = field(default_factory=dict)
    ahead_minutes: int = 0
    how: dict[str, Both] = field(default_factory=dict)
    how_minutes: dict[str, int] = field(default_factory=dict)
    late: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


@cache
def _classes() -> tuple[dict[str, FoodClass], dict[str, FoodClass]]:
    """Return the class of each English name, and that of each category for names that no class lists."""
    written = yaml.load((DATA / "foods.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    classes = {key: _food_class(key, fields) for key, fields in written["classes"].items()}
    by_name = {name: kind for kind in classes.values() for name in kind.names}
    return by_name, {category: classes[key] for category, key in written["defaults"].items()}


def _food_class(key: str, fields: dict[str, Any]) -> FoodClass:
    tuples: dict[str, Any] = {
        name: tuple(fields[name]) for name in ("names", "unit", "late", "never") if name in fields
    }
    return FoodClass(key=key, **{**fields, **tuples})


def all_classes() -> frozenset[FoodClass]:
    by_name, by_category = _classes()
    return frozenset((*by_name.values(), *by_category.values()))


def class_of(ingredient: Ingredient) -> FoodClass | None:
    """Return the class, None for what is not cooked with: alcohol, chemicals, ferments of their own kind.

    A kind that no class lists is cooked like the nearest general ingredient in the same form.
    """
    by_name, by_category = _classes()
    generals = [one for id_ in ingredients.ancestors(ingredient.id) if (one := ingredients.find(id_))]
    listed = [by_name.get(one.en) for one in generals if form_degree(one, ingredient) == 1.0]
    found = by_name.get(ingredient.en) or next(filter(None, listed), None) or _as_prepared(ingredient)
    found = found or by_category.get(ingredient.category)
    return None if found is None or found.role == "none" else found


def usual_class(ingredient: Ingredient, language: str) -> FoodClass | None:
    """Return the class of the form in which people usually have it: English tuna and beans come from a can."""
    form = _usual_forms().get(language, {}).get(ingredient.key)
    return _classes()[0].get(form or "") or class_of(ingredient)


@cache
def _usual_forms() -> dict[str, dict[str, str]]:
    read: dict[str, dict[str, str]] = yaml.load((DATA / "usual_forms.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


# What plainly cooked food is used like, by the family or role of the one thing that it is made of.
_PREPARED = {"meat": "boiled chicken", "fish": "canned salmon", "rice": "cooked rice", "root": "boiled potato"}


def _as_prepared(ingredient: Ingredient) -> FoodClass | None:
    """Return the class of plainly cooked food; a whole dish is made of several things and no ingredient of others."""
    if ingredient.category != Category.PREPARED or len(ingredient.made_of) != 1:
        return None
    made_of = ingredients.find(ingredient.made_of[0])
    kind = class_of(made_of) if made_of else None
    return _classes()[0].get(_PREPARED.get(kind.family or kind.role, "")) if kind else None


def cooked_class(kind: FoodClass) -> FoodClass:
    """Return how what was cooked before is used, of raw meat or fish; itself for any other food."""
    return _classes()[0].get(_PREPARED.get(kind.family, ""), kind)


# What is left out of a dish without loss, which an acid or a stock is not.
# Where something sweet is missing, sugar is at hand.
_LEFT_OUT = frozenset({"aromatic", "herb", "spice", "sauce", "fat", "thickener", "sweet", "sweet_spice", "topping"})


def can_be_left_out(ingredient_id: str) -> bool:
    """Say whether a dish that lacks it is still worth cooking."""
    return role_of(ingredient_id) in _LEFT_OUT


_IN_THE_PLURAL = (
    "noodle", "wrapper", "breadcrumb", "wing", "french fry", "tortilla", "bagel", "bun", "olive", "caper", "pickle",
    "sun-dried tomato", "thigh", "drumstick", "chop", "rib", "sausage", "frankfurter", "meatball", "patty", "nugget",
    "cracker", "chip", "crouton",
)  # fmt: skip


def is_counted(kind: FoodClass, name: str) -> bool:
    """Say whether English speaks of several: eggs, onions and clams, but garlic and rice."""
    return kind.many or name.endswith(_IN_THE_PLURAL) or (kind.unit[1] in {"piece", "slice"} and kind.role != "bread")


def spoken_name(ingredient: Ingredient, language: str) -> str:
    """Return a name as sentences use it: in English in the plural where people have several of it."""
    name, kind = ingredient.name(language), class_of(ingredient)
    return plural(name) if language == "en" and kind and is_counted(kind, name) else name


def role_of(ingredient_id: str) -> str:
    """Return the role of its class; nothing where no class says how it is cooked."""
    ingredient = ingredients.find(ingredient_id)
    found = class_of(ingredient) if ingredient else None
    return found.role if found else ""


def is_minor(ingredient_id: str) -> bool:
    """Say whether it is there for the taste of other things."""
    return role_of(ingredient_id) in _MINOR


_left_out: tuple[object, frozenset[str]] = (None, frozenset())


def left_out_ids() -> frozenset[str]:
    """Return all ingredients that can be left out; computed once for a state of the master list."""
    global _left_out  # noqa: PLW0603  replaced as a whole, by whoever comes first after a change
    entries = ingredients.master_list()
    if _left_out[0] is not entries:
        _left_out = entries, frozenset(id_ for id_ in entries if can_be_left_out(id_))
    return _left_out[1]
