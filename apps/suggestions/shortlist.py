"""Candidates from the catalogue for a question: recipes that can be cooked, each judged once."""

import re
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from apps.core.ids import derived_id
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category
from apps.recipes import catalogue
from apps.recipes.content import Meal, RecipeContent
from apps.recipes.recipe import Recipe
from apps.search.index import Candidate, MatchQuery, Wanted
from apps.search.index.matching import COVERAGE, MISSING
from apps.suggestions import notes, promises, safety
from apps.suggestions.at_hand import AtHand
from apps.suggestions.composition import foods
from apps.suggestions.fits import Fit, boiled_first, fit
from apps.suggestions.question import Question

# Enough that what is unsafe by today's master list, too much alike or short of something can be passed over.
_CANDIDATES = 80
# Of what was named, by weight, a recipe must use so much: less is garlic of a whole fridge.
_LEAST_USED = 0.33
_MINOR_WEIGHT = 0.35
# What cooked food may become: it is not cooked through again from raw.
_FOR_LEFTOVERS = frozenset({"salad", "soup", "stir_fry", "other", "raw"})
# Taken from the score for each thing of which there is too little, as a share of what is lacking.
_SHORT = 0.25
# Taken for each ingredient that only a substitute stands for, and more for one without which it is another dish: duck
# eggs braise as hen's do.
_SUBSTITUTED, _SUBSTITUTED_MAIN = 0.04, 0.2
# Taken for a little of something that is missing.
_LITTLE_MISSING = 0.04
# Taken for each thing that has to be bought beside a first one.
_BOUGHT = 0.1
# Taken where what is to be bought outweighs what is at hand, unless people said how much they would buy.
_OUTWEIGHED = 0.2
# Taken from what is cooked for babies, unless nothing else is there.
_FOR_BABIES = 0.3
_BABIES = re.compile(r"\b(cho bé|ăn dặm|bab(y|ies)|toddlers?|weaning)\b", re.IGNORECASE)
# What babies under two eat nothing of, even where a recipe for small children leaves it to the cook.
_NOT_FOR_BABIES = (
    "muoi", "nuoc-mam", "tieu-den", "tieu", "duong", "mat-ong", "nuoc-tuong", "hat-nem", "bot-ngot", "dau-hao", "ot",
    "duong-phen",
)  # fmt: skip
_OVEN = re.compile(r"\b(oven|lò nướng|làm nóng lò|bật lò)\b", re.IGNORECASE)
# Added for a recipe that uses the appliance that was noted.
_AS_NOTED = 0.2
# Taken from a dish of one food whose optional flavours are all missing: eggs steamed with salt alone.
_BARE = 0.2
# Taken from a salad whose lime is missing, be it optional.
_NOT_SOUR = 0.25
# Minutes to boil what a recipe expects cooked: rice in a cooker, with the time to cool.
_BOILING = 25
# Below this a recipe is worth offering only where nothing better can be composed.
GOOD = 0.62


@dataclass(frozen=True, slots=True)
class Choice:
    """A recipe of the catalogue that is offered, as it stood when it was judged."""

    recipe_id: str
    fit: Fit
    score: float
    title: str
    method: str
    language: str
    main: frozenset[str]
    is_dessert: bool
    is_light: bool


def shortlist(question: Question, *, exclude: frozenset[str]) -> list[Choice]:
    """Return the recipes that can be cooked and are safe for the person; 0 read units, each candidate read once."""
    index = catalogue.current()
    candidates = index.match(_query(question, exclude))
    return [choice for one in candidates if (choice := _judge(one, catalogue.find_recipe(one.recipe_id), question))]


def _query(question: Question, exclude: frozenset[str]) -> MatchQuery:
    limits = question.limits
    wanted = _wanted(question)
    return MatchQuery(
        have=question.satisfied,
        wanted=wanted,
        min_used=_LEAST_USED,
        minor=foods.left_out_ids(),
        excluded_allergens=limits.allergens,
        excluded_ingredients=safety.forbidden_ids(limits),
        required_diets=limits.diets,
        cuisine=question.cuisine,
        method=question.method,
        meal=question.meal,
        max_minutes=question.max_minutes,
        max_missing=question.max_missing,
        min_coverage=settings.MIN_COVERAGE,
        needs_complete=limits.needs_complete,
        language=question.language,
        exclude=exclude,
        limit=_CANDIDATES,
    )


def _wanted(question: Question) -> tuple[Wanted, ...]:
    """Return what should be used: what was named and what expires; without either, anything at hand."""
    asked = [each for each in question.at_hand if each.is_named or each.is_urgent] or list(question.at_hand)
    return tuple(
        Wanted(frozenset(question.meets[each.ingredient.id]), _weight(each), each.is_urgent) for each in asked[:64]
    )


def _weight(each: AtHand) -> float:
    if each.ingredient.staple:
        return 0.0
    return _MINOR_WEIGHT if foods.is_minor(each.ingredient.id) else 1.0


