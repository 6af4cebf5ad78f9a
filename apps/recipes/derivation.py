"""Derive ids, allergens and diets from a recipe's ingredients and words. Runs on every write; never typed in."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from apps.core import text
from apps.core.errors import FieldError, ValidationFailed
from apps.core.food import ALLERGENS
from apps.core.language import Text
from apps.ingredients import services as ingredients
from apps.ingredients.entry import DIETS, Ingredient
from apps.ingredients.matching import LineFood
from apps.recipes import wording
from apps.recipes.content import IngredientLine, Reason, RecipeContent, Tier

Resolve = Callable[[str], Ingredient | None]

_MISMATCH = Text("Tên này không phải của nguyên liệu đã chọn.", "This is not a name of the ingredient given.")


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with its food; `alternatives` may be taken instead of it."""

    line: IngredientLine
    ingredient: Ingredient | None
    alternatives: tuple[Ingredient, ...] = ()


def derive(content: RecipeContent) -> RecipeContent:
    """Return the content with ingredients resolved and allergens and diets derived from them and from its words.

    Lines are parsed: amounts and preparations that stand in a name are taken out of it, several foods become several
    lines, headings and tools none. Optional ingredients count like the others, and so does what a step mentions and
    the list leaves out: "sprinkle with peanuts". What some products contain, and what may be taken instead, is in
    `may_contain`; diets are broken by what is contained alone.

    ValidationFailed where an id is given that the name cannot mean: a harmless id must not hide what a name says. Only
    moderators say what a name means beyond that (`meanings`).
    """
    resolved = _resolved(content)
    lines = tuple(each.line for each in resolved)
    content = replace(content, ingredients=lines)
    mentions = wording.found_in(content)
    is_complete = all(each.ingredient for each in resolved)
    reasons = _surest([*_listed(resolved), *_mentioned(mentions)])
    found = [each.ingredient for each in resolved if each.ingredient]
    broken = frozenset[str]().union(*(food.breaks for food in found), *(each.mention.breaks for each in mentions))
    return replace(
        content,
        allergens=tuple(reason.allergen for reason in reasons if reason.tier == Tier.CONTAINS),
        may_contain=tuple(reason.allergen for reason in reasons if reason.tier == Tier.MAY_CONTAIN),
        reasons=tuple(reasons),
        diets=tuple(diet for diet in DIETS if diet not in broken) if is_complete else (),
        allergens_complete=is_complete,
    )


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
    """Return one reason for each allergen, in their order: the first of those that say that it is contained."""
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
        found = _decided(line, content) or ([_chosen(line)] if line.ingredient_id else _parsed(line, content))
        if line.ingredient_id and found[0].ingredient is None:
            errors.append(FieldError(f"ingredients.{position}.ingredient_id", "ingredient_mismatch", str(_MISMATCH)))
        resolved += found
    if errors:
        raise ValidationFailed(errors=tuple(errors))
    # A recipe of nothing but headings keeps them: it has a list, and nobody knows what is in it.
    return resolved or [_Line(line, None) for line in content.ingredients]


def _decided(line: IngredientLine, content: RecipeContent) -> list[_Line]:
    """Return what a moderator said that a line means; nothing where nobody did, or that ingredient is gone."""
    ingredient = ingredients.find((content.meanings or {}).get(text.normalize(line.name), ""))
    return [_Line(replace(line, ingredient_id=ingredient.id), ingredient)] if ingredient else []


def _chosen(line: IngredientLine) -> _Line:
    """Return what a line means whose id chooses between the meanings of its name."""
    match = ingredients.match([line.name])[0]
    meanings = [match.ingredient, ingredients.resolve(line.name), *match.foods, *match.suggestions]
    ingredient = next((meaning for meaning in meanings if meaning and meaning.id == line.ingredient_id), None)
    return _Line(replace(line, ingredient_id=ingredient.id if ingredient else None), ingredient)


def _parsed(line: IngredientLine, content: RecipeContent) -> list[_Line]:
    """Return the foods of a line as lines of their own; what was given beside the name counts before what is in it."""
    foods = ingredients.read_line(line.name, content.language.value)
    if len(foods) == 1:
        lines = [_of(line, foods[0])]
    else:
        lines = [_of(line if place == 0 else _besides(line), food) for place, food in enumerate(foods)]
    return [one for each in lines for one in _decided(each.line, content) or [each]]


def _besides(line: IngredientLine) -> IngredientLine:
    """Return what a further food of a line has of what was given for the line."""
    return IngredientLine(line.name, optional=line.optional)


def _of(line: IngredientLine, food: LineFood) -> _Line:
    ingredient, amount = food.ingredient, food.amount
    has_amount = line.quantity is not None or line.unit is not None
    is_whole = food.is_whole or (has_amount and not food.preparation)
    parsed = replace(
        line,
        ingredient_id=ingredient.id if ingredient else None,
        name=line.name if is_whole else food.name[:100],
        quantity=line.quantity if has_amount else amount.quantity,
        quantity_max=line.quantity_max if has_amount else amount.quantity_max,
        unit=line.unit if has_amount else amount.unit,
        preparation=line.preparation or (food.preparation or None if not is_whole else None),
        optional=line.optional or food.is_optional,
    )
    return _Line(parsed, ingredient, food.alternatives)
