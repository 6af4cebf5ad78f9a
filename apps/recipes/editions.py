"""Editions of an approved recipe: the new edition waits beside the approved one until a moderator decides."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from apps.core import clock, keys
from apps.core.transactions import Transaction
from apps.media import services as media
from apps.recipes import repositories, tag_requests
from apps.recipes.content import Approval, IngredientLine, RecipeContent
from apps.recipes.models import RecipeEdition, from_body
from apps.recipes.repositories import Stored

# What readers read or look at: a change of it makes a new edition, so that nothing is shown on an old approval.
_SHOWN = ("title", "translated_title", "description", "cuisine", "tags", "ingredients", "steps", "image")


def is_new_edition(body: dict[str, Any], before: dict[str, Any]) -> bool:
    """Return whether the text or picture differs, which makes a new edition."""
    return any(body.get(part) != before.get(part) for part in _SHOWN)


def replace_text(stored: Stored, body: dict[str, Any]) -> None:
    """Replace the text of a recipe that is not approved, and reset its ratings."""
    state = stored.state
    state.edition, state.rating_sum, state.rating_count = _next_number(stored), 0, 0
    stored.row.body = body


def begin(transaction: Transaction, stored: Stored, body: dict[str, Any]) -> Stored:
    """Add a waiting edition. The approved one stays in the catalogue with its ratings."""
    key, now = keys.recipe_edition(stored.id), clock.now()
    number = _next_number(stored)
    edition = RecipeEdition(pk=key.pk, sk=key.sk, number=number, body=body, created_at=now, updated_at=now)
    stored.state.new_edition = stored.state.latest_edition = number
    transaction.save(edition)
    _wait(transaction, stored, edition)
    return replace(stored, edition=edition)


def revise(transaction: Transaction, stored: Stored, body: dict[str, Any]) -> Stored:
    """Change the waiting edition. A rejected one waits again; one that equals the approved text is dropped."""
    edition = _require(stored)
    edition.body, edition.updated_at = body, clock.now()
    if body == stored.row.body:
        return drop(transaction, stored)
    edition.approval = Approval.PENDING.value
    transaction.save(edition)
    _wait(transaction, stored, edition)
    return stored


def drop(transaction: Transaction, stored: Stored) -> Stored:
    """Drop the waiting edition with its picture. The approved one doesn't change."""
    edition = _require(stored)
    _detach_picture(transaction, edition.body, kept=stored.row.body)
    transaction.delete(edition)
    if edition.approval == Approval.PENDING:
        repositories.dequeue_from_review(stored.state)
    stored.state.new_edition = None
    repositories.save_state(transaction, stored.state)
    return replace(stored, edition=None)


def decide(transaction: Transaction, stored: Stored, approval: Approval) -> None:
    """Approve the waiting edition, which replaces the approved one, or reject it, or put it back into the queue."""
    edition, state = _require(stored), stored.state
    if approval is Approval.APPROVED:
        adopt(transaction, stored)
        repositories.dequeue_from_review(state)
    else:
        edition.approval = approval.value
        transaction.save(edition)
        if approval is Approval.PENDING:
            repositories.enqueue_for_review(state)
        else:
            repositories.dequeue_from_review(state)
    repositories.save_state(transaction, state)


def adopt(transaction: Transaction, stored: Stored) -> None:
    """Make the waiting edition the recipe's only one, without ratings. The caller writes the state.

    Used when the waiting edition is approved, and when the approved one loses its approval.
    """
    edition, row, state = _require(stored), stored.row, stored.state
    _detach_picture(transaction, row.body, kept=edition.body)
    row.body, row.updated_at = edition.body, clock.now()
    state.content_version = int(row.version or 0) + 1
    state.edition, state.rating_sum, state.rating_count = int(edition.number), 0, 0
    state.new_edition = state.latest_edition = None
    state.needs_rights = row.content().needs_rights or None
    tag_requests.want_tags(transaction, stored, is_another=True)
    transaction.save(row)
    transaction.delete(edition)


def _require(stored: Stored) -> RecipeEdition:
    if stored.edition is None:
        message = "no edition of this recipe waits"
        raise ValueError(message)
    return stored.edition


def _next_number(stored: Stored) -> int:
    state = stored.state
    return max(int(state.edition), int(state.latest_edition or 0)) + 1


def _wait(transaction: Transaction, stored: Stored, edition: RecipeEdition) -> None:
    """Put an edition into the moderators' queue, unless its owner has not declared the right to publish it.

    The state's version changes with every change of the edition, so that a moderator can't decide on a text that they
    haven't seen.
    """
    if edition.content().needs_rights:
        repositories.dequeue_from_review(stored.state)
    else:
        repositories.enqueue_for_review(stored.state)
    repositories.save_state(transaction, stored.state)


def _detach_picture(transaction: Transaction, body: dict[str, Any], *, kept: dict[str, Any]) -> None:
    """Detach the picture of a dropped edition, unless the other edition shows it too."""
    picture = body.get("image")
    if picture and picture != kept.get("image"):
        media.detach(transaction, [picture])


@dataclass(frozen=True, slots=True)
class Change:
    """A field that differs between two editions, with the lines removed and added."""

    field: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


def compare(before: RecipeContent, after: RecipeContent) -> list[Change]:
    """Return the differences between the approved edition and another one, field by field, for moderators."""
    pairs = [
        (field, [str(getattr(before, field) or "")], [str(getattr(after, field) or "")])
        for field in ("title", "translated_title", "description", "cuisine", "method", "servings")
    ]
    pairs += [
        ("ingredients", [*map(_line, before.ingredients)], [*map(_line, after.ingredients)]),
        ("steps", [step.text for step in before.steps], [step.text for step in after.steps]),
        ("tags", list(before.tags), list(after.tags)),
        ("allergens", list(before.allergens), list(after.allergens)),
        ("image", _picture(before), _picture(after)),
    ]
    return [Change(field, _without(old, new), _without(new, old)) for field, old, new in pairs if _differ(old, new)]


def changes_of(stored: Stored) -> list[Change]:
    """Compare the waiting edition, if any, with the approved one."""
    return compare(stored.row.content(), from_body(stored.edition.body)) if stored.edition else []


def _differ(old: Sequence[str], new: Sequence[str]) -> bool:
    return list(old) != list(new)


def _without(lines: Sequence[str], others: Sequence[str]) -> tuple[str, ...]:
    """Return the lines that are not among `others`. If only the order differs, return all lines."""
    left = tuple(line for line in lines if line not in others and line)
    return left if left or set(lines) != set(others) else tuple(lines)


def _picture(content: RecipeContent) -> list[str]:
    """Return a link to the picture, for moderators to look at."""
    links = media.links(content.image, public=False)
    return [links["1024"]] if links else []


def _line(line: IngredientLine) -> str:
    ends = [f"{end:g}" for end in (line.quantity, line.quantity_max) if end is not None]
    words = " ".join(filter(None, ("–".join(ends), line.unit, line.name)))
    return f"{words}, {line.preparation}" if line.preparation else words
