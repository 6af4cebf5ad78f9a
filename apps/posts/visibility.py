"""Who sees a post or a comment: decided here, and nowhere else."""

from dataclasses import dataclass
from typing import Protocol

from apps.posts.models import CommentRow, Visibility
from apps.users import relations
from apps.users.relations import Circle


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks, and the people around them."""

    id: str
    circle: Circle

    def is_close_to(self, user_id: str) -> bool:
        """Say whether this is oneself or a friend."""
        return user_id == self.id or (self.circle.is_friend(user_id) and not self.circle.is_blocked(user_id))


def reader(user_id: str, *, consistent: bool = True) -> Reader:
    """Return somebody with their circle: 1 to 5 read units by the number of friends, half of it if not consistent."""
    return Reader(user_id, relations.of(user_id, consistent=consistent))


class Listed(Protocol):
    """What decides on a post: the post itself has it, and so has its author's list."""

    visibility: str
    hidden: bool


def visible_to(who: Reader, author_id: str, post: Listed) -> bool:
    """Say whether somebody may see a post of `author_id`, and so whatever hangs on it.

    Private posts are for the author alone. A hidden one is seen by its author only, until a moderator has decided.
    """
    if author_id == who.id:
        return True
    if post.hidden or who.circle.is_blocked(author_id):
        return False
    if post.visibility == Visibility.FRIENDS:
        return who.circle.is_friend(author_id)
    return post.visibility == Visibility.PUBLIC


def comment_visible_to(who: Reader, comment: CommentRow) -> bool:
    """Say whether somebody who sees the post sees this comment of it: not where a block is between them."""
    if comment.user_id == who.id:
        return True
    return not comment.hidden and not who.circle.is_blocked(comment.user_id)
