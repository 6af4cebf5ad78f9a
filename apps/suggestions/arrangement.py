"""The order of offers: what a cook would name first, then dishes that differ."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from apps.recipes.content import Meal, Method, Source
from apps.suggestions import selection
from apps.suggestions.composition.composing import Composed
from apps.suggestions.composition.foods import FoodClass, class_of, is_minor
from apps.suggestions.fits import Fit
from apps.suggestions.question import Question

# Taken from the score for each recipe before it that is of the same method, or of the same main ingredients.
_SAME_METHOD, _SAME_MAIN = 0.05, 0.1
# The most recipes of one method while there are others.
_MOST_OF_A_METHOD, _TOO_MANY = 2, 0.3
# Below this, less what it repeats, no further dish is added to so many: five that are one are no five.
_REPEATED = 0.7
# The first answer is one that leads with what a cook would, as long as it is not worse than the best by more.
_BEHIND = 0.25
# Added to what a first answer is chosen by: the share of what was named that it uses, and that it was cooked before.
_LEAD_USED, _LEAD_COOKED = 0.25, 0.03
# Meat that goes beside other things: a cook plans no meal around ham while there is something else.
_BESIDE = frozenset({"cold_meat", "sausage", "bacon", "lardon"})
# Dishes of one main food after which what has not been used yet comes first.
_OF_ONE_MAIN = 2
# How much what seasons other food counts among what was named.
_MINOR = 0.35
# Beside meat, fish and tofu these make a meal.
_CARRYING_ROLES = frozenset({"root", "bean"})
_LIGHT_MEALS = frozenset({Meal.BREAKFAST.value, Meal.SNACK.value, Meal.DESSERT.value})
# Taken from a second dish of the same archetype.
_SAME_ARCHETYPE = 0.3
# So many good answers are enough.
ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Offer:
    """A recipe of the catalogue, or a composed one that is still to be stored under an id."""

    fit: Fit
    score: float
    title: str
    method: str
    main: frozenset[str]
    recipe_id: str = ""
    composed: Composed | None = None
    is_foreign: bool = False
    # A snack, a dessert or something sweet, which is no meal by itself.
    is_light: bool = False

    @property
    def archetype(self) -> str:
        return self.composed.archetype if self.composed else ""

    @property
    def source(self) -> str:
        return Source.RULES.value if self.composed else "catalogue"


def led(offers: Sequence[Offer], question: Question) -> Sequence[Offer]:
    """Return the offers with one in the first place that a cook would name first.

    It uses the meat, fish or tofu that was named, before a side dish of the same fridge, and nothing has to be bought
    for it. What is much worse than the best does not come first, but a snack never comes before a meal.
    """
    if not offers:
        return offers
    proteins = hearty(question)
    close = [one for one in offers if one.score >= offers[0].score - _BEHIND]
    leading = [one for one in close if one.fit.used & proteins] or close
    carried = carrying(question)
    if meals := [one for one in offers if not one.is_light and one.fit.used & carried]:
        leading = [one for one in leading if not one.is_light] or meals
    ready = [one for one in leading if not (one.fit.to_buy or one.fit.short or one.is_foreign)] or leading
    first = max(ready, key=lambda one: one.score + _lead(one, question))
    return [first, *(one for one in offers if one is not first)]


def _lead(offer: Offer, question: Question) -> float:
    """Return what is added to an offer's score where the first is chosen: a cook names what uses most of the fridge."""
    weights = {one.id: _MINOR if is_minor(one.id) else 1.0 for one in question.named if not one.staple}
    total = sum(weights.values())
    used = sum(weight for id_, weight in weights.items() if id_ in offer.fit.used)
    return (_LEAD_USED * used / total if total else 0.0) + (0.0 if offer.composed else _LEAD_COOKED)


def hearty(question: Question) -> frozenset[str]:
    """Return what was named that a main meal is planned around; anything where there is none, or for a light meal.

    Eggs and cold cuts go beside other things, so that they lead nothing, nor does cooked meat beside fresh.
    """
    kinds = {one.id: kind for one in question.named if (kind := class_of(one)) and _leads(kind)}
    proteins = frozenset(id_ for id_, kind in kinds.items() if not kind.raw) or frozenset(kinds)
    named = frozenset(one.id for one in question.named)
    return proteins if proteins and question.meal not in _LIGHT_MEALS else named


