"""Derive ingredient ids, allergens and diets from a recipe's ingredients and text. Runs on every write."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from apps.core import text
from apps.core.errors import FieldError, ValidationFailed
from apps.core.food import ALLERGENS, broken_diets
from apps.core.language import Text
from apps.ingredients import services as ingredients
from apps.ingredients.entry import DIETS, Ingredient
from apps.ingredients.matching import LineFood
from apps.ingredients.quantities import NO_AMOUNT, Amount
from apps.recipes import wording
from apps.recipes.content import IngredientLine, Reason, RecipeContent, Tier

Resolve = Callable[[str], Ingredient | None]

_MISMATCH = Text("Tên này không phải của nguyên liệu đã chọn.", "This is not a name of the ingredient given.")


@dataclass(frozen=True, slots=True)
class _Line:
    """An ingredient line with the food it means; `alternatives` are foods that may replace it.

    A line that `names_none` is a heading or a remark: it has no food to know.
    """

    line: IngredientLine
    ingredient: Ingredient | None
    alternatives: tuple[Ingredient, ...] = ()
    names_none: bool = False


def derive(content: RecipeContent) -> RecipeContent:
    """Return the content with its ingredients resolved, and with allergens and diets derived from them and the text.

    Parses each line: moves amounts and preparations out of the name, splits a line with several foods, and drops
    headings and tools. Optional ingredients count like all others, and so do foods that only a step mentions ("sprinkle
    with peanuts"). `may_contain` has the allergens of some products and of alternatives; only contained foods break
    diets.

    Raises ValidationFailed if a given id is not a possible meaning of the name: otherwise a harmless id could hide an
    allergen. Only moderators can give a name another meaning (`meanings`).
    """
    resolved = _resolved(content)
    lines = tuple(each.line for each in resolved)
    content = replace(content, ingredients=lines)
    mentions = wording.found_in(content)
    is_complete = any(each.ingredient for each in resolved) and all(
        each.ingredient or each.names_none for each in resolved
    )
    reasons = _surest([*_listed(resolved), *_mentioned(mentions)])
    found = [each.ingredient for each in resolved if each.ingredient]
    claimed = wording.claimed_diets(content)
    broken = frozenset[str]().union(
        *(_broken_by(food, claimed) for food in found), *(each.mention.breaks for each in mentions)
    )
    return replace(
        content,
        allergens=tuple(reason.allergen for reason in reasons if reason.tier == Tier.CONTAINS),
        may_contain=tuple(reason.allergen for reason in reasons if reason.tier == Tier.MAY_CONTAIN),
        reasons=tuple(reasons),
        diets=tuple(diet for diet in DIETS if diet not in broken) if is_complete else (),
        allergens_complete=is_complete,
    )


def _broken_by(food: Ingredient, claimed: frozenset[str]) -> frozenset[str]:
    """Return the diets that a listed food breaks, except those that the title claims and some kinds of the food keep.

    "Stock cube" in a recipe called vegetarian is one of vegetables. What a food always contains is never doubted.
    """
    kept = frozenset[str]()
    if doubtful := (claimed & food.breaks) - broken_diets(food.allergens):
        kinds = [kind for id_ in ingredients.kinds_of(food.id) if (kind := ingredients.find(id_))]
        kept = frozenset(diet for diet in doubtful if any(diet not in kind.breaks for kind in kinds))
    return food.breaks - kept


def _listed(resolved: Sequence[_Line]) -> Iterator[Reason]:
    for position, each in enumerate(resolved):
        found = each.ingredient
        if found:
            yield from _reasons(found.allergens, Tier.CONTAINS, found, position)
            yield from _reasons(found.may_contain, Tier.MAY_CONTAIN, found, position)
        for other in each.alternatives:
            yield from _reasons(other.allergens | other.may_contain, Tier.MAY_CONTAIN, other, position)


def _reasons(allergens: Iterable[str], tier: Tier, ingredient: Ingredient, position: int) -> Iterator[Reason]:
    for allergen in allergens:
        yield Reason(allergen, tier, ingredient.en, "ingredients", position, ingredient.id)


def _mentioned(mentions: Sequence[wording.Found]) -> Iterator[Reason]:
    for each in mentions:
        mention = each.mention
        for tier, allergens in ((Tier.CONTAINS, mention.allergens), (Tier.MAY_CONTAIN, mention.may_contain)):
            for allergen in allergens:
                yield Reason(
                    allergen, tier, mention.term, each.place, each.position, start=mention.start, end=mention.end
                )


def _surest(reasons: Iterable[Reason]) -> list[Reason]:
    """Return one reason for each allergen, in the given order, preferring reasons that say it is contained."""
    chosen: dict[str, Reason] = {}
    for reason in reasons:
        before = chosen.get(reason.allergen)
        if before is None or (before.tier == Tier.MAY_CONTAIN and reason.tier == Tier.CONTAINS):
            chosen[reason.allergen] = reason
    return sorted(chosen.values(), key=lambda reason: ALLERGENS.index(reason.allergen))


def _resolved(content: RecipeContent) -> list[_Line]:
    resolved: list[_Line] = []
    errors = []
    for position, line in enumerate(content.ingredients):
        found = _decided(line, content) or ([_chosen(line, content)] if line.ingredient_id else _parsed(line, content))
        if line.ingredient_id and found[0].ingredient is None:
            errors.append(FieldError(f"ingredients.{position}.ingredient_id", "ingredient_mismatch", str(_MISMATCH)))
        resolved += found
    if errors:
        raise ValidationFailed(errors=tuple(errors))
    # A recipe with nothing but headings keeps them, as unresolved ingredients.
    return resolved or [_Line(line, None) for line in content.ingredients]


def _decided(line: IngredientLine, content: RecipeContent) -> list[_Line]:
    """Return the meaning that a moderator gave to a line; None without one, or if that ingredient was deleted."""
    ingredient = ingredients.find((content.meanings or {}).get(text.normalize(line.name), ""))
    return [_Line(replace(line, ingredient_id=ingredient.id), ingredient)] if ingredient else []


def _chosen(line: IngredientLine, content: RecipeContent) -> _Line:
    """Return the meaning of a line's name that its id selects, without the amount that the name contains."""
    ingredient = next(
        (meaning for meaning in _meanings(line.name) if meaning and meaning.id == line.ingredient_id), None
    )
    foods = ingredients.read_line(line.name, content.language.value) if ingredient else []
    if len(foods) == 1 and foods[0].amount != NO_AMOUNT:
        line = _of(line, foods[0]).line
    return _Line(replace(line, ingredient_id=ingredient.id if ingredient else None), ingredient)


def _meanings(name: str) -> Iterator[Ingredient | None]:
    """Yield what a name may mean, the most likely first, looking up no more than is asked for."""
    match = ingredients.match([name])[0]
    yield match.ingredient
    yield ingredients.resolve(name)
    yield from (*match.foods, *match.suggestions)


def _parsed(line: IngredientLine, content: RecipeContent) -> list[_Line]:
    """Return a line for each food in a line. Fields given beside the name override what is parsed from it."""
    foods = ingredients.read_line(line.name, content.language.value)
    if len(foods) == 1 and not foods[0].ingredient and _names_none(line, content):
        lines = [_Line(line, None, names_none=True)]
    elif len(foods) == 1:
        lines = [_of(line, foods[0])]
    else:
        of_each = (line if place == 0 else _besides(line) for place in range(len(foods)))
        lines = [_of(given, food, is_only=False) for given, food in zip(of_each, foods, strict=True)]
    return [one for each in lines for one in _decided(each.line, content) or [each]]


def _names_none(line: IngredientLine, content: RecipeContent) -> bool:
    has_amount = line.quantity is not None or line.unit is not None
    return not has_amount and ingredients.is_heading_or_remark(line.name, content.language.value)


def _besides(line: IngredientLine) -> IngredientLine:
    """Return the fields that the second and later foods of a line take from it."""
    return IngredientLine(line.name, optional=line.optional)


def _of(line: IngredientLine, food: LineFood, *, is_only: bool = True) -> _Line:
    """Return a line for a food; the name stays as it was written where it is nothing but the name of that food."""
    ingredient, has_amount = food.ingredient, line.quantity is not None or line.unit is not None
    amount = _given(line, food.amount) if has_amount else food.amount
    is_bare = not food.preparation and (amount is None or food.amount == NO_AMOUNT)
    is_whole = food.is_whole or (has_amount and is_only and is_bare)
    amount = amount or Amount(line.quantity, line.unit, line.quantity_max)
    parsed = replace(
        line,
        ingredient_id=ingredient.id if ingredient else None,
        name=line.name if is_whole else food.name[:100],
        quantity=amount.quantity,
        quantity_max=amount.quantity_max,
        unit=amount.unit,
        preparation=line.preparation or (food.preparation or None if not is_whole else None),
        optional=line.optional or food.is_optional,
    )
    return _Line(parsed, ingredient, food.alternatives)


def _given(line: IngredientLine, amount: Amount) -> Amount | None:
    """Return the amount of a line that has one beside its name, whose own gives what is missing: a number or a unit.

    None where the name's amount is another one, that of a package: two of "400 g can tomatoes".
    """
    if line.quantity is None:
        return Amount(amount.quantity, line.unit, amount.quantity_max)
    if line.unit is not None or amount.quantity is None:
        return Amount(line.quantity, line.unit, line.quantity_max)
    if line.quantity != amount.quantity:
        return None
    return Amount(line.quantity, amount.unit, line.quantity_max or amount.quantity_max)
