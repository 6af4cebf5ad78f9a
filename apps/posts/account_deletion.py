"""Remove a person's posts, comments and reactions when their account is deleted."""

from contextlib import suppress

from apps.core import keys
from apps.core.authentication import Actor
from apps.core.errors import NotFound
from apps.core.models import Item
from apps.core.transactions import Transaction, retry_conflicts
from apps.posts import comments, services
from apps.posts.content import Reaction
from apps.posts.models import CommentRow, PostRow, ReactionRow
from apps.posts.reactions import count_reaction
from apps.posts.repositories import comments as comment_rows
from apps.posts.repositories import posts as post_rows


def remove_all(actor: Actor) -> None:
    """Remove a person's reactions, comments and posts. Safe to repeat and to interrupt."""
    for item in list(Item.lists.query(keys.reacted_posts(actor.id, "-").pk)):
        _remove_reaction(item.key)
    for post_id, comment_id in list(comment_rows.iterate_comments_by(actor.id)):
        with suppress(NotFound):
            comments.delete_comment(post_id, comment_id, actor=actor)
    for pointer in list(post_rows.iterate_pointers(actor.id, before=None, page_size=100)):
        with suppress(NotFound):
            services.delete_post(pointer.id, actor=actor)
        services.clear_deleted_post(pointer.id)


@retry_conflicts
def _remove_reaction(key: keys.Key) -> None:
    """Delete a reaction, and decrement its target's count if the target still exists."""
    row = ReactionRow.read(key)
    if row is None:
        return
    transaction = Transaction()
    transaction.delete(row)
    target = _target(row)
    if target is None:
        transaction.commit()
        return
    count_reaction(transaction, target, before=Reaction(row.reaction), after=None)


def _target(row: ReactionRow) -> PostRow | CommentRow | None:
    post_id, parts = keys.last_part(row.pk), row.sk.split(keys.SEPARATOR)
    if len(parts) == 2:  # noqa: PLR2004  REACTION#person; a reaction to a comment has the comment's id as well
        return post_rows.find_post(post_id)
    return comment_rows.find_comment(post_id, parts[2])
