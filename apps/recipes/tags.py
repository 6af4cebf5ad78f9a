"""The tags of a recipe. Corrections by people override the rules, and the rules override a model."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from apps.core.food import DIETS
from apps.recipes.content import Meal, Method, RecipeContent
from apps.recipes.tag_rules import LEAST_CONFIDENCE, SAID_DIETS, TIMES, Tag, TagKind, tags_by_rules, words_of_tags

# The index stores the tags of a recipe in 64 bits.
MOST = 64


@cache
def vocabulary() -> dict[str, str]:
    """Return every searchable tag with its kind."""
    known = {name: kind for name, kind, _, _ in words_of_tags()}
    known |= {method.value: TagKind.METHOD.value for method in Method if method is not Method.OTHER}
    known |= {meal.value: TagKind.MEAL.value for meal in Meal}
    known |= {diet: TagKind.DIET.value for diet in DIETS if diet in SAID_DIETS}
    known |= {name: TagKind.TIME.value for _, name in TIMES}
    return known


# Kinds of tags that a model is asked for. Diets and times follow from the recipe.
ASKED = (TagKind.CUISINE, TagKind.METHOD, TagKind.MEAL, TagKind.SEASON, TagKind.OCCASION)


def effective_tags(content: RecipeContent, by_ai: Mapping[str, float] | None = None) -> list[Tag]:
    """Return the tags of a recipe: those by rules, with the tags that people added and without those they removed.

    `by_ai` maps a model's tags to confidences. They are used only for kinds for which there are no tags by rules or
    people.
    """
    corrections = content.tag_corrections or {}
    by_rules = tags_by_rules(content)
    kept = [tag for tag in by_rules if tag.name not in corrections]
    if by_ai:
        unknown = set(_unknown(content, by_rules))
        kept += [
            Tag(name, kind, confidence, "ai")
            for name, confidence in sorted(by_ai.items())
            if (kind := vocabulary().get(name)) in unknown and kind and confidence >= LEAST_CONFIDENCE
        ]
    said = [
        Tag(name, str(one["kind"]), 1.0, str(one["by"])) for name, one in sorted(corrections.items()) if one["holds"]
    ]
    return [*said, *kept]


def unknown_kinds(content: RecipeContent) -> tuple[TagKind, ...]:
    """Return the kinds of `ASKED` for which there are no tags by rules or people."""
    return _unknown(content, tags_by_rules(content))


def _unknown(content: RecipeContent, by_rules: Sequence[Tag]) -> tuple[TagKind, ...]:
    known = {tag.kind for tag in by_rules} | {str(one["kind"]) for one in (content.tag_corrections or {}).values()}
    return tuple(kind for kind in ASKED if kind.value not in known)


def said(content: RecipeContent, names: Mapping[str, bool], *, by: str) -> RecipeContent:
    """Return the content with these corrections of searchable tags added. Existing corrections stay."""
    known: dict[str, dict[str, str | bool]] = {
        name: {"kind": vocabulary()[name], "by": by, "holds": holds}
        for name, holds in names.items()
        if name in vocabulary()
    }
    return replace(content, tag_corrections={**known, **(content.tag_corrections or {})} or None)


def corrected(content: RecipeContent, names: frozenset[str], *, by: str) -> RecipeContent:
    """Return the content with the corrections that make `names` its tags. Tags that the rules give need none.

    Other people's corrections stay if this person agrees with them.
    """
    before, now = content.tag_corrections or {}, dict[str, dict[str, str | bool]]()
    by_rules = {tag.name for tag in tags_by_rules(content)}
    for name in sorted(by_rules | names | before.keys()):
        holds = name in names
        if name in before and before[name]["holds"] == holds:
            now[name] = before[name]
        elif holds != (name in by_rules) or name in before:
            now[name] = {"kind": vocabulary().get(name, TagKind.CUISINE.value), "by": by, "holds": holds}
    return replace(content, tag_corrections=now or None)
