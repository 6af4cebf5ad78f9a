"""Decides who sees a post or a comment. No other code does."""

from typing import Protocol

from apps.posts.content import Visibility
from apps.posts.models import CommentRow
from apps.users.visibility import Viewer


class Listed(Protocol):
    """The fields that decide visibility, of a post or of an entry in its author's list."""

    visibility: str
    hidden: bool


def visible_to(who: Viewer, author_id: str, post: Listed) -> bool:
    """Return whether somebody may see a post by `author_id`, with its comments and reactions.

    Private posts are visible to their author only, and so are posts that are hidden by reports, or whose author is,
    until a moderator decides.
    """
    if author_id == who.id:
        return True
    if post.hidden or not who.can_see(author_id):
        return False
    if post.visibility == Visibility.FRIENDS:
        return who.is_friend(author_id)
    return post.visibility == Visibility.PUBLIC


def comment_visible_to(who: Viewer, comment: CommentRow) -> bool:
    """Return whether somebody who sees the post sees this comment: unless either blocks the other, or it is hidden."""
    return comment.user_id == who.id or (not comment.hidden and who.can_see(comment.user_id))
