"""Leftovers by what was typed: "thịt gà hôm qua" is cooked meat, "yesterday's rice" is cooked rice."""

import re
from collections.abc import Sequence
from dataclasses import replace

from apps.core.text import fold
from apps.ingredients import services as ingredients
from apps.ingredients.entry import Category, Ingredient
from apps.suggestions.at_hand import AtHand, boiled_from, is_plainly_cooked, satisfied
from apps.suggestions.composition.foods import class_of

# What was cooked before; what is merely left of meat is taken for cooked as well, of other food it may be raw.
_COOKED = re.compile(
    r"\b(hom qua|toi qua|dem qua|trua nay|bua truoc|da (nau|luoc|nuong|ran|chien|hap|quay|chin)|leftovers?|left[- ]over"
    r"|yesterday'?s?|last night'?s?|cooked|precooked)\b"
)
_LEFT = re.compile(r"\bcon (lai|thua|du)\b")
_RAW = re.compile(r"\b(uncooked|chua (nau|luoc|chin))\b")
_MEATS = frozenset({Category.MEAT, Category.SEAFOOD})
# Of what is cured, ground or sold ready there is no other, cooked form.
_RAW_CLASSES = frozenset(
    {"beef", "chop", "tough_meat", "pork", "ribs", "poultry", "wings", "poultry_breast", "poultry_whole", "fish"}
)


def as_left(typed: str, each: AtHand) -> AtHand:
    """Return what is at hand as the leftover that was typed, itself where it is none."""
    line = fold(typed)
    was_cooked = bool(_COOKED.search(line)) and not _RAW.search(line)
    kind = class_of(each.ingredient)
    if each.ingredient.category in _MEATS and kind and kind.key in _RAW_CLASSES and (was_cooked or _LEFT.search(line)):
        return replace(each, is_cooked=True)
    cooked = [one for id_ in sorted(boiled_from(each.ingredient)) if (one := ingredients.find(id_))]
    fitting = [one for one in cooked if one.category == Category.PREPARED and "canned" not in one.en.split()]
    return replace(each, ingredient=fitting[0]) if was_cooked and fitting else each


def of_several(typed: str, meanings: Sequence[Ingredient]) -> Ingredient | None:
    """Return the only one of several meanings of a leftover that is eaten cooked; None where none or several are."""
    line = fold(typed)
    if not (_COOKED.search(line) or _LEFT.search(line)):
        return None
    cooked = [one for one in meanings if (kind := class_of(one)) and kind.key in {"cooked_rice", "cooked_meat"}]
    return cooked[0] if len(cooked) == 1 else None


def met_by(each: AtHand) -> dict[str, float]:
    """Return the ids under which recipes may ask for what is at hand, with how far it is what they mean.

    What is cooked already is asked for as cooked: by its own name only where no recipe would cook it again.
    """
    if not each.is_cooked:
        return satisfied(each.ingredient)
    made_of = {each.ingredient.id, *ingredients.ancestors(each.ingredient.id)}
    cooked = (
        one.id for one in ingredients.master_list().values() if is_plainly_cooked(one) and one.made_of[0] in made_of
    )
    return {each.ingredient.id: 1.0, **dict.fromkeys(cooked, 1.0)}
