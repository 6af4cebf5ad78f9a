"""The recipes offered for a question, from the catalogue and composed: best first, varied."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.recipes.content import Meal, Method, Source
from apps.suggestions import messages, selection, shortlist
from apps.suggestions.composition import composing
from apps.suggestions.composition.composing import Composed
from apps.suggestions.composition.foods import FoodClass, class_of, is_minor
from apps.suggestions.composition.kitchen import Ovens, kitchen
from apps.suggestions.fits import Fit, fit
from apps.suggestions.generation.planning import Gap
from apps.suggestions.notes import Appliance
from apps.suggestions.question import Question
from apps.suggestions.shortlist import Choice

# The number of servings if a person has not given their household's size.
_SERVINGS = 2
_NO_HEAT_WANTED = frozenset({"none", "mild"})
# Taken from the score for each recipe before it that is of the same method, or of the same main ingredients.
_SAME_METHOD, _SAME_MAIN = 0.05, 0.1
# The most recipes of one method while there are others.
_MOST_OF_A_METHOD, _TOO_MANY = 2, 0.3
# Recipes below this score are not offered: too much is missing, or too little of what was named is used.
_LEAST = 0.55
# A good recipe in the other language, where there is no answer in the reader's own.
_LEAST_FOREIGN = 0.45
# With so many good answers what is worse is left out, and with fewer no more than so many are given: fewer are better
# than some that one would not cook.
_GOOD, _PASSABLE, _ENOUGH = 0.8, 0.66, 3
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
# Taken from a sandwich or a salad of cooked leftovers where fresh meat or fish waits to be cooked.
_COLD = 0.15
# How much what seasons other food counts among what was named.
_MINOR = 0.35
_COLD_METHODS = frozenset({Method.RAW, Method.SALAD})
_LIGHT_MEALS = frozenset({Meal.BREAKFAST.value, Meal.SNACK.value, Meal.DESSERT.value})
# Taken from what is composed for another meal than the one that was asked for, which it may serve as well.
_OTHER_MEAL = 0.15
# Taken from what is sweet where people have named meat or fish, and from a second dish of the same archetype.
_SWEET, _SAME_ARCHETYPE = 0.3, 0.3


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

    @property
    def archetype(self) -> str:
        return self.composed.archetype if self.composed else ""

    @property
    def source(self) -> str:
        return Source.RULES.value if self.composed else "catalogue"


@dataclass(frozen=True)
class Offers:
    """Offers for a question, in the order of preference."""

    question: Question
    ranked: tuple[Offer, ...]
    asks_a_model: bool = False

    @cached_property
    def chosen(self) -> tuple[Offer, ...]:
        for least in (_GOOD, _PASSABLE):
            arranged = self._arranged([one for one in self.ranked if one.score >= least], self.question.count)
            if len(arranged) >= _ENOUGH:
                return arranged if least == _GOOD else arranged[:_ENOUGH]
        return self._arranged(self.ranked, min(self.question.count, _ENOUGH))

    @property
    def from_catalogue(self) -> list[Offer]:
        return [one for one in self.chosen if one.composed is None]

    @property
    def judged(self) -> frozenset[str]:
        """Return the recipes of the catalogue that are safe for the person, by today's master list."""
        return frozenset(one.recipe_id for one in self.ranked if one.recipe_id)

    @property
    def gap(self) -> Gap:
        """Return what the catalogue leaves: where no model is asked, as much as rules can fill."""
        kept = self.from_catalogue
        covered = tuple(one.method for one in kept)
        if self.asks_a_model and self.question.is_for_baby:
            # A model is not told of babies, so that what it made would be salted.
            return Gap(0, covered)
        if self.asks_a_model:
            return Gap(self.question.count - len(kept), covered)
        return Gap(len(self.chosen) - len(kept), covered)

    @property
    def _is_narrowed(self) -> bool:
        """Say whether something was wished for beside the ingredients."""
        asked = self.question
        return any((asked.meal, asked.method, asked.cuisine, asked.max_minutes))

    def within(self, composed: int, *, beside: int = 0) -> list[Offer]:
        """Return what is offered with so many composed recipes at most: the catalogue's instead of the others.

        `beside` recipes come from an earlier answer to the same question, and take places of those that were asked for.
        """
        numbers = {id(one): number for number, one in enumerate(o for o in self.chosen if o.composed)}
        allowed = [one for one in self.ranked if one.composed is None or numbers.get(id(one), composed) < composed]
        left = self.question.count - beside
        return list(self._arranged(allowed, left)) if allowed != list(self.ranked) else list(self.chosen[:left])

    def _arranged(self, offers: Sequence[Offer], count: int) -> tuple[Offer, ...]:
        main = frozenset(one.id for one in self.question.named if not is_minor(one.id))
        return tuple(led(list(varied(offers, count, main=main)), self.question))

    def remarks(self, offered: int) -> Iterator[dict[str, Any]]:
        """Yield what is to be said about a complete answer: that there is little, and what goes with nothing."""
        if offered == 0:
            yield messages.warning("no_recipes_as_asked" if self._is_narrowed else "no_recipes")
        used = frozenset[str]().union(*(one.fit.used for one in self.chosen))
        unused = [
            each.ingredient
            for each in self.question.at_hand
            if each.is_named and each.ingredient.id not in used and not is_minor(each.ingredient.id)
        ]
        # "Only so many" is true of what was understood and used, not of what waits for a better idea.
        if 0 < offered < self.question.count and not unused and self.question.is_understood:
            yield messages.warning("few_recipes", count=offered)
        if offered:
            yield from (messages.warning("unused_ingredient", ingredient=one) for one in unused)


