"""Allergies and diets: the one check that every recipe passes before it reaches a person, wherever it comes from."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.food import ALLERGENS
from apps.ingredients import services as ingredients
from apps.ingredients.carriers import Mention
from apps.ingredients.entry import Ingredient
from apps.recipes import wording
from apps.recipes.content import RecipeContent
from apps.users.preferences import Preferences


@dataclass(frozen=True, slots=True)
class Limits:
    """What a person must not be given: regulated allergens, single ingredients, and the diets to be kept.

    An ingredient in `ingredient_ids` forbids its kinds and what is made of it as well. Who `accepts_traces` is given
    what only some makers' products carry an allergen in, and told so; diets never exclude that.
    """

    allergens: frozenset[str] = frozenset()
    ingredient_ids: frozenset[str] = frozenset()
    diets: frozenset[str] = frozenset()
    accepts_traces: bool = False

    @property
    def has_allergies(self) -> bool:
        return bool(self.allergens or self.ingredient_ids)

    @property
    def needs_complete(self) -> bool:
        """Of a recipe with an unknown ingredient nothing can be promised."""
        return self.has_allergies or bool(self.diets)


def limits_of(preferences: Preferences) -> Limits:
    allergies = frozenset(preferences.allergies)
    named = allergies.intersection(ALLERGENS)
    return Limits(
        named, allergies - named, frozenset(preferences.dietary_restrictions), bool(preferences.accepts_traces)
    )


def forbids(limits: Limits, ingredient: Ingredient) -> bool:
    """Say whether this ingredient must not be in the person's food.

    Somebody allergic to a single ingredient that carries regulated allergens is not therefore allergic to all that
    carry them: they can say so. The other way round an allergen forbids every ingredient that carries it.
    """
    return (
        ingredient.id in limits.ingredient_ids
        or not limits.ingredient_ids.isdisjoint(ingredients.contains(ingredient.id))
        or not limits.allergens.isdisjoint(ingredient.allergens)
        or not (limits.accepts_traces or limits.allergens.isdisjoint(ingredient.may_contain))
        or not limits.diets.isdisjoint(ingredient.breaks)
    )


def forbidden_ids(limits: Limits) -> frozenset[str]:
    """Return what an allergy to single ingredients forbids: those, their kinds, what is made of them."""
    if not limits.ingredient_ids:
        return frozenset()
    entries = ingredients.master_list()
    made = (id_ for id_ in entries if not limits.ingredient_ids.isdisjoint(ingredients.contains(id_)))
    return limits.ingredient_ids.union(made)


def traces(limits: Limits, ingredient_ids: Iterable[str | None]) -> dict[str, list[Ingredient]]:
    """Return the person's allergens that only some makers' products carry, each with the ingredients in question."""
    found: dict[str, list[Ingredient]] = {}
    for id_ in ingredient_ids:
        ingredient = ingredients.find(id_) if id_ else None
        for allergen in sorted(limits.allergens & ingredient.may_contain) if ingredient else ():
            found.setdefault(allergen, []).append(ingredient)  # type: ignore[arg-type]  # None is passed over above
    return found


def violations(limits: Limits, ingredient_ids: Iterable[str | None]) -> list[str]:
    """Return what is wrong with a recipe of these ingredients for this person; nothing: it is safe.

    Judged by the master list as it is now, not by what was derived when the recipe was written: an allergen that a
    moderator adds today protects today. Optional ingredients and staples count like all others.
    """
    if not limits.needs_complete:
        return []
    found = []
    for id_ in ingredient_ids:
        ingredient = ingredients.find(id_) if id_ else None
        if ingredient is None:
            found.append("an ingredient that is not in the master list")
        elif forbids(limits, ingredient):
            found.append(ingredient.en)
    return found


def violations_of(limits: Limits, content: RecipeContent) -> list[str]:
    """Return what is wrong with a derived recipe for this person: by its ingredients, and by what its words mention.

    Canonical names only, of the master list and the table of carriers, since they go into a prompt: nothing that a
    model or a person wrote is in them.
    """
    found = violations(limits, (line.ingredient_id for line in content.ingredients))
    if limits.needs_complete:
        found += [
            _named(limits, mention) for mention in wording.mentioned(content) if _mention_violates(limits, mention)
        ]
    return list(dict.fromkeys(found))


def _mention_violates(limits: Limits, mention: Mention) -> bool:
    return not (
        all(limits.ingredient_ids.isdisjoint(ingredients.contains(id_)) for id_ in mention.ingredient_ids)
        and limits.ingredient_ids.isdisjoint(mention.ingredient_ids)
        and limits.allergens.isdisjoint(mention.allergens)
        and (limits.accepts_traces or limits.allergens.isdisjoint(mention.may_contain))
        and limits.diets.isdisjoint(mention.breaks)
    )


def _named(limits: Limits, mention: Mention) -> str:
    """Say what is mentioned, and why that is wrong: "mắm nêm (fish)"."""
    carried = mention.allergens | (frozenset() if limits.accepts_traces else mention.may_contain)
    reasons = sorted(limits.allergens & carried) or sorted(f"not {diet}" for diet in limits.diets & mention.breaks)
    return f"{mention.term} ({', '.join(reasons)})" if reasons else mention.term


def is_safe(limits: Limits, content: RecipeContent) -> bool:
    """Check a recipe as it is about to be shown: its ingredients by today's list, and what was derived of its words."""
    if not limits.allergens.isdisjoint(content.allergens) or not limits.diets <= set(content.diets):
        return False
    if not (limits.accepts_traces or limits.allergens.isdisjoint(content.may_contain)):
        return False
    return not violations(limits, [line.ingredient_id for line in content.ingredients])