def _judge(candidate: Candidate, recipe: Recipe | None, question: Question) -> Choice | None:
    """Return the candidate as it would be offered; None where it is not safe, or makes no sense with what there is."""
    if recipe is None or (question.is_monolingual and candidate.language != question.language):
        return None
    content = recipe.content
    if not _suits_notes(content, question):
        return None
    if question.limits.needs_complete and not safety.is_safe(question.limits, content):
        return None
    if candidate.method not in _FOR_LEFTOVERS and _leans_on_leftovers(candidate, question):
        return None
    baked = promises.is_baked(content)
    found = fit(content.ingredients, question, servings=content.servings, is_baked=baked, content=content)
    people = question.preferences.household_size or content.servings
    too_little = promises.is_too_little(((one.have, one.need) for one in found.short), people)
    if (
        promises.is_only_seasoning(found.used)
        or too_little
        or _is_too_long(content, found, question)
        or _cooks_again(found, question)
        or not _keeps_promises(content, found, question)
    ):
        return None
    penalty = _BOUGHT * max(0, len(found.to_buy) - 1)
    penalty += _OUTWEIGHED if question.max_missing is None and promises.is_outweighed(found.used, found.to_buy) else 0.0
    penalty += _SHORT * sum(1 - one.have / one.need for one in found.short)
    penalty += sum(_for_substitute(need, candidate, found) for need in candidate.substituted)
    penalty += _BARE if _is_bare(content, found) else 0.0
    penalty += _NOT_SOUR if promises.lacks_sour(content, found.used) else 0.0
    penalty += _FOR_BABIES if _BABIES.search(candidate.title) and not question.is_for_baby else 0.0
    penalty -= _AS_NOTED if question.appliance and notes.mentions(question.appliance, _texts(content)) else 0.0
    return Choice(
        candidate.recipe_id,
        found,
        candidate.score - penalty + _for_little(found),
        candidate.title,
        candidate.method,
        candidate.language,
        frozenset(found.stands.get(need, need) for need in candidate.essential),
        content.meal == Meal.DESSERT,
        content.meal in {Meal.SNACK, Meal.DESSERT},
    )


def _for_little(found: Fit) -> float:
    """Return what the index took from the score for the little that a dish can do without."""
    counted = {id_ for id_ in (*found.have, *found.missing) if not foods.can_be_left_out(id_)}
    little = counted.intersection(found.missing).difference(found.to_buy)
    return COVERAGE * len(little) / len(counted) + (MISSING - _LITTLE_MISSING) * len(little) if little else 0.0


def _suits_notes(content: RecipeContent, question: Question) -> bool:
    """Say whether it can be cooked without an oven, where there is none, and is made for babies, where one eats."""
    texts = _texts(content)
    fryer = question.appliance is notes.Appliance.AIR_FRYER
    if not question.has_oven and any(_OVEN.search(text) for text in texts):
        return fryer and notes.mentions(notes.Appliance.AIR_FRYER, texts)
    if not question.is_for_baby:
        return True
    is_made_for_them = any(
        _BABIES.search(text) for text in (content.title, content.translated_title or "", *content.tags)
    )
    return is_made_for_them and not any(line.ingredient_id in _not_for_babies() for line in content.ingredients)


def _texts(content: RecipeContent) -> list[str]:
    return [content.title, *(step.text for step in content.steps)]


@cache
def _not_for_babies() -> frozenset[str]:
    """Return salt, sugar, honey and what is salty or hot, by the keys of the master list."""
    return frozenset(derived_id("ingredient", key) for key in _NOT_FOR_BABIES)


def _for_substitute(need: str, candidate: Candidate, found: Fit) -> float:
    by = found.substitutes.get(need)
    is_another = need in candidate.essential and not (by and promises.is_alike(need, by))
    return _SUBSTITUTED_MAIN if is_another else _SUBSTITUTED


def _keeps_promises(content: RecipeContent, found: Fit, question: Question) -> bool:
    return (
        promises.keeps_title(content, found.substitutes, found.stands)
        and promises.keeps_apart(content, found.stands, found.substitutes)
        and promises.keeps_variety(content, found.stands, question)
        and promises.keeps_form(content, found.stands)
        and promises.keeps_eggs(content, found.stands)
        and promises.keeps_fresh(content, found.stands)
        and promises.keeps_taste(content, found.stands, found.substitutes)
        and promises.keeps_broth(content, found.used, found.missing)
    )


def _is_bare(content: RecipeContent, found: Fit) -> bool:
    """Say whether one food is all that is used, and nothing of what the recipe would flavour it with."""
    return len(found.used) == 1 and any(line.optional for line in content.ingredients)


def _is_too_long(content: RecipeContent, found: Fit, question: Question) -> bool:
    """Say whether the time that was asked for is not enough to boil first what the recipe expects cooked."""
    minutes = content.total_minutes or 0
    return bool(question.max_minutes and boiled_first(found.stands) and minutes + _BOILING > question.max_minutes)


def _cooks_again(found: Fit, question: Question) -> bool:
    """Say whether it cooks from raw what is at hand cooked, be it as a substitute."""
    cooked = {each.ingredient.id for each in question.at_hand if each.is_cooked}
    needs = (ingredients.find(need) for need, by in found.stands.items() if by in cooked)
    return any(need is not None and need.category != Category.PREPARED for need in needs)


def _leans_on_leftovers(candidate: Candidate, question: Question) -> bool:
    """Say whether something essential is at hand only as a leftover, which the recipe does not ask for."""
    for need in candidate.essential:
        by = [each for each in question.at_hand if need in question.meets[each.ingredient.id]]
        if by and all(each.is_leftover and (each.is_cooked or each.ingredient.id != need) for each in by):
            return True
    return False
