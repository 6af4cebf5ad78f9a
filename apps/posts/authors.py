"""The author as it is kept with posts and comments, and keeping it current."""

from apps.core import processed_events
from apps.core.authentication import Actor
from apps.core.transactions import retry_conflicts
from apps.posts.models import Author
from apps.posts.repositories import comments, posts
from apps.users import services as users
from smartcooking.contract import queues

# Less than the visibility timeout of its queue: who takes over from a worker that died finds the lease ended.
_LEASE_SECONDS = queues.DEFAULT.visibility_timeout - 10


def load_author(actor: Actor) -> Author:
    """Return who writes: 1 read unit for the picture."""
    return Author(actor.id, actor.username, users.find_avatar(actor.id))


def update_avatar(user_id: str) -> None:
    """Write somebody's picture to everything that they wrote; safe to repeat and to interrupt.

    The picture is read at the beginning: where it changes again meanwhile, that change brings a task of its own. Of
    many changes one after the other only the last is written: the others find that another task is at it.
    """
    avatar = users.find_avatar(user_id)
    if avatar is None:
        # Having none is nothing that happens once: a lease on it could hide a change between.
        _show_everywhere(user_id, None)
    elif processed_events.lease("avatar", f"{user_id}:{avatar}", seconds=_LEASE_SECONDS):
        try:
            _show_everywhere(user_id, avatar)
        except Exception:
            processed_events.unmark_processed(scope="avatar", event=f"{user_id}:{avatar}")
            raise


def _show_everywhere(user_id: str, avatar: str | None) -> None:
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
