"""The copy of the author that posts and comments carry, and how it is kept current."""

from apps.core import processed_events
from apps.core.authentication import Actor
from apps.core.transactions import Transaction, retry_conflicts
from apps.posts.models import Author
from apps.posts.repositories import comments, posts
from apps.users import authorship
from apps.users import services as users
from smartcooking.contract import queues

# Shorter than the queue's visibility timeout, so that the lease has ended when another worker takes over.
_LEASE_SECONDS = queues.DEFAULT.visibility_timeout - 10


def load_author(transaction: Transaction, actor: Actor) -> Author:
    """Return the author for a row of `transaction`, which commits only while the copy is current: see `authorship`."""
    person = authorship.find_author(transaction, actor.id)
    return Author(actor.id, person.username, person.avatar) if person else Author(actor.id, actor.username, None)


def update_author(user_id: str) -> None:
    """Write somebody's username and picture to everything that they wrote. Safe to repeat and to interrupt.

    Reads both at the beginning; a further change sends its own task. Of several changes in a row only the last is
    written, since the other tasks find that another one has the lease.
    """
    person = users.find_person(user_id)
    if person is None:
        return
    author = Author(user_id, person.username, person.avatar)
    if author.avatar is None:
        # "No picture" can recur, so a lease on it could hide a change in between.
        _show_everywhere(author)
        return
    event = f"{user_id}:{author.username}:{author.avatar}"
    if processed_events.lease("author", event, seconds=_LEASE_SECONDS):
        try:
            _show_everywhere(author)
        except Exception:
            processed_events.unmark_processed(scope="author", event=event)
            raise


def _show_everywhere(author: Author) -> None:
    for pointer in posts.iterate_pointers(author.id, before=None, page_size=100):
        _show_in_post(pointer.id, author)
    for post_id, comment_id in comments.iterate_comments_by(author.id):
        _show_in_comment(post_id, comment_id, author)


@retry_conflicts
def _show_in_post(post_id: str, author: Author) -> None:
    post = posts.find_post(post_id)
    if post is not None and (post.username, post.avatar) != (author.username, author.avatar):
        posts.set_author(post, author)


@retry_conflicts
def _show_in_comment(post_id: str, comment_id: str, author: Author) -> None:
    comment = comments.find_comment(post_id, comment_id)
    if comment is not None and (comment.username, comment.avatar) != (author.username, author.avatar):
        comments.set_author(comment, author)
