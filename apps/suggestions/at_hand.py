"""What somebody has at hand, and the ingredient ids that it can satisfy in a recipe."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from apps.core.ids import derived_id
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category, Ingredient

_FORMS = Path(__file__).parent / "data" / "cooking" / "forms.yaml"
_COOKED_FROM = _FORMS.with_name("cooked_from.yaml")
# Minimum degree at which an ingredient at hand satisfies one that a recipe lists.
_LEAST = 0.5
# A food that only needs boiling first is nearly as good.
_COOKED = 0.8
# Cooked meat or fish where a recipe asks for raw.
_LEFTOVER = 0.7
_PLAIN = frozenset({"boiled", "roast", "grilled", "poached", "steamed", "cooked", "leftover"})


@dataclass(frozen=True, slots=True)
class AtHand:
    """An ingredient at hand.

    `is_named` was named for this meal, else it comes from the pantry; `is_urgent` expires within days. Without a
    quantity there is enough. `is_cooked` is a leftover: cooked already, by the name of what is raw.
    """

    ingredient: Ingredient
    quantity: float | None = None
    unit: str | None = None
    is_named: bool = True
    is_urgent: bool = False
    is_cooked: bool = False

    @property
    def is_leftover(self) -> bool:
        """Say whether it is cooked already."""
        return self.is_cooked or self.ingredient.category == Category.PREPARED or "roast" in self.ingredient.en.split()


def satisfied(have: Ingredient) -> dict[str, float]:
    """Return the ids under which recipes may ask for `have`, each with how far it is what they mean, above 0 to 1.

    That is the ingredient itself, what it is a kind of, and its own kinds, less surely. A kind in another form, such as
    dried shrimp or chicken liver, is not what a recipe means by the general name.
    """
    found = {have.id: 1.0}
    for general_id in ingredients.ancestors(have.id):
        general = ingredients.find(general_id)
        if general is not None:
            found[general_id] = form_degree(general, have)
    for kind_id in ingredients.kinds_of(have.id) - found.keys():
        kind = ingredients.find(kind_id)
        if kind is not None:
            found[kind_id] = ingredients.satisfaction(have.id, kind_id) * _can_be_made(have, kind)
    found |= {id_: degree for id_, degree in _plainly_cooked(have).items() if degree > found.get(id_, 0.0)}
    for id_ in boiled_from(have):
        found[id_] = max(found.get(id_, 0.0), _COOKED)
    return {id_: degree for id_, degree in found.items() if degree >= _LEAST}


def boiled_from(have: Ingredient) -> frozenset[str]:
    """Return the ids of what `have` becomes when it is cooked by itself first, such as rice cooked rice."""
    return frozenset(derived_id("ingredient", key) for key in _cooked_from().get(have.key, ()))


def _plainly_cooked(have: Ingredient) -> dict[str, float]:
    """Return what boiled or roast meat or fish may stand for, where a recipe cooks it no further."""
    if not is_plainly_cooked(have):
        return {}
    made_of = ingredients.find(have.made_of[0])
    if made_of is None or made_of.category not in {Category.MEAT, Category.SEAFOOD}:
        return {}
    return dict.fromkeys((made_of.id, *ingredients.ancestors(made_of.id)), _LEFTOVER)


def is_plainly_cooked(have: Ingredient) -> bool:
    """Say whether it is one food, boiled or roast or the like, and no whole dish."""
    return have.category == Category.PREPARED and len(have.made_of) == 1 and bool(_PLAIN & set(have.en.split()))


def form_degree(general: Ingredient, kind: Ingredient) -> float:
    """Return the degree, 0 to 1, to which a kind is in the form that its general name means."""
    words = f" {kind.en} "
    return min(
        (degree for pattern, degree in _forms() if pattern.search(words) and not pattern.search(f" {general.en} ")),
        default=1.0,
    )


def _can_be_made(general: Ingredient, kind: Ingredient) -> float:
    """Return 1 if the general ingredient is the kind or can be cut into it; nobody cans or cures it first."""
    return 1.0 if form_degree(general, kind) == 1.0 or "ground" in kind.en.split() else 0.0


@cache
def _cooked_from() -> dict[str, list[str]]:
    """Return, by key, foods that are boiled while cooking: rice becomes cooked rice within half an hour."""
    read: dict[str, list[str]] = yaml.load(_COOKED_FROM.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return read


@cache
def _forms() -> list[tuple[re.Pattern[str], float]]:
    written = yaml.load(_FORMS.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return [(_pattern(form), form["degree"]) for form in written]


def _pattern(form: dict[str, list[str]]) -> re.Pattern[str]:
    """Return the pattern that finds a form in a name, or a whole name: brown rice, not brown rice vermicelli."""
    if "names" in form:
        return re.compile(rf"^ ({'|'.join(map(re.escape, form['names']))}) $")
    return re.compile(rf"\b({'|'.join(map(re.escape, form['words']))})(s|es)?\b")
