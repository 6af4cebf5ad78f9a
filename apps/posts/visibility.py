"""Decides who sees a post or a comment. No other code does."""

from typing import Protocol

from apps.posts.content import Visibility
from apps.posts.models import CommentRow
from apps.users.visibility import Viewer


class Listed(Protocol):
    """The fields that decide visibility: the post has them, and so has its author's list."""

    visibility: str
    hidden: bool


def visible_to(who: Viewer, author_id: str, post: Listed) -> bool:
    """Say whether somebody may see a post of `author_id`, and so whatever hangs on it.

    Private posts are for the author alone. One that reports have hidden, or whose author they have, is seen by its
    author only, until a moderator has decided.
    """
    if author_id == who.id:
        return True
    if post.hidden or not who.can_see(author_id):
        return False
    if post.visibility == Visibility.FRIENDS:
        return who.is_friend(author_id)
    return post.visibility == Visibility.PUBLIC


def comment_visible_to(who: Viewer, comment: CommentRow) -> bool:
    """Say whether somebody who sees the post sees this comment of it: not across a block, nor where it is hidden."""
    return comment.user_id == who.id or (not comment.hidden and who.can_see(comment.user_id))
