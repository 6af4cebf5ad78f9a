"""The recipes offered for a question, from the catalogue and composed: best first, varied."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from apps.recipes.content import Meal, Method
from apps.suggestions import messages, shortlist
from apps.suggestions.arrangement import ENOUGH, Offer, hearty, led, varied, with_what_is_left
from apps.suggestions.composition import composing
from apps.suggestions.composition.composing import Composed
from apps.suggestions.composition.foods import class_of, is_minor
from apps.suggestions.composition.kitchen import Ovens, kitchen
from apps.suggestions.fits import fit
from apps.suggestions.generation.planning import Gap
from apps.suggestions.notes import Appliance
from apps.suggestions.question import Question
from apps.suggestions.shortlist import Choice

# The number of servings if a person has not given their household's size.
_SERVINGS = 2
_NO_HEAT_WANTED = frozenset({"none", "mild"})
# Recipes below this score are not offered: too much is missing, or too little of what was named is used.
_LEAST = 0.55
# A good recipe in the other language, where there is no answer in the reader's own.
_LEAST_FOREIGN = 0.45
# With so many good answers what is worse is left out, and with fewer no more than so many are given: fewer are better
# than some that one would not cook.
_GOOD, _PASSABLE = 0.8, 0.66
# Taken from a sandwich or a salad of cooked leftovers where fresh meat or fish waits to be cooked.
_COLD = 0.15
_COLD_METHODS = frozenset({Method.RAW, Method.SALAD})
# Taken from what is composed for another meal than the one that was asked for, which it may serve as well.
_OTHER_MEAL = 0.15
# Meals that are none of a day's.
LIGHT = frozenset({Meal.SNACK, Meal.DESSERT})
# Taken from what is sweet where people have named meat or fish.
_SWEET = 0.3


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
            if len(arranged) >= (ENOUGH if least == _GOOD else 1):
                return arranged if least == _GOOD else arranged[:ENOUGH]
        return self._arranged(self.ranked, min(self.question.count, ENOUGH))

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
        return (
            list(self._arranged(allowed, left, among=allowed, room=left))
            if allowed != list(self.ranked)
            else list(self.chosen[:left])
        )

    def _arranged(
        self, offers: Sequence[Offer], count: int, *, among: Sequence[Offer] | None = None, room: int | None = None
    ) -> tuple[Offer, ...]:
        """Return the best `count`, and with `room` for more a dish, `among` all, of each food that makes a meal."""
        main = frozenset(one.id for one in self.question.named if not is_minor(one.id))
        found = list(varied(offers, count, main=main))
        if not self.asks_a_model:
            left = self.ranked if among is None else among
            found = with_what_is_left(found, left, self.question, room=self.question.count if room is None else room)
        return tuple(led(found, self.question))

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
    ranked = in_one_language(ranked)
    if not ranked and not asks_a_model:
        ranked = [one for one in catalogue if one.is_foreign and one.score >= _LEAST_FOREIGN]
    return Offers(question, tuple(ranked), asks_a_model)


def in_one_language(ranked: list[Offer]) -> list[Offer]:
    """Return the offers that the reader understands, those in the other language only where there are no others."""
    return [one for one in ranked if not one.is_foreign] or ranked


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
    return Offer(
        choice.fit,
        score,
        choice.title,
        choice.method,
        choice.main,
        choice.recipe_id,
        is_foreign=is_foreign,
        is_light=choice.is_light,
    )


def _composed(one: Composed, question: Question, sweet: float) -> Offer:
    found = fit(one.content.ingredients, question, servings=question.preferences.household_size or one.content.servings)
    score = one.score - (sweet if one.is_sweet else 0.0)
    score -= _OTHER_MEAL if question.meal not in (None, one.content.meal) else 0.0
    score -= _COLD if one.content.method in _COLD_METHODS and not found.used & hearty(question) else 0.0
    return Offer(
        found, score, one.title, one.method, one.main, composed=one, is_light=one.is_sweet or one.content.meal in LIGHT
    )
