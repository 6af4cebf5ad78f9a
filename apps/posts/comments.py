"""Comments and replies, counted in the transaction that writes or removes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from apps.core import ids, keys, outbox, own_deletions
from apps.core.authentication import Actor
from apps.core.preconditions import Check, any_version
from apps.core.transactions import Transaction, retry_conflicts
from apps.notifications import services as notifications
from apps.notifications.events import NotificationKind
from apps.posts import authors, counts, mentions, post_events, services
from apps.posts.errors import CommentExists, CommentNotFound, NotACommentToReplyTo, PostNotFound
from apps.posts.models import CommentRow, PostRow
from apps.posts.repositories import comments as rows
from apps.posts.repositories import posts, reactions
from apps.posts.visibility import comment_visible_to
from apps.users.visibility import Viewer, load_viewer
from smartcooking.contract import queues

# The row, as an opaque type for other apps.
Comment = CommentRow


REMOVE_ORPHANS = outbox.Task("posts.tidy_comments", queues.DEFAULT)

# Maximum number of replies deleted in the comment's transaction, which holds 100 rows. A task deletes the rest.
_REPLIES_AT_ONCE = 90


@dataclass(frozen=True, slots=True)
class CommentView:
    """A comment as one person may see it."""

    comment: CommentRow
    my_reaction: str | None
    reaction_count: int = 0


@retry_conflicts
def create_comment(*, post_id: str, comment_id: str, content: str, parent_id: str | None, actor: Actor) -> CommentView:
    """Create a comment or reply under a given id. Repeating the id returns the existing one."""
    who, post = services.get_visible_post(post_id, actor=actor)
    parent = _read_parent(post_id, parent_id, who=who) if parent_id is not None else None
    transaction = Transaction()
    author = authors.load_author(transaction, actor)
    comment = rows.build_comment(post_id, comment_id, author=author, content=content, parent_id=parent_id)
    rows.create_comment(transaction, comment)
    posts.add_to_figures(transaction, post, [PostRow.comment_count.add(1)])
    _tell(transaction, post, parent, comment)
    try:
        transaction.commit()
    except CommentExists:
        return get_comment(post_id, comment_id, actor=actor)
    return CommentView(comment, None)


def _read_parent(post_id: str, parent_id: str, *, who: Viewer) -> CommentRow:
    """Return the comment to reply to; `CommentNotFound` if it isn't visible, 400 if it is a reply itself."""
    parent = rows.find_comment(post_id, parent_id)
    if parent is None or not comment_visible_to(who, parent):
        raise CommentNotFound
    if parent.parent_id:
        raise NotACommentToReplyTo
    return parent


def _tell(transaction: Transaction, post: PostRow, parent: CommentRow | None, comment: CommentRow) -> None:
    """Notify the author of the parent comment, the author of the post, and people mentioned in the text."""
    told = partial(post_events.enqueue_event, transaction, comment, by=comment.user_id, event_id=comment.id)
    if parent is not None:
        told(kind=NotificationKind.REPLY, to=parent.user_id)
    if parent is None or parent.user_id != post.user_id:
        told(kind=NotificationKind.COMMENT, to=post.user_id)
    mentions.enqueue_mentions(transaction, post.id, comment.id, before="", after=comment.content)


def get_comment(post_id: str, comment_id: str, *, actor: Actor) -> CommentView:
    """Return a comment that the caller may see, their own always; `PostNotFound` or `CommentNotFound` otherwise."""
    own = _own(post_id, comment_id, actor=actor)
    comment = own[1] if own else _visible(post_id, comment_id, actor=actor)[2]
    who = load_viewer(actor.id)
    mine = reactions.find_reaction(comment, actor.id)
    return _view(comment, mine.reaction if mine else None, who=who)


def _view(comment: CommentRow, my_reaction: str | None, *, who: Viewer) -> CommentView:
    return _views([comment], {comment.id: my_reaction}, who=who)[0]


def _views(found: Sequence[CommentRow], mine: Mapping[str, str | None], *, who: Viewer) -> list[CommentView]:
    shown = counts.count_visible_reactions(found, who=who)
    return [CommentView(one, mine.get(one.id), sum(shown[one.id].values())) for one in found]


def _visible(post_id: str, comment_id: str, *, actor: Actor) -> tuple[Viewer, PostRow, CommentRow]:
    who, post = services.get_visible_post(post_id, actor=actor)
    comment = rows.find_comment(post_id, comment_id) if ids.is_id(comment_id) else None
    if comment is None or not comment_visible_to(who, comment):
        raise CommentNotFound
    return who, post, comment


def _own(post_id: str, comment_id: str, *, actor: Actor) -> tuple[PostRow, CommentRow] | None:
    """Return the actor's own comment with its post, even if they no longer see the post: 2 read units."""
    if not (ids.is_id(post_id) and ids.is_id(comment_id)):
        return None
    post, comment = posts.find_post(post_id), rows.find_comment(post_id, comment_id)
    return (post, comment) if post and comment and comment.user_id == actor.id else None


def get_visible_comment(post_id: str, comment_id: str, *, actor: Actor) -> CommentRow:
    """Return a visible comment, for work on its reactions."""
    return _visible(post_id, comment_id, actor=actor)[2]