def find(question: Question, *, exclude: frozenset[str], asks_a_model: bool = False) -> Offers:
    """Return what may be offered; what rules can compose, unless a model is to be asked first.

    Takes some tens of milliseconds and reads nothing from the table.
    """
    sweet = 0.0 if question.meal or not _is_savoury(question) else _SWEET
    catalogue = [
        _from_catalogue(one, sweet, question.language) for one in shortlist.shortlist(question, exclude=exclude)
    ]
    composed = [] if asks_a_model else [_composed(one, question, sweet) for one in compose(question)]
    least = max(_LEAST, shortlist.GOOD) if asks_a_model else _LEAST
    ranked = sorted((one for one in [*catalogue, *composed] if one.score >= least), key=lambda one: -one.score)
    own = [one for one in ranked if not one.is_foreign]
    if own:
        ranked = own
    elif not ranked and not asks_a_model:
        ranked = [one for one in catalogue if one.is_foreign and one.score >= _LEAST_FOREIGN]
    return Offers(question, tuple(ranked), asks_a_model)


def compose(question: Question) -> list[Composed]:
    """Return what rules can compose of what is at hand."""
    preferences = question.preferences
    place = kitchen(
        question.at_hand,
        language=question.language,
        limits=question.limits,
        servings=1 if question.is_for_baby else preferences.household_size or _SERVINGS,
        max_minutes=question.max_minutes,
        mild=question.is_gentle or preferences.spice_level in _NO_HEAT_WANTED,
        is_for_baby=question.is_for_baby,
        ovens=Ovens(question.has_oven, has_air_fryer=question.appliance is Appliance.AIR_FRYER),
    )
    found = composing.compose(place, meal=question.meal, method=question.method)
    return [one for one in found if question.cuisine in (None, one.content.cuisine) or not one.content.cuisine]


def _is_savoury(question: Question) -> bool:
    """Say whether meat, fish or the like was named, or at least two vegetables."""
    kinds = [kind for one in question.named if (kind := class_of(one))]
    vegetables = sum(kind.role in {"firm", "soft", "leafy", "salad_leaf"} for kind in kinds)
    return any(kind.role == "protein" and kind.family != "egg" for kind in kinds) or vegetables > 1


def _from_catalogue(choice: Choice, sweet: float, language: str) -> Offer:
    is_foreign = choice.language != language
    score = choice.score - (sweet if choice.is_dessert else 0.0)
    return Offer(choice.fit, score, choice.title, choice.method, choice.main, choice.recipe_id, is_foreign=is_foreign)


def _composed(one: Composed, question: Question, sweet: float) -> Offer:
    found = fit(one.content.ingredients, question, servings=question.preferences.household_size or one.content.servings)
    score = one.score - (sweet if one.is_sweet else 0.0)
    score -= _OTHER_MEAL if question.meal not in (None, one.content.meal) else 0.0
    score -= _COLD if one.content.method in _COLD_METHODS and not found.used & _hearty(question) else 0.0
    return Offer(found, score, one.title, one.method, one.main, composed=one)


def led(offers: Sequence[Offer], question: Question) -> Sequence[Offer]:
    """Return the offers with one in the first place that a cook would name first.

    It uses the meat, fish or tofu that was named, before a side dish of the same fridge, and nothing has to be bought
    for it. What is much worse than the best does not come first.
    """
    if not offers:
        return offers
    hearty = _hearty(question)
    close = [one for one in offers if one.score >= offers[0].score - _BEHIND]
    leading = [one for one in close if one.fit.used & hearty] or close
    ready = [one for one in leading if not (one.fit.to_buy or one.fit.short or one.is_foreign)] or leading
    first = max(ready, key=lambda one: one.score + _lead(one, question))
    return [first, *(one for one in offers if one is not first)]


def _lead(offer: Offer, question: Question) -> float:
    """Return what is added to an offer's score where the first is chosen: a cook names what uses most of the fridge."""
    weights = {one.id: _MINOR if is_minor(one.id) else 1.0 for one in question.named if not one.staple}
    total = sum(weights.values())
    used = sum(weight for id_, weight in weights.items() if id_ in offer.fit.used)
    return (_LEAD_USED * used / total if total else 0.0) + (0.0 if offer.composed else _LEAD_COOKED)


def _hearty(question: Question) -> frozenset[str]:
    """Return what was named that a main meal is planned around; anything where there is none, or for a light meal.

    Eggs and cold cuts go beside other things, so that they lead nothing, nor does cooked meat beside fresh.
    """
    kinds = {one.id: kind for one in question.named if (kind := class_of(one)) and _leads(kind)}
    proteins = frozenset(id_ for id_, kind in kinds.items() if not kind.raw) or frozenset(kinds)
    named = frozenset(one.id for one in question.named)
    return proteins if proteins and question.meal not in _LIGHT_MEALS else named


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
        if len(dishes) >= _ENOUGH and _worth(best, methods, mains) - _again(best, archetypes) < _REPEATED:
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
