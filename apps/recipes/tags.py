"""The tags of a recipe: what people corrected wins over what rules say, and that over what a model says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

from apps.core.food import DIETS
from apps.recipes.content import Meal, Method, RecipeContent
from apps.recipes.tag_rules import LEAST_CONFIDENCE, SAID_DIETS, TIMES, Tag, TagKind, tags_by_rules, words_of_tags

# The index holds the tags of a recipe as 64 bits.
MOST = 64


@cache
def vocabulary() -> dict[str, str]:
    """Return every tag that can be searched by, and its kind."""
    known = {name: kind for name, kind, _, _ in words_of_tags()}
    known |= {method.value: TagKind.METHOD.value for method in Method if method is not Method.OTHER}
    known |= {meal.value: TagKind.MEAL.value for meal in Meal}
    known |= {diet: TagKind.DIET.value for diet in DIETS if diet in SAID_DIETS}
    known |= {name: TagKind.TIME.value for _, name in TIMES}
    return known


# Kinds that a model can tell from what is in a dish; diets and times are facts that follow from the recipe.
ASKED = (TagKind.CUISINE, TagKind.METHOD, TagKind.MEAL, TagKind.SEASON, TagKind.OCCASION)


def effective_tags(content: RecipeContent, by_ai: Mapping[str, float] | None = None) -> list[Tag]:
    """Return the tags of a recipe: those of the rules, without what people took away and with what they added.

    `by_ai` are names and confidences of a model, which count for kinds of which neither rules nor people say anything.
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
    """Return the kinds of `ASKED` of which neither rules nor people say anything."""
    return _unknown(content, tags_by_rules(content))


def _unknown(content: RecipeContent, by_rules: Sequence[Tag]) -> tuple[TagKind, ...]:
    known = {tag.kind for tag in by_rules} | {str(one["kind"]) for one in (content.tag_corrections or {}).values()}
    return tuple(kind for kind in ASKED if kind.value not in known)


def said(content: RecipeContent, names: Mapping[str, bool], *, by: str) -> RecipeContent:
    """Return the content with these corrections, of tags that can be searched by; those that it has already stay."""
    known: dict[str, dict[str, str | bool]] = {
        name: {"kind": vocabulary()[name], "by": by, "holds": holds}
        for name, holds in names.items()
        if name in vocabulary()
    }
    return replace(content, tag_corrections={**known, **(content.tag_corrections or {})} or None)


def corrected(content: RecipeContent, names: frozenset[str], *, by: str) -> RecipeContent:
    """Return the content with the corrections that make `names` its tags; what agrees with the rules is none.

    What somebody else corrected stays where this person agrees with it.
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
