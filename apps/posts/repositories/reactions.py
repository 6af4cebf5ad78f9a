"""Reactions to posts and comments in the table."""

from collections.abc import Iterator, Sequence

from apps.core import keys
from apps.core.models import derived_keys
from apps.posts.content import Reaction
from apps.posts.models import CommentRow, PostRow, ReactionRow

Target = PostRow | CommentRow


def find_reaction(target: Target, user_id: str) -> ReactionRow | None:
    """Read somebody's reaction, consistently: 1 read unit."""
    return ReactionRow.read(_key(target, user_id))


def build_reaction(target: Target, user_id: str, reaction: Reaction) -> ReactionRow:
    key = _key(target, user_id)
    if isinstance(target, CommentRow):
        listed = keys.reacted_comments(user_id, target.post_id, target.id)
    else:
        listed = keys.reacted_posts(user_id, target.id)
    return ReactionRow(pk=key.pk, sk=key.sk, reaction=reaction.value, **derived_keys(gsi2=listed))


def _key(target: Target, user_id: str) -> keys.Key:
    if isinstance(target, CommentRow):
        return keys.comment_reaction(target.post_id, target.id, user_id)
    return keys.post_reaction(target.id, user_id)


def find_reactions_to_posts(user_id: str, post_ids: Sequence[str]) -> dict[str, str]:
    """Return somebody's reactions to a page of posts by id, from the index: half a read unit for about 25.

    Also reads reactions to other posts between the oldest and the newest one of the page.
    """
    if not post_ids:
        return {}
    first, last = keys.reacted_posts(user_id, min(post_ids)), keys.reacted_posts(user_id, max(post_ids))
    rows = ReactionRow.lists.query(first.pk, ReactionRow.gsi2sk.between(first.sk, last.sk))
    return {keys.last_part(row.pk): row.reaction for row in rows if isinstance(row, ReactionRow)}


def find_reactions_to_comments(user_id: str, post_id: str, comment_ids: Sequence[str]) -> dict[str, str]:
    """Return somebody's reactions to a page of comments by id, consistently: 1 read unit for about 20."""
    if not comment_ids:
        return {}
    first = keys.comment_reaction(post_id, min(comment_ids), user_id)
    last = keys.comment_reaction(post_id, max(comment_ids), user_id)
    rows = ReactionRow.query(first.pk, ReactionRow.sk.between(first.sk, last.sk), consistent_read=True)
    return {keys.last_part(row.sk): row.reaction for row in rows}


def list_reactions_to_comments(user_id: str, post_id: str, comment_ids: Sequence[str]) -> dict[str, str]:
    """Return somebody's reactions to comments by id, from the index of their reactions: half a read unit."""
    first = keys.reacted_comments(user_id, post_id, min(comment_ids))
    last = keys.reacted_comments(user_id, post_id, max(comment_ids))
    rows = ReactionRow.lists.query(first.pk, ReactionRow.gsi2sk.between(first.sk, last.sk))
    return {keys.last_part(str(row.gsi2sk)): row.reaction for row in rows if isinstance(row, ReactionRow)}


def iterate_reactions_to_comments(post_id: str) -> Iterator[ReactionRow]:
    """Yield all reactions to the comments of a post. Also reads those to the post itself."""
    partition = keys.post(post_id).pk
    rows = ReactionRow.query(partition, ReactionRow.sk.startswith(keys.prefix("REACTION")), consistent_read=True)
    return (row for row in rows if row.sk.count(keys.SEPARATOR) > 1)
