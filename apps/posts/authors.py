"""The author as it is kept with posts and comments, and keeping it current."""

from apps.core.authentication import Actor
from apps.core.transactions import retry_conflicts
from apps.posts.models import Author
from apps.posts.repositories import comments, posts
from apps.users import services as users


def load_author(actor: Actor) -> Author:
    """Return who writes: 1 read unit for the picture."""
    return Author(actor.id, actor.username, users.find_avatar(actor.id))


def update_avatar(user_id: str) -> None:
    """Write somebody's picture to everything that they wrote; safe to repeat and to interrupt.

    The picture is read at the beginning: where it changes again meanwhile, that change brings a task of its own.
    """
    avatar = users.find_avatar(user_id)
    for pointer in posts.iterate_pointers(user_id, before=None, page_size=100):
        _show_in_post(pointer.id, avatar)
    for post_id, comment_id in comments.iterate_comments_by(user_id):
        _show_in_comment(post_id, comment_id, avatar)


@retry_conflicts
def _show_in_post(post_id: str, avatar: str | None) -> None:
    post = posts.find_post(post_id)
    if post is not None and post.avatar != avatar:
        posts.set_avatar(post, avatar)


@retry_conflicts
def _show_in_comment(post_id: str, comment_id: str, avatar: str | None) -> None:
    comment = comments.find_comment(post_id, comment_id)
    if comment is not None and comment.avatar != avatar:
        comments.set_avatar(comment, avatar)
