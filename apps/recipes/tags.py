"""The tags of a recipe: what rules say, and what people corrected, which always wins."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache

from apps.core.food import DIETS
from apps.recipes.content import Meal, Method, RecipeContent
from apps.recipes.tag_rules import SAID_DIETS, TIMES, Tag, TagKind, tags_by_rules, words_of_tags

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


def effective_tags(content: RecipeContent) -> list[Tag]:
    """Return the tags of a recipe: those of the rules, without what people took away and with what they added."""
    corrections = content.tag_corrections or {}
    kept = [tag for tag in tags_by_rules(content) if tag.name not in corrections]
    said = [
        Tag(name, str(one["kind"]), 1.0, str(one["by"])) for name, one in sorted(corrections.items()) if one["holds"]
    ]
    return [*said, *kept]


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
