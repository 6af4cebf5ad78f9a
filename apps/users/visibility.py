"""Which people a viewer sees: nobody across a block, nobody hidden by reports."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.core import hidden_content, ids
from apps.core.transactions import Transaction
from apps.users import relations
from apps.users.relations import Relations
from apps.users.repositories import stored_people


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person who looks at something, their relations, and the hidden content (packed ids)."""

    id: str
    relations: Relations
    hidden: frozenset[bytes] = frozenset()

    def can_see(self, user_id: str) -> bool:
        """Return whether this viewer may see another person and what they wrote; everybody sees themselves."""
        return user_id == self.id or not (self.relations.is_blocked(user_id) or _is_hidden(user_id, self.hidden))

    def is_friend(self, user_id: str) -> bool:
        return self.relations.is_friend(user_id) and self.can_see(user_id)

    def is_close_to(self, user_id: str) -> bool:
        """Return whether this is the viewer or a friend."""
        return user_id == self.id or self.is_friend(user_id)

    def is_hidden_recipe(self, recipe_id: str) -> bool:
        """Return whether reports have hidden a recipe."""
        return ids.pack(recipe_id) in self.hidden


def load_viewer(user_id: str) -> Viewer:
    """Load a person's relations and the hidden content, in one request: 2 read units, 6 with 1,000 friends."""
    row, hidden = stored_people.find_relations_and_hidden(user_id)
    return Viewer(user_id, relations.relations_from_row(row), hidden.ids if hidden else frozenset())


def own_viewer(user_id: str) -> Viewer:
    """Return the viewer for a person's own content, which needs no reads."""
    return Viewer(user_id, Relations())


def exclude_hidden(user_ids: Iterable[str]) -> set[str]:
    """Return those of these people whom reports have not hidden: 1 read unit."""
    held = hidden_content.load_hidden()
    return {user_id for user_id in user_ids if not _is_hidden(user_id, held)}


def set_hidden(transaction: Transaction, user_id: str, *, hidden: bool) -> None:
    """Add to `transaction` that a person is hidden from everybody else, or visible again."""
    change = hidden_content.hide if hidden else hidden_content.show_again
    change(transaction, relations.pack(user_id))


def _is_hidden(user_id: str, held: frozenset[bytes]) -> bool:
    # Usually nobody is hidden: then the ids of a page need not be packed.
    return bool(held) and relations.pack_or_none(user_id) in held
