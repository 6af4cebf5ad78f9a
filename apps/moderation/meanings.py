"""Meanings that moderators assign to ingredient lines of recipes."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from apps.core import audit, text
from apps.core.audit import AuditEntry
from apps.core.authentication import Actor
from apps.core.errors import ValidationFailed
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.ingredients import services as ingredients
from apps.moderation import acts, authority
from apps.moderation.acts import Act
from apps.moderation.errors import CannotBeUndone, DecidedAlready, MeaningNotConfirmed
from apps.moderation.reviews import TARGET, title_of
from apps.recipes import reviewing
from apps.recipes import services as recipes
from apps.recipes.content import RecipeContent
from apps.recipes.reviewing import Stored


@dataclass(frozen=True, slots=True)
class Effect:
    """The effect of another meaning of a line on its recipe.

    `is_beyond_name` means that the ingredient doesn't have the line's name, so only a moderator can assign it.
    """

    is_beyond_name: bool
    allergens_gained: tuple[str, ...]
    allergens_lost: tuple[str, ...]
    diets_gained: tuple[str, ...]
    diets_lost: tuple[str, ...]
    allergens_complete: bool


@retry_conflicts
def correct(
    recipe_id: str,
    *,
    line: int,
    ingredient_id: str | None,
    actor: Actor,
    reason: str = "",
    confirmed: bool = False,
    check: Check = any_version,
) -> str:
    """Assign an ingredient to a line, or None to let its name decide, and derive allergens and diets again.

    Raises `MeaningNotConfirmed` if the ingredient doesn't have that name and the effect is not confirmed. Lines are
    counted from 0. Returns the id of the audit entry.
    """
    who = authority.require_moderator(actor)
    stored = recipes.get_stored_recipe(recipe_id)
    check(int(stored.state.version or 0))
    content = reviewing.content_of(stored)
    _require_line(content, line)
    if ingredient_id and reviewing.decided_meaning(content, line) == ingredient_id:
        raise DecidedAlready(audit.last(TARGET, recipe_id, (Act.CORRECT,)))
    made, effect = _corrected(content, line, ingredient_id)
    if effect.is_beyond_name and not confirmed:
        raise MeaningNotConfirmed(content.ingredients[line].name, ingredients.get(str(ingredient_id)), asdict(effect))
    return _save(stored, made, line, who=who, reason=reason)


def effect_of(content: RecipeContent, *, line: int, ingredient_id: str | None) -> Effect:
    """Return the effect of a correction without applying it: 0 read units."""
    _require_line(content, line)
    return _corrected(content, line, ingredient_id)[1]


def take_back(entry: AuditEntry, *, actor: Actor, reason: str) -> str:
    """Give a line the meaning that it had before an action.

    Raises `CannotBeUndone` if no line has that name any more, and `DecidedAlready` if its meaning was changed since.
    """
    who = authority.require_moderator(actor)
    return _take_back(entry, who=who, reason=reason)


@retry_conflicts
def _take_back(entry: AuditEntry, *, who: audit.Who, reason: str) -> str:
    stored = recipes.get_stored_recipe(entry.target_id)
    content, before = reviewing.content_of(stored), entry.before
    line = _line_of(content, before)
    if line is None:
        raise CannotBeUndone
    if content.ingredients[line].ingredient_id != entry.after["ingredient_id"]:
        raise DecidedAlready(audit.last(TARGET, entry.target_id, (Act.CORRECT,)))
    was = before.get("decided")
    made = _with_meaning(content, line, was or before["ingredient_id"], is_decided=bool(was))
    return _save(stored, made, line, who=who, reason=reason)


def _line_of(content: RecipeContent, before: dict[str, Any]) -> int | None:
    """Return the current position of an action's line, since owners may move lines."""
    names = [text.normalize(line.name) for line in content.ingredients]
    line: int = before["line"]
    wanted = text.normalize(before["name"]) if "name" in before else (names[line] if line < len(names) else None)
    if line < len(names) and names[line] == wanted:
        return line
    return names.index(wanted) if wanted in names else None


def _require_line(content: RecipeContent, line: int) -> None:
    if not 0 <= line < len(content.ingredients):
        raise ValidationFailed


def _corrected(content: RecipeContent, line: int, ingredient_id: str | None) -> tuple[RecipeContent, Effect]:
    if ingredient_id is not None:
        ingredients.get(ingredient_id)
    made = _with_meaning(content, line, ingredient_id, is_decided=ingredient_id is not None)
    effect = Effect(
        is_beyond_name=ingredient_id is not None and not _is_in_name(content, line, ingredient_id),
        allergens_gained=_without(made.allergens, content.allergens),
        allergens_lost=_without(content.allergens, made.allergens),
        diets_gained=_without(made.diets, content.diets),
        diets_lost=_without(content.diets, made.diets),
        allergens_complete=made.allergens_complete,
    )
    return made, effect


def _is_in_name(content: RecipeContent, line: int, ingredient_id: str) -> bool:
    alone = replace(content, ingredients=(content.ingredients[line],))
    try:
        reviewing.with_meaning(alone, line=0, ingredient_id=ingredient_id, is_decided=False)
    except ValidationFailed:
        return False
    return True


def _with_meaning(content: RecipeContent, line: int, ingredient_id: str | None, *, is_decided: bool) -> RecipeContent:
    try:
        return reviewing.with_meaning(content, line=line, ingredient_id=ingredient_id, is_decided=is_decided)
    except ValidationFailed:
        # The name's meaning has changed since the recipe was written. The current one decides.
        lines = tuple(replace(one, ingredient_id=None) for one in content.ingredients)
        named = replace(content, ingredients=lines)
        wanted = ingredient_id if is_decided else None
        return reviewing.with_meaning(named, line=line, ingredient_id=wanted, is_decided=is_decided)


def _without(these: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in these if one not in others)


def _save(stored: Stored, made: RecipeContent, line: int, *, who: audit.Who, reason: str) -> str:
    transaction = Transaction()
    before, title = _standing(reviewing.content_of(stored), line), title_of(stored)
    reviewing.set_content(transaction, stored, made)
    entry_id = acts.record(
        transaction, Act.CORRECT, who, TARGET, stored.id, title=title, reason=reason.strip(),
        before=before, after=_standing(made, line),
    )  # fmt: skip
    transaction.commit()
    recipes.apply_committed_state(stored)
    return entry_id


def _standing(content: RecipeContent, line: int) -> dict[str, Any]:
    shown = content.ingredients[min(line, len(content.ingredients) - 1)]
    return {
        "line": line, "name": shown.name, "ingredient_id": shown.ingredient_id,
        "decided": reviewing.decided_meaning(content, line), "allergens": list(content.allergens),
    }  # fmt: skip