def get_visible_comment_by_id(comment_id: str, *, actor: Actor) -> CommentRow:
    """Return a visible comment by its id only."""
    post_id = rows.find_post_id(comment_id)
    if post_id is None:
        raise CommentNotFound
    return get_visible_comment(post_id, comment_id, actor=actor)


def get_stored_comment(comment_id: str) -> CommentRow:
    """Return a comment by its id only, without checking visibility; `CommentNotFound` if it was deleted."""
    post_id = rows.find_post_id(comment_id)
    comment = rows.find_comment(post_id, comment_id) if post_id else None
    if comment is None:
        raise CommentNotFound
    return comment


def list_comments(post_id: str, *, actor: Actor, limit: int, after: Any) -> tuple[list[CommentView], Any]:
    """Page through the comments on a post, oldest first, without those of people who are blocked or hidden."""
    who, _ = services.get_visible_post(post_id, actor=actor)
    found = rows.page_comments(post_id, limit=limit, after=after, keep=lambda comment: comment_visible_to(who, comment))
    mine = reactions.find_reactions_to_comments(who.id, post_id, [comment.id for comment in found.items])
    return _views(found.items, mine, who=who), found.next


@retry_conflicts
def edit_comment(post_id: str, comment_id: str, *, actor: Actor, content: str | None, check: Check) -> CommentView:
    """Change the actor's comment; None keeps the content. `CommentNotFound` for other people's."""
    who, _, comment = _visible(post_id, comment_id, actor=actor)
    if comment.user_id != actor.id:
        raise CommentNotFound
    mine = reactions.find_reaction(comment, actor.id)
    if content is not None and comment.content != content:
        check(int(comment.edition))
        transaction = Transaction()
        rows.update_content(transaction, comment, content=content)
        before, comment.content, comment.edition = comment.content, content, int(comment.edition) + 1
        mentions.enqueue_mentions(transaction, post_id, comment_id, before=before, after=content)
        transaction.commit()
    return _view(comment, mine.reaction if mine else None, who=who)


@retry_conflicts
def delete_comment(post_id: str, comment_id: str, *, actor: Actor, check: Check = any_version) -> None:
    """Delete the actor's comment, or any on the actor's post, with replies; `CommentNotFound` for others.

    Own comments can be deleted even if the actor no longer sees the post. Idempotent.
    """
    try:
        post, comment = _deletable(post_id, comment_id, actor=actor)
        check(int(comment.edition))
        _remove(post, comment, by=actor.id)
    except (PostNotFound, CommentNotFound):
        # Read last: a concurrent deletion has written its record by now.
        if not own_deletions.was_deleted_by(actor.id, comment_id):
            raise


def _deletable(post_id: str, comment_id: str, *, actor: Actor) -> tuple[PostRow, CommentRow]:
    """Return a comment that the actor may delete, with its post."""
    own = _own(post_id, comment_id, actor=actor)
    if own is not None:
        return own
    _, post = services.get_visible_post(post_id, actor=actor)
    comment = rows.find_comment(post_id, comment_id) if ids.is_id(comment_id) else None
    if comment is None or actor.id != post.user_id:
        raise CommentNotFound
    return post, comment


def _remove(post: PostRow, comment: CommentRow, *, by: str | None = None) -> None:
    """Delete a comment and its replies, and decrement the count. A task deletes what doesn't fit.

    Also withdraws their notifications. `by` is the person who deletes the comment, if any.
    """
    replies = [] if comment.parent_id else list(islice(rows.iterate_replies(comment), _REPLIES_AT_ONCE))
    gone = [comment, *replies]
    transaction = Transaction()
    for row in gone:
        transaction.delete(row)
    if by is not None:
        own_deletions.record_deletion(transaction, user_id=by, deleted=comment.id)
    notifications.remove_about(transaction, post.id, [row.id for row in gone])
    posts.add_to_figures(transaction, post, [PostRow.comment_count.add(-len(gone))])
    if len(replies) == _REPLIES_AT_ONCE or any(any(row.figures.values()) for row in gone):
        transaction.after(REMOVE_ORPHANS, post.id)
    transaction.commit()


def set_hidden(transaction: Transaction, comment: CommentRow, *, hidden: bool) -> None:
    """Hide a comment from all but its author with `transaction`, or show it again."""
    rows.set_hidden(transaction, comment, hidden=hidden)
    if hidden:
        transaction.after(post_events.RECHECK_POST, comment.post_id)


def remove_orphans(post_id: str) -> None:
    """Remove replies and reactions whose comment was deleted. Safe to repeat and to interrupt.

    Lists reactions before comments: a listed reaction was written while its comment existed, so if the comment is not
    listed afterwards, it has been deleted.
    """
    listed = list(reactions.iterate_reactions_to_comments(post_id))
    there = {comment.id: comment for comment in rows.iterate_comments(post_id)}
    for reaction in listed:
        if keys.last_part(reaction.sk) not in there:
            reaction.delete(add_version_condition=False)
    for comment in there.values():
        if comment.parent_id is not None and comment.parent_id not in there:
            _remove_orphan(post_id, comment.id, comment.parent_id)


@retry_conflicts
def _remove_orphan(post_id: str, comment_id: str, parent_id: str) -> None:
    post, comment = posts.find_post(post_id), rows.find_comment(post_id, comment_id)
    if post is not None and comment is not None and rows.find_comment(post_id, parent_id) is None:
        _remove(post, comment)
