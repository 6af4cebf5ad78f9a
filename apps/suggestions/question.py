"""Turn a request into a question that can be answered: what is at hand, limits, warnings."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any

import orjson

from apps.core.language import current
from apps.ingredients import services as ingredients
from apps.ingredients import units
from apps.ingredients.entry import Ingredient
from apps.suggestions import amounts, leftovers, notes, safety
from apps.suggestions.at_hand import AtHand
from apps.suggestions.errors import NotEnoughIngredients
from apps.suggestions.messages import warning
from apps.suggestions.notes import Appliance
from apps.suggestions.safety import Limits
from apps.users.preferences import Preferences

FEWEST = 2
# Warnings of names that were not read.
_UNREAD = frozenset({"unknown_ingredient", "invalid_ingredient", "ambiguous_ingredient"})
# What expires within so many days is to be used first.
URGENT_DAYS = 3
# Fields of a question that its fingerprint leaves out: `methods` says how many recipes are to be made, limits and what
# the eaters must avoid follow from the preferences, `meets` from what is at hand; warnings are each person's own.
UNHASHED = frozenset({"count", "limits", "eaters", "meets", "warnings"})


@dataclass(frozen=True, slots=True)
class Wish:
    """The validated request, before names are matched."""

    names: tuple[str, ...] = ()
    recipe_count: int | None = None
    cuisine: str | None = None
    method: str | None = None
    meal: str | None = None
    max_minutes: int | None = None
    max_missing: int | None = None
    use_pantry: bool = False
    # Members of the household who eat too: their allergies and diets apply as well.
    eaters: tuple[str, ...] = ()
    # The only language of the recipes; None: the reader's, and others where it has none.
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """Something in the person's pantry; a quantity of None is enough of it."""

    ingredient_id: str
    quantity: float | None = None
    unit: str | None = None
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was understood: `at_hand` is what was named for this meal, then what the pantry holds."""

    at_hand: tuple[AtHand, ...]
    count: int
    language: str
    limits: Limits
    preferences: Preferences
    cuisine: str | None = None
    method: str | None = None
    meal: str | None = None
    max_minutes: int | None = None
    max_missing: int | None = None
    eaters: tuple[str, ...] = ()
    # Leave out recipes in any other language.
    is_monolingual: bool = False
    # What was noted among the ingredients: the age of a child who eats, heat or not, what there is to cook with.
    child_months: int | None = None
    is_gentle: bool = False
    has_oven: bool = True
    appliance: Appliance | None = None
    warnings: list[dict[str, Any]] = field(default_factory=list)
    # For each thing at hand the ids under which recipes may ask for it, with how far it is what they mean.
    meets: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def named(self) -> tuple[Ingredient, ...]:
        """Return what was named for this meal; where nothing was, all that is at hand."""
        return tuple(each.ingredient for each in self.at_hand if each.is_named) or self.ingredients

    @property
    def is_for_baby(self) -> bool:
        """Say whether a child eats for whom nothing is salted."""
        return self.child_months is not None and self.child_months < notes.BABY_UNDER

    @property
    def is_understood(self) -> bool:
        """Say whether everything that was named is known by its name."""
        return _UNREAD.isdisjoint(one["code"] for one in self.warnings)

    @property
    def satisfied(self) -> dict[str, float]:
        """Return how far each id is satisfied by all that is at hand together."""
        found: dict[str, float] = {}
        for degrees in self.meets.values():
            for id_, degree in degrees.items():
                found[id_] = max(degree, found.get(id_, 0.0))
        return found

    @property
    def ingredients(self) -> tuple[Ingredient, ...]:
        return tuple(each.ingredient for each in self.at_hand)

    def as_body(self) -> dict[str, Any]:
        """Return the question as it is stored: ids and enumerations, nothing of what was typed."""
        return {
            "ingredient_ids": [ingredient.id for ingredient in self.named],
            "recipe_count": self.count,
            "cuisine": self.cuisine,
            "method": self.method,
            "meal": self.meal,
            "max_minutes": self.max_minutes,
            "language": self.language,
            "eaters": list(self.eaters),
            **({"is_monolingual": True} if self.is_monolingual else {}),
        }

    def fingerprint(self, methods: Sequence[str]) -> str:
        """Return the same hash for questions with the same answer, whoever asks: all fields but `UNHASHED` count.

        Whoever gets an answer that was made for another person has the same at hand, in the same amounts. So it is
        true for both, and tells neither what the other has at home.
        """
        asked = {one.name: getattr(self, one.name) for one in fields(self) if one.name not in UNHASHED}
        asked["at_hand"] = [_normalized(each) for each in sorted(self.at_hand, key=lambda each: each.ingredient.id)]
        asked["preferences"] = self.preferences.for_generation()
        asked["methods"] = list(methods)
        return hashlib.sha256(orjson.dumps(asked, option=orjson.OPT_SORT_KEYS)).hexdigest()


def _normalized(each: AtHand) -> dict[str, Any]:
    """Return all fields of something at hand, the same for the same amount in whatever unit: 1 kg is 1000 g."""
    body = {one.name: getattr(each, one.name) for one in fields(each)} | {"ingredient": each.ingredient.id}
    if each.quantity is None:
        return body | {"unit": None}
    quantity, unit = amounts.normalized(each.quantity, each.unit)
    return body | {"quantity": quantity, "unit": unit}


def understand(wish: Wish, *, preferences: Preferences, pantry: Sequence[Stock], today: date) -> Question:
    """Match the names and leave out, with a warning, what cannot or must not be used.

    NotEnoughIngredients if fewer than two are left; its `errors` give the reasons.
    """
    limits = safety.limits_of(preferences)
    warnings: list[dict[str, Any]] = []
    note, names = notes.split(wish.names)
    named = _named(names, limits, warnings)
    at_hand = (*named, *_stocked(pantry, {each.ingredient.id for each in named}, limits, warnings, today))
    if len(named if wish.names and not wish.use_pantry else at_hand) < FEWEST:
        raise NotEnoughIngredients("; ".join(one["message"] for one in warnings))
    return Question(
        at_hand=at_hand,
        count=wish.recipe_count or preferences.recipe_count,
        language=wish.language or current.get(),
        limits=limits,
        preferences=preferences,
        cuisine=wish.cuisine,
        method=wish.method,
        meal=wish.meal,
        max_minutes=min(filter(None, (wish.max_minutes or preferences.max_minutes, note.minutes)), default=None),
        max_missing=wish.max_missing,
        eaters=wish.eaters,
        is_monolingual=wish.language is not None,
        child_months=note.child_months,
        is_gentle=note.is_gentle,
        has_oven=note.has_oven,
        appliance=note.appliance,
        warnings=warnings,
        meets={each.ingredient.id: leftovers.met_by(each) for each in at_hand},
    )


def _named(names: Sequence[str], limits: Limits, warnings: list[dict[str, Any]]) -> list[AtHand]:
    """Return what the names mean, each once, and add a warning for each that means nothing usable."""
    usable: dict[str, AtHand] = {}
    for name, match in zip(names, ingredients.match(names), strict=True):
        found = _canned(match.ingredient, match.unit) or leftovers.of_several(name, match.suggestions)
        if found is None or match.status not in {"exact", "corrected", "ambiguous"}:
            warnings.append(warning(f"{match.status}_ingredient", name, suggestions=match.suggestions))
        elif match.quantity == 0 and not match.quantity_max:
            warnings.append(warning("absent_ingredient", name, ingredient=found))
        elif safety.forbids(limits, found):
            warnings.append(warning("forbidden_ingredient", name, ingredient=found))
        else:
            each = leftovers.as_left(name, AtHand(found, match.quantity, match.unit))
            usable.setdefault(each.ingredient.id, each)
            if match.status == "corrected":
                warnings.append(warning("corrected_ingredient", name, ingredient=found))
    return list(usable.values())


def _canned(found: Ingredient | None, unit: str | None) -> Ingredient | None:
    """Return what a can of something holds: who has a can of tuna has no tuna to sear."""
    if found is None or units.canonical(1.0, unit)[1] != "can":
        return found
    kinds = (ingredients.find(id_) for id_ in ingredients.kinds_of(found.id))
    return next((kind for kind in kinds if kind and kind.en == f"canned {found.en}"), found)


def _stocked(
    pantry: Sequence[Stock], named: set[str], limits: Limits, warnings: list[dict[str, Any]], today: date
) -> list[AtHand]:
    """Return what the pantry holds besides what was named, without what is used up, expired or forbidden."""
    usable = []
    for stock in pantry:
        found = ingredients.find(stock.ingredient_id)
        if found is None or found.id in named or stock.quantity == 0 or safety.forbids(limits, found):
            continue
        if stock.expires_on is not None and stock.expires_on < today:
            warnings.append(warning("expired_ingredient", ingredient=found))
            continue
        urgent = stock.expires_on is not None and stock.expires_on <= today + timedelta(days=URGENT_DAYS)
        usable.append(AtHand(found, stock.quantity, stock.unit, is_named=False, is_urgent=urgent))
    return usable
