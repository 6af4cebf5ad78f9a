"""Requests to providers: canonical names and enumerations, nothing that was typed or that identifies anybody."""

from collections.abc import Sequence
from itertools import pairwise

from apps.ingredients import services as ingredients
from apps.ingredients.entry import Ingredient
from apps.recipes import services as recipes
from apps.recipes.content import Language, Meal, Method
from apps.suggestions import safety
from apps.suggestions.models import SuggestionRow
from apps.suggestions.providers.port import AtHand, GenerationRequest, Person
from apps.users import services as users
from apps.users.preferences import Preferences

# The first year of each range; somebody younger than the first one has no account.
_RANGES = (13, 18, 25, 35, 45, 55, 65)


def request(row: SuggestionRow, number: str, method: str, person: Person) -> GenerationRequest:
    """Build the request for one recipe of a suggestion."""
    asked = row.request
    found = [one for id_ in asked["ingredient_ids"] if (one := ingredients.find(id_))]
    return GenerationRequest(
        ingredients=tuple(at_hand(one) for one in found),
        method=Method(method),
        language=Language(asked["language"]),
        variant=int(number),
        any_method=not asked["method"],
        person=person,
        cuisine=asked["cuisine"],
        meal=Meal(asked["meal"]) if asked["meal"] else None,
        max_minutes=asked["max_minutes"],
        servings=person.household_size or 2,
        avoid_titles=_titles(row),
    )


def _titles(row: SuggestionRow) -> tuple[str, ...]:
    rows = recipes.read_rows([one["recipe_id"] for one in row.recipes])
    return tuple(stored.body["title"] for stored in rows.values())


def at_hand(ingredient: Ingredient) -> AtHand:
    return AtHand(ingredient.id, ingredient.vi, ingredient.en, ingredient.category.value, ingredient.staple)


def person(preferences: Preferences, about: users.Demographics | None = None) -> Person:
    """Return what a provider may know about a person: preferences and an age range, no identity."""
    limits = safety.limits_of(preferences)
    avoided: Sequence[Ingredient] = [one for id_ in sorted(limits.ingredient_ids) if (one := ingredients.find(id_))]
    return Person(
        diets=tuple(sorted(limits.diets)),
        allergens=tuple(sorted(limits.allergens)),
        avoid=tuple(at_hand(one) for one in avoided),
        favorite_cuisines=preferences.favorite_cuisines,
        cooking_methods=preferences.cooking_methods,
        spice_level=preferences.spice_level,
        skill_level=preferences.skill_level,
        household_size=preferences.household_size,
        budget_level=preferences.budget_level,
        health_goals=preferences.health_goals,
        age_range=age_range(about.age) if about else None,
        gender=about.gender if about else None,
        country=about.country if about else None,
    )


def age_range(age: int | None) -> str | None:
    """Return "25-34" for 30 and "65+" for 80."""
    if age is None or age < _RANGES[0]:
        return None
    if age >= _RANGES[-1]:
        return f"{_RANGES[-1]}+"
    start, following = next(pair for pair in pairwise(_RANGES) if age < pair[1])
    return f"{start}-{following - 1}"
