"""Lookups for other apps: match names, autocomplete, and get entries by id."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

import structlog
from django.conf import settings

from apps.core import problems, text
from apps.core.authentication import Actor
from apps.ingredients import carriers, lines, remarks, repositories
from apps.ingredients.carriers import Mention
from apps.ingredients.directory import live
from apps.ingredients.entry import Category, Ingredient
from apps.ingredients.errors import AlreadyReported, IngredientNotFound
from apps.ingredients.lines import Language
from apps.ingredients.matching import LineFood, Match
from apps.users import suspensions

log = structlog.get_logger()


def load() -> None:
    """Load the master list and the text scanner: a second of work, once per process."""
    _ = live().current().scanner


def get(ingredient_id: str) -> Ingredient:
    """Return an entry of the master list; 0 read units."""
    try:
        return live().current().by_id[ingredient_id]
    except KeyError:
        raise IngredientNotFound from None


def find(ingredient_id: str) -> Ingredient | None:
    return live().current().by_id.get(ingredient_id)


def master_list() -> Mapping[str, Ingredient]:
    """Return the whole list by id. It is the same object until the list changes."""
    return live().current().by_id


def resolve(name: str, language: Language | None = None) -> Ingredient | None:
    """Return the ingredient of a recipe's `name`: exact names only, None if unknown or ambiguous."""
    return live().current().matcher.resolve(name, language)


def read_line(text: str, language: Language | None = None) -> list[LineFood]:
    """Return the foods of a line of a recipe: "2 cups flour, sifted", "salt and pepper"; see `Matcher.read_line`."""
    return live().current().matcher.read_line(text, language)


def satisfaction(have_id: str, need_id: str) -> float:
    """Return the degree, 0 to 1, to which an ingredient at hand satisfies a listed one; see `Kinds.satisfaction`."""
    return live().current().kinds.satisfaction(have_id, need_id)


def kinds_of(ingredient_id: str) -> frozenset[str]:
    """Return the ingredient and all its kinds: what "without chicken" excludes."""
    return live().current().kinds.kinds_of(ingredient_id)


def ancestors(ingredient_id: str) -> Sequence[str]:
    """Return what the ingredient is a kind of, the nearest first."""
    return live().current().kinds.ancestors(ingredient_id)


def contains(ingredient_id: str) -> frozenset[str]:
    """Return what an ingredient is, is a kind of and is made of. People who avoid any of these must avoid it."""
    return live().current().kinds.contains(ingredient_id)


def name_in(text: str) -> str:
    """Return the name in a line without its amount, for unknown names."""
    return lines.name_of(text)


has_marks = carriers.has_marks
is_heading_or_remark = remarks.is_heading_or_remark


def mentions(text: str, language: Language | None = None, *, has_marks: bool = False) -> list[Mention]:
    """Return the foods that a free text mentions; see `carriers.mentions`."""
    return carriers.mentions(text, language, has_marks=has_marks)


def claims(title: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the allergens that a title says a dish lacks, and the diets that it says the dish keeps."""
    return carriers.claims(title)


def match(names: Sequence[str], language: Language | None = None) -> list[Match]:
    """Match each name or line, in order; 0 read units. `language` is that of the text, if known."""
    matcher = live().current().matcher
    return [matcher.match(name, language) for name in names]


def validate(names: Sequence[str], *, actor: Actor) -> list[Match]:
    """Match names and report unknown ones."""
    matches = match(names)
    unknown = [name for name, found in zip(names, matches, strict=True) if found.status == "unknown"]
    if unknown:
        _report_all(unknown, actor=actor)
    return matches


def _report_all(names: Sequence[str], *, actor: Actor) -> None:
    """Report each name without its amount, unless the reporter is suspended.

    The response doesn't depend on this, so outages are only logged.
    """
    try:
        if suspensions.find_suspension(actor.id) is None:
            for name in names:
                _report(lines.name_of(name), actor=actor)
    except Exception as error:
        if not problems.is_outage(error):
            raise
        log.warning("unknown_names_not_reported")


def _report(name: str, *, actor: Actor) -> None:
    if not text.fold(name):
        return
    with suppress(AlreadyReported):
        repositories.report_unknown(name, user_id=actor.id, queue_at=settings.UNKNOWN_REPORTERS)


def complete(
    query: str, *, category: Category | None, limit: int, after: int | None = None
) -> tuple[list[Ingredient], int | None]:
    """Autocomplete ingredients, skipping the first `after`; return them and the next offset. 0 read units."""
    skip = after or 0
    found = live().current().matcher.complete(query, category=category, limit=skip + limit + 1)
    return list(found[skip : skip + limit]), skip + limit if len(found) > skip + limit else None


def refresh() -> None:
    """Apply changes of the master list in this process now."""
    live().refresh()