def carrying(question: Question) -> frozenset[str]:
    """Return what was named that makes a meal by itself: meat, fish, tofu, roots, pulses; nothing for a light meal."""
    if question.meal in _LIGHT_MEALS:
        return frozenset()
    kinds = {one.id: kind for one in question.named if (kind := class_of(one))}
    return frozenset(id_ for id_, kind in kinds.items() if _leads(kind) or kind.role in _CARRYING_ROLES)


def with_what_is_left(
    chosen: Sequence[Offer], offers: Sequence[Offer], question: Question, *, room: int
) -> list[Offer]:
    """Return the chosen with a dish of each food that makes a meal and that none of them uses, at most `room` in all.

    Where there is no more room it takes the place of the last, as long as that uses nothing that the others don't.
    """
    found = list(chosen)
    left = set(carrying(question)).difference(*(one.fit.used for one in found))
    for one in offers:
        is_new = bool(left & one.fit.used) and not (one.is_light or one.fit.to_buy or one.fit.short)
        if not is_new or _repeats(one, found):
            continue
        if len(found) >= room:
            if not found or found[-1].fit.used.difference(*(other.fit.used for other in found[:-1])):
                continue
            found.pop()
        found.append(one)
        left -= one.fit.used
    return found


def _repeats(offer: Offer, others: Sequence[Offer]) -> bool:
    return selection.is_near_duplicate(offer.title, [one.title for one in others]) or _is_same_dish(offer, others)


def _leads(kind: FoodClass) -> bool:
    return kind.role == "protein" and kind.family != "egg" and kind.key not in _BESIDE


def varied(offers: Sequence[Offer], count: int, *, main: frozenset[str] = frozenset()) -> Iterator[Offer]:
    """Yield the best of what is left, less what it repeats of those before: method, main ingredients, title.

    Before a third dish of one main ingredient comes the best with something of `main` that none has used yet.
    """
    left, titles, dishes = list(offers), list[str](), list[Offer]()
    methods: Counter[str] = Counter()
    mains: Counter[str] = Counter()
    archetypes: Counter[str] = Counter()
    while left and len(titles) < count:
        order = sorted(left, key=lambda one: _again(one, archetypes) - _worth(one, methods, mains))
        best = _instead_of_a_third(order, mains, main)
        if len(dishes) >= ENOUGH and _worth(best, methods, mains) - _again(best, archetypes) < _REPEATED:
            return
        left.remove(best)
        if selection.is_near_duplicate(best.title, titles) or _is_same_dish(best, dishes):
            continue
        dishes.append(best)
        titles.append(best.title)
        methods[best.method] += 1
        mains.update(best.main)
        archetypes[best.archetype] += bool(best.archetype)
        yield best


def _again(offer: Offer, archetypes: Counter[str]) -> float:
    return _SAME_ARCHETYPE * archetypes[offer.archetype] if offer.archetype else 0.0


def _instead_of_a_third(order: Sequence[Offer], mains: Counter[str], main: frozenset[str]) -> Offer:
    """Return the first offer, or the first of something not used yet where it would be the third of its main."""
    if _repeated(order[0], mains) < _OF_ONE_MAIN:
        return order[0]
    return next((one for one in order if (one.main & main) - mains.keys()), order[0])


def _is_same_dish(offer: Offer, others: Iterable[Offer]) -> bool:
    """Say whether another dish is made of the same things in the same way, whatever either is called.

    An omelette and scrambled eggs, each composed by an archetype of its own, are two dishes.
    """
    return any(
        one.method == offer.method
        and not (one.archetype and offer.archetype and one.archetype != offer.archetype)
        and (len(one.main & offer.main) > 1 or _is_braised_again(one, offer) or _is_plain(one, offer))
        and (one.main <= offer.main or offer.main <= one.main)
        for one in others
    )


def _is_braised_again(one: Offer, other: Offer) -> bool:
    """Say whether both braise the same single food, once with pepper and once with fish sauce."""
    return one.method == Method.BRAISE and one.main == other.main


def _is_plain(*offers: Offer) -> bool:
    """Say whether one was composed of a single food: clams steamed alone, beside the catalogue's with garlic."""
    return any(one.composed is not None and len(one.main) == 1 for one in offers)


def _worth(offer: Offer, methods: Counter[str], mains: Counter[str]) -> float:
    many = _TOO_MANY if methods[offer.method] >= _MOST_OF_A_METHOD else 0.0
    return offer.score - _SAME_METHOD * methods[offer.method] - many - _SAME_MAIN * _repeated(offer, mains)


def _repeated(offer: Offer, mains: Counter[str]) -> int:
    """Return in how many dishes each of its main ingredients is already."""
    return min((mains[id_] for id_ in offer.main), default=0)
